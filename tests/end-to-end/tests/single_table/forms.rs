//! The forms of values in keys, for all values: nothing is lost, no two are confused, and order is kept.
//!
//! `DYNAMORM_KEY_CASES` is the number of cases of each property; a million of each take a minute with `--release`.

use std::cell::Cell;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use dynamorm::key::{
    Day, Digits, Epoch, Escaped, Hour, KeyBuffer, KeyForm, LastText, LowerCase, Month, PeriodOf, Plain,
    Prefix, Shard, ShardOf, Signed, SortableDecimal, Stored, UpperCase,
};
use dynamorm::kind::{
    EpochMicroseconds, EpochMilliseconds, EpochSeconds, NoOffset, PlusColonZero, PlusZero, Rfc3339, Zulu,
};
use dynamorm::{AttributeValue, Client, Date, Decimal, KeyText, Operations, Timestamp, Ulid, Uuid};
use end_to_end::designs::HourlyVisit;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::models::{Booking, Product};

fn cases() -> u32 {
    std::env::var("DYNAMORM_KEY_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: cases(), failure_persistence: None, ..Config::default() })
}

fn written<F: KeyForm>(value: &F::Value) -> Option<String> {
    let mut text = KeyBuffer::default();
    F::write(value, Some('#'), &mut text).ok().map(|()| text.into_string())
}

/// Values come back, and their texts have one width and their order.
fn keeps_order<F: KeyForm>(values: impl Strategy<Value = F::Value> + Clone)
where
    F::Value: Ord + std::fmt::Debug,
{
    runner()
        .run(&(values.clone(), values), |(left, right)| {
            let (Some(a), Some(b)) = (written::<F>(&left), written::<F>(&right)) else {
                return Err(TestCaseError::reject("the form does not hold it"));
            };
            prop_assert_eq!(&F::read(&a, Some('#')).unwrap(), &left);
            prop_assert_eq!(Some(a.chars().count()), F::WIDTH);
            prop_assert_eq!(a.cmp(&b), left.cmp(&right));
            Ok(())
        })
        .unwrap();
}

fn decimals() -> impl Strategy<Value = Decimal> + Clone {
    (any::<i64>(), -120i32..100, any::<bool>()).prop_map(|(digits, exponent, is_small)| {
        let digits = if is_small { digits % 20 } else { digits };
        format!("{digits}E{exponent}").parse().unwrap()
    })
}

/// Instants whose numbers have one width, in whole units.
fn instants_of_epochs(unit: i64) -> impl Strategy<Value = Timestamp> + Clone {
    (1_000_000_000_000_000_i64..10_000_000_000_000_000)
        .prop_map(move |micro| Timestamp::from_microsecond(micro / unit * unit).unwrap())
}

/// Instants of the years 0000 to 9999, in whole units.
fn instants(unit: i64) -> impl Strategy<Value = Timestamp> + Clone {
    (-62_167_219_200_i64..253_402_207_200, 0..1_000_000_i64).prop_map(move |(seconds, micro)| {
        let micro = micro / unit * unit;
        Timestamp::from_microsecond(seconds * 1_000_000 + micro).unwrap()
    })
}

fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        "[ab#%]{0,4}",
        "\\PC{0,4}",
        "[#/%2F]{0,6}",
        Just("\u{10ffff}".to_owned()),
        Just("\u{0}".to_owned())
    ]
}

#[test]
fn unsigned_integers_keep_their_order() {
    keeps_order::<Digits<u8, 3>>(any::<u8>());
    keeps_order::<Digits<u64, 20>>(any::<u64>());
    keeps_order::<Digits<u32, 10>>(prop_oneof![any::<u32>(), 0..20u32]);
    keeps_order::<Digits<u128, 39>>(any::<u128>());
}

#[test]
fn signed_integers_keep_their_order() {
    keeps_order::<Signed<i8, 3>>(any::<i8>());
    keeps_order::<Signed<i64, 19>>(prop_oneof![any::<i64>(), -20..20i64]);
    keeps_order::<Signed<i128, 39>>(any::<i128>());
}

#[test]
fn decimals_keep_their_order() {
    keeps_order::<SortableDecimal>(decimals());
}

#[test]
fn instants_and_dates_keep_their_order() {
    keeps_order::<Stored<Timestamp>>(instants(1));
    keeps_order::<Stored<Rfc3339<0, Zulu>>>(instants(1_000_000));
    keeps_order::<Stored<Rfc3339<3, Zulu>>>(instants(1_000));
    keeps_order::<Stored<Rfc3339<6, PlusZero>>>(instants(1));
    keeps_order::<Stored<Rfc3339<9, PlusColonZero>>>(instants(1));
    keeps_order::<Stored<Rfc3339<0, NoOffset>>>(instants(1_000_000));
    keeps_order::<Epoch<EpochSeconds>>(instants_of_epochs(1_000_000));
    keeps_order::<Epoch<EpochMilliseconds>>(instants_of_epochs(1_000));
    keeps_order::<Epoch<EpochMicroseconds>>(instants_of_epochs(1));
    let dates =
        (0i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    keeps_order::<Stored<Date>>(dates);
}

/// The text of a period is that of its first moment, has one width, and comes no earlier than those of earlier moments.
fn tells_the_period<F: KeyForm<Value = Timestamp>>() {
    runner()
        .run(&(instants(1), instants(1)), |(left, right)| {
            let (a, b) = (written::<F>(&left).unwrap(), written::<F>(&right).unwrap());
            prop_assert!(written::<Stored<Timestamp>>(&left).unwrap().starts_with(&a));
            prop_assert_eq!(Some(a.len()), F::WIDTH);
            let is_ordered = if left <= right { a <= b } else { a >= b };
            prop_assert!(is_ordered, "{} and {}", a, b);
            let first = F::read(&a, Some('#')).unwrap();
            prop_assert!(first <= left);
            prop_assert_eq!(written::<F>(&first).unwrap(), a);
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_value_has_one_shard_of_one_width() {
    runner()
        .run(&(text(), any::<u64>()), |(text, number)| {
            let of_text = written::<ShardOf<Stored<String>, 12>>(&text).unwrap();
            prop_assert_eq!(written::<ShardOf<Stored<String>, 12>>(&text), Some(of_text.clone()));
            let shard = Shard::<12>::read(&of_text, Some('#')).unwrap();
            prop_assert!(shard < 12);
            prop_assert_eq!(format!("{:02}", shard), of_text);
            // A number is hashed by its digits.
            let digits = written::<ShardOf<Stored<String>, 1_000>>(&number.to_string());
            prop_assert_eq!(written::<ShardOf<Plain<u64>, 1_000>>(&number), digits);
            Ok(())
        })
        .unwrap();
}

#[test]
fn periods_keep_the_order_of_their_moments() {
    tells_the_period::<PeriodOf<Day>>();
    tells_the_period::<PeriodOf<Month>>();
    tells_the_period::<PeriodOf<Hour>>();
}

#[test]
fn the_beginning_of_a_text_is_cut_between_characters() {
    runner()
        .run(&text(), |value| {
            let beginning: String = value.chars().take(2).collect();
            let found = written::<Prefix<2>>(&value);
            prop_assert_eq!(found.is_none(), beginning.contains('#'));
            if let Some(found) = found {
                prop_assert_eq!(&found, &beginning);
                prop_assert_eq!(Prefix::<2>::read(&found, Some('#')).unwrap(), beginning);
            }
            prop_assert_eq!(Prefix::<2>::read(&value, Some('#')).is_err(), value.chars().count() > 2);
            Ok(())
        })
        .unwrap();
}

/// A text in one case is not changed again, begins as the text does, and contains nothing that ends it.
fn keeps_beginnings<F: KeyForm<Value = String>>() {
    runner()
        .run(&(text(), "\\PC{0,3}"), |(value, more)| {
            let (Some(begin), Some(whole)) = (written::<F>(&value), written::<F>(&format!("{value}{more}")))
            else {
                // It contains what ends it.
                return Ok(());
            };
            prop_assert!(whole.starts_with(&begin) && !whole.contains('#'));
            prop_assert_eq!(written::<F>(&whole), Some(whole.clone()));
            prop_assert_eq!(F::read(&whole, Some('#')).unwrap(), whole);
            Ok(())
        })
        .unwrap();
}

#[test]
fn texts_in_one_case_begin_as_their_texts_do() {
    keeps_beginnings::<LowerCase>();
    keeps_beginnings::<UpperCase>();
}

#[test]
fn a_range_of_a_period_holds_exactly_the_moments_whose_periods_compare_so() {
    let db = client();
    let compared = Compared::default();
    // Within some days, so that moments share hours.
    let moments = || {
        (0..200_000_000_000_i64)
            .prop_map(|micro| Timestamp::from_microsecond(micro * 7 % 400_000_000_000).unwrap())
    };
    runner()
        .run(&(moments(), moments(), moments()), |(at, low, high)| {
            let visit = HourlyVisit { visitor: "v".to_owned(), at };
            let AttributeValue::S(key) = visit.to_item().unwrap()["sk"].clone() else { panic!("no key") };
            let hour = |moment: Timestamp| moment.as_second() / 3_600;
            let (own, from, to) = (hour(at), hour(low), hour(high));
            let query = || HourlyVisit::query("v").at();
            let check = |query: dynamorm::Query<HourlyVisit>, expected: bool| {
                compared.check(query.into_sdk(&db), &key, expected)
            };
            check(query().lt(low), own < from)?;
            check(query().le(low), own <= from)?;
            check(query().gt(low), own > from)?;
            check(query().ge(low), own >= from)?;
            check(query().eq(low), own == from)?;
            check(query().between(low, high), own >= from && own <= to)?;
            let day = low.to_zoned(dynamorm::jiff::tz::TimeZone::UTC).date();
            check(query().on(day), at.to_zoned(dynamorm::jiff::tz::TimeZone::UTC).date() == day)
        })
        .unwrap();
    compared.assert_at_least(6 * cases());
}

#[test]
fn identifiers_keep_their_order() {
    keeps_order::<Stored<Uuid>>(any::<u128>().prop_map(Uuid::from_u128));
    keeps_order::<Stored<Ulid>>(any::<u128>().prop_map(Ulid::from));
}

#[test]
fn no_two_texts_make_one_key() {
    let key = |first: &String, second: &String| {
        let text = KeyText::new("A#").part::<Stored<String>>("first", first, "#B#");
        text.part::<LastText>("second", second, "").finish()
    };
    runner()
        .run(&(text(), text(), text(), text()), |(a, b, c, d)| {
            match (key(&a, &b), key(&c, &d)) {
                (Ok(left), Ok(right)) => prop_assert_eq!(left == right, (&a, &b) == (&c, &d)),
                (left, _) => prop_assert_eq!(left.is_err(), a.contains('#')),
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn no_two_escaped_texts_make_one_key() {
    let key = |first: &String, second: &String| {
        let text = KeyText::new("").part::<Escaped>("first", first, "/");
        text.part::<Escaped>("second", second, "/end").finish().unwrap()
    };
    runner()
        .run(&(text(), text(), text(), text()), |(a, b, c, d)| {
            prop_assert_eq!(key(&a, &b) == key(&c, &d), (&a, &b) == (&c, &d));
            let mut escaped = KeyBuffer::default();
            Escaped::write(&a, Some('/'), &mut escaped).unwrap();
            let escaped = escaped.into_string();
            prop_assert!(!escaped.contains('/'));
            prop_assert_eq!(Escaped::read(&escaped, Some('/')).unwrap(), a);
            Ok(())
        })
        .unwrap();
}

/// Whether a sort key fulfils the key condition of a request.
fn fulfils(request: &QueryFluentBuilder, key: &str) -> bool {
    let values = request.get_expression_attribute_values().clone().unwrap();
    let expression = request.get_key_condition_expression().clone().unwrap();
    let condition = expression.split_once(" AND ").unwrap().1.to_owned();
    let named: Vec<&str> = condition
        .split(|c: char| !(c == ':' || c.is_ascii_alphanumeric()))
        .filter(|word| word.starts_with(':'))
        .collect();
    let value = |position: usize| match &values[named[position]] {
        AttributeValue::S(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    if condition.contains("BETWEEN") {
        value(0).as_str() <= key && key <= value(1).as_str()
    } else if condition.contains("begins_with") {
        key.starts_with(&value(0))
    } else if condition.contains("<=") {
        key <= value(0).as_str()
    } else if condition.contains(">=") {
        key >= value(0).as_str()
    } else {
        key == value(0)
    }
}

/// How many requests were compared with what is expected of them.
#[derive(Default)]
struct Compared(Cell<u32>);

impl Compared {
    /// A request holds a key where it is expected to. Only a range that holds nothing may be refused, and a bound that is
    /// empty, as no value of a key is.
    fn check(
        &self,
        request: dynamorm::Result<QueryFluentBuilder>,
        key: &str,
        expected: bool,
    ) -> Result<(), TestCaseError> {
        match request {
            Ok(request) => {
                let values = request.get_expression_attribute_values();
                prop_assert_eq!(fulfils(&request, key), expected, "{:?}", values);
                self.0.set(self.0.get() + 1);
            }
            Err(error) => {
                let has_empty_bound = error.to_string().contains("must not be empty");
                prop_assert!(error.is_validation() && (has_empty_bound || !expected), "{}", error);
            }
        }
        Ok(())
    }

    /// Most requests are no such range.
    fn assert_at_least(&self, minimum: u32) {
        assert!(self.0.get() >= minimum, "only {} requests were compared", self.0.get());
    }
}

/// Nothing is sent to it.
fn client() -> Client {
    test_support::on_path(Client::embedded().unwrap())
}

#[test]
fn a_range_of_a_last_text_holds_exactly_what_compares_so() {
    let db = client();
    let compared = Compared::default();
    let query = || Product::by_shelf(7).title();
    // No item has an empty key.
    let keys = text().prop_filter("it is not empty", |key| !key.is_empty());
    runner()
        .run(&(keys, text(), text()), |(key, low, high)| {
            let check = |query: dynamorm::Query<Product, dynamorm::FromGlobalIndex>, expected: bool| {
                compared.check(query.into_sdk(&db), &key, expected)
            };
            check(query().lt(&low), key < low)?;
            check(query().le(&low), key <= low)?;
            check(query().gt(&low), key > low)?;
            check(query().ge(&low), key >= low)?;
            check(query().eq(&low), key == low)?;
            check(query().between(&low, &high), key >= low && key <= high)?;
            check(query().begins_with(&low), key.starts_with(&low))
        })
        .unwrap();
    compared.assert_at_least(5 * cases());
}

#[test]
fn a_range_of_a_field_holds_exactly_what_compares_so_whatever_follows() {
    let db = client();
    let compared = Compared::default();
    let days = || (2020i16..2030, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap());
    runner()
        .run(&(days(), days(), days(), decimals(), decimals()), |(day, low, high, amount, other)| {
            let booking = Booking {
                tenant: "t".to_owned(),
                account: "a".to_owned(),
                day,
                amount: amount.clone(),
                memo: None,
            };
            let AttributeValue::S(key) = booking.to_item().unwrap()["sk"].clone() else { panic!("no key") };
            let query = || Booking::query("t", "a").day();
            let check = |query: dynamorm::Query<Booking>, expected: bool| {
                compared.check(query.into_sdk(&db), &key, expected)
            };
            check(query().lt(low), day < low)?;
            check(query().le(low), day <= low)?;
            check(query().gt(low), day > low)?;
            check(query().ge(low), day >= low)?;
            check(query().between(low, high), day >= low && day <= high)?;
            let same = || query().eq(day).amount();
            check(same().lt(&other), amount < other)?;
            check(same().le(&other), amount <= other)?;
            check(same().gt(&other), amount > other)?;
            check(same().ge(&other), amount >= other)?;
            check(same().eq(&other), amount == other)
        })
        .unwrap();
    compared.assert_at_least(9 * cases());
}
