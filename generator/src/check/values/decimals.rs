//! Exact decimals of DynamoDB's precision and range, as text.

use std::cmp::Ordering;

/// DynamoDB's precision.
const MOST_DIGITS: usize = 38;
/// The exponents of the most significant digit: 1E-130 to 9.99…E+125.
const EXPONENTS: std::ops::RangeInclusive<i64> = -130..=125;

/// A number without redundant zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Decimal {
    negative: bool,
    /// Significant digits, without zeros at either end; empty for zero.
    digits: String,
    /// The exponent of the first digit: 0 for 1 to 9.99….
    exponent: i64,
}

/// Why a text is no storable decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum DecimalFault {
    NotANumber,
    TooManyDigits,
    OutOfRange,
}

impl DecimalFault {
    pub(in crate::check) fn reason(self) -> &'static str {
        match self {
            DecimalFault::NotANumber => "not a decimal number",
            DecimalFault::TooManyDigits => "more than 38 significant digits",
            DecimalFault::OutOfRange => "outside of DynamoDB's range, 1E-130 to 9.99E+125",
        }
    }
}

impl Decimal {
    /// Reads digits with an optional sign, fraction and exponent.
    pub(in crate::check) fn parse(text: &str) -> Result<Self, DecimalFault> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) || mantissa.ends_with('.') {
            return Err(DecimalFault::NotANumber);
        }
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let leading = all.len() - significant.len();
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Ok(Decimal { negative: false, digits: String::new(), exponent: 0 });
        }
        if digits.len() > MOST_DIGITS {
            return Err(DecimalFault::TooManyDigits);
        }
        let first = whole.len() as i64 - 1 - leading as i64;
        let exponent = first.saturating_add(exponent);
        if !EXPONENTS.contains(&exponent) {
            return Err(DecimalFault::OutOfRange);
        }
        Ok(Decimal { negative, digits: digits.to_owned(), exponent })
    }

    /// Plain digits, without an exponent.
    pub(in crate::check) fn plain(&self) -> String {
        if self.digits.is_empty() {
            return String::from("0");
        }
        let sign = if self.negative { "-" } else { "" };
        if self.exponent < 0 {
            let zeros = "0".repeat((-self.exponent - 1) as usize);
            return format!("{sign}0.{zeros}{}", self.digits);
        }
        let whole = self.exponent as usize + 1;
        match self.digits.split_at_checked(whole) {
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{}{}", self.digits, "0".repeat(whole - self.digits.len())),
        }
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = || self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits));
        self.sign()
            .cmp(&other.sign())
            .then_with(|| if self.negative { magnitude().reverse() } else { magnitude() })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn parse_exponent(text: &str) -> Result<i64, DecimalFault> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalFault::NotANumber);
    }
    // An exponent that does not fit an i64 is out of range, whatever the digits.
    text.parse().map_err(|_| DecimalFault::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Result<String, DecimalFault> {
        Decimal::parse(text).map(|decimal| decimal.plain())
    }

    #[test]
    fn one_number_has_one_form() {
        for text in ["1.50", "+1.5", "0001.5", "15e-1", "0.15E1"] {
            assert_eq!(plain(text).as_deref(), Ok("1.5"), "{text}");
        }
        assert_eq!(plain("-0.000").as_deref(), Ok("0"));
        assert_eq!(plain("-1e3").as_deref(), Ok("-1000"));
        assert_eq!(plain("0.00120").as_deref(), Ok("0.0012"));
    }

    #[test]
    fn the_range_is_dynamodbs() {
        assert!(plain("1e-130").is_ok());
        assert_eq!(plain("1e-131"), Err(DecimalFault::OutOfRange));
        assert!(plain("9.99e125").is_ok());
        assert_eq!(plain("1e126"), Err(DecimalFault::OutOfRange));
        assert_eq!(plain("1e99999999999999999999"), Err(DecimalFault::OutOfRange));
        assert!(plain(&"9".repeat(38)).is_ok());
        assert_eq!(plain(&"9".repeat(39)), Err(DecimalFault::TooManyDigits));
    }

    #[test]
    fn precision_and_range_are_the_runtimes() {
        use crate::runtime_sources::constant;
        assert_eq!(i64::try_from(MOST_DIGITS), Ok(constant("SIGNIFICANT")));
        assert_eq!(*EXPONENTS.start(), constant("LEAST_EXPONENT"));
        // A key writes the exponent in three digits, from 000 to 255.
        assert_eq!(EXPONENTS.end() - EXPONENTS.start(), 255);
    }

    #[test]
    fn other_text_is_no_number() {
        for text in ["", "-", ".5", "5.", "1e", "nan", "1_000", "٣"] {
            assert_eq!(plain(text), Err(DecimalFault::NotANumber), "{text:?}");
        }
    }

    #[test]
    fn order_is_that_of_the_numbers() {
        let ordered = ["-10", "-1.5", "-1.25", "0", "0.01", "0.1", "1", "1.25", "9", "10", "1e30"];
        let parsed: Vec<_> = ordered.iter().map(|text| Decimal::parse(text).expect("a decimal")).collect();
        assert!(parsed.is_sorted());
    }
}
