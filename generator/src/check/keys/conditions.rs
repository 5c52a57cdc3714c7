//! Conditions of index entries: which fields they compare, and with what.

use crate::catalog::{Comparison, Field, Generated, Kind, Literal, Test};
use crate::check::TableCheck;
use crate::check::resolved::Schema;
use crate::check::values::literals::literal;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{ComparisonExpression, ConditionExpression, Spanned, TestExpression};

/// The comparisons of a condition; what is wrong with one is reported.
pub(in crate::check) fn check(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    condition: &ConditionExpression,
) -> Vec<Comparison> {
    let mut found: Vec<Comparison> = Vec::new();
    for expression in &condition.comparisons {
        let Some(comparison) = comparison(cx, schema, expression) else { continue };
        if found.iter().any(|known| known.excludes(&comparison)) {
            let name = &expression.field;
            cx.report(
                Diagnostic::new(Code::IndexCondition, format!("{} can never be so", quoted(&name.value)))
                    .at(name.span, "excludes what was said before")
                    .help("give the model an entry of the index for each case: `index.gsi1 = [{ when = … }, { when = … }]`"),
            );
        } else if !found.contains(&comparison) {
            found.push(comparison);
        }
    }
    found
}

fn comparison(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    expression: &ComparisonExpression,
) -> Option<Comparison> {
    let name = &expression.field;
    let found = schema.fields.iter().enumerate().find_map(|(number, checked)| {
        let is_named = checked.declaration.name.value == name.value;
        let field = checked.field.as_ref()?;
        (is_named || field.name == name.value).then_some((number, field))
    });
    let Some((number, field)) = found else {
        if schema.is_readable() {
            cx.report(unknown(schema, name));
        }
        return None;
    };
    let mut refuse = |message: String, label: &str, help: &str| {
        cx.report(Diagnostic::new(Code::IndexCondition, message).at(name.span, label).help(help));
    };
    if field.generated.is_some_and(Generated::is_managed) {
        refuse(
            format!("{} is written by the runtime", quoted(&name.value)),
            "compared here",
            "compare fields that the application writes",
        );
        return None;
    }
    let (value, test): (_, fn(Literal) -> Test) = match &expression.test {
        TestExpression::Present(span) | TestExpression::Absent(span) if !field.optional => {
            cx.report(
                Diagnostic::new(Code::IndexCondition, format!("{} is always there", quoted(&name.value)))
                    .at(*span, "the field is not optional")
                    .help("make it optional by `?`, or compare it with a value"),
            );
            return None;
        }
        TestExpression::Present(_) => return Some(Comparison { field: number, test: Test::Present }),
        TestExpression::Absent(_) => return Some(Comparison { field: number, test: Test::Absent }),
        TestExpression::Equals(value) => (value, Test::Equals),
        TestExpression::Differs(value) => (value, Test::Differs),
    };
    if field.optional {
        refuse(
            format!("{} can be absent, which is no value", quoted(&name.value)),
            "an optional field",
            "ask whether it `is present` or `is absent`, or give the field a default and no `?`",
        );
        return None;
    }
    if !is_comparable(schema, field) {
        refuse(
            format!(
                "{} cannot be compared: its type is {}",
                quoted(&name.value),
                quoted(&field.kind.describe())
            ),
            "compared here",
            "compare text, integers, a `bool` or an enum without fields",
        );
        return None;
    }
    match literal(schema.names, &field.kind, value, Code::IndexCondition) {
        Ok(literal) => Some(Comparison { field: number, test: test(literal) }),
        Err(findings) => {
            cx.report_all(findings);
            None
        }
    }
}

/// Whether every write knows whether a field of this kind equals a value.
fn is_comparable(schema: &Schema<'_>, field: &Field) -> bool {
    match &field.kind {
        Kind::Text | Kind::Bool | Kind::Integer(_) => true,
        Kind::Enumeration(_) => schema.names.stored_variants(&field.kind).is_some(),
        Kind::Float(_)
        | Kind::Decimal
        | Kind::Bytes
        | Kind::Timestamp(_)
        | Kind::Date
        | Kind::Uuid
        | Kind::Ulid
        | Kind::Json
        | Kind::Set(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Structure(_)
        | Kind::Foreign(_) => false,
    }
}

fn unknown(schema: &Schema<'_>, name: &Spanned<String>) -> Diagnostic {
    let names = schema.fields.iter().map(|field| field.declaration.name.value.as_str());
    let model = quoted(&schema.name().value);
    let help = did_you_mean(&name.value, names).unwrap_or_else(|| {
        format!("compare a field of {model} itself, not one within it or of another item")
    });
    Diagnostic::new(Code::IndexCondition, format!("{model} has no field {}", quoted(&name.value)))
        .at(name.span, "not in the model's schema")
        .help(help)
}
