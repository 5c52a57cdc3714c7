//! Values that DynamoDB cannot hold.

use std::fmt;

use crate::validation::Violation;

/// Why DynamoDB cannot hold a value, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError(Box<(String, String)>);

impl EncodeError {
    /// A problem with the value at hand.
    #[cold]
    pub fn new(message: impl Into<String>) -> Self {
        EncodeError(Box::new((String::new(), message.into())))
    }

    /// The same problem, seen from the map that holds the value under `name`.
    #[cold]
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let path = &mut self.0.0;
        let separator = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        *path = format!("{name}{separator}{path}");
        self
    }

    /// The same problem, seen from the list that holds the value at `index`.
    #[cold]
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    pub(crate) fn into_violation(self) -> Violation {
        let (path, message) = *self.0;
        Violation::new(path, message)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, message) = &*self.0;
        if path.is_empty() { f.write_str(message) } else { write!(f, "`{path}`: {message}") }
    }
}

impl std::error::Error for EncodeError {}
