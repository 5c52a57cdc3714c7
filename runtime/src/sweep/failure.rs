//! Items that a sweep leaves as they are, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::encode::json_of;
use crate::error::Error;
use crate::facts::Facts;
use crate::item::{Item, ItemKey};
use crate::operation::keys::key_of;
use crate::wire::Reader;

/// Why a sweep leaves an item as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SweepProblem {
    /// It is not what the declarations say: an attribute is missing, or is of another type.
    Unreadable,
    /// It has a shape that this code does not know: newer code wrote it.
    NewerShape,
    /// What it holds cannot be written: DynamoDB could not hold it, or no key could be composed of it.
    Unwritable,
    /// Its values give another primary key than the one that it has. An item is moved by a put and a deletion, not by an
    /// update.
    KeyDiffers,
    /// What differs does not fit into one expression, or the item would be larger than DynamoDB allows.
    TooLarge,
    /// Another item has a value that is unique.
    NotUnique,
    /// It lacks the attribute that says of which model it is, and could be of several.
    Ambiguous,
    /// Written as its values give it, it would differ again: a kind writes what it does not read back.
    Unstable,
    /// Other clients wrote it each time, between being read and written.
    Contended,
    /// A request failed, again and again.
    Failed,
}

impl fmt::Display for SweepProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SweepProblem::Unreadable => "unreadable",
            SweepProblem::NewerShape => "of a newer shape",
            SweepProblem::Unwritable => "unwritable",
            SweepProblem::KeyDiffers => "another primary key",
            SweepProblem::TooLarge => "too large",
            SweepProblem::NotUnique => "not unique",
            SweepProblem::Ambiguous => "of several models",
            SweepProblem::Unstable => "unstable",
            SweepProblem::Contended => "contended",
            SweepProblem::Failed => "request failed",
        })
    }
}

/// An item that a sweep leaves as it is.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepFailure {
    model: String,
    #[serde(with = "item_as_text")]
    key: Item,
    key_text: String,
    problem: SweepProblem,
    message: String,
}

/// The longest message that is kept.
const MESSAGE_BYTES: usize = 400;

impl SweepFailure {
    pub(crate) fn new(
        facts: &'static Facts,
        item: &Item,
        problem: SweepProblem,
        message: impl Into<String>,
    ) -> Self {
        let mut message = message.into();
        if message.len() > MESSAGE_BYTES {
            let end =
                (0..=MESSAGE_BYTES).rev().find(|end| message.is_char_boundary(*end)).unwrap_or_default();
            message.truncate(end);
            message.push('…');
        }
        SweepFailure {
            model: facts.model.to_owned(),
            key: key_of(facts, item),
            key_text: key_text(facts, item),
            problem,
            message,
        }
    }

    /// As the error of a request or of an item says.
    pub(crate) fn of(facts: &'static Facts, item: &Item, problem: SweepProblem, error: &Error) -> Self {
        Self::new(facts, item, problem, error.to_string())
    }

    /// The model; of an item that could be of several, one of them.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The item's key.
    pub fn key(&self) -> &Item {
        &self.key
    }

    /// Why it is left as it is.
    pub fn problem(&self) -> SweepProblem {
        self.problem
    }

    /// What is wrong in particular, in words.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for SweepFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SweepFailure { model, key_text, problem, message, .. } = self;
        write!(f, "{model} ({key_text}): {problem}: {message}")
    }
}

impl fmt::Debug for SweepFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The key of an item, written out for people.
pub(crate) fn key_text(facts: &'static Facts, item: &Item) -> String {
    ItemKey::of(facts.table, item).text().unwrap_or_default()
}

/// A key as the text that DynamoDB's requests have of it.
pub(crate) fn text_of(item: &Item) -> Option<String> {
    json_of(item).map(|text| text.to_string())
}

/// The key of which [`text_of`] gave the text.
pub(crate) fn item_of(text: &str) -> Option<Item> {
    Reader::of_text(text).item().ok()
}

/// An item in JSON, as one text.
mod item_as_text {
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    use super::{item_of, text_of};
    use crate::item::Item;

    pub(super) fn serialize<S: Serializer>(item: &Item, serializer: S) -> Result<S::Ok, S::Error> {
        let text = text_of(item).ok_or_else(|| ser::Error::custom("the key has no JSON"))?;
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Item, D::Error> {
        let text = String::deserialize(deserializer)?;
        item_of(&text).ok_or_else(|| de::Error::custom("the text is no key"))
    }
}
