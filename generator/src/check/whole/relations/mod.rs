//! Relations: whether the declared keys lead from an item to those of another model, and back.

mod mapping;
mod rules;

use crate::catalog::{Field, Reach, Relation, RelationKind};
use crate::check::WholeCheck;
use crate::check::names::relation_function;
use crate::check::whole::side::Side;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, listed, quoted};
use crate::manifest::{RelationDeclaration, Spanned};
use mapping::Mapping;
use rules::{
    check_adjacency, check_create, check_fillable, check_holds, check_plain, check_required, check_whole_key,
    holds, index, leading_key,
};

/// The relations of each model, by its number: those that it declares and those that lead back to it.
type Found = Vec<Vec<Relation>>;

/// Resolves all relations, except those of models with errors.
pub(super) fn resolve(cx: &mut WholeCheck<'_, '_>) -> Found {
    let models = &cx.known.models;
    let mut relations: Found = models.iter().map(|_| Vec::new()).collect();
    for model in models {
        for declaration in model.schema.declaration.relations {
            relate(cx, model.schema.number, declaration, &mut relations);
        }
    }
    for found in &mut relations {
        found.sort_by(|a, b| a.name.cmp(&b.name));
    }
    relations
}

fn relate(
    cx: &mut WholeCheck<'_, '_>,
    number: usize,
    declaration: &RelationDeclaration,
    relations: &mut Found,
) {
    let related = declaration.model.as_ref().and_then(|name| model(cx, name));
    let through = declaration.through.as_ref().and_then(|name| model(cx, name));
    let Some(kind) = &declaration.kind else { return };
    check_settings(cx, declaration, kind);
    let function = relation_function(cx, number, &declaration.name, kind.value, false);
    let back = match (related, &declaration.back) {
        (Some(related), Some(back)) => Some((back, relation_function(cx, related, back, kind.value, true))),
        _ => None,
    };
    let side = |number| Side::new(cx.known, number);
    let (Some(this), Some(other)) = (side(number), related.and_then(side)) else { return };
    let through = through.and_then(side);
    let relation = Relating { declaration, this, other, function, back };
    match kind.value {
        RelationKind::OneToOne => relation.one_to_one(cx, relations),
        RelationKind::OneToMany => relation.one_to_many(cx, relations),
        RelationKind::ManyToOne => relation.many_to_one(cx, relations),
        RelationKind::ManyToMany => {
            if let Some(through) = through {
                relation.many_to_many(cx, &through, relations);
            }
        }
    }
}

/// The number of a model among those declared.
fn model(cx: &mut WholeCheck<'_, '_>, name: &Spanned<String>) -> Option<usize> {
    let found = cx.known.model(&name.value);
    if found.is_none() {
        let known = cx.known.models.iter().map(|model| model.schema.name().value.as_str());
        cx.report(
            Diagnostic::new(Code::UnknownRelated, format!("unknown model {}", quoted(&name.value)))
                .at(name.span, "not declared")
                .help(did_you_mean(&name.value, known).unwrap_or_else(|| {
                    "declare it: `[model.<name>]` with its `table` and `schema`".to_owned()
                })),
        );
    }
    found
}

/// Reports settings that the kind does not have, and those that it lacks.
fn check_settings(
    cx: &mut WholeCheck<'_, '_>,
    declaration: &RelationDeclaration,
    kind: &Spanned<RelationKind>,
) {
    use RelationKind::{ManyToMany, ManyToOne, OneToMany, OneToOne};
    let many_to_many = kind.value == ManyToMany;
    let settings = [
        ("through", declaration.through.as_ref().map(|one| one.span), many_to_many, "many-to-many relations"),
        (
            "other_keys",
            declaration.other_keys.as_ref().map(|one| one.span),
            many_to_many,
            "many-to-many relations",
        ),
        (
            "index",
            declaration.index.as_ref().map(|one| one.span),
            matches!(kind.value, OneToOne | OneToMany | ManyToMany),
            "relations that are read by a query: many-to-one leads by the primary key",
        ),
        (
            "back_index",
            declaration.back_index.as_ref().map(|one| one.span),
            matches!(kind.value, ManyToOne | ManyToMany),
            "relations from many items, whose back reference reads it",
        ),
        (
            "create",
            declaration.create.as_ref().map(|one| one.span),
            kind.value == OneToOne && declaration.index.is_none(),
            "one-to-one relations by the primary key",
        ),
    ];
    for (name, span, applies, whose) in settings {
        if let Some(span) = span.filter(|_| !applies) {
            cx.report(
                Diagnostic::new(Code::RelationSetting, format!("`{name}` does not apply here"))
                    .at(span, format!("belongs to {whose}"))
                    .and(kind.span, "the relation's kind")
                    .help("remove it, or change the kind"),
            );
        }
    }
    if let (Some(index), None) = (&declaration.back_index, &declaration.back) {
        cx.report(
            Diagnostic::new(Code::RelationSetting, "`back_index` stands without `back`")
                .at(index.span, "nothing reads it")
                .help("name the back reference too: `back = \"…\"`"),
        );
    }
    if many_to_many {
        let lacking = [
            (
                "through",
                declaration.through.is_none(),
                "name the model whose items link the two: `through = \"…\"`",
            ),
            (
                "other_keys",
                declaration.other_keys.is_none(),
                "say which of its fields holds what of the related model",
            ),
        ];
        for (name, is_missing, help) in lacking {
            if is_missing {
                cx.report(
                    Diagnostic::new(Code::MissingKey, format!("the many-to-many relation has no `{name}`"))
                        .at(declaration.name.span, format!("`{name}` is missing"))
                        .help(help),
                );
            }
        }
    }
}

/// A declared relation between two models without errors.
struct Relating<'a> {
    declaration: &'a RelationDeclaration,
    this: Side<'a>,
    other: Side<'a>,
    /// `None` if the name is wrong.
    function: Option<String>,
    back: Option<(&'a Spanned<String>, Option<String>)>,
}

impl Relating<'_> {
    fn one_to_one(&self, cx: &mut WholeCheck<'_, '_>, relations: &mut Found) {
        // An index may hold any number of items of one key, so it is queried.
        if self.declaration.index.is_some() {
            return self.one_to_many(cx, relations);
        }
        let Some(mapping) = self.mapping(cx, &self.other, &self.this) else { return };
        let key = self.other.primary_key();
        let mut is_clear = check_whole_key(cx, &mapping, &key, &self.other);
        is_clear &= check_required(cx, &mapping, &self.this);
        let create = self.declaration.create.as_ref().filter(|create| create.value);
        if let Some(create) = create {
            is_clear &= check_create(cx, &mapping, &self.other, create.span);
        }
        if is_clear {
            let reach = Reach::Partner { key: mapping.forward(&key), create: create.is_some() };
            self.add(relations, reach);
            self.add_one_back(cx, &mapping, relations);
        }
    }

    fn one_to_many(&self, cx: &mut WholeCheck<'_, '_>, relations: &mut Found) {
        let Some(mapping) = self.mapping(cx, &self.other, &self.this) else { return };
        let Some(index) = index(cx, self.declaration.index.as_ref(), &self.other) else { return };
        let Some(key) = leading_key(cx, &mapping, &self.other, index) else { return };
        self.add(relations, Reach::Many { index, key: mapping.forward(&key) });
        self.add_one_back(cx, &mapping, relations);
    }

    /// The way back from an item to the one whose keys it holds.
    fn add_one_back(&self, cx: &mut WholeCheck<'_, '_>, mapping: &Mapping<'_>, relations: &mut Found) {
        let Some((back, function)) = &self.back else { return };
        let key = self.this.primary_key();
        let held = mapping.backward(&key);
        if held.len() != key.len() {
            let is_held = |field: &&&Field| held.iter().any(|given| given.field == field.name);
            let missing: Vec<_> =
                key.iter().filter(|field| !is_held(field)).map(|field| field.name.as_str()).collect();
            cx.report(
                Diagnostic::new(
                    Code::RelationBack,
                    format!("{} does not hold the whole key of {}", self.other.name(), self.this.name()),
                )
                .at(back.span, format!("cannot be found without {}", listed(missing)))
                .and(mapping.span, "what it holds")
                .help("let `keys` give every field of the primary key, or remove `back`"),
            );
            return;
        }
        if !check_fillable(cx, mapping, false, back.span) {
            return;
        }
        if let Some(function) = function {
            relations[self.other.number].push(Relation {
                name: function.clone(),
                doc: None,
                model: self.this.rust_name(),
                reach: Reach::One { key: held, own: mapping.all_forward() },
            });
        }
    }

    fn many_to_one(&self, cx: &mut WholeCheck<'_, '_>, relations: &mut Found) {
        let Some(mapping) = self.mapping(cx, &self.other, &self.this) else { return };
        let key = self.other.primary_key();
        if !check_whole_key(cx, &mapping, &key, &self.other)
            || !check_fillable(cx, &mapping, true, mapping.span)
        {
            return;
        }
        self.add(relations, Reach::One { key: mapping.forward(&key), own: mapping.all_backward() });
        let Some((back, function)) = &self.back else { return };
        let Some(index) = index(cx, self.declaration.back_index.as_ref(), &self.this) else { return };
        let (partition, sort) = self.this.key(index);
        let held = mapping.all_backward();
        let is_held = |field: &&Field| held.iter().any(|given| given.field == field.name);
        let leading: Vec<_> = sort.into_iter().take_while(|field| is_held(field)).collect();
        let lacking: Vec<_> =
            partition.iter().filter(|field| !is_held(field)).map(|field| field.name.as_str()).collect();
        let key: Vec<_> = partition.iter().copied().chain(leading).collect();
        let unused: Vec<_> = held
            .iter()
            .filter(|given| !key.iter().any(|field| field.name == given.field))
            .map(|given| given.field.as_str())
            .collect();
        let place = if index.is_some() { "its index" } else { "its table" };
        let reason = match (lacking.as_slice(), unused.as_slice()) {
            ([], []) => None,
            ([], unused) => Some(format!("{place} is not keyed by {}", listed(unused.iter().copied()))),
            (lacking, _) => Some(format!("{place} is keyed by {} too", listed(lacking.iter().copied()))),
        };
        if let Some(reason) = reason {
            cx.report(
                Diagnostic::new(
                    Code::RelationBack,
                    format!("{} cannot be queried by what it holds of {}", self.this.name(), self.other.name()),
                )
                .at(back.span, reason)
                .and(mapping.span, "what it holds")
                .help("name an index whose partition key these fields are: `back_index = \"…\"`; or remove `back`"),
            );
            return;
        }
        if let Some(function) = function {
            relations[self.other.number].push(Relation {
                name: function.clone(),
                doc: None,
                model: self.this.rust_name(),
                reach: Reach::Many { index, key: mapping.backward(&key) },
            });
        }
    }

    fn many_to_many(&self, cx: &mut WholeCheck<'_, '_>, through: &Side<'_>, relations: &mut Found) {
        let ours = self.mapping(cx, through, &self.this);
        let Some(declaration) = &self.declaration.other_keys else { return };
        let theirs = Mapping::new(cx, declaration, through, &self.other);
        let (Some(ours), Some(theirs)) = (ours, theirs) else { return };
        let mut is_clear = true;
        for (mapping, side) in [(&ours, &self.this), (&theirs, &self.other)] {
            is_clear &= check_plain(cx, mapping);
            is_clear &= check_required(cx, mapping, side);
            is_clear &= check_holds(cx, mapping, side, through);
        }
        is_clear &= check_adjacency(cx, &ours, &theirs, through);
        if !is_clear {
            return;
        }
        let forward =
            Direction { declaration: self.declaration.index.as_ref(), through, from: &ours, to: &theirs };
        if let Some(reach) = forward.reach(cx, &self.other) {
            self.add(relations, reach);
        }
        let Some((_, function)) = &self.back else { return };
        let backward = Direction {
            declaration: self.declaration.back_index.as_ref(),
            through,
            from: &theirs,
            to: &ours,
        };
        if let (Some(reach), Some(function)) = (backward.reach(cx, &self.this), function) {
            relations[self.other.number].push(Relation {
                name: function.clone(),
                doc: None,
                model: self.this.rust_name(),
                reach,
            });
        }
    }

    fn mapping<'s>(
        &self,
        cx: &mut WholeCheck<'_, '_>,
        key_side: &Side<'s>,
        other: &Side<'s>,
    ) -> Option<Mapping<'s>> {
        Mapping::new(cx, self.declaration.keys.as_ref()?, key_side, other)
    }

    fn add(&self, relations: &mut Found, reach: Reach) {
        if let Some(function) = &self.function {
            relations[self.this.number].push(Relation {
                name: function.clone(),
                doc: self.declaration.doc.clone(),
                model: self.other.rust_name(),
                reach,
            });
        }
    }
}

/// One direction through an adjacency.
struct Direction<'a> {
    declaration: Option<&'a Spanned<String>>,
    through: &'a Side<'a>,
    from: &'a Mapping<'a>,
    to: &'a Mapping<'a>,
}

impl Direction<'_> {
    fn reach(&self, cx: &mut WholeCheck<'_, '_>, to: &Side<'_>) -> Option<Reach> {
        let index = index(cx, self.declaration, self.through)?;
        let key = leading_key(cx, self.from, self.through, index)?;
        if let (Some(index), Some(declared)) =
            (index.and_then(|index| self.through.table.indexes.get(index)), self.declaration)
        {
            let lacks = |field: &&Field| !holds(self.through.table, index, &field.attribute);
            let keys: Vec<_> = self.to.entries.iter().map(|entry| entry.key).filter(lacks).collect();
            if !keys.is_empty() {
                cx.report(
                    Diagnostic::new(
                        Code::RelationIndex,
                        format!("the index {} does not hold the key of {}", quoted(&index.name), to.name()),
                    )
                    .at(
                        declared.span,
                        format!("lacks {}", listed(keys.iter().map(|field| field.name.as_str()))),
                    )
                    .help("let its projection include them"),
                );
                return None;
            }
        }
        Some(Reach::Through {
            adjacency: self.through.rust_name(),
            index,
            key: self.from.forward(&key),
            other: self.to.backward(&to.primary_key()),
            from_this: self.from.all_forward(),
            from_other: self.to.all_forward(),
        })
    }
}
