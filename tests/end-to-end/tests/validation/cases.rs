//! A value that each rule refuses, and how the refusal reads.

use std::collections::{BTreeMap, BTreeSet};

use dynamorm::{Result, Update};

use crate::Plain;
use crate::models::{ByGarde, ByValidator, GardeChoice, GardeLine, ValidatorChoice, ValidatorLine};

/// One value that one rule refuses.
pub struct Case<M: dynamorm::Model> {
    pub path: &'static str,
    pub code: &'static str,
    pub message: &'static str,
    /// Gives the value to a builder.
    pub build: fn() -> Result<M>,
    /// Puts the value into an item.
    pub spoil: fn(&mut M),
    /// Sets the value by an update.
    pub set: fn(Update<M>) -> Update<M>,
}

macro_rules! cases {
    ($model:ident: $($field:ident $handle:ident = $bad:expr => $path:literal $code:literal $message:literal)*) => {
        vec![$(Case {
            path: $path,
            code: $code,
            message: $message,
            build: || $model::builder().id("1").$field($bad).build(),
            spoil: |item| item.$field = $bad,
            set: |update| update.set($model::$handle, $bad),
        }),*]
    };
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn instant(text: &str) -> dynamorm::Timestamp {
    text.parse().expect("an instant")
}

fn long_ago() -> Option<dynamorm::Timestamp> {
    Some(instant("2019-12-31T23:59:59Z"))
}

fn far_off() -> Option<dynamorm::Date> {
    Some("2031-01-01".parse().expect("a day"))
}

/// The cases of a library: those that every library refuses with the same words, and its own.
macro_rules! cases_of {
    ($model:ident, $line:ident, $choice:ident: $($own:tt)*) => {
        cases! { $model:
            characters CHARACTERS = text("a") => "characters" "length" "length is lower than 2"
            characters CHARACTERS = text("ééééé") => "characters" "length" "length is greater than 4"
            octets OCTETS = text("ééé") => "octets" "length" "length is greater than 4"
            blob BLOB = Some(vec![1, 2, 3]) => "blob" "length" "length is greater than 2"
            elements ELEMENTS = vec![text("a"); 3] => "elements" "length" "length is greater than 2"
            members MEMBERS = BTreeSet::from([1, 2, 3]) => "members" "length" "length is greater than 2"
            some_members SOME_MEMBERS = Some(BTreeSet::new())
                => "some_members" "length" "length is lower than 1"
            count COUNT = 0 => "count" "range" "lower than 1"
            count COUNT = 11 => "count" "range" "greater than 10"
            share SHARE = Some(0.75) => "share" "range" "greater than 0.5"
            price PRICE = dynamorm::Decimal::from(0) => "price" "range" "lower than 0.01"
            since SINCE = long_ago() => "since" "range" "lower than 2020-01-01T00:00:00Z"
            day DAY = far_off() => "day" "range" "greater than 2030-12-31"
            ip IP = Some(text("1.2.3")) => "ip" "ip" "not a valid IP address"
            ipv4 IPV4 = Some(text("::1")) => "ipv4" "ip" "not a valid IPv4 address"
            ipv6 IPV6 = Some(text("1.2.3.4")) => "ipv6" "ip" "not a valid IPv6 address"
            ascii ASCII = text("é") => "ascii" "ascii" "not ascii"
            alphanumeric ALPHANUMERIC = text("a b") => "alphanumeric" "alphanumeric" "not alphanumeric"
            prefix PREFIX = text("fix") => "prefix" "prefix" "value does not begin with \"pre\""
            suffix SUFFIX = text("pre") => "suffix" "suffix" "does not end with \"fix\""
            contains CONTAINS = text("ab") => "contains" "contains" "does not contain \".\""
            word WORD = text("three") => "word" "one_of" "is not one of one, two"
            number NUMBER = 3 => "number" "one_of" "is not one of 1, 2"
            custom CUSTOM = 3 => "custom" "custom" "3 is odd"
            words WORDS = vec![text("ab"), text("a")] => "words[1]" "length" "length is lower than 2"
            tags TAGS = BTreeSet::from([text("a"), text("é")]) => "tags[1]" "ascii" "not ascii"
            numbers NUMBERS = BTreeMap::from([(text("a.b"), Some(10))])
                => "numbers.a.b" "range" "greater than 9"
            rows ROWS = vec![vec![], vec![text("xy"), text("y")]]
                => "rows[1][1]" "prefix" "value does not begin with \"x\""
            line LINE = Some($line { sku: text("a"), quantity: 0 }) => "line.quantity" "range" "lower than 1"
            lines LINES = vec![$line { sku: text(""), quantity: 1 }]
                => "lines[0].S.K.U" "length" "length is lower than 1"
            shelf SHELF = BTreeMap::from([(text("a"), $line { sku: text(""), quantity: 1 })])
                => "shelf.a.S.K.U" "length" "length is lower than 1"
            choice CHOICE = Some($choice::Some { of: text(""), raw: None })
                => "choice.some.of" "length" "length is lower than 1"
            $($own)*
        }
    };
}

pub fn by_garde() -> Vec<Case<ByGarde>> {
    cases_of! { ByGarde, GardeLine, GardeChoice:
        pattern PATTERN = text("ab-1") => "pattern" "pattern" "does not match pattern /^[A-Z]+-[0-9]$/"
        email EMAIL = Some(text("ada")) => "email" "email" "not a valid email: value is missing `@`"
        url URL = Some(text("no url")) => "url" "url" "not a valid url: relative URL without a base"
        library LIBRARY = 3 => "library" "custom" "3 is odd"
        choice CHOICE = Some(GardeChoice::Some { of: text("a"), raw: Some(vec![Plain(text(""))]) })
            => "choice.some.raw[0]" "garde" "empty"
        raw RAW = text("abcd") => "raw" "garde" "length is greater than 3"
        raw RAW = text("Abc") => "raw" "garde" "starts high"
        raw_optional RAW_OPTIONAL = Some(2) => "raw_optional" "garde" "lower than 3"
        raw_each RAW_EACH = vec![text("a")] => "raw_each[0]" "garde" "length is lower than 2"
        raw_line RAW_LINE = Some(GardeLine { sku: text("a"), quantity: 100 }) => "raw_line" "garde" "too many"
        raw_inner RAW_INNER = vec![text("ab"), text("a")] => "raw_inner[1]" "garde" "length is lower than 2"
    }
}

pub fn by_validator() -> Vec<Case<ByValidator>> {
    cases_of! { ByValidator, ValidatorLine, ValidatorChoice:
        pattern PATTERN = text("ab-1") => "pattern" "regex" "does not match pattern /^[A-Z]+-[0-9]$/"
        email EMAIL = Some(text("ada")) => "email" "email" "not a valid email"
        url URL = Some(text("no url")) => "url" "url" "not a valid url"
        library LIBRARY = 3 => "library" "odd" "3 is odd"
        choice CHOICE = Some(ValidatorChoice::Some { of: text("a"), raw: Some(vec![Plain(text(""))]) })
            => "choice.some.raw[0]" "empty" "refused by the rule `empty`"
        raw RAW = text("abcd") => "raw" "length" "three"
        raw RAW = text("Abc") => "raw" "high" "refused by the rule `high`"
        raw_optional RAW_OPTIONAL = Some(2) => "raw_optional" "range" "refused by the rule `range` (min = 3)"
        raw_each RAW_EACH = vec![text("a")] => "raw_each[0]" "length" "refused by the rule `length` (min = 2)"
        raw_line RAW_LINE = Some(ValidatorLine { sku: text("a"), quantity: 100 })
            => "raw_line" "many" "refused by the rule `many`"
    }
}
