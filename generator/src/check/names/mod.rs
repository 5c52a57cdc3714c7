//! Names: the Rust names of declarations. No two generated things may have the same name.

mod claims;
mod declared;
mod functions;
mod reserved;
#[cfg(test)]
mod tests;
mod types;
mod variants;

pub(in crate::check) use claims::{Claim, Claims, Scope};
pub(in crate::check) use declared::{DeclaredNames, TypeNames, is_type_word};
pub(in crate::check) use functions::{claim_functions, counter_function, index_function, relation_function};
pub(in crate::check) use reserved::{is_model_function, is_query_method};
pub(in crate::check) use types::{claim_stages, claim_types};
