//! What of a partition a collection reads: all of it, what begins as its models' sort keys do, or from one model to another.

use super::{Member, Partition, alike_kinds, report_at};
use crate::catalog::{CollectionPart, Field, KeyForm, KeySource, Template, TemplatePart, TextForm, UpTo};
use crate::check::WholeCheck;
use crate::check::keys::{Language, composed, language};
use crate::check::resolved::Resolved;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{CollectionDeclaration, PartDeclaration, Spanned};

/// A part of a partition, and the sort keys that stand in it: what lies before it and behind it is no part of it.
pub(super) struct Part {
    pub part: CollectionPart,
    /// The texts that a sort key in it can be: those that all of these have in common.
    pub within: Vec<Language>,
    /// What it is called in findings.
    pub shown: String,
}

/// The part that a collection reads; nothing where something is wrong with it, which is reported.
pub(super) fn resolve(
    cx: &mut WholeCheck<'_, '_>,
    declaration: &CollectionDeclaration,
    index: Option<usize>,
    members: &[Member<'_>],
) -> Option<Part> {
    let resolved = cx.known;
    let keys: Vec<_> =
        members.iter().filter_map(|member| Partition::of(resolved, member.number, index)).collect();
    let templates: Vec<_> = members
        .iter()
        .zip(&keys)
        .filter_map(|(member, key)| Some((member, key, key.sort_template()?)))
        .collect();
    let Some(declared) = &declaration.part else {
        let templates: Vec<_> =
            templates.iter().map(|(member, _, template)| (member.number, *template)).collect();
        let all = if templates.len() == members.len() { templates.as_slice() } else { &[] };
        return Some(beginning(resolved, all));
    };
    if templates.len() < members.len() {
        cx.report(
            Diagnostic::new(Code::CollectionPart, "a part of a partition needs sort keys that are composed")
                .at(declared.span, "goes from model to model")
                .help("compose the sort key of each model, `sort_key = \"ORDER#{number}\"`, or remove this"),
        );
        return None;
    }
    if declared.from.is_none() && declared.up_to.is_none() {
        cx.report(
            Diagnostic::new(Code::CollectionPart, "a part of a partition begins or ends with a model")
                .at(declared.span, "names none")
                .help("name one: `sort_key = { from = \"Project\" }`, or `up_to`, or both"),
        );
        return None;
    }
    let first = keys.first()?;
    let bound = |cx: &mut WholeCheck<'_, '_>,
                 name: &Option<Spanned<String>>|
     -> Option<Option<(usize, Template, bool)>> {
        let Some(name) = name else { return Some(None) };
        let Some(place) = members.iter().position(|member| member.name == name.value) else {
            let known = members.iter().map(|member| member.name);
            cx.report(
                Diagnostic::new(
                    Code::CollectionPart,
                    format!("{} is not a model of the collection", quoted(&name.value)),
                )
                .at(name.span, "begins or ends the part")
                .help(
                    did_you_mean(&name.value, known)
                        .unwrap_or_else(|| String::from("name one of its models, or add this one to them")),
                ),
            );
            return None;
        };
        let (text, is_whole) = known(first, &keys[place]);
        Some(Some((place, text, is_whole)))
    };
    let from = bound(cx, &declared.from);
    let up_to = bound(cx, &declared.up_to);
    let (from, up_to) = (from?, up_to?);
    let texts = |(_, text, _): &(usize, Template, bool)| {
        // The values are those of the first model's fields.
        let schema = &resolved.models[members[0].number].schema;
        language(schema, &KeySource::Template(text.clone()))
    };
    let mut within = Vec::new();
    let mut outside = Vec::new();
    if let Some(bound) = &from {
        within.push(texts(bound).on());
        outside.push(texts(bound).before());
    }
    if let Some(bound) = &up_to {
        let all = texts(bound);
        let (last, behind) = match bound.2 {
            true => (all.up_to(), all.behind_or_longer()),
            false => (all.open().up_to(), all.behind()),
        };
        within.push(last);
        outside.push(behind);
    }
    let bounds: Vec<usize> = from.iter().chain(&up_to).map(|(place, ..)| *place).collect();
    let mut is_sound = true;
    for (place, member) in members.iter().enumerate().filter(|(place, _)| !bounds.contains(place)) {
        let schema = &resolved.models[member.number].schema;
        let own = language(schema, keys[place].sort?);
        if let Some(key) = outside.iter().find_map(|outside| outside.shared(&own)) {
            cx.report(outside_of(declared, member, keys[place].sort_name(), &key));
            is_sound = false;
        }
    }
    let part = CollectionPart::Between {
        from: from.map(|(_, text, _)| text),
        up_to: up_to.map(|(_, text, is_whole)| UpTo { text, is_whole }),
    };
    is_sound.then(|| Part { part, within, shown: shown(declared) })
}

fn shown(declared: &PartDeclaration) -> String {
    let from = declared.from.as_ref().map(|name| format!("from {}", quoted(&name.value)));
    let up_to = declared.up_to.as_ref().map(|name| format!("up to {}", quoted(&name.value)));
    let bounds: Vec<_> = from.into_iter().chain(up_to).collect();
    format!("reads its partitions {}", bounds.join(" "))
}

fn outside_of(declared: &PartDeclaration, member: &Member<'_>, attribute: &str, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::CollectionPart,
        format!("items of {} stand outside of what is read: {attribute} = {key:?}", quoted(member.name)),
    )
    .at(member.span, "would be left out")
    .and(declared.span, "the part that is read")
    .help("leave the model out, or let the part begin or end with it")
}

/// What the partition tells of a model's sort key, by the fields of the first model, and whether that is all of it.
fn known(first: &Partition<'_>, other: &Partition<'_>) -> (Template, bool) {
    let Some(template) = other.sort_template() else {
        return (
            Template { attribute: String::new(), begin: String::new(), parts: Vec::new(), when: None },
            false,
        );
    };
    let fields: Vec<(usize, usize)> = other.fields().into_iter().zip(first.fields()).collect();
    let told = |part: &TemplatePart| {
        let (_, field) = fields.iter().find(|(field, _)| *field == part.field)?;
        Some(TemplatePart { field: *field, ..part.clone() })
    };
    let parts: Vec<_> = template.parts.iter().map_while(told).collect();
    let is_whole = parts.len() == template.parts.len();
    (Template { parts, ..template.clone() }, is_whole)
}

/// The beginning that the sort keys of all models have in common, by the fields of the first.
fn beginning(resolved: &Resolved<'_>, templates: &[(usize, &Template)]) -> Part {
    let whole = || Part {
        part: CollectionPart::Whole,
        within: Vec::new(),
        shown: "reads whole partitions".to_owned(),
    };
    let Some(((first, own), others)) = templates.split_first() else { return whole() };
    let begin = others.iter().fold(own.begin.as_str(), |so_far, (_, other)| common(so_far, &other.begin));
    let mut common_parts =
        Template { attribute: own.attribute.clone(), begin: begin.to_owned(), parts: Vec::new(), when: None };
    let are_begun_alike = templates.iter().all(|(_, template)| template.begin == begin);
    for number in 0..if are_begun_alike { own.parts.len() } else { 0 } {
        let part = &own.parts[number];
        let mut literals = Vec::new();
        for (model, other) in others {
            let Some(other) = other.parts.get(number) else { break };
            let (own, theirs) = ((*first, part.field), (*model, other.field));
            if other.form == part.form && alike_kinds(resolved, own, theirs) {
                literals.push(other.literal.as_str());
            }
        }
        if literals.len() < others.len() {
            break;
        }
        let literal = literals.iter().fold(part.literal.as_str(), |so_far, other| common(so_far, other));
        // Whatever follows, a value of one width ends by itself, and any other at the character behind it.
        let ends = ends_by_itself(resolved, *first, part) || !literal.is_empty();
        if part.form == KeyForm::LastText || !ends {
            break;
        }
        let are_same = literals.iter().all(|other| *other == part.literal);
        common_parts.parts.push(TemplatePart { literal: literal.to_owned(), ..part.clone() });
        if !are_same {
            break;
        }
    }
    if common_parts.begin.is_empty() && common_parts.parts.is_empty() {
        return whole();
    }
    let schema = &resolved.models[*first].schema;
    let text = Language::new().then(&common_parts.begin);
    let text =
        common_parts.parts.iter().fold(text, |text, part| composed(schema, text, part).then(&part.literal));
    let names = common_parts.parts.iter().filter_map(|part| field(resolved, *first, part.field));
    let shown: String =
        names.zip(&common_parts.parts).fold(common_parts.begin.clone(), |shown, (field, part)| {
            format!("{shown}{{{}}}{}", field.name, part.literal)
        });
    Part {
        part: CollectionPart::Beginning(KeySource::Template(common_parts)),
        within: vec![text.open()],
        shown: format!("reads what begins with {}", quoted(&shown)),
    }
}

fn ends_by_itself(resolved: &Resolved<'_>, model: usize, part: &TemplatePart) -> bool {
    let facts = || Some(field(resolved, model, part.field)?.kind.facts(resolved.names));
    part.form.width().is_some()
        || part.form == KeyForm::Stored
            && facts().is_some_and(|facts| matches!(facts.texts, TextForm::Form(_)))
}

fn field<'r>(resolved: &'r Resolved<'_>, model: usize, field: usize) -> Option<&'r Field> {
    resolved.models.get(model)?.schema.fields.get(field)?.field.as_ref()
}

/// What two texts begin with.
fn common<'t>(one: &'t str, other: &str) -> &'t str {
    let same = one.char_indices().zip(other.chars()).find(|((_, own), theirs)| own != theirs);
    let length = same.map_or(one.len().min(other.len()), |((at, _), _)| at);
    &one[..length]
}

/// The finding that items of another model stand within what is read.
pub(super) fn stranger(
    declaration: &CollectionDeclaration,
    part: &Part,
    stranger: &Spanned<String>,
    key: &str,
) -> Diagnostic {
    let name = quoted(&stranger.value);
    match &declaration.part {
        Some(declared) => Diagnostic::new(
            Code::CollectionPart,
            format!("items of {name} can stand within what is read: {key}"),
        )
        .at(declared.span, part.shown.clone())
        .and(stranger.span, "may have items in them")
        .help("name the model too, let the part begin or end with another, or let an attribute name the models: `type_attribute = \"_type\"` on the table"),
        None => report_at(
            declaration.name.span,
            format!("items of {name} can stand among those of the collection: {key}"),
            part.shown.clone(),
            format!(
                "name the model too, read a part of the partition, `sort_key = {{ from = {:?} }}`, or let an attribute name the models: `type_attribute = \"_type\"` on the table",
                declaration.models.first().map_or("Project", |first| &first.value)
            ),
        )
        .and(stranger.span, "may have items in them"),
    }
}
