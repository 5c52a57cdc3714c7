//! What generated code states about a model: the context that it is part of, and what tells its items from others.

use super::feeds;
use super::generated_values::ManagedView;
use super::key::KeyWriter;
use super::layout::list;
use super::text::literal;
use crate::catalog::{self, Discriminator, Field, KeySource, Model, Table, Template, Untyped};

/// The context of a model: what every function that reads is given.
pub(super) struct ContextView {
    /// The context's name as a string literal.
    pub name: String,
    pub identifier: String,
    pub rust_type: String,
    pub kind: String,
    /// The stored name as a string literal.
    pub attribute: String,
    /// The text with which its keys begin.
    pub scope: String,
}

/// The facts of a model that are not those of an ordinary one, each as a field of `dynamorm::Facts`.
pub(super) fn facts(
    model: &Model,
    table: &Table,
    keys: &KeyWriter<'_>,
    managed: &ManagedView,
    context: Option<&ContextView>,
) -> Vec<String> {
    let fact = |name: &str, value: String| format!("{name}: {value}");
    let composed = feeds::composed_keys(keys);
    let also_read = also_read(model);
    let former: Vec<_> = model.former.iter().map(|name| literal(name)).collect();
    let facts = [
        has_more_than_key(model, table).then(|| fact("more_than_key", "true".to_owned())),
        managed.fact.clone().map(|managed| fact("managed", managed)),
        discriminator(model, table, keys).map(|discriminator| fact("discriminator", discriminator)),
        model.shares_key.then(|| fact("shares_key", "true".to_owned())),
        context.map(|context| fact("context", format!("Some({})", context.name))),
        (!composed.is_empty()).then(|| fact("composed", list(8, "&[", &composed, "]"))),
        (!also_read.is_empty()).then(|| fact("also_read", list(8, "&[", &also_read, "]"))),
        (!former.is_empty()).then(|| fact("former", list(8, "&[", &former, "]"))),
    ];
    facts.into_iter().flatten().collect()
}

/// The attributes that are read under further names.
fn also_read(model: &Model) -> Vec<String> {
    let fields = model.fields.iter().filter(|field| !field.also_read.is_empty());
    let fields = fields.map(|field| {
        let names: Vec<_> = field.also_read.iter().map(|name| literal(name)).collect();
        format!(
            "dynamorm::AlsoRead {{ attribute: {}, names: &[{}] }}",
            literal(&field.attribute),
            names.join(", ")
        )
    });
    fields.collect()
}

/// Whether an item has required attributes besides its key, so that a bare key cannot be one.
fn has_more_than_key(model: &Model, table: &Table) -> bool {
    let is_wanted = |field: &Field| {
        super::field::is_always_given(field) && !field.key_only && !is_key(table, &field.attribute)
    };
    table.type_attribute.is_some() || model.fields.iter().any(is_wanted)
}

/// Whether a table's key has an attribute of that name.
pub(super) fn is_key(table: &Table, attribute: &str) -> bool {
    table.partition_key.name == attribute || table.sort_key.as_ref().is_some_and(|key| key.name == attribute)
}

/// Whether the key of a table or of any of its indexes has an attribute of that name.
pub(super) fn is_key_of_any(table: &Table, attribute: &str) -> bool {
    let mut keys = table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    is_key(table, attribute) || keys.any(|key| key.name == attribute)
}

/// The attribute that names the model, and that name: `"type" = "Order"`.
pub(super) fn constant(model: &Model, table: &Table) -> Option<String> {
    let attribute = table.type_attribute.as_deref()?;
    let values: Vec<_> = model.type_values.iter().map(|value| literal(value)).collect();
    Some(format!("{} = {}", literal(attribute), values.join(" | ")))
}

/// What tells the model's items from those of others, where there are any.
fn discriminator(model: &Model, table: &Table, keys: &KeyWriter<'_>) -> Option<String> {
    match model.discriminator {
        Discriminator::Alone => None,
        Discriminator::Type => {
            let attribute = table.type_attribute.as_deref().unwrap_or_default();
            let values: Vec<_> = model.type_values.iter().map(|value| literal(value)).collect();
            let untyped = match model.untyped {
                Untyped::Unknown => "Unknown",
                Untyped::Own => "Own",
                Untyped::Others => "Others",
            };
            Some(format!(
                "dynamorm::Discriminator::Type({}, &[{}], dynamorm::Untyped::{untyped})",
                literal(attribute),
                values.join(", ")
            ))
        }
        Discriminator::Key | Discriminator::KeyWithContext => {
            let beginnings: Vec<_> = model
                .key
                .iter()
                .filter_map(template)
                .filter_map(|template| beginning(model, template))
                .collect();
            if model.alike.is_empty() {
                return Some(list(8, "dynamorm::Discriminator::Key(&[", &beginnings, "])"));
            }
            let models = model.alike.iter().filter_map(|number| keys.kinds.catalog.models.get(*number));
            let others: Vec<_> = models
                .map(|other| format!("<super::{} as dynamorm::WholeKey>::SHAPES", other.name))
                .collect();
            let facts = [
                list(12, "beginnings: &[", &beginnings, "]"),
                format!("own: <{} as dynamorm::WholeKey>::SHAPES", model.name),
                list(12, "others: &[", &others, "]"),
            ];
            Some(list(8, "dynamorm::Discriminator::WholeKey {", &facts, "}"))
        }
    }
}

/// Which texts the attributes of the table's key can be, where other models' keys begin alike: each a `dynamorm::KeyShape`.
pub(super) fn shapes(keys: &KeyWriter<'_>) -> Option<Vec<String>> {
    let shape = |(attribute, begin, parts): (&str, &str, Vec<String>)| {
        let attribute = literal(attribute);
        let head =
            format!("dynamorm::KeyShape {{ attribute: {attribute}, begin: {}, parts: &[", literal(begin));
        list(8, &head, &parts, "] }")
    };
    let part =
        |form: String, behind: &str| format!("dynamorm::key::ShapePart::of::<{form}>({})", literal(behind));
    let of_source = |source: &KeySource| match source {
        KeySource::Template(template) => {
            let parts = template.parts.iter().map(|one| part(keys.form(one), &one.literal));
            Some(shape((&template.attribute, &template.begin, parts.collect())))
        }
        KeySource::Field(number) => {
            let field = keys.field(*number)?;
            let form = keys.whole_form(field)?;
            Some(shape((&field.attribute, "", vec![part(form, "")])))
        }
    };
    let has_alike = !keys.model.alike.is_empty();
    has_alike.then(|| keys.model.key.iter().filter_map(of_source).collect())
}

/// How a composed key begins in every item of the model, if it begins with anything.
fn beginning(model: &Model, template: &Template) -> Option<String> {
    let attribute = literal(&template.attribute);
    let begin = literal(&template.begin);
    let context = match model.discriminator {
        Discriminator::KeyWithContext => catalog::of_context(template, model.context),
        Discriminator::Alone | Discriminator::Type | Discriminator::Key => None,
    };
    if let Some(part) = context {
        let after = literal(&part.literal);
        return Some(format!("({attribute}, dynamorm::Beginning::Context({begin}, {after}))"));
    }
    let kind = if template.parts.is_empty() { "Whole" } else { "With" };
    let says = !template.begin.is_empty();
    says.then(|| format!("({attribute}, dynamorm::Beginning::{kind}({begin}))"))
}

/// The context of a model.
pub(super) fn context(keys: &KeyWriter<'_>) -> Option<ContextView> {
    let model = keys.model;
    let field = keys.field(model.context?)?;
    let template = model.key.first().and_then(template)?;
    Some(ContextView {
        name: literal(&field.name),
        identifier: field.identifier.clone(),
        rust_type: keys.kinds.value_type(&field.kind, &field.name),
        kind: keys.kinds.kind(&field.kind, &field.name),
        attribute: literal(&field.attribute),
        scope: context_text(keys, template, &format!("&{}", field.identifier))?,
    })
}

/// The beginning of a composed key that tells the context, which is a parameter.
fn context_text(keys: &KeyWriter<'_>, template: &Template, value: &str) -> Option<String> {
    let part = catalog::of_context(template, keys.model.context)?;
    let field = keys.field(part.field)?;
    Some(format!(
        "dynamorm::KeyText::new({}).part::<{}>({}, {value}, \"#\")",
        literal(&template.begin),
        keys.form(part),
        literal(&field.attribute),
    ))
}

/// The call that keeps a scan within the context, by an attribute of a partition key.
pub(super) fn scan_within(keys: &KeyWriter<'_>, partition_key: &[KeySource]) -> Option<String> {
    let context = keys.model.context;
    partition_key.iter().find_map(|source| match source {
        KeySource::Template(template) => {
            let field = keys.field(context?)?;
            let text = context_text(keys, template, &format!("&{}.into_argument()", field.identifier))?;
            Some(format!(".within({}, {text})", literal(&template.attribute)))
        }
        KeySource::Field(number) if Some(*number) == context => {
            let field = keys.field(*number)?;
            let kind = keys.kinds.kind(&field.kind, &field.name);
            Some(format!(".within_value::<{kind}>({}, {})", literal(&field.attribute), field.identifier))
        }
        KeySource::Field(_) => None,
    })
}

/// The template of a key attribute that is composed.
pub(super) fn template(source: &KeySource) -> Option<&Template> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(template),
    }
}
