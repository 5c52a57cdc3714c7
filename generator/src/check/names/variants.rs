//! How the variants of an enum are stored.

use crate::catalog::EnumerationForm;
use crate::check::NamesCheck;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::manifest::{EnumDeclaration, Spanned};
use std::collections::BTreeMap;

/// The declared form. Contradictions are reported.
pub(super) fn form(cx: &mut NamesCheck<'_, '_>, declaration: &EnumDeclaration) -> EnumerationForm {
    let variants = declaration.variants.as_deref().unwrap_or_default();
    let has_fields = variants.iter().any(|variant| !variant.fields.is_empty());
    let numbered = variants.iter().find_map(|variant| variant.number.as_ref());
    if let Some(tag) = &declaration.tag {
        check_tag(cx, declaration, tag, has_fields);
    } else if let Some(content) = &declaration.content {
        cx.report(
            Diagnostic::new(Code::EnumForm, "`content` needs a `tag` beside it")
                .at(content.span, "holds the fields of which variant?")
                .help("name the attribute that says it: `tag = \"type\"`"),
        );
    }
    if let Some(number) = numbered {
        check_numbers(cx, declaration, number, has_fields);
    }
    match &declaration.tag {
        Some(tag) if has_fields => EnumerationForm::Tagged {
            tag: tag.value.clone(),
            content: declaration.content.as_ref().map(|content| content.value.clone()),
        },
        _ if has_fields => EnumerationForm::Map,
        _ if numbered.is_some() => EnumerationForm::Number,
        _ => EnumerationForm::Text,
    }
}

fn check_tag(
    cx: &mut NamesCheck<'_, '_>,
    declaration: &EnumDeclaration,
    tag: &Spanned<String>,
    has_fields: bool,
) {
    if !has_fields {
        cx.report(
            Diagnostic::new(Code::EnumForm, "an enum without fields is stored as text, and needs no tag")
                .at(tag.span, "nothing to tell apart")
                .help("remove `tag`"),
        );
    }
    for name in [Some(tag), declaration.content.as_ref()].into_iter().flatten() {
        if name.value.is_empty() {
            cx.report(
                Diagnostic::new(Code::StoredNameLength, "an attribute's name is empty")
                    .at(name.span, "empty")
                    .help("give it a name"),
            );
        }
    }
    match &declaration.content {
        Some(content) if content.value == tag.value => cx.report(
            Diagnostic::new(Code::EnumForm, "one attribute cannot be both tag and content")
                .at(content.span, "stored under this name, too")
                .and(tag.span, "as the tag")
                .help("give one of them another name"),
        ),
        Some(_) => {}
        // The fields are beside the tag.
        None => {
            let fields = declaration.variants.iter().flatten().flat_map(|variant| &variant.fields);
            for field in fields {
                let (stored, place) = field.stored();
                if stored == tag.value {
                    cx.report(
                        Diagnostic::new(
                            Code::EnumForm,
                            format!("a field is stored as {}, as the tag is", quoted(stored)),
                        )
                        .at(place, "stored under this name, too")
                        .and(tag.span, "as the tag")
                        .help("give the field another `attribute`, or hold the fields apart by `content = \"data\"`"),
                    );
                }
            }
        }
    }
}

fn check_numbers(
    cx: &mut NamesCheck<'_, '_>,
    declaration: &EnumDeclaration,
    first: &Spanned<i64>,
    has_fields: bool,
) {
    if has_fields {
        cx.report(
            Diagnostic::new(Code::EnumForm, "a variant of an enum with fields is stored by its name")
                .at(first.span, "no place for a number")
                .help("remove `number`"),
        );
        return;
    }
    let mut known = BTreeMap::new();
    for variant in declaration.variants.iter().flatten() {
        match &variant.number {
            None => cx.report(
                Diagnostic::new(Code::EnumForm, "every variant of an enum has a number, or none has")
                    .at(variant.name.span, "stored as which number?")
                    .and(first.span, "another variant has one")
                    .help("write `{ name = \"…\", number = 2 }`"),
            ),
            Some(number) => {
                if let Some(earlier) = known.insert(number.value, number.span) {
                    cx.report(
                        Diagnostic::new(
                            Code::VariantsConflict,
                            format!("two variants are stored as {}", number.value),
                        )
                        .at(number.span, "stored as the same number")
                        .and(earlier, "as this one")
                        .help("give each a number of its own"),
                    );
                }
            }
        }
    }
}
