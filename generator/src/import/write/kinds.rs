//! Types as text, and the declarations of nested ones.

use super::Writer;
use super::lines::{key, quoted, with_remark};
use crate::catalog::{Form, StoredInstant};
use crate::import::infer::{Element, Guess, Member, free_name};
use crate::import::names::singular;
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl Writer<'_> {
    /// A field's line.
    pub(super) fn member(
        &mut self,
        name: &str,
        attribute: &str,
        guess: &Guess,
        optional: bool,
        mut settings: Vec<String>,
        owner: &str,
    ) -> String {
        let mut kind = self.kind(guess, attribute, owner);
        if optional {
            kind.push('?');
        }
        if let Some(form) = stored_as(guess) {
            settings.push(format!("stored_as = {}", quoted(&form)));
        }
        match settings.is_empty() {
            true => format!("{} = {}", key(name), quoted(&kind)),
            false => format!("{} = {{ type = {}, {} }}", key(name), quoted(&kind), settings.join(", ")),
        }
    }

    /// A type as text. Nested types are declared at their first use.
    fn kind(&mut self, guess: &Guess, attribute: &str, owner: &str) -> String {
        String::from(match guess {
            Guess::Text => "string",
            Guess::Bool | Guess::BoolText => "bool",
            Guess::Whole => "i128",
            Guess::Unsigned => "u128",
            Guess::Decimal => "decimal",
            Guess::Bytes => "bytes",
            Guess::Timestamp(_) => "timestamp",
            Guess::Date => "date",
            Guess::Uuid | Guess::UpperCaseUuid | Guess::UuidBytes => "uuid",
            Guess::Ulid => "ulid",
            Guess::Json | Guess::JsonText => "json",
            Guess::TextSet => "set<string>",
            Guess::WholeSet => "set<i128>",
            Guess::DecimalSet => "set<decimal>",
            Guess::BytesSet => "set<bytes>",
            Guess::List(element) => return format!("list<{}>", self.element(element, attribute, owner)),
            Guess::Map(element) => return format!("map<{}>", self.element(element, attribute, owner)),
            Guess::Structure(members) => return self.structure(members, guess, attribute, owner),
            Guess::Enumeration(variants) => return self.enumeration(variants, guess, attribute, owner),
        })
    }

    fn element(&mut self, element: &Element, attribute: &str, owner: &str) -> String {
        let kind = self.kind(&element.guess, &singular(attribute), owner);
        if element.optional { format!("{kind}?") } else { kind }
    }

    fn structure(&mut self, members: &[Member], guess: &Guess, attribute: &str, owner: &str) -> String {
        let same = (attribute.to_owned(), shape(guess));
        if let Some(name) = self.known.get(&same) {
            return name.clone();
        }
        let name = self.names.take(&[attribute.to_owned(), format!("{owner} {attribute}")]);
        self.known.insert(same, name.clone());
        let mut text = format!("\n[type.{name}]\n");
        let mut taken = BTreeSet::new();
        for member in members {
            let field = free_name(&member.attribute, &mut taken);
            let mut settings = Vec::new();
            if field == "build" || self.repairs.fields.contains(&field) {
                settings.push(format!("rust_name = {}", quoted(&format!("{field}_"))));
            }
            if member.attribute != field {
                settings.push(format!("attribute = {}", quoted(&member.attribute)));
            }
            let line =
                self.member(&field, &member.attribute, &member.guess, member.optional, settings, &name);
            with_remark(&mut text, &line, &member.remark);
        }
        self.nested.push_str(&text);
        name
    }

    fn enumeration(&mut self, variants: &[String], guess: &Guess, attribute: &str, owner: &str) -> String {
        let same = (attribute.to_owned(), shape(guess));
        if let Some(name) = self.known.get(&same) {
            return name.clone();
        }
        let name = self.names.take(&[attribute.to_owned(), format!("{owner} {attribute}")]);
        self.known.insert(same, name.clone());
        let list: Vec<_> = variants.iter().map(|variant| quoted(variant)).collect();
        let shown: Vec<_> = variants.iter().map(|variant| format!("`{variant}`")).collect();
        self.values.push(format!("the variants of `{name}`: {}", shown.join(", ")));
        self.nested.push_str(&format!(
            "\n# A guess: what no sampled item has cannot be read.\n[enum.{name}]\nvariants = [{}]\n",
            list.join(", ")
        ));
        name
    }
}

/// The stored form of a type, if it is not the type's own. For a list or a map, it is the form of the elements.
fn stored_as(guess: &Guess) -> Option<String> {
    match guess {
        Guess::Timestamp(StoredInstant::MICROSECONDS) => None,
        Guess::Timestamp(form) => Some(form.word()),
        Guess::List(element) | Guess::Map(element) => stored_as(&element.guess),
        Guess::UpperCaseUuid => Some(Form::UpperCase.word().to_owned()),
        Guess::UuidBytes => Some(Form::Bytes.word().to_owned()),
        Guess::BoolText | Guess::JsonText => Some(Form::Text.word().to_owned()),
        _ => None,
    }
}

/// The content of a type, without remarks.
fn shape(guess: &Guess) -> String {
    match guess {
        Guess::Structure(members) => {
            let mut text = String::from("{");
            for member in members {
                let optional = if member.optional { "?" } else { "" };
                // Writing to a text does not fail.
                let _ = write!(text, "{:?}: {}{optional}, ", member.attribute, shape(&member.guess));
            }
            text + "}"
        }
        Guess::List(element) => format!("list {} {}", shape(&element.guess), element.optional),
        Guess::Map(element) => format!("map {} {}", shape(&element.guess), element.optional),
        other => format!("{other:?}"),
    }
}
