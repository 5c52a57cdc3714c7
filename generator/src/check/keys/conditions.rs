//! Conditions of index entries: which fields they look at, and what they compare them with.

use crate::catalog::{Condition, EnumerationForm, Field, Generated, Kind, Literal, Test};
use crate::check::TableCheck;
use crate::check::resolved::Schema;
use crate::check::values::literals::literal;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{ConditionExpression, ConditionNode, Spanned, TestExpression, Value};

/// What a condition says; nothing where something is wrong with it, which is reported.
pub(in crate::check) fn check(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    condition: &ConditionExpression,
) -> Option<Condition> {
    node(cx, schema, condition.root.as_ref()?)
}

fn node(cx: &mut TableCheck<'_, '_>, schema: &Schema<'_>, expression: &ConditionNode) -> Option<Condition> {
    let mut each = |nodes: &[ConditionNode]| {
        // Everything that is wrong is reported, not only what comes first.
        let conditions: Vec<_> = nodes.iter().map(|one| node(cx, schema, one)).collect();
        conditions.into_iter().collect::<Option<Vec<_>>>()
    };
    match expression {
        ConditionNode::All(nodes) => Condition::all(each(nodes)?),
        ConditionNode::Any(nodes) => Condition::any(each(nodes)?),
        ConditionNode::Not(inner) => node(cx, schema, inner).map(|condition| condition.negated()),
        ConditionNode::Test(name, expression) => {
            let (field, test) = test(cx, schema, name, expression)?;
            Some(Condition::Field { field, test })
        }
    }
}

fn test(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &Spanned<String>,
    expression: &TestExpression,
) -> Option<(usize, Test)> {
    let found = schema.fields.iter().position(|checked| {
        checked.declaration.name.value == name.value
            || checked.field.as_ref().is_some_and(|field| field.name == name.value)
    });
    let Some(number) = found else {
        if schema.is_readable() {
            cx.report(unknown(schema, name));
        }
        return None;
    };
    let field = schema.fields[number].field.as_ref()?;
    let shown = quoted(&name.value);
    if field.generated.is_some_and(Generated::is_managed) {
        cx.report(
            Diagnostic::new(
                Code::IndexCondition,
                format!("no condition looks at {shown}, which every write changes"),
            )
            .at(name.span, "written by the runtime")
            .help("look at a field that the application writes"),
        );
        return None;
    }
    match expression {
        TestExpression::IsTrue if *field.kind.of_values() != Kind::Bool => {
            let help = match field.optional {
                true => format!("ask whether it has a value: `{} is present`", name.value),
                false => format!("compare it: `{} = 'open'`", name.value),
            };
            cx.report(
                Diagnostic::new(
                    Code::IndexCondition,
                    format!("{shown} is no `bool`, and is compared with nothing"),
                )
                .at(name.span, format!("its type is {}", quoted(&field.kind.describe())))
                .help(help),
            );
            None
        }
        TestExpression::IsTrue => Some((number, Test::In(vec![Literal::Bool(true)]))),
        TestExpression::Present(span) | TestExpression::Absent(span) => {
            let is_set = matches!(field.kind.of_values(), Kind::Set(_));
            let problem = if is_set {
                Some(("is a set, and an empty set is stored as none", "look at another field"))
            } else if !field.optional {
                Some(("is always there", "make it optional by `?`, or compare it with a value"))
            } else {
                None
            };
            if let Some((problem, help)) = problem {
                cx.report(
                    Diagnostic::new(Code::IndexCondition, format!("{shown} {problem}"))
                        .at(*span, "asks whether it has a value")
                        .help(help),
                );
                return None;
            }
            let is_present = matches!(expression, TestExpression::Present(_));
            Some((number, if is_present { Test::Present } else { Test::Absent }))
        }
        TestExpression::In(values) => {
            Some((number, Test::In(self::values(cx, schema, name, field, values)?)))
        }
        TestExpression::NotIn(values) => {
            Some((number, Test::NotIn(self::values(cx, schema, name, field, values)?)))
        }
    }
}

/// What a field is compared with.
fn values(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &Spanned<String>,
    field: &Field,
    values: &[Spanned<Value>],
) -> Option<Vec<Literal>> {
    if !is_comparable(schema, field) {
        cx.report(
            Diagnostic::new(
                Code::IndexCondition,
                format!(
                    "{} is compared, and its type is {}",
                    quoted(&name.value),
                    quoted(&field.kind.describe())
                ),
            )
            .at(name.span, "no literal stands for its values")
            .help("compare text, integers, a `bool` or an enum without fields"),
        );
        return None;
    }
    let mut literals: Vec<Literal> = Vec::new();
    for value in values {
        // The stored form of a variant may be digits.
        let value = match (field.kind.of_values(), &value.value) {
            (Kind::Enumeration(_), Value::Integer { digits, .. }) => {
                &Spanned { value: Value::Text(digits.clone()), span: value.span }
            }
            _ => value,
        };
        match literal(schema.names, &field.kind, value, Code::IndexCondition) {
            Ok(known) if literals.contains(&known) => {}
            Ok(known) => literals.push(known),
            Err(findings) => {
                let help = format!("compare it with values of its type, {}", quoted(&field.kind.describe()));
                cx.report_all(findings.into_iter().map(|finding| match finding.help.is_empty() {
                    true => finding.help(help.as_str()),
                    false => finding,
                }));
                return None;
            }
        }
    }
    Some(literals)
}

/// Whether a literal stands for every value of a field's kind.
fn is_comparable(schema: &Schema<'_>, field: &Field) -> bool {
    match field.kind.of_values() {
        Kind::Text | Kind::Bool | Kind::Integer(_) => true,
        Kind::Enumeration(name) => schema
            .names
            .enumeration_by_rust_name(name)
            .is_some_and(|known| matches!(known.form, EnumerationForm::Text | EnumerationForm::Number)),
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
        | Kind::Foreign(_)
        | Kind::Coded(..)
        | Kind::Formed(..) => false,
    }
}

/// How many values a field has, where they are few.
pub(in crate::check) fn count(schema: &Schema<'_>, field: &Field) -> Option<usize> {
    let kind = field.kind.of_values();
    if let Kind::Enumeration(name) = kind {
        return schema.names.enumeration_by_rust_name(name).map(|known| known.variants.len());
    }
    (*kind == Kind::Bool).then_some(2)
}

fn unknown(schema: &Schema<'_>, name: &Spanned<String>) -> Diagnostic {
    let names = schema.fields.iter().map(|field| field.declaration.name.value.as_str());
    let model = quoted(&schema.name().value);
    let help = did_you_mean(&name.value, names).unwrap_or_else(|| {
        format!("look at a field of {model} itself, not one within it or of another item")
    });
    Diagnostic::new(Code::IndexCondition, format!("{model} has no field {}", quoted(&name.value)))
        .at(name.span, "not in the model's schema")
        .help(help)
}
