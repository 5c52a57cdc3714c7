//! Where an error happened.

use crate::facts::Facts;
use crate::item::{ItemKey, KeyAttributes};

/// Where an error happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub operation: Option<&'static str>,
    pub model: Option<&'static str>,
    pub table: Option<String>,
    pub index: Option<&'static str>,
    pub key: Option<String>,
}

impl Context {
    pub fn model(facts: &'static Facts) -> Self {
        Context { model: Some(facts.model), table: Some(facts.table.name.to_owned()), ..Context::default() }
    }

    pub fn item(facts: &'static Facts, table: String, key: &dyn KeyAttributes) -> Self {
        Context {
            model: Some(facts.model),
            table: Some(table),
            key: ItemKey::of(facts.table, key).text(),
            ..Context::default()
        }
    }
}
