//! Keys: the fields that they are made of, and how each of their attributes is written and read.

use heck::ToSnakeCase;

use super::kind::{Kinds, integer_type, stored_instant};
use super::shape;
use crate::catalog::{
    self, Field, KeyForm, KeySource, Kind, Model, StoredInstant, Template, TemplatePart, TimestampForm,
};
use crate::emit::text::{doc_lines, literal};

/// A key struct.
pub(in crate::emit) struct KeyView {
    pub name: String,
    pub parts: Vec<KeyPartView>,
    /// What is allowed of its constructor.
    pub allowed: Option<String>,
    /// Whether every item has the key.
    pub always: bool,
    /// How many attributes the key has.
    pub attributes: usize,
    /// The statements that write them, of `self`.
    pub writes: Vec<String>,
}

/// A field of a key.
pub(in crate::emit) struct KeyPartView {
    pub identifier: String,
    pub rust_type: String,
    /// The part as an expression of `self`.
    pub of_self: String,
}

/// A function that composes a key attribute.
pub(in crate::emit) struct ComposerView {
    pub function: String,
    /// Its documentation, and the attributes below.
    pub doc: Vec<String>,
    pub parts: Vec<KeyPartView>,
    pub begin: String,
    pub calls: Vec<String>,
}

/// Writes what belongs to the keys of one model.
#[derive(Clone, Copy)]
pub(in crate::emit) struct Keys<'a> {
    pub model: &'a Model,
    pub kinds: Kinds<'a>,
}

impl<'a> Keys<'a> {
    /// The key struct of these attributes.
    pub fn key(&self, name: String, sources: &[&KeySource]) -> KeyView {
        let fields = self.fields(sources);
        let mut writes: Vec<_> = sources
            .iter()
            .filter_map(|source| match source {
                KeySource::Template(template) => {
                    let text = self.text(template, &|field| format!("&self.{}", field.identifier));
                    Some(format!("encoder.key({}, {text});", literal(&template.attribute)))
                }
                KeySource::Field(_) => None,
            })
            .collect();
        // Templates borrow what plain attributes take.
        writes.extend(sources.iter().filter_map(|source| match source {
            KeySource::Field(number) => {
                let field = self.field(*number)?;
                let kind = self.kinds.kind(&field.kind, &field.name);
                let attribute = literal(&field.attribute);
                Some(format!("encoder.key_part::<{kind}>({attribute}, self.{});", field.identifier))
            }
            KeySource::Template(_) => None,
        }));
        KeyView {
            name,
            always: fields.iter().all(|field| !field.optional),
            attributes: sources.len(),
            allowed: shape::of_parameters(fields.len()),
            parts: self.parts(sources),
            writes,
        }
    }

    /// The fields that attributes are made of, each once.
    pub fn fields(&self, sources: &[&KeySource]) -> Vec<&'a Field> {
        let mut numbers: Vec<usize> = Vec::new();
        for source in sources {
            let of_source: Vec<usize> = match source {
                KeySource::Field(number) => vec![*number],
                KeySource::Template(template) => template.parts.iter().map(|part| part.field).collect(),
            };
            for number in of_source {
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        numbers.into_iter().filter_map(|number| self.field(number)).collect()
    }

    pub fn parts(&self, sources: &[&KeySource]) -> Vec<KeyPartView> {
        let part = |field: &Field| KeyPartView {
            identifier: field.identifier.clone(),
            rust_type: self.kinds.value_type(&field.kind, &field.name),
            of_self: format!(
                "self.{}{}{}",
                field.identifier,
                if self.kinds.is_copy(&field.kind) { "" } else { ".clone()" },
                if field.optional { "?" } else { "" }
            ),
        };
        self.fields(sources).into_iter().map(part).collect()
    }

    /// How a key attribute that is composed is written: a call with its fields' values, each given by reference.
    pub fn text(&self, template: &Template, value: &dyn Fn(&Field) -> String) -> String {
        let values: Vec<_> = self.template_fields(template).into_iter().map(value).collect();
        format!("{}({})", self.composer_name(template), values.join(", "))
    }

    /// The functions that compose these attributes.
    pub fn composers(&self, templates: &[&Template]) -> Vec<ComposerView> {
        templates.iter().map(|template| self.composer(template)).collect()
    }

    fn composer(&self, template: &Template) -> ComposerView {
        let mut shown = template.begin.clone();
        let mut calls = Vec::new();
        for part in &template.parts {
            let Some(field) = self.field(part.field) else { continue };
            shown.push_str(&format!("{{{}}}{}", field.name, part.literal));
            let (name, form) = (literal(&field.attribute), self.form(part));
            calls.push(format!(".part::<{form}>({name}, {}, {})", field.identifier, literal(&part.literal)));
        }
        let mut doc = doc_lines(Some(&format!("`{}`: `{shown}`", template.attribute)));
        let parts = self.parts(&[&KeySource::Template(template.clone())]);
        doc.extend(shape::of_parameters(parts.len()));
        ComposerView {
            function: self.composer_name(template),
            doc,
            parts,
            begin: literal(&template.begin),
            calls,
        }
    }

    /// A name for the function that composes an attribute; names that meet after conversion are numbered.
    fn composer_name(&self, template: &Template) -> String {
        let name = |attribute: &str| format!("compose_{}", attribute.to_snake_case());
        let own = name(&template.attribute);
        let templates = self.templates();
        let earlier = templates.iter().take_while(|known| known.attribute != template.attribute);
        match earlier.filter(|known| name(&known.attribute) == own).count() {
            0 => own,
            number => format!("{own}_{}", number + 1),
        }
    }

    /// The fields of a template, each once.
    fn template_fields(&self, template: &Template) -> Vec<&'a Field> {
        let mut fields: Vec<&Field> = Vec::new();
        for field in template.parts.iter().filter_map(|part| self.field(part.field)) {
            if fields.iter().all(|known| known.name != field.name) {
                fields.push(field);
            }
        }
        fields
    }

    /// How a source is told of the key that it reads by, call by call: of values that are parameters.
    pub fn source_calls(&self, sources: &[&KeySource]) -> Vec<String> {
        let call = |source: &&KeySource| match source {
            KeySource::Field(number) => {
                let field = self.field(*number)?;
                let kind = self.kinds.kind(&field.kind, &field.name);
                Some(format!(".key::<{kind}>({}, {})", literal(&field.attribute), field.identifier))
            }
            KeySource::Template(template) => {
                let text = self.text(template, &|field| {
                    format!("&dynamorm::Argument::into_argument({})", field.identifier)
                });
                Some(format!(".composed_key({}, {text})", literal(&template.attribute)))
            }
        };
        sources.iter().filter_map(call).collect()
    }

    /// The form that a part takes in a key.
    pub fn form(&self, part: &TemplatePart) -> String {
        let kind = self.field(part.field).map(|field| (field, &field.kind));
        let integer = match kind {
            Some((_, Kind::Integer(integer))) => integer_type(*integer),
            _ => "u64",
        };
        match part.form {
            KeyForm::Stored => {
                let kind = kind.map(|(field, kind)| self.kinds.kind(kind, &field.name));
                let kind = kind.unwrap_or_else(|| self.kinds.prelude.string.to_owned());
                format!("dynamorm::key::Stored<{kind}>")
            }
            KeyForm::LastText => "dynamorm::key::LastText".to_owned(),
            KeyForm::Escaped => "dynamorm::key::Escaped".to_owned(),
            KeyForm::Digits(width) => format!("dynamorm::key::Digits<{integer}, {width}>"),
            KeyForm::Signed(width) => format!("dynamorm::key::Signed<{integer}, {width}>"),
            KeyForm::Decimal => "dynamorm::key::SortableDecimal".to_owned(),
            KeyForm::Instant(stored) => {
                let form = match stored {
                    StoredInstant::Text(_) => format!("dynamorm::key::Stored<{}>", stored_instant(stored)),
                    _ => format!("dynamorm::key::Epoch<{}>", stored_instant(stored)),
                };
                match kind {
                    // The same is cut off in the key as in the attribute.
                    Some((_, Kind::Timestamp(TimestampForm { stored, truncates: true }))) => {
                        format!("dynamorm::key::Cut<{form}, {}>", stored_instant(*stored))
                    }
                    _ => form,
                }
            }
        }
    }

    /// The match arm that reads a composed attribute, and from it the fields that are `wanted`.
    pub fn read(&self, template: &Template, wanted: &[&Field]) -> String {
        let attribute = literal(&template.attribute);
        let begin = literal(&template.begin);
        if template.parts.is_empty() {
            return format!("{attribute} => value.expect({begin}),");
        }
        let is_wanted = |field: &Field| wanted.iter().any(|one| one.name == field.name);
        let fields: Vec<_> = template.parts.iter().filter_map(|part| self.field(part.field)).collect();
        if !fields.iter().any(|field| is_wanted(field)) {
            return format!("{attribute} => value.key({begin}).map(drop),");
        }
        let mut lines = vec![format!("{attribute} => {{ let mut key = value.key({begin})?;")];
        for (part, field) in template.parts.iter().zip(fields) {
            let read = format!("key.part::<{}>({})?", self.form(part), literal(&part.literal));
            let value = if field.optional { format!("Some({read})") } else { read.clone() };
            let identifier = &field.identifier;
            lines.push(match (is_wanted(field), self.is_told_twice(template, field)) {
                (true, false) => format!("draft.{identifier} = Some({value});"),
                (true, true) => format!("dynamorm::generated::agree(&mut draft.{identifier}, {value})?;"),
                (false, _) => format!("{read};"),
            });
        }
        lines.push("key.end() }".to_owned());
        lines.join("\n")
    }

    /// The statement that compares a composed attribute with what the fields of `self` compose.
    pub fn compare(&self, template: &Template) -> String {
        let parts = template.parts.iter().filter_map(|part| {
            let field = self.field(part.field)?;
            let (name, identifier) = (literal(&field.attribute), &field.identifier);
            let value = match field.optional {
                true => format!("self.{identifier}.as_ref()?"),
                false => format!("&self.{identifier}"),
            };
            Some(format!(".part::<{}>({name}, {value}, {})", self.form(part), literal(&part.literal)))
        });
        let (attribute, begin) = (literal(&template.attribute), literal(&template.begin));
        format!("keys.compare({attribute}, {begin}, |key| Some(key{}));", parts.collect::<String>())
    }

    /// Whether reading a composed attribute leaves nothing to compare it with: it tells all its fields itself.
    pub fn tells_all(&self, template: &Template, wanted: &[&Field]) -> bool {
        let is_wanted = |field: &Field| wanted.iter().any(|one| one.name == field.name);
        template.parts.iter().filter_map(|part| self.field(part.field)).all(is_wanted)
    }

    /// Whether a template and the table's key tell a field more than once.
    fn is_told_twice(&self, template: &Template, field: &Field) -> bool {
        let of_key = self.model.key.iter().filter_map(|source| match source {
            KeySource::Template(known) if known.attribute != template.attribute => Some(known),
            _ => None,
        });
        let parts = of_key.chain([template]).flat_map(|template| &template.parts);
        let parts = parts.filter_map(|part| self.field(part.field));
        parts.filter(|known| known.name == field.name).count() > 1
    }

    /// The coarsest form in which a key keeps an instant.
    pub fn coarsest(&self, field: &Field) -> Option<StoredInstant> {
        let parts = self.templates().into_iter().flat_map(|template| &template.parts);
        let parts = parts.filter(|part| self.field(part.field).is_some_and(|known| known.name == field.name));
        let forms = parts.filter_map(|part| match part.form {
            KeyForm::Instant(stored) => Some(stored),
            _ => None,
        });
        forms.max_by_key(|stored| stored.unit())
    }

    /// Every composed attribute of an item, each once: those of the table's key first.
    pub fn templates(&self) -> Vec<&'a Template> {
        catalog::templates(&self.model.key, &self.model.indexes)
    }

    pub fn field(&self, number: usize) -> Option<&'a Field> {
        self.model.fields.get(number)
    }
}
