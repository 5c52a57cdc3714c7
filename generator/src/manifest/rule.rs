//! The rules of a field: `validate = { … }`.

use super::place::join;
use super::reader::{Keys, Reader};
use super::value::{Entry, Spanned, Value};
use crate::catalog::{IpVersion, LengthUnit, ValidationLibrary};
use crate::diagnostic::Span;

/// A rule with its place.
#[derive(Clone, Debug)]
pub(crate) struct RuleDeclaration {
    /// The rule's key: `length`.
    pub name: &'static str,
    /// The place of the key.
    pub span: Span,
    pub place: String,
    pub form: RuleForm,
}

#[derive(Clone, Debug)]
pub(crate) enum RuleForm {
    Length {
        unit: Option<Spanned<LengthUnit>>,
        min: Option<Spanned<u64>>,
        max: Option<Spanned<u64>>,
    },
    Range {
        min: Option<Spanned<Value>>,
        max: Option<Spanned<Value>>,
    },
    Pattern(Spanned<String>),
    Email,
    Url,
    Ip(IpVersion),
    Ascii,
    Alphanumeric,
    Prefix(Spanned<String>),
    Suffix(Spanned<String>),
    Contains(Spanned<String>),
    OneOf(Vec<Spanned<Value>>),
    Custom(Spanned<String>),
    /// A rule in the syntax of a library's derive attribute.
    Raw(ValidationLibrary, Spanned<String>),
    Each(Vec<RuleDeclaration>),
}

/// The rules in their written order. The recursion through `each` is as deep as TOML values may be nested.
pub(super) fn read(reader: &mut Reader<'_>, value: &Spanned<Value>, place: &str) -> Vec<RuleDeclaration> {
    let Value::Table(entries) = &value.value else {
        reader.wrong_type(value, "a table of rules, such as { email = true }");
        return Vec::new();
    };
    let mut keys = Keys::new(value.span, entries);
    let mut rules = Vec::new();
    for (name, read) in RULES {
        if let Some(entry) = keys.get(name) {
            let place = join(place, name);
            if let Some(form) = read(reader, entry, &place) {
                rules.push(RuleDeclaration { name, span: entry.key.span, place, form });
            }
        }
    }
    keys.finish("`validate`", reader);
    rules.sort_by_key(|rule| rule.span.start);
    rules
}

type ReadRule = fn(&mut Reader<'_>, &Entry, &str) -> Option<RuleForm>;

const RULES: [(&str, ReadRule); 16] = [
    ("length", |reader, entry, _| length(reader, entry)),
    ("range", |reader, entry, _| range(reader, entry)),
    ("pattern", |reader, entry, _| reader.text(&entry.value).map(RuleForm::Pattern)),
    ("email", |reader, entry, _| set(reader, entry).then_some(RuleForm::Email)),
    ("url", |reader, entry, _| set(reader, entry).then_some(RuleForm::Url)),
    ("ip", |reader, entry, _| ip(reader, entry)),
    ("ascii", |reader, entry, _| set(reader, entry).then_some(RuleForm::Ascii)),
    ("alphanumeric", |reader, entry, _| set(reader, entry).then_some(RuleForm::Alphanumeric)),
    ("prefix", |reader, entry, _| reader.text(&entry.value).map(RuleForm::Prefix)),
    ("suffix", |reader, entry, _| reader.text(&entry.value).map(RuleForm::Suffix)),
    ("contains", |reader, entry, _| reader.text(&entry.value).map(RuleForm::Contains)),
    ("one_of", |reader, entry, _| reader.array(&entry.value).map(|values| RuleForm::OneOf(values.to_vec()))),
    ("custom", |reader, entry, _| reader.text(&entry.value).map(RuleForm::Custom)),
    ("garde", |reader, entry, _| raw(reader, entry, ValidationLibrary::Garde)),
    ("validator", |reader, entry, _| raw(reader, entry, ValidationLibrary::Validator)),
    ("each", |reader, entry, place| Some(RuleForm::Each(read(reader, &entry.value, place)))),
];

fn raw(reader: &mut Reader<'_>, entry: &Entry, library: ValidationLibrary) -> Option<RuleForm> {
    reader.text(&entry.value).map(|text| RuleForm::Raw(library, text))
}

/// Whether a flag is set. `false` means the same as its absence.
fn set(reader: &mut Reader<'_>, entry: &Entry) -> bool {
    reader.flag(&entry.value).is_some_and(|flag| flag.value)
}

fn length(reader: &mut Reader<'_>, entry: &Entry) -> Option<RuleForm> {
    let mut keys = Keys::new(entry.key.span, limits(reader, entry)?);
    let given = limits(reader, entry)?
        .iter()
        .filter(|limit| ["min", "max"].contains(&limit.key.value.as_str()))
        .count();
    let (min, max) = (keys.count("min", reader), keys.count("max", reader));
    let is_read = given == usize::from(min.is_some()) + usize::from(max.is_some());
    let form = RuleForm::Length {
        min,
        max,
        unit: keys.word(
            "unit",
            &[("characters", LengthUnit::Characters), ("bytes", LengthUnit::Bytes)],
            reader,
        ),
    };
    keys.finish("`length`", reader);
    // Unreadable rules were already reported.
    is_read.then_some(form)
}

fn range(reader: &mut Reader<'_>, entry: &Entry) -> Option<RuleForm> {
    let mut keys = Keys::new(entry.key.span, limits(reader, entry)?);
    let form = RuleForm::Range { min: keys.value("min").cloned(), max: keys.value("max").cloned() };
    keys.finish("`range`", reader);
    Some(form)
}

fn limits<'e>(reader: &mut Reader<'_>, entry: &'e Entry) -> Option<&'e [Entry]> {
    match &entry.value.value {
        Value::Table(entries) => Some(entries),
        _ => {
            reader.wrong_type(&entry.value, "a table of limits, such as { min = 1, max = 5 }");
            None
        }
    }
}

fn ip(reader: &mut Reader<'_>, entry: &Entry) -> Option<RuleForm> {
    match &entry.value.value {
        Value::Bool(set) => set.then_some(RuleForm::Ip(IpVersion::Any)),
        Value::Text(_) => reader
            .word(&entry.value, &[("v4", IpVersion::V4), ("v6", IpVersion::V6)])
            .map(|version| RuleForm::Ip(version.value)),
        _ => {
            reader.wrong_type(&entry.value, "true, \"v4\" or \"v6\"");
            None
        }
    }
}
