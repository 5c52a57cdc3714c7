//! From types as text to kinds.

use crate::catalog::{Element, FORMED_KINDS, Form, Kind, SET_KINDS};
use crate::check::FieldsCheck;
use crate::check::values::rust;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, listed, quoted};
use crate::manifest::{FieldDeclaration, Spanned, TypeExpression, TypeForm};

/// Names of types in other languages, and what to write here instead.
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
    let kind = match &field.excess {
        Some(excess) => with_excess(cx, &kind, excess)?,
        None => kind,
    };
    let kind = match &field.null {
        Some(null) => with_null(cx, field, expression, kind, null)?,
        None => kind,
    };
    check_sets(cx, expression, kind.of_values()).then_some(kind)
}

fn kind(cx: &mut FieldsCheck<'_, '_>, field: &FieldDeclaration, expression: &TypeExpression) -> Option<Kind> {
    let mut element = |inner: &TypeExpression| {
        kind(cx, field, inner).map(|kind| Box::new(Element { kind, optional: inner.optional }))
    };
    match &expression.form {
        TypeForm::List(inner) => element(inner).map(Kind::List),
        TypeForm::Map(inner) => element(inner).map(Kind::Map),
        TypeForm::Set(inner) => kind(cx, field, inner).map(|element| Kind::Set(Box::new(element))),
        TypeForm::Rust(path) => {
            let path = Spanned { value: path.clone(), span: expression.span };
            cx.sound(rust::type_path(&path, &field.place)).map(Kind::Foreign)
        }
        TypeForm::Named(name) => named(cx, name, expression),
    }
}

/// The declared type that a type refers to, unless it is built in.
pub(in crate::check) fn declared_name(expression: &TypeExpression) -> Option<&str> {
    expression.name().filter(|name| Kind::built_in(name).is_none())
}

/// Reports sets within a type that cannot hold their elements in the declared form.
fn check_sets(cx: &mut FieldsCheck<'_, '_>, expression: &TypeExpression, kind: &Kind) -> bool {
    match (&expression.form, kind) {
        (TypeForm::List(inner), Kind::List(element)) | (TypeForm::Map(inner), Kind::Map(element)) => {
            check_sets(cx, inner, &element.kind)
        }
        (TypeForm::Set(inner), Kind::Set(element)) => {
            let is_sound = element.facts(cx.known).is_set_member && !inner.optional;
            if !is_sound {
                cx.report(
                    Diagnostic::new(
                        Code::SetElement,
                        "a set holds text, exact numbers or bytes, each present",
                    )
                    .at(inner.span, "no set can hold this")
                    .help(format!("a set's element is {SET_KINDS}; a list holds anything")),
                );
            }
            is_sound
        }
        _ => true,
    }
}

fn named(cx: &mut FieldsCheck<'_, '_>, name: &str, expression: &TypeExpression) -> Option<Kind> {
    if let Some(kind) = Kind::built_in(name) {
        return Some(kind);
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
        cx.report(
            Diagnostic::new(Code::StoredAs, format!("{} has one stored form", quoted(&kind.describe())))
                .at(stored_as.span, "nothing to choose from")
                .help(format!("remove `stored_as`: only {FORMED_KINDS} have several")),
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

/// A kind whose too fine values are truncated or refused, as declared.
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

/// A kind whose `NULL` is read as declared.
fn with_null(
    cx: &mut FieldsCheck<'_, '_>,
    field: &FieldDeclaration,
    expression: &TypeExpression,
    kind: Kind,
    null: &Spanned<String>,
) -> Option<Kind> {
    let finding = |message: String, help: &str| {
        Diagnostic::new(Code::NullReading, message).at(null.span, "what is read of `NULL`").help(help)
    };
    let reads_default = field.default.is_some() || field.on_read.as_ref().is_some_and(|flag| flag.value);
    let refused = match null.value.as_str() {
        _ if expression.optional => finding(
            "`NULL` in an optional field is no value".to_owned(),
            "remove `null`: it is read as `None`",
        ),
        "empty" if kind.has_empty_value() => return Some(Kind::Formed(Box::new(kind), Form::NullIsEmpty)),
        "empty" => finding(
            format!("{} has no empty value", quoted(&kind.describe())),
            "text, bytes, lists, maps and sets have one; else give the field a default and `null = \"default\"`",
        ),
        "default" if matches!(kind, Kind::Set(_)) => {
            finding("the default of a set is for building alone".to_owned(), "write `null = \"empty\"`")
        }
        "default" if reads_default => return Some(Kind::Formed(Box::new(kind), Form::NullIsMissing)),
        "default" => finding(
            "the field has no default that is read".to_owned(),
            "give it a `default`, or a `default_expression` with `on_read = true`",
        ),
        other => finding(
            format!("{} is no way to read `NULL`", quoted(other)),
            "write `null = \"empty\"` or `null = \"default\"`",
        ),
    };
    cx.report(refused);
    None
}
