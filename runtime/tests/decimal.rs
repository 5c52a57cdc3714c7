//! Exact decimal numbers: what is one, what it prints, and how it is computed with.

use dynamorm::{Decimal, DecimalError};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("the text is a decimal number")
}

#[test]
fn equal_numbers_have_one_form() {
    for text in ["1.5", "1.50", "+1.5", "15E-1", "0.15e1", "0001.5000"] {
        assert_eq!(decimal(text).to_string(), "1.5", "{text}");
    }
}

#[test]
fn zero_has_one_form() {
    for text in ["0", "-0", "0.000", "0E100", "-0e-200"] {
        assert_eq!(decimal(text), Decimal::zero(), "{text}");
        assert_eq!(decimal(text).to_string(), "0", "{text}");
    }
}

#[test]
fn what_is_printed_is_read_back() {
    for text in
        ["1E125", "-9.9999999999999999999999999999999999999E125", "1E-130", "123456.789", "1E40", "1E-41"]
    {
        let number = decimal(text);
        assert_eq!(decimal(&number.to_string()), number, "{text}");
    }
}

#[test]
fn thirty_eight_digits_are_kept() {
    let digits = "12345678901234567890123456789012345678";

    assert_eq!(decimal(digits).to_string(), digits);
    assert_eq!(decimal(&format!("0.{digits}")).to_string(), format!("0.{digits}"));
}

#[test]
fn thirty_nine_digits_are_too_many() {
    let digits = "1".repeat(39);

    assert_eq!(digits.parse::<Decimal>(), Err(DecimalError::TooManyDigits));
    assert_eq!(format!("0.{digits}").parse::<Decimal>(), Err(DecimalError::TooManyDigits));
}

#[test]
fn zeros_at_either_end_are_no_digits() {
    assert_eq!(decimal(&format!("000{}000", "1".repeat(38))), decimal(&format!("{}E3", "1".repeat(38))));
}

#[test]
fn magnitudes_beyond_the_range_are_refused() {
    for text in ["1E126", "-1E126", "1E-131", "9E-131", "1E999999999999999999"] {
        assert_eq!(text.parse::<Decimal>(), Err(DecimalError::OutOfRange), "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in
        ["", "-", ".", "1.2.3", "NaN", "inf", "0x10", "1 ", "1,5", "1E", "E5", "1E99999999999999999999"]
    {
        assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Syntax), "{text:?}");
    }
}

#[test]
fn text_of_any_length_is_answered_at_once() {
    assert!("9".repeat(10_000_000).parse::<Decimal>().is_err());
}

#[test]
fn sums_and_products_are_exact() {
    let (left, right) = (decimal("0.1"), decimal("0.2"));

    assert_eq!(left.checked_add(&right), Ok(decimal("0.3")));
    assert_eq!(left.checked_sub(&right), Ok(decimal("-0.1")));
    assert_eq!(left.checked_mul(&right), Ok(decimal("0.02")));
}

#[test]
fn results_that_cannot_be_held_are_refused() {
    let (large, small) = (decimal("9E125"), decimal("1E-130"));

    assert_eq!(large.checked_add(&large), Err(DecimalError::OutOfRange));
    assert_eq!(large.checked_add(&small), Err(DecimalError::TooManyDigits));
    assert_eq!(small.checked_mul(&small), Err(DecimalError::OutOfRange));
}

#[test]
fn numbers_are_ordered_by_value() {
    let mut numbers: Vec<_> = ["10", "9.5", "-1", "1E-130", "-1E125", "0"].into_iter().map(decimal).collect();

    numbers.sort();

    let expected: Vec<_> = ["-1E125", "-1", "0", "1E-130", "9.5", "10"].into_iter().map(decimal).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn serde_keeps_every_digit() {
    let number = decimal("-1234567890.0123456789");

    let json = serde_json::to_string(&number).expect("it is serialised");

    assert_eq!(json, "\"-1234567890.0123456789\"");
    assert_eq!(serde_json::from_str::<Decimal>(&json).expect("it is read back"), number);
}

#[test]
fn serde_refuses_a_number_that_cannot_be_held() {
    for json in ["\"1E126\"", "\"x\"", "null", "[]"] {
        assert!(serde_json::from_str::<Decimal>(json).is_err(), "{json}");
    }
}

#[test]
fn serde_reads_numbers_of_every_type() {
    let read = |json: &str| serde_json::from_str::<Decimal>(json).expect("it is a number");

    for json in ["1234567890.1", "19.9", "0.1", "-0.3", "0", "-9007199254740993", "18446744073709551615"] {
        assert_eq!(read(json), decimal(json), "{json}");
    }
    assert_eq!(read("1.5e100"), decimal("15E99"));
    let whole: Result<Decimal, ValueError> = Decimal::deserialize(i128::MIN.into_deserializer());
    assert_eq!(whole.map_err(|error| error.to_string()), Err(DecimalError::TooManyDigits.to_string()));
    let single: Result<Decimal, ValueError> = Decimal::deserialize(19.9_f32.into_deserializer());
    assert_eq!(single, Ok(decimal("19.9")));
}

#[test]
fn serde_refuses_numbers_that_are_none_and_text_of_any_length() {
    for number in [f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX] {
        let read: Result<Decimal, ValueError> = Decimal::deserialize(number.into_deserializer());
        assert!(read.is_err(), "{number}");
    }
    let text = "9".repeat(10_000_000);
    let read: Result<Decimal, ValueError> = Decimal::deserialize(text.as_str().into_deserializer());
    assert!(read.is_err());
}

#[test]
fn a_precision_rounds_to_that_many_decimals() {
    assert_eq!(format!("{:.2}", decimal("19.90")), "19.90");
    assert_eq!(format!("{:.1}", decimal("-0.25")), "-0.2");
    assert_eq!(format!("{:.0}", decimal("99.5")), "100");
    assert_eq!(format!("{:.3}", decimal("1E40")), format!("1{}.000", "0".repeat(40)));
    assert_eq!(format!("{:.2}", decimal("1E-100")), "0.00");
}

#[test]
fn numbers_are_padded_as_numbers_are() {
    assert_eq!(format!("[{:6}]", decimal("1.50")), "[   1.5]");
    assert_eq!(format!("[{:<6}]", decimal("1.50")), "[1.5   ]");
    assert_eq!(format!("[{:+07.2}]", decimal("1.5")), "[+001.50]");
    assert_eq!(format!("[{:06}]", decimal("-1.5")), "[-001.5]");
    assert_eq!(format!("[{:8}]", decimal("-1E-100")), "[ -1E-100]");
}
