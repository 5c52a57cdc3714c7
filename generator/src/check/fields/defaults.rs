//! Defaults: literals that their field accepts, or expressions.

use crate::catalog::{Default, Kind, Rule};
use crate::check::FieldsCheck;
use crate::check::values::{literals, rust, satisfaction, storable};
use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::FieldDeclaration;

pub(in crate::check) fn check(
    cx: &mut FieldsCheck<'_, '_>,
    field: &FieldDeclaration,
    kind: &Kind,
    rules: &[Rule],
) -> Option<Default> {
    if let (Some(literal), Some(expression)) = (&field.default, &field.default_expression) {
        cx.report(
            Diagnostic::new(Code::DefaultTwice, "a field has one default")
                .at(expression.span, "an expression here")
                .and(literal.span, "a literal here")
                .help("keep one of them"),
        );
    }
    if let (Some(on_read), None) = (&field.on_read, &field.default_expression) {
        cx.report(
            Diagnostic::new(Code::OnReadAlone, "`on_read` says when a default expression is evaluated")
                .at(on_read.span, "there is no `default_expression`")
                .help(
                    "remove it: a literal `default` is always given to an attribute that is missing on read",
                ),
        );
    }
    if let (Some(on_read), Kind::Set(_)) = (field.on_read.as_ref().filter(|flag| flag.value), kind) {
        cx.report(
            Diagnostic::new(Code::OnReadAlone, "the default of a set is for building alone")
                .at(on_read.span, "a missing set is read as empty")
                .help("remove it: an empty set is stored as no attribute, and must be read back as empty"),
        );
    }
    if let Some(expression) = &field.default_expression {
        let place = format!("{}.default_expression", field.place);
        let rust = cx.sound(rust::expression(expression, &place))?;
        return Some(Default::Expression {
            rust,
            on_read: field.on_read.as_ref().is_some_and(|flag| flag.value),
        });
    }
    let value = field.default.as_ref()?;
    let literal = match literals::literal(cx.known, kind, value, Code::DefaultType) {
        Ok(literal) => literal,
        Err(misfits) => {
            cx.report_all(misfits);
            return None;
        }
    };
    for (place, reason) in storable::faults(kind, value) {
        cx.report(
            Diagnostic::new(Code::DefaultRefused, "a default is refused by every write")
                .at(place, reason)
                .help("choose a default that can be stored"),
        );
    }
    if let Some(reason) = rules.iter().find_map(|rule| satisfaction::refusal(rule, kind, &literal)) {
        cx.report(
            Diagnostic::new(Code::DefaultRefused, "a default is refused by its field's own rule")
                .at(value.span, reason)
                .help("choose a default that the rule accepts"),
        );
    }
    Some(Default::Literal(literal))
}
