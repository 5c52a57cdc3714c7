//! Attribute handles: the constants of a type, from which conditions and changes are made.

use askama::Template;

use super::field::{FieldView, Handle};
use super::layout::assignment;

/// The handles of a type.
#[derive(Template)]
#[template(path = "rust/handles.rs.jinja", escape = "none")]
pub(super) struct Handles {
    name: String,
    /// What the handles are for.
    uses: &'static str,
    allowed: Option<String>,
    constants: Vec<HandleConstant>,
}

struct HandleConstant {
    docs: Vec<String>,
    declaration: String,
}

impl Handles {
    pub fn new(name: &str, uses: &'static str, allowed: Option<String>, fields: &[FieldView]) -> Self {
        let constants = fields.iter().filter(|field| field.handle != Handle::None).map(|field| {
            let public = if field.handle == Handle::Public { "pub " } else { "" };
            let left = format!(
                "{public}const {}: {}",
                field.constant,
                handle_type("Self", field, field.role.as_deref())
            );
            let head = format!("dynamorm::Attribute::new({})", field.attribute);
            HandleConstant {
                docs: field.docs.clone(),
                declaration: assignment(4, &left, &head, &handle_calls(field)),
            }
        });
        Handles { name: name.to_owned(), uses, allowed, constants: constants.collect() }
    }

    /// The same, and further ones: each its documentation and its declaration.
    pub fn and(mut self, others: Vec<(Vec<String>, String)>) -> Self {
        let others = others.into_iter().map(|(docs, declaration)| HandleConstant { docs, declaration });
        self.constants.extend(others);
        self
    }
}

/// The type of a field's handle on items of `model`.
pub(super) fn handle_type(model: &str, field: &FieldView, role: Option<&str>) -> String {
    let role = role.map_or(String::new(), |role| format!(", {role}"));
    format!("dynamorm::Attribute<{model}, {}{role}>", field.kind)
}

/// What a handle is told of its field: rules, bounds and the declared default.
pub(super) fn handle_calls(field: &FieldView) -> Vec<String> {
    let call =
        |name: &str, argument: Option<&String>| argument.map(|argument| format!(".{name}({argument})"));
    let also_read = (!field.also_read.is_empty()).then(|| format!("&[{}]", field.also_read.join(", ")));
    let calls = [
        call("also_read", also_read.as_ref()),
        call("checked", field.rules.of_value.as_ref()),
        call("bounded", field.rules.bounds.as_ref()),
        call("elements", field.rules.of_elements.as_ref()),
        call("defaulted", field.read_default().map(|default| &default.function)),
    ];
    calls.into_iter().flatten().collect()
}
