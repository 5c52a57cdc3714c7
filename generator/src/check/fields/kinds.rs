//! From types as text to kinds.

use crate::catalog::{Element, Kind, SET_KINDS};
use crate::check::FieldsCheck;
use crate::check::values::rust;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, listed, quoted};
use crate::manifest::{FieldDeclaration, Spanned, TypeExpression, TypeForm};

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
pub(in crate::check) fn resolve(
    cx: &mut FieldsCheck<'_, '_>,
    field: &FieldDeclaration,
    expression: &TypeExpression,
) -> Option<Kind> {
    let kind = kind(cx, field, expression)?;
    let kind = match &field.stored_as {
        Some(stored_as) => kind.change_elements(&mut |kind| with_form(cx, kind, stored_as))?,
        None => kind,
    };
    match &field.excess {
        Some(excess) => with_excess(cx, &kind, excess),
        None => Some(kind),
    }
}

fn kind(cx: &mut FieldsCheck<'_, '_>, field: &FieldDeclaration, expression: &TypeExpression) -> Option<Kind> {
    let mut element = |inner: &TypeExpression| {
        kind(cx, field, inner).map(|kind| Box::new(Element { kind, optional: inner.optional }))
    };
    match &expression.form {
        TypeForm::List(inner) => element(inner).map(Kind::List),
        TypeForm::Map(inner) => element(inner).map(Kind::Map),
        TypeForm::Set(inner) => set(cx, field, inner),
        TypeForm::Rust(path) => {
            let path = Spanned { value: path.clone(), span: expression.span };
            cx.sound(rust::type_path(&path, &field.place)).map(Kind::Foreign)
        }
        TypeForm::Named(name) => named(cx, name, expression),
    }
}

fn set(cx: &mut FieldsCheck<'_, '_>, field: &FieldDeclaration, inner: &TypeExpression) -> Option<Kind> {
    let element = kind(cx, field, inner)?.facts(cx.known).set;
    if element.is_none() || inner.optional {
        cx.report(
            Diagnostic::new(Code::SetElement, "a set holds text, exact numbers or bytes, each present")
                .at(inner.span, "no set can hold this")
                .help(format!("a set's element is {SET_KINDS}; a list holds anything")),
        );
        return None;
    }
    element.map(Kind::Set)
}

fn named(cx: &mut FieldsCheck<'_, '_>, name: &str, expression: &TypeExpression) -> Option<Kind> {
    if let Some(kind) = Kind::BUILT_IN.iter().find(|kind| kind.describe() == name) {
        return Some(kind.clone());
    }
    if let Some(names) = cx.known.find_structure(name) {
        return Some(Kind::Structure(names.rust.clone()));
    }
    if let Some(known) = cx.known.find_enumeration(name) {
        return Some(Kind::Enumeration(known.names.rust.clone()));
    }
    let mut diagnostic = Diagnostic::new(Code::UnknownType, format!("unknown type {}", quoted(name)))
        .at(expression.span, "not known here");
    let lower = name.to_lowercase();
    diagnostic = if let Some((_, instead)) = ALIASES.iter().find(|(alias, _)| *alias == lower) {
        diagnostic.help(format!("write {instead}"))
    } else if cx.known.is_model(name) {
        diagnostic
            .help(format!("{} is a model: only `[type.*]` and `[enum.*]` are nested in items", quoted(name)))
    } else {
        let built_in: Vec<_> = Kind::BUILT_IN.iter().map(Kind::describe).collect();
        let known = built_in.iter().map(String::as_str).chain(["list<T>", "map<T>", "set<T>"]);
        diagnostic.help(did_you_mean(name, known.chain(cx.known.type_names())).unwrap_or_else(|| {
            format!(
                "declare it as {} or {}, or write {} for a type of yours",
                quoted(&format!("[type.{name}]")),
                quoted(&format!("[enum.{name}]")),
                quoted(&format!("rust:crate::{name}"))
            )
        }))
    };
    cx.report(diagnostic);
    None
}

/// A kind in a declared stored form.
fn with_form(cx: &mut FieldsCheck<'_, '_>, kind: &Kind, stored_as: &Spanned<String>) -> Option<Kind> {
    let found = kind.stored_as(&stored_as.value);
    if found.is_some() {
        return found;
    }
    let Some(forms) = kind.forms() else {
        let several = Kind::BUILT_IN.iter().filter_map(|kind| Some((kind.describe(), kind.forms()?)));
        let several: Vec<_> = several
            .map(|(kind, forms)| {
                format!("only `{kind}` has several forms, {}", listed(forms.words.iter().copied()))
            })
            .collect();
        cx.report(
            Diagnostic::new(Code::StoredAs, format!("{} has one stored form", quoted(&kind.describe())))
                .at(stored_as.span, "nothing to choose from")
                .help(format!("remove `stored_as`: {}", several.join("; "))),
        );
        return None;
    };
    cx.report(
        Diagnostic::new(
            Code::StoredAs,
            format!("a {} is not stored as {}", kind.describe(), quoted(&stored_as.value)),
        )
        .at(stored_as.span, format!("expected {}", listed(forms.words.iter().copied())))
        .helps(did_you_mean(&stored_as.value, forms.words.iter().copied()))
        .helps(forms.others.map(str::to_owned)),
    );
    None
}

/// A kind of which what is finer than its stored form is cut off or refused, as declared.
fn with_excess(cx: &mut FieldsCheck<'_, '_>, kind: &Kind, excess: &Spanned<String>) -> Option<Kind> {
    let truncates = match excess.value.as_str() {
        "truncate" => true,
        "refuse" => false,
        other => {
            cx.report(
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
    let found = kind.change_elements(&mut |kind| kind.with_excess(truncates));
    if found.is_none() {
        cx.report(
            Diagnostic::new(Code::StoredAs, format!("{} is never too fine", quoted(&kind.describe())))
                .at(excess.span, "nothing to cut off or to refuse")
                .help("remove `excess`: only a `timestamp` may be finer than its stored form"),
        );
    }
    found
}
