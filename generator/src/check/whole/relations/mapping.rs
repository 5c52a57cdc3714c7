//! The keys of a relation: which field of a key holds which value of the other side, and the way back.

use crate::catalog::{Field, Given, GivenValue, KeyPart, Kind};
use crate::check::WholeCheck;
use crate::check::whole::side::Side;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::{MappingDeclaration, Spanned};

/// A relation's keys: each a field of the key's side, and the fields of the other side that it holds.
pub(super) struct Mapping<'s> {
    pub span: Span,
    pub entries: Vec<Correspondence<'s>>,
}

/// A field of a key, and what it holds.
pub(super) struct Correspondence<'s> {
    pub key: &'s Field,
    pub key_span: Span,
    /// The other side's fields, in the order of the text; exactly one if nothing is composed.
    pub fields: Vec<&'s Field>,
    /// The text around them: one more than fields.
    pub literals: Vec<String>,
}

impl Correspondence<'_> {
    pub(super) fn is_composed(&self) -> bool {
        self.fields.len() != 1 || self.literals.iter().any(|literal| !literal.is_empty())
    }

    /// The value of the key's field.
    fn given(&self) -> Given {
        let fields: Vec<_> = self.fields.iter().map(|field| field.name.clone()).collect();
        let value = match <[String; 1]>::try_from(fields) {
            Ok([field]) if !self.is_composed() => GivenValue::Field(field),
            Ok([field]) => GivenValue::Composed { fields: vec![field], literals: self.literals.clone() },
            Err(fields) => GivenValue::Composed { fields, literals: self.literals.clone() },
        };
        Given { field: self.key.name.clone(), value }
    }
}

impl<'s> Mapping<'s> {
    /// Reads the declaration of `keys`: its left sides name fields of `key_side`, its right sides those of `other`. `None` if
    /// something is wrong.
    pub(super) fn new(
        cx: &mut WholeCheck<'_, '_>,
        declaration: &MappingDeclaration,
        key_side: &Side<'s>,
        other: &Side<'s>,
    ) -> Option<Self> {
        let mut entries = Vec::new();
        for (key, text) in &declaration.entries {
            let field = key_side.find(cx, key);
            let held = template(cx, text, other);
            if let (Some(field), Some((fields, literals))) = (field, held) {
                let entry = Correspondence { key: field, key_span: key.span, fields, literals };
                if fits(cx, &entry, key_side, other, text.span) {
                    entries.push(entry);
                }
            }
        }
        let mapping = Mapping { span: declaration.span, entries };
        let is_clear = mapping.entries.len() == declaration.entries.len() && mapping.is_either(cx);
        is_clear.then_some(mapping)
    }

    /// Reports composed text beside a field that may be absent.
    fn is_either(&self, cx: &mut WholeCheck<'_, '_>) -> bool {
        let optional = self
            .entries
            .iter()
            .find(|entry| entry.key.optional || entry.fields.iter().any(|field| field.optional));
        let Some(optional) = optional.filter(|_| self.is_composed()) else { return true };
        cx.report(
            Diagnostic::new(
                Code::RelationType,
                format!("{} may be absent, beside composed text", quoted(&optional.key.name)),
            )
            .at(optional.key_span, "it, or what it holds, is optional")
            .help("remove the `?` of the field's type"),
        );
        false
    }

    pub(super) fn entry(&self, key: &Field) -> Option<&Correspondence<'s>> {
        self.entries.iter().find(|entry| entry.key.name == key.name)
    }

    /// The values of these fields of the key, as far as the other side gives them.
    pub(super) fn forward(&self, fields: &[&Field]) -> Vec<Given> {
        fields.iter().filter_map(|field| self.entry(field)).map(Correspondence::given).collect()
    }

    /// The values of all mapped fields of the key's side, from the other side.
    pub(super) fn all_forward(&self) -> Vec<Given> {
        self.entries.iter().map(Correspondence::given).collect()
    }

    /// The values of these fields of the other side, as far as the key's side gives them.
    pub(super) fn backward(&self, fields: &[&Field]) -> Vec<Given> {
        fields.iter().filter_map(|field| self.taken_from(field)).collect()
    }

    /// The values of all mapped fields of the other side, from the key's side.
    pub(super) fn all_backward(&self) -> Vec<Given> {
        let mut fields: Vec<&Field> = Vec::new();
        for field in self.entries.iter().flat_map(|entry| &entry.fields) {
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(field);
            }
        }
        self.backward(&fields)
    }

    pub(super) fn fields_of_other(&self) -> impl Iterator<Item = &&'s Field> {
        self.entries.iter().flat_map(|entry| &entry.fields)
    }

    pub(super) fn is_composed(&self) -> bool {
        self.entries.iter().any(Correspondence::is_composed)
    }

    /// How the key's side gives a field of the other. A field with the whole value is preferred over a text that contains it.
    fn taken_from(&self, wanted: &Field) -> Option<Given> {
        let holds = |entry: &&Correspondence<'_>| entry.fields.iter().any(|field| field.name == wanted.name);
        let mut holding = self.entries.iter().filter(holds);
        let entry = self
            .entries
            .iter()
            .find(|entry| !entry.is_composed() && holds(entry))
            .or_else(|| holding.next())?;
        let field = entry.key.name.clone();
        let value = if entry.is_composed() {
            let position = entry.fields.iter().position(|field| field.name == wanted.name)?;
            GivenValue::Part { field, literals: entry.literals.clone(), position }
        } else {
            GivenValue::Field(field)
        };
        Some(Given { field: wanted.name.clone(), value })
    }
}

/// Whether the two sides of an entry have types that hold the same values.
fn fits(
    cx: &mut WholeCheck<'_, '_>,
    entry: &Correspondence<'_>,
    key_side: &Side<'_>,
    other: &Side<'_>,
    span: Span,
) -> bool {
    let describe = |field: &Field| {
        let optional = if field.optional { "?" } else { "" };
        quoted(&format!("{}{optional}", field.kind.describe()))
    };
    let mut report = |message: String, label: String, help: &str| {
        cx.report(
            Diagnostic::new(Code::RelationType, message)
                .at(span, label)
                .and(entry.key_span, format!("its type is {}", describe(entry.key)))
                .help(help),
        );
    };
    let key = quoted(&entry.key.name);
    if !entry.is_composed() {
        let fits = entry.fields.iter().all(|field| field.kind == entry.key.kind);
        if !fits {
            let types: Vec<_> = entry.fields.iter().map(|field| describe(field)).collect();
            report(
                format!(
                    "{key} of {} and what it holds of {} have different types",
                    key_side.name(),
                    other.name()
                ),
                format!("its type is {}", types.join(", ")),
                "declare both with one type, and one `stored_as`: DynamoDB compares what is stored",
            );
        }
        return fits;
    }
    if entry.key.kind != Kind::Text || entry.key.optional {
        report(
            format!("{key} of {} cannot hold composed text", key_side.name()),
            "composed text".to_owned(),
            "declare it as `string`, or give it the value of one field",
        );
        return false;
    }
    for field in &entry.fields {
        if field.optional || !is_textual(&field.kind, other) {
            report(
                format!("{} cannot be part of a composed text", quoted(&field.name)),
                format!("its type is {}", describe(field)),
                "name a field that is not optional and whose type can be a key, but is not `bytes`",
            );
            return false;
        }
    }
    true
}

/// Whether a value can be part of a composed text, as it can be part of a composed key.
fn is_textual(kind: &Kind, side: &Side<'_>) -> bool {
    match kind.facts(side.schema.names).part {
        KeyPart::Always(_) | KeyPart::Text | KeyPart::Digits(_) | KeyPart::Instant(_) => true,
        KeyPart::Never(_) => false,
    }
}

/// The name of a field, or text with fields in braces: the fields, and the text around them.
fn template<'s>(
    cx: &mut WholeCheck<'_, '_>,
    text: &Spanned<String>,
    side: &Side<'s>,
) -> Option<(Vec<&'s Field>, Vec<String>)> {
    if !text.value.contains(['{', '}']) {
        let field = side.find(cx, text)?;
        return Some((vec![field], vec![String::new(), String::new()]));
    }
    let mut report = |message: &str, label: &str, help: &str| {
        cx.report(Diagnostic::new(Code::RelationTemplate, message).at(text.span, label).help(help));
    };
    let (mut names, mut literals) = (Vec::new(), Vec::new());
    let mut rest = text.value.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}').filter(|(name, _)| !name.contains('{')) else {
            report(
                "a brace is not closed",
                "`{` without `}`",
                "write each field in braces: `\"{forum}#{subject}\"`",
            );
            return None;
        };
        if before.contains('}') {
            break;
        }
        names.push(name);
        literals.push(before.to_owned());
        rest = after;
    }
    if rest.contains(['{', '}']) {
        report(
            "a brace is not opened",
            "`}` without `{`",
            "write each field in braces: `\"{forum}#{subject}\"`",
        );
        return None;
    }
    literals.push(rest.to_owned());
    if literals[1..names.len()].iter().any(String::is_empty) {
        let help = "write text between them that they do not contain: `\"{forum}#{subject}\"`";
        report("nothing tells two fields of the text apart", "two fields side by side", help);
        return None;
    }
    let mut fields: Vec<&Field> = Vec::new();
    for name in names {
        let field = side.find(cx, &Spanned { value: name.to_owned(), span: text.span })?;
        if fields.iter().any(|known| known.name == field.name) {
            cx.report(
                Diagnostic::new(Code::RelationTemplate, format!("the text holds {} twice", quoted(name)))
                    .at(text.span, "named twice")
                    .help("name each field once"),
            );
            return None;
        }
        fields.push(field);
    }
    Some((fields, literals))
}

impl<'s> Side<'s> {
    /// The field of a declared name.
    fn find(&self, cx: &mut WholeCheck<'_, '_>, name: &Spanned<String>) -> Option<&'s Field> {
        let found = self.schema.fields.iter().find(|checked| checked.declaration.name.value == name.value);
        if found.is_none() {
            let names = self.schema.fields.iter().map(|checked| checked.declaration.name.value.as_str());
            cx.report(
                Diagnostic::new(
                    Code::RelationField,
                    format!("{} is not a field of {}", quoted(&name.value), self.name()),
                )
                .at(name.span, "no field is declared under this name")
                .help(
                    did_you_mean(&name.value, names)
                        .unwrap_or_else(|| format!("name a field of the schema of {}", self.name())),
                ),
            );
        }
        found?.field.as_ref()
    }
}
