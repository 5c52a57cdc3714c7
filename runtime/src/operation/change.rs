//! Changes of fields that index keys are composed of.

use super::action::Action;
use super::ladder::encoded;
use super::update::Core;
use crate::Kind;
use crate::attribute::{Attribute, Path};
use crate::key::KeyText;
use crate::model::Model;
use crate::validation::Check;

/// An update on its way, to which the keys that follow from a change are added: for generated code.
#[derive(Debug)]
pub struct Change<'a>(pub(super) &'a mut Core);

impl Change<'_> {
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

impl Core {
    pub(super) fn check<M, K: Kind, R>(&mut self, attribute: &Attribute<M, K, R>, value: &K::Value) {
        let mut check = Check::default();
        attribute.check_value(value, &mut check);
        self.refuse(attribute.path(), &check);
    }
}

/// New values of fields that one index key is composed of, for [`Update::set_key`](crate::Update::set_key).
#[must_use = "nothing changes until it is given to `.set_key`"]
pub struct KeyChange<M: Model>(Box<ApplyTo<<M as Model>::Key>>);

type ApplyTo<K> = dyn FnOnce(&K, &mut Change<'_>) + Send;

impl<M: Model> KeyChange<M> {
    /// A change, given the key of the item: for generated code.
    pub fn new(change: impl FnOnce(&M::Key, &mut Change<'_>) + Send + 'static) -> Self {
        KeyChange(Box::new(change))
    }

    pub(super) fn apply(self, key: &M::Key, core: &mut Core) {
        (self.0)(key, &mut Change(core));
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
