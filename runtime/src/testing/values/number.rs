//! Numbers.

use bigdecimal::num_bigint::BigInt;
use bigdecimal::rounding::RoundingMode;
use bigdecimal::{BigDecimal, ToPrimitive};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Strategy};

use crate::kind::Decimal;
use crate::testing::values::Samples;
use crate::testing::values::of::{Failure, Of, Rule};

/// The greatest integer of 38 digits.
const GREATEST: u128 = 10_u128.pow(38) - 1;

macro_rules! integer {
    ($($type:ident: $least:expr, $greatest:expr;)*) => { $(
        impl Samples for $type {
            fn readable(of: &Of) -> Result<$type, Failure> {
                let (least, greatest) = $type::bounds(of);
                let listed = of.listed().and_then(|values| values.into_iter().next());
                Ok(listed.unwrap_or_else(|| 1.clamp(least, greatest)))
            }

            fn samples(of: &Of) -> Result<BoxedStrategy<$type>, Failure> {
                if let Some(values) = of.listed::<$type>() {
                    return Ok(select(values).boxed());
                }
                let (least, greatest) = $type::bounds(of);
                let near = 0.clamp(least, greatest);
                let (from, to) = (near.saturating_sub(100).max(least), near.saturating_add(100).min(greatest));
                Ok(prop_oneof![
                    4 => from..=to,
                    3 => least..=greatest,
                    1 => select(vec![least, greatest]),
                ]
                .boxed())
            }
        }

        impl Bounded for $type {
            fn bounds(of: &Of) -> ($type, $type) {
                let width = of.find(|rule| match rule {
                    Rule::Digits(width) => $type::checked_pow(10, *width).map(|next| next - 1),
                    _ => None,
                });
                let width = width.unwrap_or($greatest);
                let (min, max) = of.range_of();
                let max = max.unwrap_or($greatest).min(width).min($greatest);
                let min = min.unwrap_or($least).max($type::saturating_sub(0, width)).max($least);
                (min.min(max), max)
            }
        }
    )* };
}

/// A type whose values have bounds, by rules, keys and DynamoDB.
trait Bounded: Sized {
    /// The least and the greatest value.
    fn bounds(of: &Of) -> (Self, Self);
}

integer! {
    u8: u8::MIN, u8::MAX;
    u16: u16::MIN, u16::MAX;
    u32: u32::MIN, u32::MAX;
    u64: u64::MIN, u64::MAX;
    u128: u128::MIN, GREATEST;
    i8: i8::MIN, i8::MAX;
    i16: i16::MIN, i16::MAX;
    i32: i32::MIN, i32::MAX;
    i64: i64::MIN, i64::MAX;
    i128: -GREATEST.cast_signed(), GREATEST.cast_signed();
}

macro_rules! float {
    ($($type:ident: $digits:literal, $exponents:expr;)*) => { $(
        impl Samples for $type {
            fn readable(of: &Of) -> Result<$type, Failure> {
                let (min, max) = of.range_of::<$type>();
                Ok(1.0_f64.max(min.unwrap_or($type::MIN).into()).min(max.unwrap_or($type::MAX).into()) as $type)
            }

            fn samples(of: &Of) -> Result<BoxedStrategy<$type>, Failure> {
                Ok(match of.range_of::<$type>() {
                    (None, None) => {
                        // Numbers with few decimal digits, as most are.
                        let whole = (-1_000_i16..=1_000).prop_map($type::from);
                        let hundredths = (-100_000_i32..=100_000).prop_map(|number| number as $type / 100.0);
                        let digits = (-$digits..=$digits, $exponents)
                            .prop_map(|(number, exponent)| format!("{number}e{exponent}"))
                            .prop_filter_map("a number", |digits| digits.parse().ok());
                        prop_oneof![whole, hundredths, digits].boxed()
                    }
                    (min, max) => {
                        let spread = 1_000_000.0;
                        let from = min.unwrap_or_else(|| max.unwrap_or_default() - spread);
                        let to = max.unwrap_or_else(|| min.unwrap_or_default() + spread);
                        prop_oneof![4 => from..=to, 1 => select(vec![from, to])].boxed()
                    }
                })
            }
        }
    )* };
}

float! {
    f32: 999_999_i32, -20..=20_i32;
    f64: 999_999_999_999_999_i64, -100..=100_i32;
}

impl Samples for Decimal {
    fn readable(of: &Of) -> Result<Decimal, Failure> {
        let listed = of.listed().and_then(|values| values.into_iter().next());
        let (min, max) = of.range_of::<Decimal>();
        let least = min.map_or(Decimal::from(1), |min| min.max(Decimal::from(1)));
        Ok(listed.unwrap_or_else(|| max.map_or(least.clone(), |max| max.min(least))))
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Decimal>, Failure> {
        if let Some(values) = of.listed::<Decimal>() {
            return Ok(select(values).boxed());
        }
        let decimal =
            |digits: i128, scale: i64| Decimal::try_from(BigDecimal::new(BigInt::from(digits), scale)).ok();
        let (min, max) = match of.range_of::<Decimal>() {
            (None, None) => {
                let few =
                    (-100_000_i128..=100_000).prop_filter_map("a decimal", move |digits| decimal(digits, 2));
                let wide = 10_i128.pow(38) - 1;
                // The least and the greatest power of ten that keep all 38 digits within DynamoDB's range.
                let all = (-wide..=wide, -88_i64..=130)
                    .prop_filter_map("a decimal", move |(digits, scale)| decimal(digits, scale));
                return Ok(prop_oneof![3 => few, 1 => all].boxed());
            }
            (Some(min), Some(max)) => (min, max),
            (Some(min), None) => (min.clone(), sum(&min, 1_000_000)),
            (None, Some(max)) => (sum(&max, -1_000_000), max),
        };
        let ends = select(vec![min.clone(), max.clone()]);
        let (least, greatest) = (min.to_big_decimal(), max.to_big_decimal());
        let scale = least.fractional_digit_count().max(greatest.fractional_digit_count()).clamp(2, 18);
        let digits = |bound: &BigDecimal, mode| {
            let scaled = bound.with_scale_round(scale, mode).as_bigint_and_exponent().0;
            scaled.to_i128()
        };
        let between = digits(&least, RoundingMode::Ceiling).zip(digits(&greatest, RoundingMode::Floor));
        Ok(match between.filter(|(from, to)| from <= to) {
            Some((from, to)) => {
                let within = (from..=to).prop_filter_map("a decimal", move |digits| decimal(digits, scale));
                prop_oneof![4 => within, 1 => ends].boxed()
            }
            // Bounds with so many digits leave no useful numbers between them.
            None => ends.boxed(),
        })
    }
}

/// The sum, or the number itself if DynamoDB cannot hold the sum.
fn sum(number: &Decimal, other: i32) -> Decimal {
    number.checked_add(&Decimal::from(other)).unwrap_or_else(|_| number.clone())
}
