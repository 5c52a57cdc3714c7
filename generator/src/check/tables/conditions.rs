//! Entries of indexes by condition: what must hold of an item that is in an index, and by which of several entries it is in it.

use super::indexes::{Member, template_of};
use crate::catalog::{Composition, Condition, Generated, KeySource, Literal, Template, Test};
use crate::check::TableCheck;
use crate::check::keys;
use crate::check::resolved::Schema;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::ModelIndexDeclaration;

/// Values of the fields that conditions look at: so many combinations are tried at the most.
const MOST_WORLDS: usize = 20_000;

/// Notes the conditions of entries with the attributes that are composed for the index alone.
pub(super) fn apply(cx: &mut TableCheck<'_, '_>, members: &mut [Member<'_>]) {
    for member in &mut *members {
        let Some(expression) = member.own.and_then(|own| own.when.as_ref()) else { continue };
        let Some(condition) = keys::conditions(cx, member.schema, expression) else { continue };
        let (schema, table_key) = (member.schema, member.table_key);
        let mut decides = false;
        let mut is_whole = false;
        for source in member.partition_key.iter_mut().chain(&mut member.sort_key) {
            is_whole = true;
            let KeySource::Template(template) = source else { continue };
            let is_own =
                table_key.iter().filter_map(template_of).any(|own| own.attribute == template.attribute);
            // Every write rewrites what is made of its moment, and knows nothing else.
            if !is_own && !is_stamped(schema, template) {
                template.when = Some(condition.clone());
                decides = true;
            }
        }
        if is_whole && !decides {
            cx.report(
                Diagnostic::new(
                    Code::IndexCondition,
                    "the condition decides about no attribute of the index",
                )
                .at(expression.span, "every item has all of them")
                .help(
                    "compose an attribute that is for this index alone: `partition_key = \"OPEN#{owner}\"`",
                ),
            );
        }
        member.when = Some(condition);
    }
}

/// Whether a key is made of the moment of every write.
fn is_stamped(schema: &Schema<'_>, template: &Template) -> bool {
    template.parts.iter().any(|part| {
        let field = schema.fields.get(part.field).and_then(|checked| checked.field.as_ref());
        field.is_some_and(|field| field.generated == Some(Generated::Updated))
    })
}

/// Reports entries by which no item is in the index or every one, and those whose queries would read each other's items.
pub(super) fn check_cases(cx: &mut TableCheck<'_, '_>, members: &[Member<'_>]) {
    for (at, member) in members.iter().enumerate() {
        let Some(own) = member.own else { continue };
        let before: Vec<_> = members[..at].iter().filter(|other| other.number == member.number).collect();
        // What could not be read has been reported.
        if before
            .iter()
            .chain([&member])
            .any(|one| one.own.is_some_and(|own| own.when.is_some()) != one.when.is_some())
        {
            continue;
        }
        check_reached(cx, member, own, &before);
        for other in before {
            let Some(first) = other.own else { continue };
            check_stamped(cx, (member, own), (other, first));
            for (one, another, entry) in [(member, other, own), (other, member, first)] {
                let keys = |one: &'_ Member<'_>| (one.partition_key.clone(), one.sort_key.clone());
                let ((partition, sort), (other_partition, other_sort)) = (keys(one), keys(another));
                let overlap = keys::overlap(
                    (one.schema, &partition, &sort),
                    (another.schema, &other_partition, &other_sort),
                );
                if let Some(key) = overlap {
                    let key: Vec<_> = key.iter().map(|text| format!("{text:?}")).collect();
                    cx.report(
                        Diagnostic::new(
                            Code::IndexCases,
                            format!("the query of one entry would read items of another: {}", key.join(", ")),
                        )
                        .at(place(entry), "the query of this one")
                        .and(place(if std::ptr::eq(entry, own) { first } else { own }), "an item of this one")
                        .help("let their keys begin differently, or join the two conditions by `or`"),
                    );
                    break;
                }
            }
        }
    }
}

/// Where an entry is told from others.
fn place(entry: &ModelIndexDeclaration) -> Span {
    let when = entry.when.as_ref().map(|when| when.span);
    when.or(entry.function.as_ref().map(|name| name.span)).unwrap_or(entry.key.span)
}

/// Reports an entry by which no item is in the index, and a condition that holds of every item.
fn check_reached(
    cx: &mut TableCheck<'_, '_>,
    member: &Member<'_>,
    own: &ModelIndexDeclaration,
    before: &[&Member<'_>],
) {
    let earlier: Vec<_> = before.iter().map(|other| other.when.as_ref()).collect();
    let templates: Vec<_> =
        member.partition_key.iter().chain(&member.sort_key).filter_map(template_of).collect();
    let conditions = earlier.iter().copied().chain([member.when.as_ref()]).flatten();
    let Some(worlds) = Worlds::of(member.schema, conditions) else { return };
    let holds = |when: Option<&Condition>, world: &World<'_>| when.is_none_or(|when| world.holds(when));
    let is_left = |world: &World<'_>| !earlier.iter().any(|when| holds(*when, world));
    let own_holds = |world: &World<'_>| holds(member.when.as_ref(), world);
    let all = || worlds.iter();
    let is_made = |world: &World<'_>| {
        let mut parts = templates.iter().flat_map(|template| &template.parts);
        !parts.any(|part| world.is_absent(part.field))
    };
    if let Some(when) = &own.when
        && !all().any(|world| own_holds(&world))
    {
        cx.report(
            Diagnostic::new(Code::UselessCondition, "the condition never holds")
                .at(when.span, "no item is in the index by this")
                .help("correct it, or remove the entry"),
        );
    } else if !all().any(|world| own_holds(&world) && is_left(&world)) {
        let mut finding =
            Diagnostic::new(Code::UselessCondition, "no item is left for this entry of the index")
                .at(place(own), "never reached: the first entry that holds is the one")
                .help("put it before the others, or remove it");
        if let Some(first) = before.iter().find_map(|other| other.own) {
            finding = finding.and(place(first), "before it");
        }
        cx.report(finding);
    } else if !all().any(|world| own_holds(&world) && is_left(&world) && is_made(&world)) {
        cx.report(
            Diagnostic::new(
                Code::UselessCondition,
                "the key is made of a field that has no value where the condition holds",
            )
            .at(place(own), "no item is in the index by this")
            .help("leave the field out of the key, or out of the condition"),
        );
    } else if let Some(when) = &own.when
        && all().all(|world| own_holds(&world))
    {
        cx.report(
            Diagnostic::new(Code::UselessCondition, "the condition always holds")
                .at(when.span, "every item is in the index by this")
                .help("remove the condition, or correct it"),
        );
    }
}

/// Reports an attribute that every write rewrites in one case, and that is composed otherwise in another.
fn check_stamped(
    cx: &mut TableCheck<'_, '_>,
    (member, own): (&Member<'_>, &ModelIndexDeclaration),
    (other, first): (&Member<'_>, &ModelIndexDeclaration),
) {
    fn templates<'m>(member: &'m Member<'_>) -> impl Iterator<Item = &'m Template> {
        member.partition_key.iter().chain(&member.sort_key).filter_map(template_of)
    }
    for template in templates(member) {
        let Some(theirs) = templates(other).find(|theirs| theirs.attribute == template.attribute) else {
            continue;
        };
        let is_either = is_stamped(member.schema, template) || is_stamped(other.schema, theirs);
        if is_either && !theirs.is_composed_as(template) {
            cx.report(
                Diagnostic::new(
                    Code::IndexCases,
                    format!(
                        "every write rewrites {}, and does not know by which entry",
                        quoted(&template.attribute)
                    ),
                )
                .at(place(own), "composed otherwise here")
                .and(place(first), "than here")
                .help("compose it alike in both, and let the other attribute of the index tell them apart"),
            );
        }
    }
}

/// Whether two ways to make an attribute are one, over all entries of an index.
pub(super) fn are_alike(one: &[&Template], other: &[&Template]) -> bool {
    let cases = |templates: &[&Template]| {
        let mut templates = templates.iter();
        let mut all = templates.next().map(|first| Composition::of(first));
        if let Some(all) = &mut all {
            templates.for_each(|template| all.add(template));
        }
        all.map(|all| {
            all.cases
                .into_iter()
                .map(|(when, text)| (when, text.begin.clone(), text.parts.clone()))
                .collect::<Vec<_>>()
        })
    };
    cases(one) == cases(other)
}

/// What the fields can be that conditions look at.
struct Worlds<'c> {
    fields: Vec<(usize, Vec<Seen<'c>>)>,
    count: usize,
}

/// The value of a field, as far as conditions tell it from others.
#[derive(Clone, Copy, PartialEq)]
enum Seen<'c> {
    Absent,
    Value(&'c Literal),
    /// One that no condition names.
    Another,
}

/// A value of each field that conditions look at.
struct World<'w>(Vec<(usize, Seen<'w>)>);

impl<'c> Worlds<'c> {
    /// Nothing where they are too many to try them all.
    fn of(schema: &Schema<'_>, conditions: impl Iterator<Item = &'c Condition>) -> Option<Self> {
        let mut fields: Vec<(usize, Vec<Seen<'c>>)> = Vec::new();
        for condition in conditions {
            condition.visit_values(&mut |number, values: &'c [Literal]| {
                let at = fields.iter().position(|(known, _)| *known == number).unwrap_or_else(|| {
                    fields.push((number, Vec::new()));
                    fields.len() - 1
                });
                for value in values {
                    let seen = Seen::Value(value);
                    if !fields[at].1.contains(&seen) {
                        fields[at].1.push(seen);
                    }
                }
            });
        }
        let mut count = 1usize;
        for (number, seen) in &mut fields {
            let field = schema.fields.get(*number)?.field.as_ref()?;
            if keys::count_of_values(schema, field).is_none_or(|count| seen.len() < count) {
                seen.push(Seen::Another);
            }
            if field.optional {
                seen.push(Seen::Absent);
            }
            count = count.checked_mul(seen.len()).filter(|count| *count <= MOST_WORLDS)?;
        }
        Some(Worlds { fields, count })
    }

    fn iter(&self) -> impl Iterator<Item = World<'_>> {
        (0..self.count).map(|mut number| {
            let mut world = Vec::with_capacity(self.fields.len());
            for (field, seen) in &self.fields {
                world.push((*field, seen[number % seen.len()]));
                number /= seen.len();
            }
            World(world)
        })
    }
}

impl World<'_> {
    fn seen(&self, field: usize) -> Option<Seen<'_>> {
        self.0.iter().find(|(known, _)| *known == field).map(|(_, seen)| *seen)
    }

    fn is_absent(&self, field: usize) -> bool {
        self.seen(field) == Some(Seen::Absent)
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(all) => all.iter().all(|one| self.holds(one)),
            Condition::Any(any) => any.iter().any(|one| self.holds(one)),
            Condition::Field { field, test } => {
                let seen = self.seen(*field);
                let is_in =
                    |values: &[Literal]| matches!(seen, Some(Seen::Value(value)) if values.contains(value));
                match test {
                    Test::In(values) => is_in(values),
                    Test::NotIn(values) => !is_in(values),
                    Test::Present => seen != Some(Seen::Absent),
                    Test::Absent => seen == Some(Seen::Absent),
                }
            }
        }
    }
}
