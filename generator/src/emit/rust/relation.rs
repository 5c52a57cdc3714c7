//! Relations: the functions that follow them, fill keys, and link items.

use askama::Template;

use super::builder::Builder;
use super::kind::Kinds;
use super::layout::list;
use super::query::{Function, QueryWriter};
use super::related::{FilledField, RelatedValues, RelationForm};
use super::text::{declared_doc_lines, doc_lines};
use crate::catalog::{Catalog, Field, Given, Model, Reach, Relation};

/// The relations of a model, by their kinds.
#[derive(Template)]
#[template(path = "rust/relations.rs.jinja", escape = "none")]
pub(super) struct RelationFunctions {
    name: String,
    /// Functions that return an operation.
    followed: Vec<Function>,
    /// Functions that fill this model's own key from a related item.
    set: Vec<KeySetter>,
    partners: Vec<PartnerFunctions>,
    through: Vec<LinkFunctions>,
    /// The beginning of the builder's `impl`, if relations set fields of it.
    builder: Option<String>,
}

/// Functions that fill fields from a related item, on the model and on its builder.
struct KeySetter {
    name: String,
    /// The related type.
    related: String,
    fields: Vec<FilledField>,
    /// The return type: nothing, or a result if a value may not fit.
    returns: &'static str,
    /// The last lines of a function that can fail.
    end: Option<&'static str>,
    /// The return type of the function on the builder, and the builder itself.
    builder_returns: String,
    builder: String,
}

/// A one-to-one relation to an item that belongs to this one.
struct PartnerFunctions {
    name: String,
    related: String,
    /// The partner's key, of `this`.
    key: String,
    /// The partner's fields, filled from `this`.
    fields: Vec<FilledField>,
    /// The return type of the function that fills the fields, and its end if it can fail.
    returns: &'static str,
    end: Option<&'static str>,
    /// The operator that propagates a failure to compose the partner's key.
    propagate: &'static str,
    /// The type that contains the partner.
    slot: String,
    /// The setters of the builder that makes a missing partner of `self`, if one may be made.
    new: Option<String>,
}

/// A many-to-many relation.
struct LinkFunctions {
    name: String,
    related: String,
    adjacency: String,
    /// The documentation of a link.
    docs: String,
    /// The result of linking: a put, or a builder if more fields are required.
    link_returns: String,
    link: String,
    /// The adjacency's key, of `self` and `related`.
    unlink_key: String,
}

impl RelationFunctions {
    /// The relations of a model, if it has any. `builder` is the model's.
    pub fn new(catalog: &Catalog, model: &Model, builder: &Builder) -> Option<Self> {
        let mut relations = RelationFunctions {
            name: model.name.clone(),
            followed: Vec::new(),
            set: Vec::new(),
            partners: Vec::new(),
            through: Vec::new(),
            builder: None,
        };
        for relation in &model.relations {
            relations.add(&RelationWriter {
                catalog,
                model,
                relation,
                values: RelatedValues { kinds: Kinds::new(catalog, &model.name) },
            });
        }
        let RelationFunctions { followed, set, partners, through, .. } = &relations;
        let is_empty = followed.is_empty() && partners.is_empty() && through.is_empty();
        relations.builder = (!set.is_empty()).then(|| builder.implementation.clone());
        (!is_empty).then_some(relations)
    }

    fn add(&mut self, writer: &RelationWriter<'_>) {
        let Some(related) = writer.find(&writer.relation.model) else { return };
        match &writer.relation.reach {
            Reach::One { key, own } => {
                self.followed.push(writer.get(related, key));
                self.set.push(writer.set(related, own));
            }
            Reach::Partner { key, create } => {
                self.followed.push(writer.get(related, key));
                self.partners.push(writer.partner(related, key, *create));
            }
            Reach::Many { index, key } => self.followed.push(writer.many(related, *index, key)),
            Reach::Through { adjacency, index, key, other, from_this, from_other } => {
                let Some(adjacency) = writer.find(adjacency) else { return };
                self.followed.push(writer.through(related, adjacency, *index, key, other));
                self.through.push(writer.links(related, adjacency, from_this, from_other));
            }
        }
    }
}

/// Writes one relation of a model.
struct RelationWriter<'a> {
    catalog: &'a Catalog,
    model: &'a Model,
    relation: &'a Relation,
    values: RelatedValues<'a>,
}

impl<'a> RelationWriter<'a> {
    fn find(&self, name: &str) -> Option<&'a Model> {
        self.catalog.models.iter().find(|model| model.name == name)
    }

    fn queries(&self, model: &'a Model) -> QueryWriter<'a> {
        QueryWriter::new(model, &self.catalog.tables[model.table], self.values.kinds)
    }

    /// A function that follows the relation. `docs` is used if no documentation is declared.
    fn followed(&self, docs: String, returns: String, body: String) -> Function {
        Function {
            docs: match &self.relation.doc {
                Some(declared) => declared_doc_lines(Some(declared)),
                None => doc_lines(&docs),
            },
            signature: format!("pub fn {}(&self) -> {returns} {{", self.relation.name),
            body: vec![body],
        }
    }

    fn get(&self, related: &Model, key: &[Given]) -> Function {
        let form = RelationForm::of(self.model, key);
        let key = self.values.key(related, self.model, "self", key);
        self.followed(
            format!("Reads the `{}` of this item, by its key.", related.name),
            form.returns(&self.values.kinds, &format!("dynamorm::Get<super::{}>", related.name)),
            form.body(&format!("dynamorm::Get::new({key})")),
        )
    }

    fn many(&self, related: &'a Model, index: Option<usize>, key: &[Given]) -> Function {
        let form = RelationForm::of(self.model, key);
        let (query, returns, _) = self.query(related, index, key);
        self.followed(
            format!("Queries the `{}` items of this one.", related.name),
            form.returns(&self.values.kinds, &returns),
            form.body(&query),
        )
    }

    fn set(&self, related: &Model, own: &[Given]) -> KeySetter {
        let is_given = |field: &Field| own.iter().any(|given| given.field == field.name);
        let form = RelationForm::of(related, own);
        let name = &self.model.name;
        let returned = format!("{name}Builder{}", builder_parameters(self.model, &is_given, true));
        KeySetter {
            name: self.relation.name.clone(),
            related: format!("super::{}", related.name),
            fields: self.values.filled(self.model, related, "related", own),
            returns: form.returns_nothing(),
            end: form.end(),
            builder_returns: form.fallible("dynamorm::Result<", &returned, ">"),
            builder: form.fallible("Ok(", &format!("{name}Builder(self.0)"), ")"),
        }
    }

    fn partner(&self, related: &Model, key: &[Given], create: bool) -> PartnerFunctions {
        let partner = format!("dynamorm::Partner<super::{}>", related.name);
        let form = RelationForm::of(self.model, key);
        PartnerFunctions {
            name: self.relation.name.clone(),
            related: format!("super::{}", related.name),
            key: self.values.key(related, self.model, "this", key),
            fields: self.values.filled(related, self.model, "this", key),
            returns: form.returns_nothing(),
            end: form.end(),
            propagate: if form == RelationForm::Fallible { "?" } else { "" },
            slot: if create { partner } else { self.values.kinds.optional(true, partner) },
            new: create.then(|| self.values.setters(related, self.model, "self", key)),
        }
    }

    fn through(
        &self,
        related: &Model,
        adjacency: &'a Model,
        index: Option<usize>,
        key: &[Given],
        other: &[Given],
    ) -> Function {
        let (query, _, types) = self.query(adjacency, index, key);
        let other = self.values.key(related, adjacency, "link", other);
        let docs = format!(
            "Reads the `{}` items that are linked to this one through `{}`.",
            related.name, adjacency.name
        );
        let (record, source) = types;
        let parts = [query, format!("|link: &{record}| {other}")];
        self.followed(
            docs,
            format!("dynamorm::Through<{record}, dynamorm::{source}, super::{}>", related.name),
            list(8, "dynamorm::Through::new(", &parts, ")"),
        )
    }

    fn links(
        &self,
        related: &Model,
        adjacency: &'a Model,
        from_this: &[Given],
        from_other: &[Given],
    ) -> LinkFunctions {
        let given = |name: &str| from_this.iter().chain(from_other).any(|given| given.field == name);
        let is_complete = adjacency.fields.iter().all(|field| !field.is_required() || given(&field.name));
        let builder = format!(
            "super::{}::builder(){}{}",
            adjacency.name,
            self.values.setters(adjacency, self.model, "self", from_this),
            self.values.setters(adjacency, related, "related", from_other),
        );
        let parameters = builder_parameters(adjacency, &|field| given(&field.name), false);
        let queries = self.queries(adjacency);
        let parts = queries.primary_key_fields().into_iter().filter_map(|field| {
            let from = |givens: &[Given]| givens.iter().find(|given| given.field == field.name).cloned();
            match (from(from_this), from(from_other)) {
                (Some(given), _) => Some(self.values.argument(adjacency, self.model, "self", &given)),
                (None, Some(given)) => Some(self.values.argument(adjacency, related, "related", &given)),
                (None, None) => None,
            }
        });
        let parts: Vec<_> = parts.collect();
        let (relation, model) = (&self.relation.name, &adjacency.name);
        LinkFunctions {
            docs: if is_complete {
                format!(
                    "/// Links `related` to this item in relation `{relation}`: puts an item of `super::{model}`."
                )
            } else {
                format!(
                    "/// Begins the item of `super::{model}` that links `related` to this item in relation `{relation}`."
                )
            },
            name: relation.clone(),
            related: format!("super::{}", related.name),
            adjacency: format!("super::{}", adjacency.name),
            link_returns: if is_complete {
                format!("dynamorm::Put<super::{}>", adjacency.name)
            } else {
                format!("super::{}Builder{parameters}", adjacency.name)
            },
            link: if is_complete { format!("dynamorm::Put::built({builder}.build())") } else { builder },
            unlink_key: format!("super::{}Key::new({})", adjacency.name, parts.join(", ")),
        }
    }

    /// A query of a model's table or index, with its type, its record and its source.
    fn query(
        &self,
        model: &'a Model,
        index: Option<usize>,
        key: &[Given],
    ) -> (String, String, (String, &'static str)) {
        queried(&self.queries(model), &self.values, model, (self.model, "self"), index, key)
    }
}

/// A query of a model's table or index by fields of an item of `source`, which is called `from`; its type, and what it reads from
/// where.
pub(super) fn queried(
    queries: &QueryWriter<'_>,
    values: &RelatedValues<'_>,
    model: &Model,
    (source, from): (&Model, &str),
    index: Option<usize>,
    key: &[Given],
) -> (String, String, (String, &'static str)) {
    let query = queries.query_of(index, "super::");
    let mut arguments = key.iter().map(|given| values.argument(model, source, from, given));
    let partition: Vec<_> = arguments.by_ref().take(query.partition.len()).collect();
    let mut text = format!("super::{}::{}({})", model.name, query.name, partition.join(", "));
    text.push_str(query.all_shards);
    let mut sorted = 0;
    for (stage, argument) in query.stages.iter().zip(arguments) {
        text.push_str(&format!(".{}().eq({argument})", stage.method));
        sorted += 1;
    }
    let returns = query.stages.get(sorted).map_or(query.complete, |stage| stage.query.clone());
    (text, returns, (query.record, query.source))
}

/// The type parameters of a model's builder once some fields are given. Those of other fields are still open, or say "not given".
fn builder_parameters(model: &Model, is_given: &dyn Fn(&Field) -> bool, others_are_open: bool) -> String {
    let parameters = model.fields.iter().filter(|field| field.is_required()).map(|field| {
        match (is_given(field), others_are_open) {
            (true, _) => "true".to_owned(),
            (false, true) => super::field::parameter(field),
            (false, false) => "false".to_owned(),
        }
    });
    let parameters: Vec<_> = parameters.collect();
    if parameters.is_empty() { String::new() } else { format!("<{}>", parameters.join(", ")) }
}
