//! Reading keys from tables, with a finding for everything unexpected.

use super::other_words::said_otherwise;
use super::value::{Entry, Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, listed, nearest, quoted};
use crate::source::SourceFile;

/// An expected value: the expectation in words, and the conversion.
type Expectation<'a, T> = (&'static str, fn(&'a Value) -> Option<T>);

/// The file that is being read, and the findings about it.
pub(super) struct Reader<'r> {
    pub source: &'r SourceFile,
    pub findings: &'r mut Findings,
}

impl Reader<'_> {
    /// The entries of a table; a finding and no entries if the value is something else.
    pub(super) fn table<'a>(&mut self, value: &'a Spanned<Value>) -> Option<&'a [Entry]> {
        self.expect(
            value,
            ("a table", |value| match value {
                Value::Table(entries) => Some(entries.as_slice()),
                _ => None,
            }),
        )
        .map(|entries| entries.value)
    }

    pub(super) fn array<'a>(&mut self, value: &'a Spanned<Value>) -> Option<&'a [Spanned<Value>]> {
        self.expect(
            value,
            ("an array", |value| match value {
                Value::Array(values) => Some(values.as_slice()),
                _ => None,
            }),
        )
        .map(|values| values.value)
    }

    pub(super) fn text(&mut self, value: &Spanned<Value>) -> Option<Spanned<String>> {
        self.expect(
            value,
            ("a string", |value| match value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            }),
        )
    }

    pub(super) fn flag(&mut self, value: &Spanned<Value>) -> Option<Spanned<bool>> {
        self.expect(
            value,
            ("true or false", |value| match value {
                Value::Bool(flag) => Some(*flag),
                _ => None,
            }),
        )
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, value: &Spanned<Value>) -> Option<Spanned<u64>> {
        self.expect(
            value,
            ("a whole number from 0", |value| match value {
                Value::Integer { digits, radix } => u64::from_str_radix(digits, *radix).ok(),
                _ => None,
            }),
        )
    }

    /// A whole number.
    pub(super) fn integer(&mut self, value: &Spanned<Value>) -> Option<Spanned<i64>> {
        self.expect(
            value,
            ("a whole number of 64 bits", |value| match value {
                Value::Integer { digits, radix } => i64::from_str_radix(digits, *radix).ok(),
                _ => None,
            }),
        )
    }

    /// Every string of an array.
    pub(super) fn texts(&mut self, value: &Spanned<Value>) -> Vec<Spanned<String>> {
        let values = self.array(value).unwrap_or_default();
        values.iter().filter_map(|value| self.text(value)).collect()
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(
        &mut self,
        value: &Spanned<Value>,
        words: &[(&str, T)],
    ) -> Option<Spanned<T>> {
        let text = self.text(value)?;
        let names = || words.iter().map(|(name, _)| *name);
        match words.iter().find(|(name, _)| *name == text.value) {
            Some((_, word)) => Some(Spanned { value: *word, span: text.span }),
            None => {
                self.findings.push(
                    Diagnostic::new(Code::UnknownWord, format!("{} is not known here", quoted(&text.value)))
                        .at(text.span, format!("expected {}", listed(names())))
                        .helps(did_you_mean(&text.value, names())),
                );
                None
            }
        }
    }

    pub(super) fn wrong_type(&mut self, value: &Spanned<Value>, expected: &str) {
        self.findings.push(
            Diagnostic::new(Code::WrongType, format!("expected {expected}, found {}", found(&value.value)))
                .at(value.span, format!("expected {expected}")),
        );
    }

    fn expect<'a, T>(
        &mut self,
        value: &'a Spanned<Value>,
        expected: Expectation<'a, T>,
    ) -> Option<Spanned<T>> {
        let (words, convert) = expected;
        let converted = convert(&value.value).map(|converted| Spanned { value: converted, span: value.span });
        if converted.is_none() {
            self.wrong_type(value, words);
        }
        converted
    }
}

fn found(value: &Value) -> String {
    match value {
        Value::Integer { digits, radix: 10 } => format!("the integer {}", quoted(digits)),
        Value::Float(text) => format!("the float {}", quoted(text)),
        Value::Bool(flag) => format!("`{flag}`"),
        other => other.type_name().to_owned(),
    }
}

/// A table with known keys. Each key is asked for once, and any other key is a finding.
pub(super) struct Keys<'a> {
    owner: Span,
    entries: &'a [Entry],
    known: Vec<&'static str>,
}

impl<'a> Keys<'a> {
    /// `owner` is the place to report if a required key is missing.
    pub(super) fn new(owner: Span, entries: &'a [Entry]) -> Self {
        Keys { owner, entries, known: Vec::new() }
    }

    /// Whether it has no keys.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Entry> {
        self.known.push(key);
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    pub(super) fn value(&mut self, key: &'static str) -> Option<&'a Spanned<Value>> {
        self.get(key).map(|entry| &entry.value)
    }

    /// The value of a part of a key, which may have its old name. That is reported once everything else was read.
    pub(super) fn value_or_old(&mut self, key: &'static str) -> Option<&'a Spanned<Value>> {
        let old = OLD_NAMES.iter().find(|(_, new)| *new == key).map(|(old, _)| *old);
        let renamed = self.entries.iter().find(|entry| Some(entry.key.value.as_str()) == old);
        self.value(key).or(renamed.map(|entry| &entry.value))
    }

    pub(super) fn text(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Option<Spanned<String>> {
        self.value(key).and_then(|value| reader.text(value))
    }

    pub(super) fn flag(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Option<Spanned<bool>> {
        self.value(key).and_then(|value| reader.flag(value))
    }

    pub(super) fn count(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Option<Spanned<u64>> {
        self.value(key).and_then(|value| reader.count(value))
    }

    pub(super) fn integer(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Option<Spanned<i64>> {
        self.value(key).and_then(|value| reader.integer(value))
    }

    pub(super) fn texts(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Vec<Spanned<String>> {
        self.value(key).map(|value| reader.texts(value)).unwrap_or_default()
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
        reader: &mut Reader<'_>,
    ) -> Option<Spanned<T>> {
        self.value(key).and_then(|value| reader.word(value, words))
    }

    /// Reports a missing required key, unless there is a misspelling or its old name, which is reported anyway. Call it once
    /// every known key was asked for.
    pub(super) fn missing(&self, key: &str, what: &str, help: &str, reader: &mut Reader<'_>) {
        if self.entries.iter().any(|entry| entry.key.value == key) {
            return;
        }
        let is_meant = |entry: &Entry| {
            let name = entry.key.value.as_str();
            let is_old = OLD_NAMES.contains(&(name, key));
            is_old || nearest(name, self.known.iter().copied()) == Some(key)
        };
        if !self.entries.iter().any(is_meant) {
            reader.findings.push(
                Diagnostic::new(Code::MissingKey, format!("{what} has no `{key}`"))
                    .at(self.owner, format!("`{key}` is missing"))
                    .help(help),
            );
        }
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, what: &str, reader: &mut Reader<'_>) {
        for entry in self.entries {
            let name = entry.key.value.as_str();
            if self.known.contains(&name) {
                continue;
            }
            if let Some((old, new)) =
                OLD_NAMES.iter().find(|(old, new)| *old == name && self.known.contains(new))
            {
                let diagnostic = Diagnostic::new(Code::OldKeyName, format!("`{old}` is called `{new}`"));
                let written = self.entries.iter().find(|entry| entry.key.value == *new);
                reader.findings.push(match written {
                    Some(written) => diagnostic
                        .at(entry.key.span, "says the same")
                        .and(written.key.span, "written here already")
                        .help(format!("remove `{old}`")),
                    None => diagnostic.at(entry.key.span, format!("write `{new}`")).help(
                        "DynamoDB calls them partition key and sort key: write `partition_key` and `sort_key`",
                    ),
                });
                continue;
            }
            let help = said_otherwise(what, name)
                .map(str::to_owned)
                .or_else(|| did_you_mean(name, self.known.iter().copied()))
                .unwrap_or_else(|| format!("{what} may have {}", listed(self.known.iter().copied())));
            reader.findings.push(
                Diagnostic::new(Code::UnknownKey, format!("unknown key {} in {what}", quoted(name)))
                    .at(entry.key.span, "not known here")
                    .help(help),
            );
        }
    }
}

/// Former and current names of the parts of a key.
const OLD_NAMES: [(&str, &str); 2] = [("hash_key", "partition_key"), ("range_key", "sort_key")];
