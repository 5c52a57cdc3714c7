//! Any value of every type comes back as it was: through the item, and through the engine. The two values that do not, a
//! whole double in JSON and the sign of zero, are said here and in the README's table of types.
//!
//! The cases are always the same, unless `DYNAMORM_ROUND_TRIP_SEED` says where they begin; `DYNAMORM_ROUND_TRIP_CASES` is
//! their number.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::OnceLock;

use dynamorm::{Client, Date, Decimal, Json, Operations, Timestamp, Ulid, Uuid};
use end_to_end::operations::{Colour, Everything, Shape, Tree, tables};
use end_to_end::samples::{database, everything};
use end_to_end::{Kind, Place};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// The largest integer of 38 digits.
const LARGEST: u128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["", "[ -~]{0,12}", "\\PC{0,8}", Just("\u{0}\u{ffff}𝄞".to_owned())]
}

/// Names of entries, which must not be empty.
fn name() -> impl Strategy<Value = String> {
    text().prop_filter("it is not empty", |name| !name.is_empty())
}

/// Integers of up to 38 digits, and the edges among them.
fn wide() -> impl Strategy<Value = u128> {
    prop_oneof![Just(0), Just(LARGEST), 0..=LARGEST, any::<u64>().prop_map(u128::from)]
}

fn wide_signed() -> impl Strategy<Value = i128> {
    (wide(), any::<bool>()).prop_map(|(number, negative)| {
        let number = i128::try_from(number).unwrap_or(i128::MAX);
        if negative { -number } else { number }
    })
}

/// Doubles that a number attribute can hold. Zero has no sign there.
fn double() -> impl Strategy<Value = f64> {
    let fits = |number: &f64| *number == 0.0 || (1e-130..1e126).contains(&number.abs());
    prop_oneof![
        any::<f64>().prop_filter("it is in range", move |number| number.is_finite() && fits(number)),
        -1e6..1e6,
        Just(1e-130),
        Just(-9.999_999e125),
    ]
    .prop_map(|number| number + 0.0)
}

fn single() -> impl Strategy<Value = f32> {
    prop_oneof![
        any::<f32>().prop_filter("it is finite", |number| number.is_finite()),
        Just(f32::MIN_POSITIVE)
    ]
    .prop_map(|number| number + 0.0)
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (wide_signed(), -168_i32..126)
        .prop_filter_map("it is in range", |(digits, exponent)| format!("{digits}E{exponent}").parse().ok())
}

/// Instants in whole units of so many nanoseconds, in the years 0000 to 9999.
fn instant(unit: i128) -> impl Strategy<Value = Timestamp> {
    let (first, last) = (-62_167_219_200_i128, 253_402_207_199_i128);
    (first * 1_000_000_000 / unit..=last * 1_000_000_000 / unit)
        .prop_map(move |units| Timestamp::from_nanosecond(units * unit).expect("the instant is in range"))
}

fn date() -> impl Strategy<Value = Date> {
    (0_i16..=9_999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn ulid() -> impl Strategy<Value = Ulid> {
    any::<u128>().prop_map(Ulid::from)
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        // A whole double is a number without a fraction, and is read back as an integer.
        (-1e6..1e6).prop_filter("it is not whole", |number: &f64| number.fract() != 0.0).prop_map(Json::from),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map(name(), inner, 0..4).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Point),
        double().prop_map(|radius| Shape::Circle { radius }),
        (vec(any::<i32>(), 0..3), option::of(text())).prop_map(|(steps, label)| Shape::Path { steps, label }),
    ]
}

fn colour() -> impl Strategy<Value = Colour> {
    proptest::sample::select(Colour::ALL)
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = (text(), option::of(single()), btree_set(any::<u16>(), 0..3))
        .prop_map(|(name, weight, leaves)| Tree { name, weight, leaves, branches: Vec::new() });
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), vec(inner, 0..3)).prop_map(|(tree, branches)| Tree { branches, ..tree })
    })
}

fn place() -> impl Strategy<Value = Place> {
    let kind = prop_oneof![Just(Kind::Town), any::<u16>().prop_map(Kind::Peak)];
    (text(), option::of(any::<i32>()), vec(kind, 0..3)).prop_map(|(name, height, kinds)| Place {
        name,
        height,
        kinds,
    })
}

/// Values of every type, a few fields at a time.
fn any_everything() -> impl Strategy<Value = Everything> {
    any_scalars().prop_flat_map(any_compounds).prop_flat_map(any_sets).prop_flat_map(any_optionals)
}

fn any_scalars() -> impl Strategy<Value = Everything> {
    let integers = any::<(u8, u16, u32, u64, i8, i16, i32, i64)>();
    let numbers = (wide(), wide_signed(), single(), double(), decimal());
    let times = (instant(1_000), instant(1_000_000_000), instant(1_000_000), date());
    let identifiers = (uuid(), ulid(), uuid(), ulid());
    (integers, numbers, times, identifiers, text(), any::<bool>(), vec(any::<u8>(), 0..20)).prop_map(
        |(integers, numbers, times, identifiers, text, flag, bytes)| {
            let (u8, u16, u32, u64, i8, i16, i32, i64) = integers;
            let (u128, i128, f32, f64, decimal) = numbers;
            let (at, at_second, at_milli, day) = times;
            let (id, rank, uuid, ulid) = identifiers;
            Everything {
                id,
                rank,
                text,
                flag,
                u8,
                u16,
                u32,
                u64,
                u128,
                i8,
                i16,
                i32,
                i64,
                i128,
                f32,
                f64,
                decimal,
                bytes,
                at,
                at_second,
                at_milli,
                day,
                uuid,
                ulid,
                ..everything()
            }
        },
    )
}

fn any_compounds(value: Everything) -> impl Strategy<Value = Everything> {
    let types = (json(), shape(), colour(), tree(), place());
    let lists = (
        vec(text(), 0..4),
        vec(double(), 0..4),
        vec(instant(1_000_000_000), 0..3),
        vec(option::of(any::<u8>()), 0..4),
        vec(tree(), 0..2),
        vec(vec(any::<i64>(), 0..3), 0..3),
    );
    let maps = (
        btree_map(name(), text(), 0..4),
        btree_map(name(), shape(), 0..3),
        btree_map(name(), btree_map(name(), decimal(), 0..3), 0..3),
    );
    (types, lists, maps).prop_map(move |(types, lists, maps)| {
        let (json, shape, colour, tree, place) = types;
        let (texts, numbers, instants, gaps, trees, grid) = lists;
        let (words, shapes, nested): (_, _, BTreeMap<_, _>) = maps;
        Everything {
            json,
            shape,
            colour,
            tree,
            place,
            texts,
            numbers,
            instants,
            gaps,
            trees,
            grid,
            words,
            shapes,
            nested,
            ..value.clone()
        }
    })
}

fn any_sets(value: Everything) -> impl Strategy<Value = Everything> {
    let texts = btree_set(text(), 0..4);
    let bytes = btree_set(vec(any::<u8>(), 0..8), 0..4);
    let numbers = (
        btree_set(decimal(), 0..4),
        btree_set(any::<u8>(), 0..4),
        btree_set(any::<i64>(), 0..4),
        btree_set(wide(), 0..3),
    );
    (texts, bytes, numbers).prop_map(move |(text_set, bytes_set, numbers)| {
        let (decimal_set, u8_set, i64_set, u128_set): (BTreeSet<_>, _, _, _) = numbers;
        Everything { text_set, bytes_set, decimal_set, u8_set, i64_set, u128_set, ..value.clone() }
    })
}

fn any_optionals(value: Everything) -> impl Strategy<Value = Everything> {
    let scalars = (
        option::of(text()),
        option::of(any::<bool>()),
        option::of(any::<u8>()),
        option::of(wide_signed()),
        option::of(double()),
        option::of(decimal()),
        option::of(vec(any::<u8>(), 0..8)),
    );
    let times = (
        option::of(instant(1_000)),
        option::of(instant(1_000_000_000)),
        option::of(instant(1_000_000)),
        option::of(date()),
        option::of(uuid()),
        option::of(ulid()),
    );
    let compounds = (
        // JSON's null is stored as NULL, which an optional attribute is read from as None.
        option::of(json().prop_filter("it is not null", |json| !json.is_null())),
        option::of(shape()),
        option::of(colour()),
        option::of(tree()),
        option::of(place()),
        option::of(vec(text(), 0..3)),
        option::of(btree_map(name(), text(), 0..3)),
        // An empty optional set is read back as None.
        option::of(btree_set("[a-z]{1,4}", 1..4)),
    );
    (scalars, times, compounds).prop_map(move |(scalars, times, compounds)| {
        let (maybe_text, maybe_flag, maybe_u8, maybe_i128, maybe_f64, maybe_decimal, maybe_bytes) = scalars;
        let (maybe_at, maybe_second, maybe_milli, maybe_day, maybe_uuid, maybe_ulid) = times;
        let (maybe_json, maybe_shape, maybe_colour, maybe_tree, maybe_place, lists, maps, maybe_set) =
            compounds;
        Everything {
            maybe_text,
            maybe_flag,
            maybe_u8,
            maybe_i128,
            maybe_f64,
            maybe_decimal,
            maybe_bytes,
            maybe_at,
            maybe_second,
            maybe_milli,
            maybe_day,
            maybe_uuid,
            maybe_ulid,
            maybe_json,
            maybe_shape,
            maybe_colour,
            maybe_tree,
            maybe_place,
            maybe_texts: lists,
            maybe_words: maps,
            maybe_set,
            ..value.clone()
        }
    })
}

/// Runs a property, with the cases that the environment asks for.
fn for_any(cases: u32, property: impl Fn(Everything) -> Result<(), TestCaseError>) {
    let cases = setting("DYNAMORM_ROUND_TRIP_CASES").unwrap_or(cases);
    let seed: u64 = setting("DYNAMORM_ROUND_TRIP_SEED").unwrap_or(0);
    let mut start = [0; 32];
    start[..8].copy_from_slice(&seed.to_le_bytes());
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &start);
    TestRunner::new_with_rng(config, rng)
        .run(&any_everything(), property)
        .unwrap_or_else(|error| panic!("with DYNAMORM_ROUND_TRIP_SEED={seed}: {error}"));
}

fn setting<T: FromStr>(variable: &str) -> Option<T> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}

#[test]
fn a_value_comes_back_from_its_item() {
    for_any(256, |value| {
        let item = value.to_item().unwrap();
        prop_assert_eq!(Everything::from_item(item).unwrap(), value);
        Ok(())
    });
}

#[test]
fn a_value_that_is_given_away_becomes_the_same_item() {
    for_any(256, |value| {
        prop_assert_eq!(value.to_item().unwrap(), value.into_item().unwrap());
        Ok(())
    });
}

#[test]
fn a_whole_double_in_json_comes_back_as_an_integer() {
    let value = Everything { json: Json::from(2.0), ..everything() };
    let read = Everything::from_item(value.to_item().unwrap()).unwrap();
    assert_eq!(read.json, Json::from(2));
}

#[test]
fn zero_comes_back_without_its_sign() {
    let value = Everything { f32: -0.0, f64: -0.0, ..everything() };
    let read = Everything::from_item(value.to_item().unwrap()).unwrap();
    assert!(read.f32 == 0.0 && read.f32.is_sign_positive());
    assert!(read.f64 == 0.0 && read.f64.is_sign_positive());
}

#[test]
fn a_value_comes_back_from_the_engine() {
    static DATABASE: OnceLock<Client> = OnceLock::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = DATABASE.get_or_init(|| runtime.block_on(database(&[&tables::EVERYTHING])));
    for_any(test_support::tries(256), |value| {
        let read = runtime.block_on(async {
            value.put().send(db).await.unwrap();
            Everything::get(&value).consistent().send(db).await.unwrap()
        });
        prop_assert_eq!(read, Some(value));
        Ok(())
    });
}
