//! What a value is made for: the rules of its field, and the types that contain it.

use std::any::{Any, TypeId};
use std::str::FromStr;

use crate::validation::Violation;

/// How often a type may contain itself.
const REPETITIONS: usize = 2;

/// Why there is no value.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The type contains itself too often, so its values would never end.
    TooDeep,
    /// Why the last candidate was refused.
    Refused(Violation),
    /// Nothing is known about a type of the application: its name, and the path to it.
    Unknown(&'static str, String),
}

impl Failure {
    pub(super) fn within(self, name: &str) -> Self {
        match self {
            Failure::TooDeep => Failure::TooDeep,
            Failure::Refused(violation) => Failure::Refused(violation.within(name)),
            Failure::Unknown(unknown, path) if path.is_empty() => Failure::Unknown(unknown, name.to_owned()),
            Failure::Unknown(unknown, path) => Failure::Unknown(unknown, format!("{name}.{path}")),
        }
    }

    pub(super) fn message(&self, model: &str) -> String {
        let advice = "give the field rules that say more, such as a `pattern`, or build the value yourself";
        match self {
            Failure::TooDeep => format!("every value of `{model}` would hold another, without an end"),
            Failure::Refused(violation) => {
                let rule = violation.code().map_or_else(String::new, |code| format!(" by rule `{code}`"));
                format!(
                    "no value of `{model}` was found among 1,000: the last one was refused{rule}: {violation}; {advice}"
                )
            }
            Failure::Unknown(unknown, path) => format!(
                "field `{path}` of `{model}` is a `{unknown}`, of which nothing is known: implement \
                 `dynamorm::testing::proptest::arbitrary::Arbitrary` or `Default` for it"
            ),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Rule {
    Length(Option<usize>, Option<usize>),
    LengthInBytes(Option<usize>, Option<usize>),
    Range(Option<&'static str>, Option<&'static str>),
    Pattern(&'static str),
    Email,
    Url,
    Ip(Option<u8>),
    Ascii,
    Alphanumeric,
    Prefix(&'static str),
    Suffix(&'static str),
    Contains(&'static str),
    OneOf(&'static [&'static str]),
    Each(Vec<Rule>),
    Key,
    Without(&'static str),
    Digits(u32),
    /// A moment is a whole number of so many microseconds.
    Whole(i64),
    Expires,
    /// There is no value.
    Absent,
    Foreign(fn() -> Box<dyn Any>),
}

/// The moment of every fixture.
pub(super) const MOMENT: &str = "2024-01-01T00:00:00Z";

/// What a value is made for: for generated code, which adds rules to it.
#[derive(Clone, Debug, Default)]
pub struct Of {
    pub(super) name: String,
    pub(super) rules: Vec<Rule>,
    /// The types that contain it.
    within: Vec<TypeId>,
    /// Whether it is an element of a list or a map, which has no default.
    pub(super) is_element: bool,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) => $rule:expr;)*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $($argument: $type),*) -> Self {
            self.rules.push($rule);
            self
        }
    )* };
}

impl Of {
    rules! {
        /// The length in characters, bytes or elements.
        length(min: Option<usize>, max: Option<usize>) => Rule::Length(min, max);
        /// The length of a text in bytes.
        length_in_bytes(min: Option<usize>, max: Option<usize>) => Rule::LengthInBytes(min, max);
        /// The least and the greatest value, as text.
        range(min: Option<&'static str>, max: Option<&'static str>) => Rule::Range(min, max);
        /// A regular expression.
        pattern(pattern: &'static str) => Rule::Pattern(pattern);
        /// An email address.
        email() => Rule::Email;
        /// A URL.
        url() => Rule::Url;
        /// An IP address, of this version.
        ip(version: Option<u8>) => Rule::Ip(version);
        /// ASCII.
        ascii() => Rule::Ascii;
        /// Letters and digits.
        alphanumeric() => Rule::Alphanumeric;
        /// How the text begins.
        prefix(text: &'static str) => Rule::Prefix(text);
        /// How the text ends.
        suffix(text: &'static str) => Rule::Suffix(text);
        /// What the text contains.
        contains(text: &'static str) => Rule::Contains(text);
        /// All values, as text.
        one_of(values: &'static [&'static str]) => Rule::OneOf(values);
        /// The rules of elements.
        each(rules: fn(Of) -> Of) => Rule::Each(rules(Of::default()).rules);
        /// It is part of a key, so it is not empty.
        key() => Rule::Key;
        /// A text without these characters, which would end it in a key.
        without(characters: &'static str) => Rule::Without(characters);
        /// An integer with at most so many digits, because a key keeps no more.
        digits(width: u32) => Rule::Digits(width);
        /// A moment in whole seconds, because a key keeps no more.
        whole_seconds() => Rule::Whole(1_000_000);
        /// A moment in whole milliseconds, because a key keeps no more.
        whole_milliseconds() => Rule::Whole(1_000);
        /// The moment at which an item expires.
        expires() => Rule::Expires;
        /// The version of a value that was never written.
        version() => Rule::OneOf(&["0"]);
        /// The time of the last write, before any write.
        updated() => Rule::OneOf(&[MOMENT]);
        /// The id of the last write, before any write.
        write_id() => Rule::Absent;
        /// What is known about a type of the application.
        foreign(probe: fn() -> Box<dyn Any>) => Rule::Foreign(probe);
    }

    /// Whether it has no value.
    pub(super) fn is_absent(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule, Rule::Absent))
    }

    /// A field of this.
    pub(super) fn field(&self, name: &str) -> Of {
        Of { name: name.to_owned(), rules: Vec::new(), within: self.within.clone(), is_element: false }
    }

    /// An element of this.
    pub(super) fn element(&self) -> Of {
        let rules = self.rules.iter().flat_map(|rule| match rule {
            Rule::Each(rules) => rules.clone(),
            Rule::Foreign(probe) => vec![Rule::Foreign(*probe)],
            _ => Vec::new(),
        });
        Of { name: self.name.clone(), rules: rules.collect(), within: self.within.clone(), is_element: true }
    }

    /// This, for the fields of a `T`.
    pub(super) fn enter<T: 'static>(&self) -> Result<Of, Failure> {
        let entered = TypeId::of::<T>();
        if self.within.iter().filter(|within| **within == entered).count() > REPETITIONS {
            return Err(Failure::TooDeep);
        }
        let mut of = self.field(&self.name);
        of.within.push(entered);
        Ok(of)
    }

    pub(super) fn find<'a, T>(&'a self, rule: impl Fn(&'a Rule) -> Option<T>) -> Option<T> {
        self.rules.iter().find_map(rule)
    }

    /// The only values, if rules list them.
    pub(super) fn listed<T: FromStr>(&self) -> Option<Vec<T>> {
        let listed = self.find(|rule| match rule {
            Rule::OneOf(values) => Some(values),
            _ => None,
        })?;
        let listed: Vec<T> = listed.iter().filter_map(|text| text.parse().ok()).collect();
        (!listed.is_empty()).then_some(listed)
    }

    /// The least and the greatest value.
    pub(super) fn range_of<T: FromStr>(&self) -> (Option<T>, Option<T>) {
        let range = self.find(|rule| match rule {
            Rule::Range(min, max) => Some((*min, *max)),
            _ => None,
        });
        let (min, max) = range.unwrap_or_default();
        let bound = |bound: Option<&str>| bound.and_then(|text| text.parse().ok());
        (bound(min), bound(max))
    }

    /// How many elements, bytes or characters there are: at most `more` beyond the required ones.
    pub(super) fn sizes(&self, least: usize, more: usize) -> (usize, usize) {
        let length = self.find(|rule| match rule {
            Rule::Length(min, max) => Some((*min, *max)),
            _ => None,
        });
        let (min, max) = length.unwrap_or_default();
        let min = min.unwrap_or(0).max(least);
        (min, max.unwrap_or(usize::MAX).min(min + more).max(min))
    }

    pub(super) fn is_key(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule, Rule::Key))
    }
}
