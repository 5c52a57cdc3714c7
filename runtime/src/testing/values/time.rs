//! Moments and dates.

use jiff::Span;
use jiff::civil::Date;
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Strategy};

use crate::Timestamp;
use crate::kind::{
    EpochMicroseconds, EpochMilliseconds, EpochSeconds, Instant, Rfc3339, Truncated, UtcOffset,
};
use crate::testing::values::Samples;
use crate::testing::values::of::{Failure, MOMENT, Of, Rule};

/// When fixtures expire: long after any test.
const LATE: i64 = 32_503_680_000_000_000;

/// The first microsecond of the year 0, and the last one that is within the year 9999 in every time zone.
const FIRST: i64 = -62_167_219_200_000_000;

const LAST: i64 = 253_402_207_200_999_999;

/// 1970 and 2100.
const FROM: i64 = 0;

const TO: i64 = 4_102_444_800_000_000;

/// The range of most dates.
const DAYS: i64 = 86_400_000_000;

fn moment() -> Timestamp {
    MOMENT.parse().unwrap_or_default()
}

/// The bounds in units of so many microseconds.
fn bounds(of: &Of, unit: i64) -> (i64, i64) {
    let (min, max) = of.range_of::<Timestamp>();
    let min = min.map_or(FIRST, |min| min.as_microsecond()).max(FIRST);
    let max = max.map_or(LAST, |max| max.as_microsecond()).min(LAST);
    let (least, greatest) = (-(-min).div_euclid(unit), max.div_euclid(unit));
    (least.min(greatest), greatest)
}

fn unit(of: &Of, unit: i64) -> i64 {
    let whole = of.find(|rule| match rule {
        Rule::Whole(unit) => Some(*unit),
        _ => None,
    });
    whole.unwrap_or(unit).max(unit)
}

fn of_units(number: i64, unit: i64) -> Timestamp {
    Timestamp::from_microsecond(number.saturating_mul(unit)).unwrap_or_default()
}

/// Integers within bounds, most of them between `from` and `to`.
fn mostly(least: i64, greatest: i64, from: i64, to: i64) -> BoxedStrategy<i64> {
    let usual = from.clamp(least, greatest)..=to.clamp(least, greatest);
    prop_oneof![6 => usual, 2 => least..=greatest, 1 => select(vec![least, greatest])].boxed()
}

fn readable(of: &Of, least_unit: i64) -> Timestamp {
    let unit = unit(of, least_unit);
    let (least, greatest) = bounds(of, unit);
    let expires = of.rules.iter().any(|rule| matches!(rule, Rule::Expires));
    let moment = if expires { LATE } else { moment().as_microsecond() };
    of_units((moment / unit).clamp(least, greatest), unit)
}

fn samples(of: &Of, least_unit: i64) -> BoxedStrategy<Timestamp> {
    if let Some(moments) = of.listed::<Timestamp>() {
        return select(moments).boxed();
    }
    let unit = unit(of, least_unit);
    let (least, greatest) = bounds(of, unit);
    let numbers = mostly(least, greatest, FROM / unit, TO / unit);
    numbers.prop_map(move |number| of_units(number, unit)).boxed()
}

macro_rules! moments {
    ($($kind:ty: $unit:expr $(, $digits:ident, $offset:ident)?;)*) => { $(
        impl $(<const $digits: usize, $offset: UtcOffset>)? Samples for $kind {
            fn readable(of: &Of) -> Result<Timestamp, Failure> {
                Ok(readable(of, $unit))
            }

            fn samples(of: &Of) -> Result<BoxedStrategy<Timestamp>, Failure> {
                Ok(samples(of, $unit))
            }
        }
    )* };
}

moments! {
    Timestamp: 1;
    EpochMicroseconds: 1;
    EpochMilliseconds: 1_000;
    EpochSeconds: 1_000_000;
    Rfc3339<DIGITS, O>: if DIGITS < 6 { 10_i64.pow(6 - DIGITS as u32) } else { 1 }, DIGITS, O;
}

impl<K: Instant + Samples> Samples for Truncated<K> {
    fn readable(of: &Of) -> Result<Timestamp, Failure> {
        K::readable(of)
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Timestamp>, Failure> {
        K::samples(of)
    }
}

impl Samples for Date {
    fn readable(of: &Of) -> Result<Date, Failure> {
        let (min, max) = of.range_of::<Date>();
        let date = moment().to_zoned(jiff::tz::TimeZone::UTC).date();
        Ok(date.max(min.unwrap_or(Date::MIN)).min(max.unwrap_or(Date::MAX)))
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Date>, Failure> {
        let (min, max) = of.range_of::<Date>();
        let (least, greatest) = (min.map_or(FIRST / DAYS, day), max.map_or(day(Date::MAX), day));
        let days = mostly(least.min(greatest), greatest, FROM / DAYS, TO / DAYS);
        Ok(days.prop_filter_map("a date", |day| epoch().checked_add(Span::new().days(day)).ok()).boxed())
    }
}

fn epoch() -> Date {
    jiff::civil::date(1970, 1, 1)
}

/// How many days after the first of 1970 a date is.
fn day(date: Date) -> i64 {
    epoch().until(date).map_or(0, |span| span.get_days().into())
}
