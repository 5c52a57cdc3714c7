//! KeyWriter: the fields that they are made of, and how each of their attributes is written and read.

use heck::ToSnakeCase;

use super::kind::{Kinds, integer_type, stored_instant};
use super::layout::{braces, chain, list};
use super::shape;
use super::text::{code, doc_lines, literal};
use crate::catalog::{
    self, Field, Form, KeyForm, KeySource, Kind, Model, Scalar, StoredInstant, Template, TemplatePart,
    TimestampForm,
};

/// The key of a model in an index, as a struct.
#[derive(askama::Template)]
#[template(path = "rust/index_key.rs.jinja", escape = "none")]
pub(super) struct IndexKey {
    pub name: String,
    pub parts: Vec<KeyPartView>,
    docs: String,
}

/// The primary key of a model: a struct, how it is stored, and what stands for it.
#[derive(askama::Template)]
#[template(path = "rust/primary_key.rs.jinja", escape = "none")]
pub(super) struct PrimaryKey {
    /// The struct, with its fields.
    declaration: String,
    model: String,
    /// The types of the key's fields, as the conversions to keys name them.
    conversion: String,
    /// The attributes, each with what writes it.
    attributes: Vec<String>,
}

/// A function that gives the key of an item.
pub(super) struct KeyFunction {
    pub docs: String,
    pub name: String,
    pub returns: String,
    pub body: String,
}

/// A field of a key.
pub(super) struct KeyPartView {
    pub identifier: String,
    pub rust_type: String,
    /// The part as an expression of `self`.
    pub of_self: String,
}

impl KeyPartView {
    /// The part as a parameter.
    pub fn parameter(&self) -> String {
        format!("{}: impl dynamorm::Argument<{}>", self.identifier, self.rust_type)
    }
}

/// A function that composes a key attribute.
#[derive(askama::Template)]
#[template(path = "rust/composer.rs.jinja", escape = "none")]
pub(super) struct KeyComposer {
    /// Its documentation, and the attributes below.
    docs: Vec<String>,
    signature: String,
    body: String,
}

/// Writes what belongs to the keys of one model.
#[derive(Clone, Copy)]
pub(super) struct KeyWriter<'a> {
    pub model: &'a Model,
    pub kinds: Kinds<'a>,
}

impl<'a> KeyWriter<'a> {
    /// The key in an index.
    pub fn of_index(&self, name: &str, index: &str, sources: &[&KeySource]) -> IndexKey {
        IndexKey {
            docs: format!("/// The key of `{}` in index `{index}`.", self.model.name),
            name: name.to_owned(),
            parts: self.parts(sources),
        }
    }

    /// The primary key.
    pub fn primary(&self, name: &str, sources: &[&KeySource]) -> PrimaryKey {
        let fields = self.fields(sources);
        let composed = sources.iter().filter_map(|source| match source {
            KeySource::Template(template) => {
                let text = self.text(template, &|field| format!("&{}", field.identifier));
                Some(format!("{} => key({text});", literal(&template.attribute)))
            }
            KeySource::Field(_) => None,
        });
        // Templates borrow what plain attributes take.
        let plain = sources.iter().filter_map(|source| match source {
            KeySource::Field(number) => {
                let field = self.field(*number)?;
                let kind = self.kinds.kind(&field.kind, &field.name);
                let attribute = literal(&field.attribute);
                Some(format!("{attribute} => key_part::<{kind}>({});", field.identifier))
            }
            KeySource::Template(_) => None,
        });
        let types: Vec<_> =
            fields.iter().map(|field| self.kinds.value_type(&field.kind, &field.name)).collect();
        let declared = fields.iter().zip(&types);
        let declared: Vec<_> =
            declared.map(|(field, rust_type)| format!("{}: {rust_type}", field.identifier)).collect();
        PrimaryKey {
            declaration: braces(4, &format!("pub struct {name}"), &declared, ""),
            model: self.model.name.clone(),
            conversion: types.join(", "),
            attributes: composed.chain(plain).collect(),
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

    /// The index keys that the moment of every write is part of: each a `dynamorm::StampedKey`.
    pub fn stamped(&self, field: &Field) -> Vec<String> {
        let compositions = catalog::index_compositions(&self.model.key, &self.model.indexes, &self.model.computed);
        let templates = compositions.flat_map(|composition| composition.cases).map(|(_, template)| template);
        let of_field = templates.filter(|template| {
            template
                .parts
                .iter()
                .filter_map(|part| self.field(part.field))
                .any(|part| part.name == field.name)
        });
        let key = |template: &Template| {
            let (attribute, compose) = (literal(&template.attribute), self.composer_name(template));
            format!("dynamorm::StampedKey {{ attribute: {attribute}, compose: {compose} }}")
        };
        of_field.map(key).collect()
    }

    /// The functions that compose these attributes.
    pub fn composers(&self, templates: &[&Template]) -> Vec<KeyComposer> {
        templates.iter().map(|template| self.composer(template)).collect()
    }

    fn composer(&self, template: &Template) -> KeyComposer {
        let mut shown = template.begin.clone();
        let mut calls = Vec::new();
        for part in &template.parts {
            let Some(field) = self.field(part.field) else { continue };
            let computed = part.form.computed().map(|computed| format!(":{computed}")).unwrap_or_default();
            shown.push_str(&format!("{{{}{computed}}}{}", field.name, part.literal));
            let (name, form) = (literal(&field.attribute), self.form(part));
            calls.push(format!(".part::<{form}>({name}, {}, {})", field.identifier, literal(&part.literal)));
        }
        let mut docs = doc_lines(&format!("{}: {}", code(&template.attribute), code(&shown)));
        let parts = self.parts(&[&KeySource::Template(template.clone())]);
        docs.extend(shape::of_parameters(parts.len()));
        let parameters: Vec<_> =
            parts.iter().map(|part| format!("{}: &{}", part.identifier, part.rust_type)).collect();
        let head = format!("fn {}(", self.composer_name(template));
        KeyComposer {
            docs,
            signature: list(0, &head, &parameters, ") -> dynamorm::KeyText {"),
            body: chain(4, &format!("dynamorm::KeyText::new({})", literal(&template.begin)), &calls, ""),
        }
    }

    /// A name for the function that composes an attribute; names that conflict after conversion are numbered.
    fn composer_name(&self, template: &Template) -> String {
        let name = |attribute: &str| format!("compose_{}", attribute.to_snake_case());
        let own = name(&template.attribute);
        let templates = self.templates();
        let earlier = templates.iter().take_while(|known| !known.is_composed_as(template));
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
        self.source_calls_by(sources, &|field| format!("&{}.into_argument()", field.identifier))
    }

    /// As [`source_calls`](Self::source_calls); `value` gives a reference to the value of a field of a template.
    pub fn source_calls_by(&self, sources: &[&KeySource], value: &dyn Fn(&Field) -> String) -> Vec<String> {
        let call = |source: &&KeySource| match source {
            KeySource::Field(number) => {
                let field = self.field(*number)?;
                let kind = self.kinds.kind(&field.kind, &field.name);
                Some(format!(".key::<{kind}>({}, {})", literal(&field.attribute), field.identifier))
            }
            KeySource::Template(template) => {
                let text = self.text(template, value);
                Some(format!(".composed_key({}, {text})", literal(&template.attribute)))
            }
        };
        sources.iter().filter_map(call).collect()
    }

    /// The text of a template whose fields are values of their names.
    pub fn text_of_values(&self, template: &Template) -> String {
        let part = |part: &TemplatePart| {
            let field = self.field(part.field)?;
            let (name, form, literal) = (literal(&field.attribute), self.form(part), literal(&part.literal));
            Some(format!(".part::<{form}>({name}, &{}, {literal})", field.identifier))
        };
        let parts: String = template.parts.iter().filter_map(part).collect();
        format!("dynamorm::KeyText::new({}){parts}", literal(&template.begin))
    }

    /// The form that a part takes in a key.
    pub fn form(&self, part: &TemplatePart) -> String {
        let Some(field) = self.field(part.field) else {
            return format!("dynamorm::key::Stored<{}>", self.kinds.prelude.string);
        };
        match &field.kind {
            Kind::Coded(_, stored) => {
                let form = self.form_of(part.form, stored, field);
                format!("dynamorm::key::Coded<{}, {form}>", self.kinds.value_type(&field.kind, &field.name))
            }
            kind => self.form_of(part.form, kind, field),
        }
    }

    /// The form that a value of this kind takes.
    fn form_of(&self, form: KeyForm, kind: &Kind, field: &Field) -> String {
        let integer = match kind.of_values() {
            Kind::Integer(integer) => integer_type(*integer),
            _ => "u64",
        };
        match form {
            KeyForm::Stored => {
                let kind = match kind {
                    Kind::Bool => return "dynamorm::key::Flag".to_owned(),
                    // What is no text has its own in a key.
                    Kind::Formed(kind, Form::Bytes) => kind,
                    kind => kind,
                };
                format!("dynamorm::key::Stored<{}>", self.kinds.kind(kind, &field.name))
            }
            KeyForm::LastText => "dynamorm::key::LastText".to_owned(),
            KeyForm::Escaped => "dynamorm::key::Escaped".to_owned(),
            KeyForm::Digits(width) => format!("dynamorm::key::Digits<{integer}, {width}>"),
            KeyForm::Signed(width) => format!("dynamorm::key::Signed<{integer}, {width}>"),
            KeyForm::Decimal => "dynamorm::key::SortableDecimal".to_owned(),
            KeyForm::Instant(stored) => self.instant(stored, kind),
            KeyForm::Day => "dynamorm::key::PeriodOf<dynamorm::key::Day>".to_owned(),
            KeyForm::Month => "dynamorm::key::PeriodOf<dynamorm::key::Month>".to_owned(),
            KeyForm::Hour => "dynamorm::key::PeriodOf<dynamorm::key::Hour>".to_owned(),
            KeyForm::Prefix(length) => format!("dynamorm::key::Prefix<{length}>"),
            KeyForm::Lower => "dynamorm::key::LowerCase".to_owned(),
            KeyForm::Upper => "dynamorm::key::UpperCase".to_owned(),
            KeyForm::Plain => format!("dynamorm::key::Plain<{integer}>"),
            KeyForm::DescendingDigits(width) => {
                format!("dynamorm::key::Descending<dynamorm::key::Digits<{integer}, {width}>>")
            }
            KeyForm::DescendingInstant(stored) => {
                format!("dynamorm::key::Descending<{}>", self.instant(stored, kind))
            }
        }
    }

    /// The form of a moment that is stored so, as a part of a key.
    fn instant(&self, stored: StoredInstant, kind: &Kind) -> String {
        let form = match stored {
            StoredInstant::SECONDS => "dynamorm::key::Seconds".to_owned(),
            StoredInstant::MILLISECONDS => "dynamorm::key::Milliseconds".to_owned(),
            StoredInstant::Text(_) => format!("dynamorm::key::Stored<{}>", stored_instant(stored)),
            StoredInstant::EpochSeconds
            | StoredInstant::EpochMilliseconds
            | StoredInstant::EpochMicroseconds => {
                format!("dynamorm::key::Epoch<{}>", stored_instant(stored))
            }
        };
        match kind {
            // The same is cut off in the key as in the attribute.
            Kind::Timestamp(TimestampForm { stored, truncates: true }) => {
                format!("dynamorm::key::Cut<{form}, {}>", stored_instant(*stored))
            }
            _ => form,
        }
    }

    /// The form that a field has as a key of its own; nothing where that is no text.
    pub fn whole_form(&self, field: &Field) -> Option<String> {
        let is_text = field.kind.facts(self.kinds.catalog).key == Ok(Scalar::Text);
        is_text.then(|| format!("dynamorm::key::Stored<{}>", self.kinds.kind(&field.kind, &field.name)))
    }

    /// What reads a composed attribute as the table of stored fields says it, and from it the fields that are `wanted`.
    pub fn read(&self, template: &Template, wanted: &[&Field]) -> Vec<String> {
        let attribute = literal(&template.attribute);
        let begin = literal(&template.begin);
        let arm = |reading: &str| format!("{attribute} => |draft, value| {reading}");
        if template.parts.is_empty() {
            return vec![arm(&format!("value.expect({begin});"))];
        }
        let is_wanted = |field: &Field| wanted.iter().any(|one| one.name == field.name);
        let fields: Vec<_> = template.parts.iter().filter_map(|part| self.field(part.field)).collect();
        if !fields.iter().any(|field| is_wanted(field)) {
            return vec![arm(&format!("value.key({begin}).map(drop);"))];
        }
        let mut lines = vec![arm("{"), format!("let mut key = value.key({begin})?;")];
        for (part, field) in template.parts.iter().zip(fields) {
            let read = format!("key.part::<{}>({})?", self.form(part), literal(&part.literal));
            let value = if field.optional { format!("Some({read})") } else { read.clone() };
            let identifier = &field.identifier;
            let is_told = is_wanted(field) && self.tells_most(part);
            lines.push(match (is_told, self.is_told_twice(template, field)) {
                (true, false) => format!("draft.{identifier} = Some({value});"),
                (true, true) => format!("dynamorm::generated::agree(&mut draft.{identifier}, {value})?;"),
                (false, _) => format!("{read};"),
            });
        }
        lines.extend(["key.end()".to_owned(), "};".to_owned()]);
        lines
    }

    /// Whether no part of the table's key tells more of the same field.
    fn tells_most(&self, part: &TemplatePart) -> bool {
        let mut others = self.model.key.iter().filter_map(|source| match source {
            KeySource::Field(number) if *number == part.field => Some(usize::MAX),
            KeySource::Field(_) => None,
            KeySource::Template(template) => {
                let same = template.parts.iter().filter(|other| other.field == part.field);
                same.map(|other| other.form.fineness()).max()
            }
        });
        others.all(|other| other <= part.form.fineness())
    }

    /// Whether reading a composed attribute leaves nothing to compare it with: it tells all its fields itself.
    pub fn tells_all(&self, template: &Template, wanted: &[&Field]) -> bool {
        let is_wanted = |field: &Field| wanted.iter().any(|one| one.name == field.name);
        let tells =
            |part: &TemplatePart| !part.form.is_lossy() && self.field(part.field).is_none_or(is_wanted);
        template.parts.iter().all(tells)
    }

    /// Whether a template and the table's key tell a field more than once.
    fn is_told_twice(&self, template: &Template, field: &Field) -> bool {
        let of_key = self.model.key.iter().filter_map(|source| match source {
            KeySource::Template(known) if known.attribute != template.attribute => Some(known),
            _ => None,
        });
        let parts = of_key.chain([template]).flat_map(|template| &template.parts);
        let parts = parts.filter(|part| !part.form.is_lossy());
        let parts = parts.filter_map(|part| self.field(part.field));
        parts.filter(|known| known.name == field.name).count() > 1
    }

    /// What the documentation calls a field of which keys are composed: `created_at:date`, where they tell no more of it.
    pub fn shown(&self, field: &Field, sources: &[&KeySource]) -> String {
        let parts = sources.iter().flat_map(|source| match source {
            KeySource::Field(_) => [].iter(),
            KeySource::Template(template) => template.parts.iter(),
        });
        let is_of =
            |part: &&TemplatePart| self.field(part.field).is_some_and(|known| known.name == field.name);
        let computed: Option<Vec<_>> = parts.filter(is_of).map(|part| part.form.computed()).collect();
        match computed.and_then(|computed| computed.into_iter().next()) {
            Some(computed) => format!("{}:{computed}", field.name),
            None => field.name.clone(),
        }
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

    /// Every text that an item's attributes are composed as, each once: those of the table's key first.
    pub fn templates(&self) -> Vec<&'a Template> {
        catalog::templates(&self.model.key, &self.model.indexes, &self.model.computed)
    }

    pub fn field(&self, number: usize) -> Option<&'a Field> {
        self.model.fields.get(number)
    }
}
