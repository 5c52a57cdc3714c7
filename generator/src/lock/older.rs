//! What the structs of an older shape are made of.

use super::{Attribute, Attributes, Missing, Shape, template, value};
use crate::catalog::{
    Default as FieldDefault, Derives, Element, Enumeration, Field, KeySource, Kind, StoredField, Structure,
    Template, UserRust, ValidationLibrary, Variant,
};
use crate::names;

/// An older shape in the terms of the catalog. Its types have names of their own, since those of today may hold something else.
pub(crate) struct OlderFields {
    pub fields: Vec<Field>,
    pub key: Vec<KeySource>,
    pub templates: Vec<Template>,
    pub structures: Vec<Structure>,
    pub enumerations: Vec<Enumeration>,
}

/// Why a shape of a lock becomes no struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoFields {
    /// It lacks an attribute of the table's key.
    OtherKey,
    /// No declarations say what the lock says of it.
    Unreadable,
}

impl Shape {
    /// What the shape holds, for a struct of this name. `key` names the attributes of the table's key, and `place` is where the
    /// model stands in the declarations.
    ///
    /// # Errors
    /// Why there can be no such struct.
    pub(crate) fn as_fields(&self, name: &str, key: &[&str], place: &str) -> Result<OlderFields, NoFields> {
        let older = Older { shape: self, name, place };
        let fields = older.fields(&self.attributes).ok_or(NoFields::Unreadable)?;
        let templates =
            self.templates.iter().map(|(attribute, text)| template::read(attribute, text, &fields));
        let mut templates = templates.collect::<Option<Vec<Template>>>().ok_or(NoFields::Unreadable)?;
        templates.sort_by_key(|template| {
            key.iter().position(|own| *own == template.attribute).unwrap_or(key.len())
        });
        let source = |attribute: &&str| match templates.iter().find(|one| one.attribute == **attribute) {
            Some(template) => Some(KeySource::Template(template.clone())),
            None => fields.iter().position(|field| field.attribute == *attribute).map(KeySource::Field),
        };
        let key = key.iter().map(source).collect::<Option<Vec<_>>>().ok_or(NoFields::OtherKey)?;
        let structures = self.types.iter().map(|(of, attributes)| older.structure(of, attributes));
        let structures = structures.collect::<Option<Vec<_>>>().ok_or(NoFields::Unreadable)?;
        let enumerations = self.enums.keys().map(|of| older.enumeration(of)).collect::<Option<Vec<_>>>();
        let enumerations = enumerations.ok_or(NoFields::Unreadable)?;
        Ok(OlderFields { fields, key, templates, structures, enumerations })
    }
}

struct Older<'a> {
    shape: &'a Shape,
    name: &'a str,
    place: &'a str,
}

impl Older<'_> {
    /// What a type of the shape is called.
    fn called(&self, of: &str) -> String {
        format!("{}{of}", self.name)
    }

    fn structure(&self, of: &str, attributes: &Attributes) -> Option<Structure> {
        let name = self.called(of);
        Some(Structure {
            module: names::module_name(&name),
            place: self.place.to_owned(),
            doc: Some(format!("`{of}` as `{}` holds it.", self.name)),
            fields: self.fields(attributes)?,
            derives: Derives::default(),
            validation: ValidationLibrary::default(),
            name,
        })
    }

    fn enumeration(&self, of: &str) -> Option<Enumeration> {
        let name = self.called(of);
        let known = self.shape.enums.get(of)?;
        let variants = known.variants.iter().map(|(stored, variant)| {
            Some(Variant {
                name: variant.name.clone(),
                stored: stored.clone(),
                doc: None,
                fields: self.fields(&variant.attributes)?,
            })
        });
        Some(Enumeration {
            module: names::module_name(&name),
            place: self.place.to_owned(),
            doc: Some(format!("`{of}` as `{}` holds it.", self.name)),
            variants: variants.collect::<Option<_>>()?,
            form: known.form.clone(),
            derives: Derives::default(),
            validation: ValidationLibrary::default(),
            name,
        })
    }

    fn fields(&self, attributes: &Attributes) -> Option<Vec<Field>> {
        attributes.iter().map(|(name, attribute)| self.field(name, attribute)).collect()
    }

    fn field(&self, stored: &str, attribute: &Attribute) -> Option<Field> {
        let name = attribute.rust.name.clone();
        if !names::is_field_name(&name) {
            return None;
        }
        let place = format!("{}.shape", self.place);
        let default = match (&attribute.missing, &attribute.rust.default) {
            (Missing::OfKind, _) => None,
            (Missing::Value(text), _) => {
                Some(FieldDefault::Literal(value::read_literal(text, &attribute.kind, self.shape)?))
            }
            (Missing::Computed, code) => Some(FieldDefault::Expression {
                rust: UserRust { code: code.clone()?, place: place.clone() },
                on_read: true,
            }),
        };
        Some(Field {
            stored: StoredField {
                attribute: stored.to_owned(),
                also_read: attribute.also_read.clone(),
                kind: self.kind(&attribute.kind),
                optional: attribute.optional,
                key_only: attribute.key_only,
                generated: attribute.managed,
                unique: false,
            },
            identifier: names::identifier(&name),
            constant: name.to_ascii_uppercase(),
            name,
            doc: None,
            default,
            sensitive: attribute.rust.sensitive,
            attributes: Vec::new(),
            rules: Vec::new(),
            validation: ValidationLibrary::default(),
            place,
        })
    }

    /// A kind whose types are those of the shape.
    fn kind(&self, kind: &Kind) -> Kind {
        let element = |element: &Element| {
            Box::new(Element { kind: self.kind(&element.kind), optional: element.optional })
        };
        match kind {
            Kind::Structure(of) => Kind::Structure(self.called(of)),
            Kind::Enumeration(of) => Kind::Enumeration(self.called(of)),
            Kind::List(inner) => Kind::List(element(inner)),
            Kind::Map(inner) => Kind::Map(element(inner)),
            Kind::Set(inner) => Kind::Set(Box::new(self.kind(inner))),
            Kind::Formed(inner, form) => Kind::Formed(Box::new(self.kind(inner)), *form),
            Kind::Foreign(rust) => Kind::Foreign(self.rust(&rust.code)),
            Kind::Coded(rust, stored) => Kind::Coded(self.rust(&rust.code), stored.clone()),
            Kind::Text
            | Kind::Bool
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Decimal
            | Kind::Bytes
            | Kind::Timestamp(_)
            | Kind::Date
            | Kind::Uuid
            | Kind::Ulid
            | Kind::Json => kind.clone(),
        }
    }

    fn rust(&self, code: &str) -> UserRust {
        UserRust { code: code.to_owned(), place: self.place.to_owned() }
    }
}
