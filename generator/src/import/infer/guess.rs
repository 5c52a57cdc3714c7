//! From the observed values of an attribute to its declared type.

use super::observe::{Observed, StoredType};
use super::text::TextForm;
use crate::catalog::StoredInstant;
use crate::names;
use heck::ToSnakeCase as _;
use std::collections::BTreeSet;

/// How many values make a guess likely.
pub(in crate::import) const LIKELY: usize = 20;
/// The most variants of an enum.
const MOST_VARIANTS: usize = 12;
/// How often each variant must occur on average.
const TIMES_EACH: usize = 5;
/// The longest variant, in bytes.
const LONGEST_VARIANT: usize = 32;
/// The largest share of values with another type that does not make the attribute one of several types.
const MOST_ODD: f64 = 0.05;
/// The most names of maps that are structs.
const MOST_FIELDS: usize = 60;

/// Last words of attribute names that suggest many different values, however few were sampled.
const FREE_TEXT: [&str; 22] = [
    "name",
    "id",
    "ids",
    "email",
    "mail",
    "phone",
    "address",
    "street",
    "city",
    "title",
    "description",
    "url",
    "uri",
    "key",
    "token",
    "note",
    "notes",
    "comment",
    "message",
    "text",
    "username",
    "slug",
];

/// Words in attribute names that suggest instants.
const INSTANTS: [&str; 22] = [
    "at",
    "on",
    "time",
    "date",
    "timestamp",
    "ts",
    "ttl",
    "created",
    "updated",
    "modified",
    "expires",
    "expiry",
    "expiration",
    "expire",
    "deleted",
    "start",
    "end",
    "since",
    "until",
    "last",
    "seen",
    "epoch",
];

/// A type of models.toml.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) enum Guess {
    Text,
    Bool,
    /// Whole numbers: the widest type that holds them.
    Whole,
    /// Whole numbers with digits in a key, none of them negative.
    Unsigned,
    Decimal,
    Bytes,
    Timestamp(StoredInstant),
    Date,
    Uuid,
    UpperCaseUuid,
    UuidBytes,
    Ulid,
    Json,
    JsonText,
    BoolText,
    List(Box<Element>),
    Map(Box<Element>),
    TextSet,
    WholeSet,
    DecimalSet,
    BytesSet,
    Structure(Vec<Member>),
    /// The variants, in order.
    Enumeration(Vec<String>),
}

/// The element of a list or a map.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Element {
    pub guess: Guess,
    pub optional: bool,
}

/// An attribute of a nested map.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Member {
    pub attribute: String,
    pub guess: Guess,
    pub optional: bool,
    pub remark: String,
}

/// A guess, and the remark about it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Guessed {
    pub guess: Guess,
    pub optional: bool,
    /// How sure the guess is, and further facts.
    pub remark: String,
}

/// The owner of the attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Unit {
    Item,
    Map,
}

/// How to guess.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Guesser {
    /// Whether stored values may become variants.
    pub enums: bool,
}

impl Guesser {
    /// The type of an attribute that `of` items could have. If no type holds its values, the error is the reason.
    pub(in crate::import) fn attribute(
        self,
        attribute: &str,
        observed: &Observed,
        of: usize,
        unit: Unit,
    ) -> Result<Guessed, String> {
        let types = observed.types();
        let optional = observed.count < of || observed.nulls > 0;
        let Some((most, first)) = types.first().copied() else {
            let remark = format!("a guess: NULL in all {} items that have it", observed.count);
            return Ok(Guessed { guess: Guess::Json, optional: true, remark });
        };
        let present = observed.present();
        let is_outvoted = (present - most) as f64 <= MOST_ODD * present as f64;
        let mut remarks = vec![sureness(observed, of, unit)];
        let guess = if types.len() == 1 || is_outvoted {
            if types.len() > 1 {
                remarks.push(format!("{} values are of another type and cannot be read", present - most));
            }
            self.of_type(attribute, first, observed, &mut remarks)
        } else {
            remarks.push(String::from("values are of several types"));
            json(observed)
        };
        if observed.nulls > 0 {
            remarks.push(format!("NULL in {}, which is read as None", items(observed.nulls)));
        }
        Ok(Guessed { guess: guess?, optional, remark: remarks.join("; ") })
    }

    fn of_type(
        self,
        attribute: &str,
        stored: StoredType,
        observed: &Observed,
        remarks: &mut Vec<String>,
    ) -> Result<Guess, String> {
        Ok(match stored {
            StoredType::Text => self.text(attribute, observed, remarks),
            StoredType::Number => number(attribute, observed, remarks),
            StoredType::Bool => Guess::Bool,
            StoredType::Bytes if observed.are_uuids() => {
                remarks.push(String::from("16 bytes that are UUIDs of one version"));
                Guess::UuidBytes
            }
            StoredType::Bytes => Guess::Bytes,
            StoredType::TextSet => Guess::TextSet,
            StoredType::BytesSet => Guess::BytesSet,
            StoredType::NumberSet if observed.set_numbers.are_whole() => Guess::WholeSet,
            StoredType::NumberSet => Guess::DecimalSet,
            StoredType::List => {
                match observed.elements.as_deref().filter(|elements| elements.present() > 0) {
                    None => {
                        remarks.push(String::from("no element was seen"));
                        Guess::List(Box::new(Element { guess: Guess::Json, optional: false }))
                    }
                    Some(elements) => Guess::List(Box::new(self.element(attribute, elements)?)),
                }
            }
            StoredType::Map => return self.map(attribute, observed, remarks),
        })
    }

    fn text(self, attribute: &str, observed: &Observed, remarks: &mut Vec<String>) -> Guess {
        match observed.texts.form() {
            Some(TextForm::Uuid) => return Guess::Uuid,
            Some(TextForm::UpperCaseUuid) => return Guess::UpperCaseUuid,
            Some(TextForm::Ulid) => return Guess::Ulid,
            Some(TextForm::Date) => return Guess::Date,
            Some(TextForm::Timestamp(form)) => return Guess::Timestamp(StoredInstant::Text(form)),
            Some(TextForm::Bool) => return Guess::BoolText,
            Some(TextForm::Json) => return Guess::JsonText,
            None => {}
        }
        if let Some(family) = observed.texts.family() {
            remarks.push(String::from(family.remark()));
            return Guess::Text;
        }
        match self.variants(attribute, observed) {
            Some(variants) => {
                remarks.push(format!("{} different values, all of which are listed", variants.len()));
                Guess::Enumeration(variants)
            }
            None => Guess::Text,
        }
    }

    /// The variants, if there are few values with many occurrences.
    fn variants(self, attribute: &str, observed: &Observed) -> Option<Vec<String>> {
        let distinct = observed.texts.distinct.as_ref().filter(|_| self.enums)?;
        let count = observed.texts.count;
        let is_free = words(attribute).last().is_some_and(|last| FREE_TEXT.contains(&last.as_str()));
        let are_few = (2..=MOST_VARIANTS).contains(&distinct.len());
        if is_free || !are_few || count < LIKELY.max(distinct.len() * TIMES_EACH) {
            return None;
        }
        let are_short = distinct.keys().all(|text| text.len() <= LONGEST_VARIANT && is_word(text));
        let rust: Option<BTreeSet<String>> = distinct.keys().map(|text| names::variant_name(text)).collect();
        let are_apart = rust.is_some_and(|rust| rust.len() == distinct.len());
        // `sku1` and `sku2` suggest many more.
        let are_numbered = distinct.keys().all(|text| text.contains(|one: char| one.is_ascii_digit()));
        let are_repeated = distinct.values().all(|times| *times > 1);
        (are_short && are_apart && are_repeated && !are_numbered).then(|| distinct.keys().cloned().collect())
    }

    /// The element of a list or a map.
    fn element(self, attribute: &str, observed: &Observed) -> Result<Element, String> {
        let optional = observed.nulls > 0;
        let types = observed.types();
        let [(_, only)] = types.as_slice() else {
            return Ok(Element { guess: json(observed)?, optional: optional && !observed.is_json() });
        };
        let without_enums = Guesser { enums: false };
        let guess = without_enums.of_type(attribute, *only, observed, &mut Vec::new())?;
        Ok(Element { guess, optional })
    }

    fn map(self, attribute: &str, observed: &Observed, remarks: &mut Vec<String>) -> Result<Guess, String> {
        if observed.entries.is_empty() {
            remarks.push(String::from("no entry was seen"));
            return Ok(Guess::Map(Box::new(Element { guess: Guess::Json, optional: false })));
        }
        if is_dictionary(observed) {
            remarks.push(String::from("its names differ from map to map"));
            let mut all = Observed::default();
            observed.entries.values().for_each(|one| all.merge(one));
            return Ok(Guess::Map(Box::new(self.element(attribute, &all)?)));
        }
        let mut members = Vec::new();
        for (name, entry) in &observed.entries {
            match self.attribute(name, entry, observed.maps, Unit::Map) {
                Ok(Guessed { guess, optional, remark }) => {
                    members.push(Member { attribute: name.clone(), guess, optional, remark });
                }
                Err(why) => return json(observed).map_err(|_| format!("its entry `{name}`: {why}")),
            }
        }
        Ok(Guess::Structure(members))
    }
}

/// Whether the names of maps are data: many, or none of them in most maps.
fn is_dictionary(observed: &Observed) -> bool {
    let names = observed.entries.len();
    let is_id = |name: &String| {
        name.is_empty()
            || super::text::form(name).is_some()
            || name.starts_with(|first: char| first.is_ascii_digit())
    };
    let ids = observed.entries.keys().filter(|name| is_id(name)).count();
    let is_rare = observed.entries.values().all(|entry| entry.count * 2 <= observed.maps);
    names > MOST_FIELDS || ids * 2 > names || names > 3 && observed.maps > 3 && is_rare && are_alike(observed)
}

fn are_alike(observed: &Observed) -> bool {
    let mut types = observed.entries.values().map(|entry| entry.types().first().map(|(_, stored)| *stored));
    let first = types.next().flatten();
    types.all(|one| one == first)
}

fn json(observed: &Observed) -> Result<Guess, String> {
    match observed.is_json() {
        true => Ok(Guess::Json),
        false => Err(String::from("no type holds all of its values")),
    }
}

fn number(attribute: &str, observed: &Observed, remarks: &mut Vec<String>) -> Guess {
    let numbers = &observed.numbers;
    let is_instant = words(attribute).iter().any(|word| INSTANTS.contains(&word.as_str()));
    let forms = [
        (numbers.seconds, StoredInstant::EpochSeconds),
        (numbers.milliseconds, StoredInstant::EpochMilliseconds),
        (numbers.microseconds, StoredInstant::EpochMicroseconds),
    ];
    if let Some((_, form)) = forms.into_iter().find(|(count, _)| is_instant && *count == numbers.count) {
        remarks.push(String::from("an instant by its name and its values"));
        return Guess::Timestamp(form);
    }
    if numbers.are_bits() {
        remarks.push(String::from("0 and 1 alone: `bool` with `stored_as = \"number\"` would hold them"));
        Guess::Whole
    } else if numbers.are_whole() {
        remarks.push(String::from("whole numbers: the widest type, which may be narrowed"));
        Guess::Whole
    } else {
        Guess::Decimal
    }
}

/// How many values support a guess.
fn sureness(observed: &Observed, of: usize, unit: Unit) -> String {
    let word = if observed.present() >= LIKELY { "likely" } else { "a guess" };
    match observed.count {
        count if count == of => format!("{word}: in all of {}", counted(of, unit)),
        count => format!("{word}: in {count} of {}", counted(of, unit)),
    }
}

pub(in crate::import) fn items(count: usize) -> String {
    counted(count, Unit::Item)
}

fn counted(count: usize, unit: Unit) -> String {
    let word = match unit {
        Unit::Item => "item",
        Unit::Map => "map",
    };
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// The words of an attribute's name, in lower case.
pub(in crate::import) fn words(attribute: &str) -> Vec<String> {
    attribute.to_snake_case().split('_').map(str::to_owned).collect()
}

/// Whether a text is a word or two, like an application's constants.
fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | ' ' | '.'))
        && text.matches(' ').count() < 2
}
