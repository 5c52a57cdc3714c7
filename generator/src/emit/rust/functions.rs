//! The functions at the end of a module: declared defaults, declared rules, and aliases of the user's types.

use askama::Template;

use super::default::DefaultFunction;
use super::field::{Alias, FieldView};
use super::rule::RuleFunction;

/// The functions at the end of a module.
#[derive(Default, Template)]
#[template(path = "rust/functions.rs.jinja", escape = "none")]
pub(super) struct ModuleFunctions {
    defaults: Vec<DefaultFunction>,
    rules: Vec<RuleFunction>,
    foreign: Option<Vec<Alias>>,
}

impl ModuleFunctions {
    /// The functions of these fields, which are moved out.
    pub fn of<'f>(fields: impl Iterator<Item = &'f mut FieldView>) -> Self {
        let mut functions = ModuleFunctions::default();
        let mut foreign = Vec::new();
        for field in fields {
            functions.defaults.extend(field.functions.default.take());
            functions.rules.append(&mut field.functions.rules);
            foreign.extend(field.foreign.take());
        }
        functions.foreign = (!foreign.is_empty()).then_some(foreign);
        functions
    }
}
