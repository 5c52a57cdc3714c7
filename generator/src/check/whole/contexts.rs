//! Contexts: no item of a model may be read without the context that is part of its keys.

use crate::catalog::KeySource;
use crate::check::WholeCheck;
use crate::check::expand::ExpandedModel;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::manifest::Spanned;

/// Reports keys by which a model's items can be read without its context.
pub(super) fn check(cx: &mut WholeCheck<'_, '_>) {
    let resolved = cx.known;
    for model in &resolved.models {
        let declaration = model.schema.declaration;
        let (Some(name), Some(number), Some(used)) =
            (declaration.context, declaration.context_field(), &model.used)
        else {
            continue;
        };
        let table = resolved.table(used);
        let is_composed =
            |source: &KeySource| matches!(source, KeySource::Template(_)) && has(source, number);
        if !used.key.iter().take(1).any(is_composed) {
            let help = "compose the key, which then begins with the context: `key = { partition_key = \"INVOICE#{number}\" }`";
            cx.report(missing(declaration, name, "a composed key of its table", help));
        }
        for index in &used.indexes {
            if !index.partition_key.iter().any(|source| has(source, number)) {
                let what = format!("the key of index {}", quoted(&table.indexes[index.index].name));
                let help = "name the context among the attributes of the index's partition key, or compose it: `index.… = { partition_key = \"…\" }`";
                cx.report(missing(declaration, name, &what, help));
            }
        }
    }
}

fn has(source: &KeySource, field: usize) -> bool {
    match source {
        KeySource::Field(number) => *number == field,
        // A part that is computed from it separates nobody.
        KeySource::Template(template) => {
            template.parts.iter().any(|part| part.field == field && !part.form.is_lossy())
        }
    }
}

fn missing(model: &ExpandedModel<'_>, name: &Spanned<String>, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::ContextMissing, format!("{} is not part of {what}", quoted(&name.value)))
        .at(name.span, format!("the context of {}", quoted(&model.name.value)))
        .help(help)
}
