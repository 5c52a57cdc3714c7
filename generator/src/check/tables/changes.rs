//! Streams: every change must be able to be a variant of its table's enum.

use super::Members;
use crate::catalog::StreamView;
use crate::check::TableCheck;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::names;

/// The variants that every enum of changes has.
const OWN_VARIANTS: [&str; 2] = ["Internal", "Unknown"];

/// Checks the enum that a stream gives for the models of its table.
pub(super) fn check(cx: &mut TableCheck<'_, '_>) {
    let Members { table, schemas } = cx.known;
    let Some(view) = table.stream.on().copied() else { return };
    for schema in schemas {
        let name = schema.name();
        let rust = names::type_name(&name.value);
        if rust.is_some_and(|rust| OWN_VARIANTS.contains(&rust.as_str())) {
            cx.report(
                Diagnostic::new(
                    Code::ChangeVariant,
                    format!(
                        "a table with a stream cannot have a model that is called {}",
                        quoted(&name.value)
                    ),
                )
                .at(name.span, "the enum over the table's changes has a variant of that name already")
                .and(table.declared.span, "the table has a stream")
                .help("rename the model"),
            );
        }
    }
    if let Some(attribute) = table.type_attribute.as_ref().filter(|_| schemas.len() > 1)
        && let Some(item) = without_type(view)
    {
        cx.report(
            Diagnostic::new(
                Code::ChangeWithoutModel,
                format!("the stream of table {} does not say of which model {item}", quoted(&table.declared.value)),
            )
            .at(table.declared.span, "the records of its stream lack the item then")
            .and(attribute.span, "and this attribute of the item alone says it")
            .help("declare `stream = \"new-and-old-images\"`; otherwise such a change is of the variant `Unknown`"),
        );
    }
}

/// The changes for which a stream lacks the type attribute.
fn without_type(view: StreamView) -> Option<&'static str> {
    match view {
        StreamView::KeysOnly => Some("a changed item is"),
        StreamView::NewImage => Some("a removed item was"),
        StreamView::OldImage => Some("an inserted item is"),
        StreamView::NewAndOldImages => None,
    }
}
