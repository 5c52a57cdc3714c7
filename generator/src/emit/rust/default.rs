//! Declared defaults and generated values: the functions that return them, and their callers.

use askama::Template;

use super::generated_values;
use super::kind::{DefaultValue, Kinds};
use crate::catalog::{Default, Field, StoredInstant, UserRust};

/// The source of a field's default.
#[derive(Clone)]
pub(super) struct DefaultSource {
    /// The path of a function, in the module of its type.
    pub function: String,
    /// Whether a missing attribute is read as the default. If not, only builders use it.
    pub is_read: bool,
    /// Whether the default equals `Default::default()`.
    pub is_empty: bool,
}

/// A function that returns a declared default.
#[derive(Template)]
#[template(path = "rust/default.rs.jinja", escape = "none")]
pub(super) struct DefaultFunction {
    name: String,
    returns: String,
    code: String,
    /// The place of the code in the declarations, if it is the user's.
    place: Option<String>,
    allowed: Option<String>,
}

/// The default of a field, and the function that returns it, if one is needed. `stem` distinguishes the functions of a file, and
/// `in_key` is the coarsest form in which a key keeps an instant.
pub(super) fn default_of(
    kinds: &Kinds<'_>,
    field: &Field,
    stem: &str,
    returns: &str,
    allowed: Option<String>,
    in_key: Option<StoredInstant>,
) -> Option<(DefaultSource, Option<DefaultFunction>)> {
    let is_read = field.reads_default();
    let function = |code: String, place: Option<String>| {
        let name = format!("default_{stem}");
        let source = DefaultSource { function: name.clone(), is_read, is_empty: false };
        let function = DefaultFunction { name, returns: returns.to_owned(), code, place, allowed };
        (source, Some(function))
    };
    let some = |code: String| if field.optional { format!("Some({code})") } else { code };
    match &field.default {
        Some(Default::Literal(value)) => Some(match kinds.literal(value, &field.kind) {
            DefaultValue::Empty if !field.optional => {
                let function = "::core::default::Default::default".to_owned();
                (DefaultSource { function, is_read, is_empty: true }, None)
            }
            _ => function(some(kinds.expression(value, &field.kind)), None),
        }),
        declared => {
            let expression = match declared {
                Some(Default::Expression { rust, .. }) => Some(rust.clone()),
                _ => generated_values::expression(kinds, field, in_key),
            };
            match expression {
                Some(UserRust { code, place }) => Some(function(some(code), Some(place))),
                // A builder without elements means none, but an item without the attribute is another case.
                None if field.is_collection() => {
                    let function = "::core::default::Default::default".to_owned();
                    Some((DefaultSource { function, is_read: false, is_empty: true }, None))
                }
                None => None,
            }
        }
    }
}
