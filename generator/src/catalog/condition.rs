//! Conditions of index entries: what must hold of an item that is in an index by one.

use super::{Literal, Template};

/// What must hold of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Field {
        /// An index into [`Model::fields`](super::Model::fields).
        field: usize,
        test: Test,
    },
    /// All of these hold: two at least.
    All(Vec<Condition>),
    /// One of these holds: two at least.
    Any(Vec<Condition>),
}

/// What a condition says of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is one of these texts, integers, bools or variants. One that has no value is none of them.
    In(Vec<Literal>),
    /// It is none of them, or has no value.
    NotIn(Vec<Literal>),
    /// It has a value.
    Present,
    /// It has none.
    Absent,
}

impl Condition {
    /// The fields that it looks at, each once.
    pub fn fields(&self) -> Vec<usize> {
        let mut fields = Vec::new();
        self.visit_values(&mut |field, _| {
            if !fields.contains(&field) {
                fields.push(field);
            }
        });
        fields
    }

    /// Gives the field of every test to a function, and what it is compared with.
    pub fn visit_values<'c>(&'c self, each: &mut dyn FnMut(usize, &'c [Literal])) {
        match self {
            Condition::Field { field, test: Test::In(values) | Test::NotIn(values) } => each(*field, values),
            Condition::Field { field, test: Test::Present | Test::Absent } => each(*field, &[]),
            Condition::All(all) | Condition::Any(all) => all.iter().for_each(|one| one.visit_values(each)),
        }
    }

    /// What holds where this does not.
    pub fn negated(&self) -> Condition {
        match self {
            Condition::Field { field, test } => Condition::Field {
                field: *field,
                test: match test {
                    Test::In(values) => Test::NotIn(values.clone()),
                    Test::NotIn(values) => Test::In(values.clone()),
                    Test::Present => Test::Absent,
                    Test::Absent => Test::Present,
                },
            },
            Condition::All(all) => Condition::Any(all.iter().map(Condition::negated).collect()),
            Condition::Any(all) => Condition::All(all.iter().map(Condition::negated).collect()),
        }
    }

    /// The condition as declarations have it, by the names of fields, with the Rust names of variants.
    pub fn shown<'n>(&self, name: &dyn Fn(usize) -> &'n str) -> String {
        self.text(name, &|_, value| match value {
            Literal::Text(text) | Literal::Variant(text) => quoted(text),
            Literal::Bool(flag) => flag.to_string(),
            Literal::Integer(digits) => digits.clone(),
            other => format!("{other:?}"),
        })
    }

    /// The condition as declarations have it; `value` gives what a field is compared with.
    pub fn text<'n>(
        &self,
        name: &dyn Fn(usize) -> &'n str,
        value: &dyn Fn(usize, &Literal) -> String,
    ) -> String {
        let within = |one: &Condition| match one {
            Condition::Any(_) => format!("({})", one.text(name, value)),
            Condition::Field { .. } | Condition::All(_) => one.text(name, value),
        };
        match self {
            Condition::All(all) => all.iter().map(within).collect::<Vec<_>>().join(" and "),
            Condition::Any(any) => {
                any.iter().map(|one| one.text(name, value)).collect::<Vec<_>>().join(" or ")
            }
            Condition::Field { field, test } => {
                let (values, [one, several]) = match test {
                    Test::Present => return format!("{} is present", name(*field)),
                    Test::Absent => return format!("{} is absent", name(*field)),
                    Test::In(values) => (values, ["=", "in"]),
                    Test::NotIn(values) => (values, ["!=", "not in"]),
                };
                let shown: Vec<_> = values.iter().map(|known| value(*field, known)).collect();
                match shown.as_slice() {
                    [only] => format!("{} {one} {only}", name(*field)),
                    all => format!("{} {several} ({})", name(*field), all.join(", ")),
                }
            }
        }
    }

    /// That all of these hold; nothing where there are none.
    pub fn all(conditions: impl IntoIterator<Item = Condition>) -> Option<Condition> {
        let mut all = Vec::new();
        for condition in conditions {
            match condition {
                Condition::All(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Condition::All(all)),
        }
    }

    /// That one of these holds; nothing where there are none.
    pub fn any(conditions: impl IntoIterator<Item = Condition>) -> Option<Condition> {
        Condition::all(conditions.into_iter().map(|one| one.negated())).map(|none| none.negated())
    }
}

/// How an attribute is composed: by the first of these whose condition holds of an item. Where none does, or a field of that one has no
/// value, an item does not have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition<'a> {
    /// Its stored name.
    pub attribute: &'a str,
    /// Never empty. Only the last may be without a condition.
    pub cases: Vec<(Option<Condition>, &'a Template)>,
}

impl<'a> Composition<'a> {
    /// That of one template.
    pub fn of(template: &'a Template) -> Self {
        Composition { attribute: &template.attribute, cases: vec![(template.when.clone(), template)] }
    }

    /// Takes a further template for where those before it do not hold.
    pub fn add(&mut self, template: &'a Template) {
        // What is composed alike in two cases is composed where either holds.
        if let Some((when, last)) = self.cases.last_mut()
            && last.is_composed_as(template)
        {
            *when = match (when.take(), template.when.clone()) {
                (Some(own), Some(other)) => Condition::any([own, other]),
                _ => None,
            };
        } else {
            self.cases.push((template.when.clone(), template));
        }
    }

    /// Whether some items do not have it, or have it by another template.
    pub fn has_conditions(&self) -> bool {
        self.cases.iter().any(|(when, _)| when.is_some())
    }

    /// The fields that decide about it: those that it is made of, and those that its conditions look at. Each is told once.
    pub fn fields(&self) -> Vec<usize> {
        let mut fields = Vec::new();
        for (when, template) in &self.cases {
            let parts = template.parts.iter().map(|part| part.field);
            for field in parts.chain(when.iter().flat_map(Condition::fields)) {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        fields
    }
}

impl Template {
    /// Whether both make the same of one attribute, whatever their conditions are.
    pub fn is_composed_as(&self, other: &Template) -> bool {
        self.attribute == other.attribute && self.begin == other.begin && self.parts == other.parts
    }
}

/// A text as conditions have it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
