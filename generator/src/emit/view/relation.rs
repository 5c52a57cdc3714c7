//! Relations: the functions that follow them, fill keys, and link items.

use super::kind::Kinds;
use super::model::Names;
use crate::catalog::{Catalog, Field, Given, GivenValue, Model, Reach, Relation};
use crate::emit::text::{doc_lines, literal};

/// The relations of a model, by where they lead.
#[derive(Default)]
pub(in crate::emit) struct RelationsView {
    /// Functions that give an operation.
    pub followed: Vec<FollowedView>,
    /// What fills this model's own key from a related item.
    pub set: Vec<SetView>,
    pub partners: Vec<PartnerView>,
    pub through: Vec<ThroughView>,
}

/// A function that follows a relation.
pub(in crate::emit) struct FollowedView {
    pub name: String,
    pub docs: Vec<String>,
    pub returns: String,
    pub body: String,
}

/// Functions that fill fields from a related item, on the model and on its builder.
pub(in crate::emit) struct SetView {
    pub name: String,
    /// The related type.
    pub related: String,
    pub fields: Vec<FilledView>,
    /// Whether a value may not fit, so that the functions can fail.
    pub fallible: bool,
    /// The builder behind it.
    pub builder: String,
}

/// A field, and the expression that fills it from `related`.
pub(in crate::emit) struct FilledView {
    pub identifier: String,
    pub value: String,
}

/// A one-to-one relation to an item that belongs to this one.
pub(in crate::emit) struct PartnerView {
    pub name: String,
    pub related: String,
    /// The partner's key, of `this`.
    pub key: String,
    /// The partner's fields, filled from `this`.
    pub fields: Vec<FilledView>,
    pub fallible: bool,
    /// The type in which the partner is kept.
    pub slot: String,
    /// The setters of the builder that makes a missing partner of `self`.
    pub new: Option<String>,
}

/// A many-to-many relation.
pub(in crate::emit) struct ThroughView {
    pub name: String,
    pub related: String,
    pub adjacency: String,
    /// What a link makes: a put, or a builder where more is to be given.
    pub link_returns: String,
    pub link: String,
    /// The adjacency's key, of `self` and `related`.
    pub unlink_key: String,
    pub is_complete: bool,
}

impl RelationsView {
    pub fn new(catalog: &Catalog, model: &Model) -> Self {
        let mut view = RelationsView::default();
        for relation in &model.relations {
            view.add(&Writer { catalog, model, relation, kinds: Kinds::new(catalog, &model.name) });
        }
        view
    }

    pub fn is_empty(&self) -> bool {
        self.followed.is_empty() && self.partners.is_empty() && self.through.is_empty()
    }

    fn add(&mut self, writer: &Writer<'_>) {
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
struct Writer<'a> {
    catalog: &'a Catalog,
    model: &'a Model,
    relation: &'a Relation,
    kinds: Kinds<'a>,
}

impl<'a> Writer<'a> {
    fn find(&self, name: &str) -> Option<&'a Model> {
        self.catalog.models.iter().find(|model| model.name == name)
    }

    fn names(&self, model: &'a Model) -> Names<'a> {
        Names::new(model, &self.catalog.tables[model.table], self.kinds)
    }

    fn docs(&self, otherwise: String) -> Vec<String> {
        doc_lines(Some(self.relation.doc.as_deref().unwrap_or(&otherwise)))
    }

    fn get(&self, related: &Model, key: &[Given]) -> FollowedView {
        let form = Form::of(self.model, key);
        let key = self.key(related, self.model, "self", key);
        FollowedView {
            name: self.relation.name.clone(),
            docs: self.docs(format!("Reads the `{}` of this item, by its key.", related.name)),
            returns: form.returns(&self.kinds, &format!("dynamorm::Get<super::{}>", related.name)),
            body: form.body(&format!("dynamorm::Get::new({key})")),
        }
    }

    fn many(&self, related: &'a Model, index: Option<usize>, key: &[Given]) -> FollowedView {
        let form = Form::of(self.model, key);
        let (query, returns, _) = self.query(related, index, key);
        FollowedView {
            name: self.relation.name.clone(),
            docs: self.docs(format!("Queries the `{}` items of this one.", related.name)),
            returns: form.returns(&self.kinds, &returns),
            body: form.body(&query),
        }
    }

    fn set(&self, related: &Model, own: &[Given]) -> SetView {
        let is_given = |field: &Field| own.iter().any(|given| given.field == field.name);
        SetView {
            name: self.relation.name.clone(),
            related: format!("super::{}", related.name),
            fields: self.filled(self.model, related, "related", own),
            fallible: Form::of(related, own) == Form::Fallible,
            builder: format!("{}Builder{}", self.model.name, builder_parameters(self.model, &is_given, true)),
        }
    }

    fn partner(&self, related: &Model, key: &[Given], create: bool) -> PartnerView {
        let partner = format!("dynamorm::Partner<super::{}>", related.name);
        PartnerView {
            name: self.relation.name.clone(),
            related: format!("super::{}", related.name),
            key: self.key(related, self.model, "this", key),
            fields: self.filled(related, self.model, "this", key),
            fallible: Form::of(self.model, key) == Form::Fallible,
            slot: if create { partner } else { self.kinds.optional(true, partner) },
            new: create.then(|| self.setters(related, self.model, "self", key)),
        }
    }

    fn through(
        &self,
        related: &Model,
        adjacency: &'a Model,
        index: Option<usize>,
        key: &[Given],
        other: &[Given],
    ) -> FollowedView {
        let (query, _, types) = self.query(adjacency, index, key);
        let other = self.key(related, adjacency, "link", other);
        let docs = format!(
            "Reads the `{}` items that are linked to this one through `{}`.",
            related.name, adjacency.name
        );
        let (record, source) = types;
        FollowedView {
            name: self.relation.name.clone(),
            docs: self.docs(docs),
            returns: format!("dynamorm::Through<{record}, dynamorm::{source}, super::{}>", related.name),
            body: format!("dynamorm::Through::new({query}, |link: &{record}| {other})"),
        }
    }

    fn links(
        &self,
        related: &Model,
        adjacency: &'a Model,
        from_this: &[Given],
        from_other: &[Given],
    ) -> ThroughView {
        let given = |name: &str| from_this.iter().chain(from_other).any(|given| given.field == name);
        let is_complete = adjacency.fields.iter().all(|field| !field.is_required() || given(&field.name));
        let builder = format!(
            "super::{}::builder(){}{}",
            adjacency.name,
            self.setters(adjacency, self.model, "self", from_this),
            self.setters(adjacency, related, "related", from_other),
        );
        let parameters = builder_parameters(adjacency, &|field| given(&field.name), false);
        let names = self.names(adjacency);
        let parts = names.primary_key_fields().into_iter().filter_map(|field| {
            let from = |givens: &[Given]| givens.iter().find(|given| given.field == field.name).cloned();
            match (from(from_this), from(from_other)) {
                (Some(given), _) => Some(self.argument(adjacency, self.model, "self", &given)),
                (None, Some(given)) => Some(self.argument(adjacency, related, "related", &given)),
                (None, None) => None,
            }
        });
        let parts: Vec<_> = parts.collect();
        ThroughView {
            name: self.relation.name.clone(),
            related: format!("super::{}", related.name),
            adjacency: format!("super::{}", adjacency.name),
            link_returns: if is_complete {
                format!("dynamorm::Put<super::{}>", adjacency.name)
            } else {
                format!("super::{}Builder{parameters}", adjacency.name)
            },
            link: if is_complete { format!("dynamorm::Put::built({builder}.build())") } else { builder },
            unlink_key: format!("super::{}Key::new({})", adjacency.name, parts.join(", ")),
            is_complete,
        }
    }

    /// A query of a model's table or index, its type, and what it reads from where.
    fn query(
        &self,
        model: &'a Model,
        index: Option<usize>,
        key: &[Given],
    ) -> (String, String, (String, &'static str)) {
        let query = self.names(model).query_of(index, "super::");
        let mut arguments = key.iter().map(|given| self.argument(model, self.model, "self", given));
        let partition: Vec<_> = arguments.by_ref().take(query.partition.len()).collect();
        let mut text = format!("super::{}::{}({})", model.name, query.function, partition.join(", "));
        let mut sorted = 0;
        for (stage, argument) in query.stages.iter().zip(arguments) {
            text.push_str(&format!(".{}().eq({argument})", stage.method));
            sorted += 1;
        }
        let returns = query.stages.get(sorted).map_or(query.query, |stage| stage.query.clone());
        (text, returns, (query.record, query.source))
    }

    /// The key struct of a model, of another item's fields.
    fn key(&self, model: &Model, source: &Model, from: &str, key: &[Given]) -> String {
        let arguments: Vec<_> = key.iter().map(|given| self.argument(model, source, from, given)).collect();
        format!("super::{}Key::new({})", model.name, arguments.join(", "))
    }

    fn setters(&self, model: &Model, source: &Model, from: &str, givens: &[Given]) -> String {
        let setters = givens.iter().filter_map(|given| {
            let field = find(model, &given.field)?;
            Some(format!(".{}({})", field.identifier, self.argument(model, source, from, given)))
        });
        setters.collect()
    }

    fn filled(&self, model: &Model, source: &Model, from: &str, givens: &[Given]) -> Vec<FilledView> {
        let filled = givens.iter().filter_map(|given| {
            let field = find(model, &given.field)?;
            Some(FilledView {
                identifier: field.identifier.clone(),
                value: self.owned(model, field, source, from, given),
            })
        });
        filled.collect()
    }

    /// What is given for a field where a value or a reference to one may be.
    fn argument(&self, model: &Model, source: &Model, from: &str, given: &Given) -> String {
        let GivenValue::Field(name) = &given.value else { return self.composed(model, source, from, given) };
        let Some(field) = find(source, name) else { return String::new() };
        let path = format!("{from}.{}", field.identifier);
        match (self.kinds.is_copy(&field.kind), field.optional) {
            (true, false) => path,
            (true, true) => format!("{path}?"),
            (false, false) => format!("&{path}"),
            (false, true) => format!("{path}.as_ref()?"),
        }
    }

    /// A field's new value.
    fn owned(&self, model: &Model, field: &Field, source: &Model, from: &str, given: &Given) -> String {
        let (value, is_optional) = match &given.value {
            GivenValue::Field(name) => {
                let Some(held) = find(source, name) else { return String::new() };
                let copied = if self.kinds.is_copy(&held.kind) { "" } else { ".clone()" };
                (format!("{from}.{}{copied}", held.identifier), held.optional)
            }
            _ => (self.composed(model, source, from, given), false),
        };
        if field.optional && !is_optional { format!("Some({value})") } else { value }
    }

    fn composed(&self, model: &Model, source: &Model, from: &str, given: &Given) -> String {
        let facts = |model: &Model| format!("<super::{} as dynamorm::Record>::FACTS", model.name);
        let attribute = |model: &Model, name: &str| {
            literal(find(model, name).map_or(name, |field| field.attribute.as_str()))
        };
        let list =
            |literals: &[String]| literals.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ");
        let place = |name: &str| {
            find(source, name).map(|field| {
                (format!("{from}.{}", field.identifier), self.kinds.kind(&field.kind, &field.name))
            })
        };
        match &given.value {
            GivenValue::Field(_) => String::new(),
            GivenValue::Composed { fields, literals } => {
                let parts = fields
                    .iter()
                    .filter_map(|name| place(name))
                    .map(|(path, kind)| format!("dynamorm::generated::part::<{kind}>(&{path})"));
                format!(
                    "dynamorm::generated::compose({}, {}, &[{}], &[{}])?",
                    facts(model),
                    attribute(model, &given.field),
                    list(literals),
                    parts.collect::<Vec<_>>().join(", ")
                )
            }
            GivenValue::Part { field, literals, position } => {
                let kind = find(model, &given.field)
                    .map(|field| self.kinds.kind(&field.kind, &field.name))
                    .unwrap_or_default();
                format!(
                    "dynamorm::generated::split::<{kind}>({}, {}, &[{}], {position}, &{from}.{})?",
                    facts(source),
                    attribute(source, field),
                    list(literals),
                    find(source, field).map_or(field.as_str(), |field| field.identifier.as_str())
                )
            }
        }
    }
}

/// Whether a relation always leads somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Always,
    /// A field that it needs may be absent.
    Optional,
    /// A text may not be composed as it should.
    Fallible,
}

impl Form {
    fn of(source: &Model, givens: &[Given]) -> Self {
        let is_optional = |given: &Given| match &given.value {
            GivenValue::Field(name) => find(source, name).is_some_and(|field| field.optional),
            _ => false,
        };
        if givens.iter().any(|given| !matches!(given.value, GivenValue::Field(_))) {
            Form::Fallible
        } else if givens.iter().any(is_optional) {
            Form::Optional
        } else {
            Form::Always
        }
    }

    fn returns(self, kinds: &Kinds<'_>, value: &str) -> String {
        match self {
            Form::Always => value.to_owned(),
            Form::Optional => kinds.optional(true, value.to_owned()),
            Form::Fallible => format!("dynamorm::Result<{value}>"),
        }
    }

    fn body(self, value: &str) -> String {
        match self {
            Form::Always => value.to_owned(),
            Form::Optional => format!("Some({value})"),
            Form::Fallible => format!("Ok({value})"),
        }
    }
}

/// The parameters of a model's builder once some fields are given: those of others are still open, or not given.
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

fn find<'m>(model: &'m Model, field: &str) -> Option<&'m Field> {
    model.fields.iter().find(|known| known.name == field)
}
