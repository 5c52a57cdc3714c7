//! What hooks see of writes without a value of the model.

use std::fmt;
use std::marker::PhantomData;

use crate::attribute::Attribute;
use crate::decode::Value;
use crate::error::{Context, Error, Result};
use crate::expression::action::Action;
use crate::expression::path::Path;
use crate::facts::Facts;
use crate::item::Item;
use crate::kind::Kind;
use crate::model::Model;

/// A write, as hooks for any model see it.
#[derive(Clone, Debug)]
pub struct WriteView {
    pub(super) kind: WriteKind,
    pub(super) facts: &'static Facts,
    pub(super) key: Item,
}

/// What a write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteKind {
    /// A whole item is put.
    Put,
    /// The changes of a tracked value are saved.
    Save,
    /// Attributes of an item are updated by its key.
    Update,
    /// An item is deleted.
    Delete,
}

impl WriteView {
    /// What it does.
    pub fn kind(&self) -> WriteKind {
        self.kind
    }

    /// The model of the item.
    pub fn model(&self) -> &'static str {
        self.facts.model
    }

    /// The declared name of the item's table.
    pub fn table(&self) -> &'static str {
        self.facts.table.name
    }

    /// The primary key of the item.
    pub fn key(&self) -> &Item {
        &self.key
    }
}

/// The key of an update, and its changes.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    /// An update; or the save of a tracked value, which runs its model's hooks itself.
    pub kind: WriteKind,
    pub facts: &'static Facts,
    pub key: Item,
    pub actions: Vec<(Path, Action)>,
}

/// An update of an `M`, as hooks see it.
pub struct UpdateView<M> {
    changed: Changed,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> UpdateView<M> {
    pub(super) fn new(changed: &Changed) -> Self {
        UpdateView { changed: changed.clone(), marker: PhantomData }
    }

    /// The primary key of the item.
    pub fn key(&self) -> &Item {
        &self.changed.key
    }

    /// The stored names of the attributes that it changes, wholly or in part.
    pub fn attributes(&self) -> impl Iterator<Item = &'static str> {
        let roots = self.changed.actions.iter().map(|(path, _)| path.root);
        roots.collect::<std::collections::BTreeSet<_>>().into_iter()
    }

    /// Whether it changes this attribute, or a part of it.
    pub fn changes<K: Kind, R>(&self, attribute: Attribute<M, K, R>) -> bool {
        let path = attribute.into_path();
        self.changed.actions.iter().any(|(changed, _)| {
            changed.root == path.root
                && changed.steps().iter().zip(path.steps()).all(|(one, other)| one == other)
        })
    }

    /// The value that this attribute has in the key, or is set to; `None` if it is not known before the update is carried out, as
    /// with an addition.
    ///
    /// # Errors
    /// The value is not what the declarations say.
    pub fn get<K: Kind, R>(&self, attribute: Attribute<M, K, R>) -> Result<Option<K::Value>> {
        let path = attribute.into_path();
        let set = self.changed.actions.iter().find_map(|(changed, action)| match action {
            Action::Set(value) if *changed == path => Some(value),
            _ => None,
        });
        let in_key = || self.changed.key.get(path.root).filter(|_| path.steps().is_empty());
        read::<K>(self.changed.facts, path.root, set.or_else(in_key))
    }
}

impl<M> fmt::Debug for UpdateView<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UpdateView").field(&self.changed).finish()
    }
}

/// A deletion of an `M`, as hooks see it.
pub struct DeleteView<M> {
    facts: &'static Facts,
    key: Item,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> DeleteView<M> {
    pub(super) fn new(key: &Item) -> Self {
        DeleteView { facts: M::FACTS, key: key.clone(), marker: PhantomData }
    }

    /// The primary key of the item.
    pub fn key(&self) -> &Item {
        &self.key
    }

    /// The value that this attribute has in the key; `None` if it is not part of the key.
    ///
    /// # Errors
    /// The value is not what the declarations say.
    pub fn get<K: Kind, R>(&self, attribute: Attribute<M, K, R>) -> Result<Option<K::Value>> {
        read::<K>(self.facts, attribute.name(), self.key.get(attribute.name()))
    }
}

impl<M> fmt::Debug for DeleteView<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DeleteView").field(&self.key).finish()
    }
}

fn read<K: Kind>(
    facts: &'static Facts,
    name: &str,
    value: Option<&crate::AttributeValue>,
) -> Result<Option<K::Value>> {
    let value = value.map(|value| K::decode(Value::from(value))).transpose();
    value.map_err(|error| Error::decode(Context::model(facts), error.within(name)))
}
