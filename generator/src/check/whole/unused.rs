//! Declarations that nothing uses. They generate what nobody needs, so they are rather mistakes than errors.

use crate::check::WholeCheck;
use crate::check::expand::Expanded;
use crate::check::fields::declared_name;
use crate::check::names::is_type_word;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::manifest::{FieldDeclaration, TypeExpression, TypeForm};
use crate::source::SourceFile;
use std::borrow::Cow;
use std::collections::BTreeSet;

pub(super) fn check(cx: &mut WholeCheck<'_, '_>, source: &SourceFile) {
    let expanded = cx.known.expanded;
    if expanded.models.is_empty() {
        cx.report(
            Diagnostic::new(Code::NothingDeclared, "no model is declared")
                .at(source.span(0..0), "nothing to generate but empty modules")
                .help("declare one: `[table.books]`, `[model.Book]` and `[model.Book.schema]`"),
        );
    }
    for table in expanded.tables {
        if expanded.models_of(table).next().is_none() {
            cx.report(
                Diagnostic::new(
                    Code::UnusedTable,
                    format!("no model uses the table {}", quoted(&table.declared.value)),
                )
                .at(table.declared.span, "left out: its key attributes have no types")
                .help(format!("name it in a model: `table = \"{}\"`", table.declared.value)),
            );
        }
    }
    for mixin in expanded.mixins {
        let models = expanded.models.iter().flat_map(|model| &model.mixins);
        let mut names = models.chain(expanded.types.iter().flat_map(|one| &one.mixins));
        if !names.any(|name| name.value == mixin.name.value) {
            cx.report(
                Diagnostic::new(
                    Code::UnusedMixin,
                    format!("nothing has the fields of the mixin {}", quoted(&mixin.name.value)),
                )
                .at(mixin.name.span, "no model or type names it")
                .help(format!("name it in a model: `mixins = [\"{}\"]`, or remove it", mixin.name.value)),
            );
        }
    }
    let used = used(expanded);
    let types = expanded.types.iter().map(|one| ("type", one.name));
    for (what, name) in types.chain(expanded.enums.iter().map(|one| ("enum", &one.name))) {
        // One that no field can name is reported as such.
        if !used.contains(name.value.as_str()) && is_type_word(name) {
            cx.report(
                Diagnostic::new(Code::UnusedType, format!("nothing uses the {what} {}", quoted(&name.value)))
                    .at(name.span, "no field has this type")
                    .help("use it in a field, or remove it"),
            );
        }
    }
}

/// The names that fields refer to, wherever they stand.
fn used<'m>(expanded: &'m Expanded<'m>) -> BTreeSet<&'m str> {
    let of_models = expanded.models.iter().flat_map(|one| one.fields.iter().flatten()).map(Cow::as_ref);
    let of_types = expanded.types.iter().flat_map(|one| one.fields.iter().flatten()).map(Cow::as_ref);
    let variants = expanded.enums.iter().flat_map(|one| one.variants.iter().flatten());
    let of_mixins = expanded.mixins.iter().flat_map(|one| one.fields.iter().flatten());
    let fields =
        of_models.chain(of_mixins).chain(of_types).chain(variants.flat_map(|variant| &variant.fields));
    fields.filter_map(|field: &FieldDeclaration| field.kind.as_ref()).filter_map(name).collect()
}

fn name(expression: &TypeExpression) -> Option<&str> {
    match &expression.form {
        TypeForm::Named(_) => declared_name(expression),
        TypeForm::List(inner) | TypeForm::Map(inner) | TypeForm::Set(inner) => name(inner),
        TypeForm::Rust(_) => None,
    }
}
