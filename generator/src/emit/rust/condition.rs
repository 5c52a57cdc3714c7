//! Keys that are composed by condition: the conditions as Rust, and the statements that compose by them.

use super::key::KeyWriter;
use super::text::literal;
use crate::catalog::{Composition, Condition, Field, Kind, Literal, Template, Test};

/// Where the value of a field stands.
pub(super) struct Place {
    pub text: String,
    /// Whether that is a reference to it.
    pub is_reference: bool,
}

/// What statements that compose keys are made of.
pub(super) struct Composing<'c> {
    /// Where the value of a field stands, which may be none.
    pub place: &'c dyn Fn(&Field) -> Place,
    /// A reference to the value of a field that has one.
    pub value: &'c dyn Fn(&Field) -> String,
    /// What begins a block in which these fields have their values, and a condition holds.
    pub given: &'c dyn Fn(&[&Field], Option<&str>) -> String,
    /// Gives an attribute a text.
    pub set: &'c dyn Fn(&str, &str) -> String,
    /// Takes an attribute from the item, where it may have it.
    pub remove: Option<&'c dyn Fn(&str) -> String>,
}

/// What must hold for an attribute to be composed by one of its templates.
struct Head<'h> {
    when: Option<&'h Condition>,
    /// The fields of the template that may have no value.
    optional: Vec<&'h Field>,
}

/// The statements that compose attributes. Those that are composed by the same conditions are composed together.
pub(super) fn statements(
    keys: &KeyWriter<'_>,
    compositions: &[Composition<'_>],
    composing: &Composing<'_>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open: Vec<&Composition<'_>> = compositions.iter().collect();
    while let Some(first) = open.first().copied() {
        let (together, others): (Vec<_>, Vec<_>) = open
            .into_iter()
            .partition(|other| other.attribute == first.attribute || are_together(keys, first, other));
        open = others;
        lines.extend(block(keys, &together, composing));
    }
    lines
}

fn are_together(keys: &KeyWriter<'_>, one: &Composition<'_>, other: &Composition<'_>) -> bool {
    let same = |(one, other): (&(_, &Template), &(_, &Template))| {
        let names =
            |template| optional(keys, template).into_iter().map(|field| &field.name).collect::<Vec<_>>();
        one.0 == other.0 && names(one.1) == names(other.1)
    };
    one.has_conditions()
        && one.cases.len() == other.cases.len()
        && one.cases.iter().zip(&other.cases).all(same)
}

fn block(keys: &KeyWriter<'_>, together: &[&Composition<'_>], composing: &Composing<'_>) -> Vec<String> {
    let Some(first) = together.first() else { return Vec::new() };
    let set = |number: usize| -> Vec<String> {
        let cases = together.iter().filter_map(|one| Some((one.attribute, one.cases.get(number)?.1)));
        let set = cases.map(|(attribute, template)| {
            (composing.set)(&literal(attribute), &keys.text(template, composing.value))
        });
        set.collect()
    };
    let remove: Vec<String> =
        together.iter().filter_map(|one| Some(composing.remove?(&literal(one.attribute)))).collect();
    let mut lines: Vec<String> = Vec::new();
    let last = first.cases.len() - 1;
    for (number, (when, template)) in first.cases.iter().enumerate() {
        let head = Head { when: when.as_ref(), optional: optional(keys, template) };
        let otherwise = if number == 0 { "" } else { "} else " };
        let condition = |when: &Condition| condition(keys, when, composing.place);
        let Some(when) = head.when.filter(|_| !head.is_presence(keys)) else {
            if !head.optional.is_empty() {
                lines.push(format!("{otherwise}{}", (composing.given)(&head.optional, None)));
                lines.extend(set(number));
                continue;
            }
            if number == 0 {
                return set(number);
            }
            lines.push("} else {".to_owned());
            lines.extend(set(number));
            lines.push("}".to_owned());
            return lines;
        };
        if head.optional.is_empty() {
            lines.push(format!("{otherwise}if {} {{", condition(when)));
            lines.extend(set(number));
        } else if number == last {
            let condition = head.besides_presence(keys).map(|when| condition(&when));
            lines.push(format!("{otherwise}{}", (composing.given)(&head.optional, condition.as_deref())));
            lines.extend(set(number));
        } else {
            // Where the condition holds and a value is missing, no other case does.
            lines.push(format!("{otherwise}if {} {{", condition(when)));
            lines.push((composing.given)(&head.optional, None));
            lines.extend(set(number));
            if !remove.is_empty() {
                lines.push("} else {".to_owned());
                lines.extend(remove.clone());
            }
            lines.push("}".to_owned());
        }
    }
    if !remove.is_empty() {
        lines.push("} else {".to_owned());
        lines.extend(remove);
    }
    lines.push("}".to_owned());
    lines
}

impl Head<'_> {
    /// Whether the condition says that the fields of the template have values, and nothing else.
    fn is_presence(&self, keys: &KeyWriter<'_>) -> bool {
        let tests = match self.when {
            Some(Condition::All(all)) => all.len(),
            Some(_) => 1,
            None => 0,
        };
        tests > 0 && tests == self.optional.len() && self.besides_presence(keys).is_none()
    }

    /// What must hold besides that the fields of the template have values.
    fn besides_presence(&self, keys: &KeyWriter<'_>) -> Option<Condition> {
        let is_presence = |condition: &Condition| match condition {
            Condition::Field { field, test: Test::Present } => {
                keys.field(*field).is_some_and(|field| self.optional.iter().any(|one| one.name == field.name))
            }
            Condition::Field { .. } | Condition::All(_) | Condition::Any(_) => false,
        };
        match self.when? {
            Condition::All(all) => Condition::all(all.iter().filter(|one| !is_presence(one)).cloned()),
            one => Some(one.clone()).filter(|one| !is_presence(one)),
        }
    }
}

/// The fields of a template that may have no value, each once.
fn optional<'a>(keys: &KeyWriter<'a>, template: &Template) -> Vec<&'a Field> {
    let mut optional: Vec<&Field> = Vec::new();
    for field in template.parts.iter().filter_map(|part| keys.field(part.field)) {
        if field.optional && optional.iter().all(|known| known.name != field.name) {
            optional.push(field);
        }
    }
    optional
}

/// A condition as an expression.
pub(super) fn condition(
    keys: &KeyWriter<'_>,
    condition: &Condition,
    place: &dyn Fn(&Field) -> Place,
) -> String {
    let within = |one: &Condition| {
        let text = self::condition(keys, one, place);
        if matches!(one, Condition::Field { .. }) { text } else { format!("({text})") }
    };
    match condition {
        Condition::All(all) => all.iter().map(within).collect::<Vec<_>>().join(" && "),
        Condition::Any(any) => any.iter().map(within).collect::<Vec<_>>().join(" || "),
        Condition::Field { field, test } => match keys.field(*field) {
            Some(field) => self::test(keys, field, test, &place(field)),
            None => String::from("false"),
        },
    }
}

fn test(keys: &KeyWriter<'_>, field: &Field, test: &Test, place: &Place) -> String {
    let Place { text, is_reference } = place;
    let (values, sign) = match test {
        Test::Present => return format!("{text}.is_some()"),
        Test::Absent => return format!("{text}.is_none()"),
        Test::In(values) => (values, ""),
        Test::NotIn(values) => (values, "!"),
    };
    let kind = field.kind.of_values();
    let is_flag = |literal: &Literal| *literal == Literal::Bool(true);
    if let ([Literal::Bool(_)], false) = (values.as_slice(), field.optional) {
        let is_plain = values.iter().all(is_flag) == sign.is_empty();
        return format!("{}{}{text}", if is_plain { "" } else { "!" }, if *is_reference { "*" } else { "" });
    }
    let patterns = values.iter().map(|value| match value {
        Literal::Text(text) => literal(text),
        Literal::Variant(variant) => format!("{}::{variant}", keys.kinds.value_type(kind, "")),
        other => keys.kinds.expression(other, kind),
    });
    let pattern = patterns.collect::<Vec<_>>().join(" | ");
    let pattern = if field.optional { format!("Some({pattern})") } else { pattern };
    let borrowed = match (kind == &Kind::Text, field.optional) {
        (false, _) => "",
        (true, false) => ".as_str()",
        (true, true) => ".as_deref()",
    };
    format!("{sign}matches!({text}{borrowed}, {pattern})")
}
