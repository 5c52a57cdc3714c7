//! Changes of fields that are composed into index keys.

use crate::attribute::{Attribute, Nested, Plain};
use crate::expression::action::Action;
use crate::expression::path::Path;
use crate::key::KeyText;
use crate::kind::Kind;
use crate::model::Model;
use crate::operation::read::source::encoded;
use crate::operation::write::update::UpdateItem;
use crate::validation::Check;

/// An update in the making, which receives the keys that follow from a change: for generated code.
#[derive(Debug)]
pub struct FieldChange<'a>(pub(crate) &'a mut UpdateItem);

impl FieldChange<'_> {
    /// Writes a composed key.
    pub fn key(&mut self, name: &'static str, text: KeyText) {
        self.0.act(top(name), encoded(text).map(Action::Set));
    }

    /// Removes a composed key, and with it the item from its index.
    pub fn remove(&mut self, name: &'static str) {
        self.0.act(top(name), Ok(Action::Remove));
    }

    /// Gives a field a value, after its rules have been checked.
    pub fn field<M, K: Kind, R>(&mut self, attribute: Attribute<M, K, R>, value: &K::Value) {
        self.0.check(&attribute, value);
        let removes = attribute.is_stored_as_none(value);
        let action = if removes { Ok(Action::Remove) } else { K::encode(value).map(Action::Set) };
        self.0.act(attribute.into_path(), action);
    }
}

impl UpdateItem {
    pub(crate) fn check<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        let mut check = Check::default();
        attribute.check_value(value, &mut check);
        self.refuse(attribute.path(), &check);
    }
}

/// New values of fields that are composed into one index key, for [`Update::set_key`](crate::Update::set_key).
#[must_use = "nothing changes until it is given to `.set_key`"]
pub struct KeyChange<M: Model>(Box<ApplyTo<<M as Model>::Key>>);

type ApplyTo<K> = dyn FnOnce(&K, &mut FieldChange<'_>) + Send;

impl<M: Model> KeyChange<M> {
    /// A change, given the key of the item: for generated code.
    #[doc(hidden)]
    pub fn new(change: impl FnOnce(&M::Key, &mut FieldChange<'_>) + Send + 'static) -> Self {
        KeyChange(Box::new(change))
    }

    pub(crate) fn apply(self, key: &M::Key, core: &mut UpdateItem) {
        (self.0)(key, &mut FieldChange(core));
    }
}

impl<M: Model> std::fmt::Debug for KeyChange<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyChange").finish_non_exhaustive()
    }
}

fn top(name: &'static str) -> Path {
    Path::top(name)
}

/// A role whose attribute an update may set to a known value.
#[diagnostic::on_unimplemented(
    message = "an update cannot change this attribute: its role is `{Self}`",
    note = "`InPrimaryKey`: put an item with the new key and delete the old one",
    note = "`Managed`: every write writes it anyway",
    note = "`InIndexKey`: an index key is composed of it and of others, so give them together: `.set_key(…)`",
    note = "`Unique`: save a tracked item, which knows the value that it gives up",
    note = "`Counted`: save a tracked item, which knows what the item counted for",
    note = "`Counts`: the runtime counts it"
)]
pub trait Changeable<M: Model, K: Kind> {
    /// The further changes: for generated code.
    #[doc(hidden)]
    fn change(_value: &K::Value, _key: &M::Key, _change: &mut FieldChange<'_>) {}
}

#[diagnostic::do_not_recommend]
impl<M: Model, K: Kind> Changeable<M, K> for Plain {}

#[diagnostic::do_not_recommend]
impl<M: Model, K: Kind> Changeable<M, K> for Nested {}
