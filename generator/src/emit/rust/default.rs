//! Declared defaults and generated values: the function that gives one, and who calls it.

use askama::Template;

use super::generated_values;
use super::kind::{DefaultValue, Kinds};
use crate::catalog::{Default, Field, StoredInstant, UserRust};

/// What gives a field its default.
#[derive(Clone)]
pub(super) struct DefaultSource {
    /// The path of a function, in the module of its type.
    pub function: String,
    /// Whether a missing attribute is read as the default. If not, only construction asks for it.
    pub is_read: bool,
    /// Whether the default is what `Default::default()` gives.
    pub is_empty: bool,
}

/// A function that gives a declared default.
#[derive(Template)]
#[template(path = "rust/default.rs.jinja", escape = "none")]
pub(super) struct DefaultFunction {
    name: String,
    returns: String,
    code: String,
    /// Where the code stands in the declarations, if it is the user's.
    place: Option<String>,
    allowed: Option<String>,
}

/// The default of a field, and the function that gives it, where there has to be one. `stem` tells the functions of a file
/// apart, and `in_key` is the coarsest form in which a key keeps an instant.
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
            let UserRust { code, place } = match declared {
                Some(Default::Expression { rust, .. }) => rust.clone(),
                _ => generated_values::expression(kinds, field, in_key)?,
            };
            Some(function(some(code), Some(place)))
        }
    }
}
