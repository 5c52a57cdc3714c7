//! The declared rules by `validator`: its functions, codes and parameters, with messages, which it leaves to its users. Rules
//! that it lacks (`ascii`, `alphanumeric`, `prefix`, `suffix`, lengths in bytes) are checked here, and reported like its own.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;
use validator::{
    ValidateContains, ValidateEmail, ValidateIp, ValidateLength, ValidateRange, ValidateRegex, ValidateUrl,
};

use crate::Json;
use crate::rules::Pattern;
use crate::validation::Check;

pub use crate::validation::validator::custom;

/// Checks the length of a text in characters, or of a collection in elements.
pub fn length<T: ValidateLength<u64> + ?Sized>(
    value: &T,
    min: Option<u64>,
    max: Option<u64>,
    check: &mut Check,
) {
    if !value.validate_length(min, max, None) {
        refuse_length(value.length().unwrap_or_default(), min, max, check);
    }
}

#[cold]
fn refuse_length(length: u64, min: Option<u64>, max: Option<u64>, check: &mut Check) {
    let message = match (min, max) {
        (Some(min), _) if length < min => format!("length is lower than {min}"),
        (_, Some(max)) => format!("length is greater than {max}"),
        _ => String::from("has another length"),
    };
    let limits = [("min", min), ("max", max)];
    let limits = limits.into_iter().filter_map(|(name, limit)| Some((Cow::Borrowed(name), limit?.into())));
    check.refuse("length", message, limits);
}

/// Checks the length of a text, or of a buffer, in bytes.
pub fn length_in_bytes(
    value: &(impl AsRef<[u8]> + ?Sized),
    min: Option<u64>,
    max: Option<u64>,
    check: &mut Check,
) {
    length(value.as_ref(), min, max, check);
}

/// Checks that a number lies between two others.
pub fn range<T>(value: &T, min: Option<T>, max: Option<T>, check: &mut Check)
where
    T: ValidateRange<T> + PartialOrd + Copy + Display + Serialize,
{
    if value.validate_range(min, max, None, None) {
        return;
    }
    let message = match (min, max) {
        (Some(min), _) if *value < min => format!("lower than {min}"),
        (_, Some(max)) => format!("greater than {max}"),
        _ => String::from("outside of the range"),
    };
    let given = [("min", min), ("max", max), ("value", Some(*value))];
    let given = given.into_iter().filter_map(|(name, value)| Some((Cow::Borrowed(name), number(&value?))));
    check.refuse("range", message, given);
}

/// A number that JSON can hold, or its digits as text.
fn number<T: Serialize + Display>(value: &T) -> Json {
    serde_json::to_value(value).unwrap_or_else(|_| Json::String(value.to_string()))
}

impl Pattern {
    /// As [`check`](Self::check), by `validator`.
    pub fn check_by_validator(&self, value: &str, check: &mut Check) {
        if let Some(regex) = self.compiled(check)
            && !value.validate_regex(regex)
        {
            refuse("regex", format!("does not match pattern /{}/", self.text), value, None, check);
        }
    }
}

/// Checks that a text is an email address.
pub fn email(value: &str, check: &mut Check) {
    if !value.validate_email() {
        refuse("email", "not a valid email", value, None, check);
    }
}

/// Checks that a text is a URL.
pub fn url(value: &str, check: &mut Check) {
    if !value.validate_url() {
        refuse("url", "not a valid url", value, None, check);
    }
}

/// Checks that a text is an IP address.
pub fn ip(value: &str, check: &mut Check) {
    if !value.validate_ip() {
        refuse("ip", "not a valid IP address", value, None, check);
    }
}

/// Checks that a text is an IP address of version 4.
pub fn ipv4(value: &str, check: &mut Check) {
    if !value.validate_ipv4() {
        refuse("ip", "not a valid IPv4 address", value, None, check);
    }
}

/// Checks that a text is an IP address of version 6.
pub fn ipv6(value: &str, check: &mut Check) {
    if !value.validate_ipv6() {
        refuse("ip", "not a valid IPv6 address", value, None, check);
    }
}

/// Checks that a text contains another.
pub fn contains(value: &str, needle: &str, check: &mut Check) {
    if !value.validate_contains(needle) {
        let message = format!("does not contain {needle:?}");
        refuse("contains", message, value, Some(("needle", needle)), check);
    }
}

/// Checks that a text starts with another.
pub fn prefix(value: &str, prefix: &str, check: &mut Check) {
    if !value.starts_with(prefix) {
        let message = format!("value does not begin with {prefix:?}");
        refuse("prefix", message, value, Some(("prefix", prefix)), check);
    }
}

/// Checks that a text ends with another.
pub fn suffix(value: &str, suffix: &str, check: &mut Check) {
    if !value.ends_with(suffix) {
        let message = format!("does not end with {suffix:?}");
        refuse("suffix", message, value, Some(("suffix", suffix)), check);
    }
}

/// Checks that a text is ASCII.
pub fn ascii(value: &str, check: &mut Check) {
    if !value.is_ascii() {
        refuse("ascii", "not ascii", value, None, check);
    }
}

/// Checks that a text is made of letters and digits.
pub fn alphanumeric(value: &str, check: &mut Check) {
    if !value.chars().all(char::is_alphanumeric) {
        refuse("alphanumeric", "not alphanumeric", value, None, check);
    }
}

#[cold]
fn refuse(
    code: &'static str,
    message: impl Into<String>,
    value: &str,
    given: Option<(&'static str, &str)>,
    check: &mut Check,
) {
    let value = [(Cow::Borrowed("value"), Json::from(value))];
    let given = given.map(|(name, text)| (Cow::Borrowed(name), Json::from(text)));
    check.refuse(code, message.into(), value.into_iter().chain(given));
}
