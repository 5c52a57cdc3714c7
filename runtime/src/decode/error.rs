//! What can go wrong with a stored value, and where.

use std::fmt;
use std::sync::Arc;

use crate::wire::Broken;

/// Why a stored value is not what the declarations say, and where it stands in its item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(Box<DecodeProblem>);

#[derive(Clone, Debug)]
struct DecodeProblem {
    path: String,
    message: String,
    /// Whether the item has a shape that only newer code knows.
    is_of_newer_shape: bool,
    /// The error of the user's code.
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl PartialEq for DecodeProblem {
    fn eq(&self, other: &Self) -> bool {
        (&self.path, &self.message) == (&other.path, &other.message)
    }
}

impl Eq for DecodeProblem {}

impl DecodeError {
    /// A problem with the value at hand.
    #[cold]
    pub fn new(message: impl Into<String>) -> Self {
        DecodeError(Box::new(DecodeProblem {
            path: String::new(),
            message: message.into(),
            is_of_newer_shape: false,
            source: None,
        }))
    }

    /// The same, of an item that only newer code can read.
    pub(crate) fn of_newer_shape(mut self) -> Self {
        self.0.is_of_newer_shape = true;
        self
    }

    /// The same, with the error that it came of.
    pub(crate) fn because(mut self, source: Arc<dyn std::error::Error + Send + Sync>) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Whether only newer code can read the item.
    pub(crate) fn is_of_newer_shape(&self) -> bool {
        self.0.is_of_newer_shape
    }

    /// A key that is stored otherwise than the value that it stands for is written.
    #[cold]
    pub fn differs(stored: &str, expected: &str) -> Self {
        Self::new(format!(
            "stored as {stored:?}; expected {expected:?}, the one form in which this value is written: a get, a query or a \
             deletion by the value would miss the item. Declare the form in which it is stored, or store the item under the \
             expected text"
        ))
    }

    /// A required attribute that the item does not have.
    #[cold]
    pub fn missing(attribute: &str) -> Self {
        Self::new("the attribute is missing").within(attribute)
    }

    /// The same problem, seen from the map that holds the value under `name`.
    #[cold]
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let separator = if self.0.path.is_empty() || self.0.path.starts_with('[') { "" } else { "." };
        self.0.path = format!("{name}{separator}{}", self.0.path);
        self
    }

    /// The same problem, seen from the list that holds the value at `index`.
    #[cold]
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// The path of the attribute, such as `lines[2].price`; empty for the item as a whole.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl From<Broken> for DecodeError {
    // Whoever asked for the item asks the reader what it was, and where: the whole response counts as broken.
    #[cold]
    fn from(_: Broken) -> Self {
        DecodeError::new("the response breaks off here")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.path.is_empty() {
            f.write_str(&self.0.message)
        } else {
            write!(f, "attribute `{}`: {}", self.0.path, self.0.message)
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
