//! Entries of indexes by condition: what must hold of an item that is in an index, and which of several entries it is in by.

use super::indexes::{Member, template_of};
use crate::catalog::{Comparison, KeySource, Test};
use crate::check::TableCheck;
use crate::check::keys;
use crate::diagnostic::{Code, Diagnostic, quoted};

/// Notes the conditions of entries with the attributes that are composed for the index alone.
pub(super) fn apply(cx: &mut TableCheck<'_, '_>, members: &mut [Member<'_>]) {
    for member in members {
        let Some(when) = member.own.and_then(|own| own.when.as_ref()) else { continue };
        let comparisons = keys::conditions(cx, member.schema, when);
        let table_key = member.table_key;
        let is_own = |attribute: &str| {
            !table_key.iter().filter_map(template_of).any(|template| template.attribute == attribute)
        };
        let (mut has_any, mut never) = (false, None);
        for source in member.partition_key.iter_mut().chain(&mut member.sort_key) {
            let KeySource::Template(template) = source else { continue };
            if is_own(&template.attribute) {
                let is_part = |one: &&Comparison| template.parts.iter().any(|part| part.field == one.field);
                let absent = comparisons.iter().filter(|one| one.test == Test::Absent);
                never = never.or(absent.clone().find(is_part).map(|one| one.field));
                template.when.clone_from(&comparisons);
                has_any = true;
            }
        }
        if let Some(field) = never {
            let name = &member.schema.fields[field].declaration.name;
            cx.report(
                Diagnostic::new(
                    Code::IndexCondition,
                    format!("the key is made of {}, which is absent", quoted(&name.value)),
                )
                .at(when.span, "no item can be in the index")
                .help("leave the field out of the key, or out of the condition"),
            );
        }
        if !has_any && !(member.partition_key.is_empty() && member.sort_key.is_empty()) {
            let example = "compose an attribute of the index that is no part of the table's key: `partition_key = \"OPEN#{owner}\"`";
            cx.report(
                Diagnostic::new(Code::IndexCondition, "no attribute of the index is composed for it alone")
                    .at(when.span, "would decide about nothing")
                    .help(example),
            );
        }
    }
}

/// Reports entries of one model that an item could be in by at once, and those whose queries would read each other's items.
pub(super) fn check_cases(cx: &mut TableCheck<'_, '_>, members: &[Member<'_>]) {
    for (at, member) in members.iter().enumerate() {
        for other in members[..at].iter().filter(|other| other.number == member.number) {
            let (Some(own), Some(first)) = (member.own, other.own) else { continue };
            let place = |entry: &crate::manifest::ModelIndexDeclaration| {
                let named = entry.when.as_ref().map(|when| when.span);
                named.or(entry.function.as_ref().map(|name| name.span)).unwrap_or(entry.key.span)
            };
            let templates = |member: &Member<'_>| {
                let sources = member.partition_key.iter().chain(&member.sort_key);
                sources.filter_map(template_of).find(|one| !one.when.is_empty()).cloned()
            };
            let are_apart = match (templates(member), templates(other)) {
                (Some(own), Some(theirs)) => own.excludes(&theirs),
                _ => false,
            };
            if !are_apart {
                cx.report(
                    Diagnostic::new(Code::IndexCases, "an item could be in the index by both entries")
                        .at(place(own), "holds beside the other")
                        .and(place(first), "this one")
                        .help(
                            "let one field tell them apart: `when = \"is_fork = true\"` and `when = \"is_fork = false\"`",
                        ),
                );
                continue;
            }
            for (one, another, entry) in [(member, other, own), (other, member, first)] {
                let (own, theirs) = (
                    (one.schema, one.partition_key.as_slice(), one.sort_key.as_slice()),
                    (another.schema, another.partition_key.as_slice(), another.sort_key.as_slice()),
                );
                if let Some(key) = keys::overlap(own, theirs) {
                    cx.report(
                        Diagnostic::new(
                            Code::IndexCases,
                            format!(
                                "the query of one entry reads items of the other: {}",
                                key.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
                            ),
                        )
                        .at(place(entry), "the query of this one")
                        .help("let their keys begin differently"),
                    );
                    break;
                }
            }
        }
    }
}
