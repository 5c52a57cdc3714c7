//! Defaults: literals that their field accepts, and expressions apart from them.

use super::declared::Declared;
use super::{literals, rust, satisfaction, storable};
use crate::catalog::{Default, Kind, Rule};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::manifest::FieldDeclaration;

pub(super) fn check(
    declared: &Declared<'_>,
    field: &FieldDeclaration,
    kind: &Kind,
    rules: &[Rule],
    findings: &mut Findings,
) -> Option<Default> {
    if let (Some(literal), Some(expression)) = (&field.default, &field.default_expression) {
        findings.push(
            Diagnostic::new(Code::DefaultTwice, "a field has one default")
                .at(expression.span, "an expression here")
                .and(literal.span, "a literal here")
                .help("keep one of them"),
        );
    }
    if let (Some(on_read), None) = (&field.on_read, &field.default_expression) {
        findings.push(
            Diagnostic::new(Code::OnReadAlone, "`on_read` says when a default expression is evaluated")
                .at(on_read.span, "there is no `default_expression`")
                .help(
                    "remove it: a literal `default` is always given to an attribute that is missing on read",
                ),
        );
    }
    if let (Some(on_read), Kind::Set(_)) = (field.on_read.as_ref().filter(|flag| flag.value), kind) {
        findings.push(
            Diagnostic::new(Code::OnReadAlone, "the default of a set is for building alone")
                .at(on_read.span, "a missing set is read as empty")
                .help("remove it: an empty set is stored as no attribute, and must be read back as empty"),
        );
    }
    if let Some(expression) = &field.default_expression {
        let place = format!("{}.default_expression", field.place);
        let rust = rust::expression(expression, &place, findings)?;
        return Some(Default::Expression {
            rust,
            on_read: field.on_read.as_ref().is_some_and(|flag| flag.value),
        });
    }
    let value = field.default.as_ref()?;
    let literal = match literals::literal(declared, kind, value, Code::DefaultType) {
        Ok(literal) => literal,
        Err(misfits) => {
            findings.extend(misfits);
            return None;
        }
    };
    for (place, reason) in storable::faults(kind, value) {
        findings.push(
            Diagnostic::new(Code::DefaultRefused, "a default is refused by every write")
                .at(place, reason)
                .help("choose a default that can be stored"),
        );
    }
    if let Some(reason) = rules.iter().find_map(|rule| satisfaction::refusal(rule, kind, &literal)) {
        findings.push(
            Diagnostic::new(Code::DefaultRefused, "a default is refused by its field's own rule")
                .at(value.span, reason)
                .help("choose a default that the rule accepts"),
        );
    }
    Some(Default::Literal(literal))
}
