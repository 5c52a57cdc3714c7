//! From types as text to kinds.

use super::declared::Declared;
use super::rust;
use crate::catalog::{Element, Float, Integer, Kind, SetElement, StoredInstant, TimestampForm};
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, listed, quoted};
use crate::manifest::{FieldDeclaration, Spanned, TypeExpression, TypeForm};

/// The words for stored forms of timestamps. Others are patterns.
const TIMESTAMP_FORMS: [&str; 4] = ["text", "epoch-seconds", "epoch-milliseconds", "epoch-microseconds"];

/// What is said of the patterns.
const PATTERNS: &str = "or a pattern: `YYYY-MM-DDTHH:MM:SS`, then `.fff`, `.ffffff`, `.fffffffff` or nothing, then `Z`, `+0000`, \
                        `+00:00` or nothing";

/// The types that have no declaration, apart from lists, maps, sets and Rust of the user's.
static BUILT_IN: [(&str, Kind); 21] = [
    ("string", Kind::Text),
    ("bool", Kind::Bool),
    ("u8", Kind::Integer(Integer::U8)),
    ("u16", Kind::Integer(Integer::U16)),
    ("u32", Kind::Integer(Integer::U32)),
    ("u64", Kind::Integer(Integer::U64)),
    ("u128", Kind::Integer(Integer::U128)),
    ("i8", Kind::Integer(Integer::I8)),
    ("i16", Kind::Integer(Integer::I16)),
    ("i32", Kind::Integer(Integer::I32)),
    ("i64", Kind::Integer(Integer::I64)),
    ("i128", Kind::Integer(Integer::I128)),
    ("f32", Kind::Float(Float::F32)),
    ("f64", Kind::Float(Float::F64)),
    ("decimal", Kind::Decimal),
    ("bytes", Kind::Bytes),
    ("timestamp", Kind::Timestamp(TimestampForm::DEFAULT)),
    ("date", Kind::Date),
    ("uuid", Kind::Uuid),
    ("ulid", Kind::Ulid),
    ("json", Kind::Json),
];

/// What other languages call a type, and what to write here.
const ALIASES: [(&str, &str); 34] = [
    ("int", "`i64`"),
    ("integer", "`i64`"),
    ("long", "`i64`"),
    ("short", "`i16`"),
    ("byte", "`u8`"),
    ("uint", "`u64`"),
    ("usize", "`u64`"),
    ("isize", "`i64`"),
    ("number", "`i64`, `f64` or `decimal`"),
    ("n", "`i64`, `f64` or `decimal`"),
    ("float", "`f64`"),
    ("double", "`f64`"),
    ("real", "`f64`"),
    ("numeric", "`decimal`"),
    ("money", "`decimal`"),
    ("bigdecimal", "`decimal`"),
    ("text", "`string`"),
    ("str", "`string`"),
    ("&str", "`string`"),
    ("char", "`string`"),
    ("varchar", "`string`"),
    ("s", "`string`"),
    ("boolean", "`bool`"),
    ("binary", "`bytes`"),
    ("blob", "`bytes`"),
    ("datetime", "`timestamp`"),
    ("time", "`timestamp`"),
    ("instant", "`timestamp`"),
    ("array", "`list<T>`"),
    ("vec", "`list<T>`"),
    ("hashset", "`set<T>`"),
    ("object", "a `[type.*]`, `map<T>` or `json`"),
    ("hashmap", "`map<T>`"),
    ("any", "`json`"),
];

/// The kind of a field.
pub(super) fn resolve(
    declared: &Declared<'_>,
    field: &FieldDeclaration,
    expression: &TypeExpression,
    findings: &mut Findings,
) -> Option<Kind> {
    let kind = kind(declared, field, expression, findings)?;
    let kind = match &field.stored_as {
        Some(stored_as) => with_form(kind, stored_as, findings)?,
        None => kind,
    };
    match &field.excess {
        Some(excess) => with_excess(kind, excess, findings),
        None => Some(kind),
    }
}

/// How a kind is written in declarations.
pub(super) fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Timestamp(_) => String::from("timestamp"),
        Kind::List(element) => format!("list<{}>", describe(&element.kind)),
        Kind::Map(element) => format!("map<{}>", describe(&element.kind)),
        Kind::Set(element) => format!("set<{}>", describe(&element_kind(*element))),
        Kind::Structure(name) | Kind::Enumeration(name) => name.clone(),
        Kind::Foreign(rust) => format!("rust:{}", rust.code),
        other => BUILT_IN.iter().find(|(_, kind)| kind == other).map_or("", |(name, _)| name).to_owned(),
    }
}

/// The kind of a set's elements.
pub(super) fn element_kind(element: SetElement) -> Kind {
    match element {
        SetElement::Text => Kind::Text,
        SetElement::Integer(integer) => Kind::Integer(integer),
        SetElement::Decimal => Kind::Decimal,
        SetElement::Bytes => Kind::Bytes,
    }
}

fn kind(
    declared: &Declared<'_>,
    field: &FieldDeclaration,
    expression: &TypeExpression,
    findings: &mut Findings,
) -> Option<Kind> {
    let element = |inner: &TypeExpression, findings: &mut Findings| {
        kind(declared, field, inner, findings)
            .map(|kind| Box::new(Element { kind, optional: inner.optional }))
    };
    match &expression.form {
        TypeForm::List(inner) => element(inner, findings).map(Kind::List),
        TypeForm::Map(inner) => element(inner, findings).map(Kind::Map),
        TypeForm::Set(inner) => set(declared, field, inner, findings),
        TypeForm::Rust(path) => {
            let path = Spanned { value: path.clone(), span: expression.span };
            rust::type_path(&path, &field.place, findings).map(Kind::Foreign)
        }
        TypeForm::Named(name) => named(declared, name, expression, findings),
    }
}

fn set(
    declared: &Declared<'_>,
    field: &FieldDeclaration,
    inner: &TypeExpression,
    findings: &mut Findings,
) -> Option<Kind> {
    let element = match kind(declared, field, inner, findings)? {
        Kind::Text => Some(SetElement::Text),
        Kind::Integer(integer) => Some(SetElement::Integer(integer)),
        Kind::Decimal => Some(SetElement::Decimal),
        Kind::Bytes => Some(SetElement::Bytes),
        _ => None,
    };
    if element.is_none() || inner.optional {
        findings.push(
            Diagnostic::new(Code::SetElement, "a set holds text, exact numbers or bytes, each present")
                .at(inner.span, "no set can hold this")
                .help("a set's element is `string`, an integer type, `decimal` or `bytes`; a list holds anything"),
        );
        return None;
    }
    element.map(Kind::Set)
}

fn named(
    declared: &Declared<'_>,
    name: &str,
    expression: &TypeExpression,
    findings: &mut Findings,
) -> Option<Kind> {
    if let Some((_, kind)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return Some(kind.clone());
    }
    if let Some(names) = declared.find_structure(name) {
        return Some(Kind::Structure(names.rust.clone()));
    }
    if let Some(known) = declared.find_enumeration(name) {
        return Some(Kind::Enumeration(known.names.rust.clone()));
    }
    let mut diagnostic = Diagnostic::new(Code::UnknownType, format!("unknown type {}", quoted(name)))
        .at(expression.span, "not known here");
    let lower = name.to_lowercase();
    diagnostic = if let Some((_, instead)) = ALIASES.iter().find(|(alias, _)| *alias == lower) {
        diagnostic.help(format!("write {instead}"))
    } else if declared.is_model(name) {
        diagnostic
            .help(format!("{} is a model: only `[type.*]` and `[enum.*]` are nested in items", quoted(name)))
    } else {
        let known = BUILT_IN.iter().map(|(name, _)| *name).chain(["list<T>", "map<T>", "set<T>"]);
        diagnostic.help(did_you_mean(name, known.chain(declared.type_names())).unwrap_or_else(|| {
            format!(
                "declare it as {} or {}, or write {} for a type of yours",
                quoted(&format!("[type.{name}]")),
                quoted(&format!("[enum.{name}]")),
                quoted(&format!("rust:crate::{name}"))
            )
        }))
    };
    findings.push(diagnostic);
    None
}

/// A kind in a declared stored form, which reaches the elements of lists and maps.
fn with_form(kind: Kind, stored_as: &Spanned<String>, findings: &mut Findings) -> Option<Kind> {
    match kind {
        Kind::Timestamp(form) => {
            let stored = StoredInstant::of(&stored_as.value);
            if stored.is_none() {
                findings.push(
                    Diagnostic::new(
                        Code::StoredAs,
                        format!("a timestamp is not stored as {}", quoted(&stored_as.value)),
                    )
                    .at(stored_as.span, format!("expected {}", listed(TIMESTAMP_FORMS)))
                    .helps(did_you_mean(&stored_as.value, TIMESTAMP_FORMS))
                    .help(PATTERNS),
                );
            }
            stored.map(|stored| Kind::Timestamp(TimestampForm { stored, ..form }))
        }
        Kind::List(element) => {
            in_element(*element, |kind| with_form(kind, stored_as, findings)).map(Kind::List)
        }
        Kind::Map(element) => {
            in_element(*element, |kind| with_form(kind, stored_as, findings)).map(Kind::Map)
        }
        other => {
            findings.push(
                Diagnostic::new(Code::StoredAs, format!("{} has one stored form", quoted(&describe(&other))))
                    .at(stored_as.span, "nothing to choose from")
                    .help(format!(
                        "remove `stored_as`: only `timestamp` has several forms, {}",
                        listed(TIMESTAMP_FORMS)
                    )),
            );
            None
        }
    }
}

/// A kind of which what is finer than its stored form is cut off or refused, as declared.
fn with_excess(kind: Kind, excess: &Spanned<String>, findings: &mut Findings) -> Option<Kind> {
    let truncates = match excess.value.as_str() {
        "truncate" => true,
        "refuse" => false,
        other => {
            findings.push(
                Diagnostic::new(
                    Code::StoredAs,
                    format!("{} is no way to treat what is too fine", quoted(other)),
                )
                .at(excess.span, "expected `truncate` or `refuse`")
                .helps(did_you_mean(other, ["truncate", "refuse"])),
            );
            return None;
        }
    };
    match kind {
        Kind::Timestamp(form) => Some(Kind::Timestamp(TimestampForm { truncates, ..form })),
        Kind::List(element) => {
            in_element(*element, |kind| with_excess(kind, excess, findings)).map(Kind::List)
        }
        Kind::Map(element) => in_element(*element, |kind| with_excess(kind, excess, findings)).map(Kind::Map),
        other => {
            findings.push(
                Diagnostic::new(Code::StoredAs, format!("{} is never too fine", quoted(&describe(&other))))
                    .at(excess.span, "nothing to cut off or to refuse")
                    .help("remove `excess`: only a `timestamp` may be finer than its stored form"),
            );
            None
        }
    }
}

/// An element of another kind.
fn in_element(element: Element, change: impl FnOnce(Kind) -> Option<Kind>) -> Option<Box<Element>> {
    let kind = change(element.kind)?;
    Some(Box::new(Element { kind, optional: element.optional }))
}
