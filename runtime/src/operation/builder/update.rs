//! Changing attributes of an item: `UpdateItem`.

use std::marker::PhantomData;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use crate::argument::Argument;
use crate::attribute::{Attribute, Free, encode};
use crate::build::FromInstant;
use crate::client::Client;
use crate::encode::EncodeError;
use crate::error::Result;
use crate::expression::action::Action;
use crate::expression::path::Path;
use crate::future::{ResponseFuture, decoded};
use crate::kind::{Addable, Kind, List, Removable, Set, SetMember};
use crate::model::{IntoKey, Model, Refreshed, Versioned};
use crate::model_item::{encoded_key, write_id_of};
use crate::operation::builder::change::{Changeable, FieldChange, KeyChange};
use crate::operation::builder::returned::decode_returned;
use crate::operation::builder::setters::setters;
use crate::operation::write::demands::Existence;
use crate::operation::write::update::UpdateItem;
use crate::stamp::Stamp;
use crate::validation::{Check, Violation};

/// Changes attributes of an existing item (`UpdateItem`). It sends only the changes. Attributes that the model does not know stay
/// as they are.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// Book::update("9780141439518")
///     .set(Book::PAGES, 480)
///     .add(Book::GENRES, ["romance"])
///     .when(Book::YEAR.eq(1813))
///     .send(&db)
///     .await?;
/// # Ok(()) });
/// ```
#[must_use = "nothing is written until `.send(&db)`"]
pub struct Update<M: Model, R = ()> {
    /// Boxed, because every call of the builder moves it.
    pub(crate) core: Box<UpdateItem>,
    /// The key, from which composed index keys are derived together with the changes.
    key: M::Key,
    /// What to do with the changed item.
    result: R,
    marker: PhantomData<fn() -> M>,
}

/// The operation returns the item as it is after the change.
#[derive(Debug)]
pub struct ReturnNew(());

impl<M: Model> Update<M> {
    /// An update of the item with this key: for generated code.
    #[doc(hidden)]
    pub fn new(key: impl IntoKey<M>) -> Self {
        Self::by(key.into_key())
    }

    fn by(key: M::Key) -> Self {
        let core = UpdateItem::keyed(M::FACTS, Existence::Required, encoded_key::<M>(key.clone()));
        Update { core, key, result: (), marker: PhantomData }
    }

    /// Returns the item as it is after the change.
    pub fn return_new(self) -> Update<M, ReturnNew> {
        Update { core: self.core, key: self.key, result: ReturnNew(()), marker: PhantomData }
    }

    /// Changes the item.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), the item does not exist, a condition did not hold, an addition would leave
    /// the range of its attribute, or the request failed.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.core.send_only(db)
    }
}

impl<M: Model> Update<M> {
    pub(crate) fn into_core(self) -> Box<UpdateItem> {
        self.core
    }

    pub(crate) fn from_core(key: M::Key, core: Box<UpdateItem>) -> Self {
        Update { core, key, result: (), marker: PhantomData }
    }

    pub(crate) fn key(&self) -> &M::Key {
        &self.key
    }
}

impl<M: Model> Update<M, ReturnNew> {
    /// Changes the item and returns it.
    ///
    /// # Errors
    /// As without `return_new`, and: the item is not what the declarations say ([`is_item_error`](crate::Error::is_item_error)).
    /// It is changed nevertheless.
    pub fn send(mut self, db: &Client) -> ResponseFuture<'_, M> {
        self.core.returns = Some(ReturnValue::AllNew);
        decoded(self.core.send(db), |sent| decode_returned(sent.item.unwrap_or_default(), db))
    }
}

impl<'a, M: Versioned> Update<M, &'a mut M> {
    /// An update of this very item, if it still has this version: for generated code.
    #[doc(hidden)]
    pub fn of(item: &'a mut M) -> Self {
        let mut update = Update::<M>::by(item.key()).expect_version(item.version());
        update.core.conditions.expect_write_id(write_id_of(item));
        Update { core: update.core, key: update.key, result: item, marker: PhantomData }
    }

    /// Changes the item, and then the value to match the stored item.
    ///
    /// # Errors
    /// As an update by key, and: the item has another version
    /// ([`is_version_conflict`](crate::Error::is_version_conflict)). The value is as it was.
    pub fn send<'b>(mut self, db: &'b Client) -> ResponseFuture<'b, ()>
    where
        'a: 'b,
    {
        let value = self.result;
        self.core.returns = Some(ReturnValue::AllNew);
        decoded(self.core.send(db), |sent| {
            *value = decode_returned(sent.item.unwrap_or_default(), db)?;
            Ok(())
        })
    }
}

impl<M: Model, R> std::fmt::Debug for Update<M, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.core, f)
    }
}

impl<M: Model, R> Update<M, R> {
    /// Replaces the value of an attribute (`SET`). `None` and an empty set remove it (`REMOVE`). But if a missing attribute is
    /// read as a declared default, `None` is stored as `NULL`.
    ///
    /// The same request rewrites index keys that contain the attribute.
    pub fn set<K: Kind, A: Changeable<M, K>>(
        mut self,
        attribute: Attribute<M, K, A>,
        value: impl Argument<K::Value>,
    ) -> Self {
        let value = value.into_argument();
        A::change(&value, &self.key, &mut FieldChange(&mut self.core));
        if attribute.is_stored_as_none(&value) {
            self.core.check(&attribute, &value);
            return self.act(attribute.into_path(), Ok(Action::Remove));
        }
        self.checked(attribute, value, Action::Set)
    }

    /// Begins an attribute's declared duration anew. With `generate = { expires_in = "30 days" }`,
    /// `Session::update(token).refresh(Session::EXPIRES_AT)` sets it to 30 days from now. For an attribute without a duration,
    /// the update is refused.
    pub fn refresh<K: FromInstant, A: Changeable<M, K>>(mut self, attribute: Attribute<M, K, A>) -> Self
    where
        M: Refreshed,
    {
        let mut durations = M::DURATIONS.iter();
        match durations.find(|(name, _)| *name == attribute.name()) {
            Some((_, from_now)) => self.set(attribute, K::from_instant(from_now())),
            None => {
                let violation = Violation::new(attribute.name(), "has no declared duration");
                self.core.conditions.refuse(vec![violation]);
                self
            }
        }
    }

    /// Replaces the values of fields that are composed into index keys together, and rewrites those keys in the same request:
    /// `.set_key(Order::region_and_status("eu", OrderStatus::Shipped))`.
    pub fn set_key(mut self, change: KeyChange<M>) -> Self {
        change.apply(&self.key, &mut self.core);
        self
    }

    /// Gives an attribute a value if it has none (`SET … = if_not_exists(…)`).
    pub fn set_if_absent<K, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        value: impl Argument<<K::Present as Kind>::Value>,
    ) -> Self
    where
        K: Kind<Value: From<<K::Present as Kind>::Value>>,
    {
        let value = K::Value::from(value.into_argument());
        self.checked(attribute, value, Action::SetIfAbsent)
    }

    /// Removes an attribute, or an element of a list or map (`REMOVE`). A removed attribute with a declared default is read as
    /// that.
    pub fn remove<K: Removable, A: Changeable<M, K>>(mut self, attribute: Attribute<M, K, A>) -> Self {
        if let Some(absent) = K::absent() {
            A::change(&absent, &self.key, &mut FieldChange(&mut self.core));
            self.core.check(&attribute, &absent);
        }
        self.act(attribute.into_path(), Ok(Action::Remove))
    }

    /// Adds to a number, or adds members to a set (`ADD`). A missing number counts as its declared default, or else as 0.
    ///
    /// An integer stays within its type's range. An addition that would leave the range changes nothing and is [an
    /// error](crate::Error::is_out_of_range).
    pub fn add<K: Kind, A: Free>(
        mut self,
        attribute: Attribute<M, K, A>,
        delta: impl Argument<<<K::Present as Addable>::Delta as Kind>::Value>,
    ) -> Self
    where
        K::Present: Addable,
    {
        let delta = delta.into_argument();
        if !<K::Present as Addable>::Delta::is_absent(&delta) {
            let mut check = Check::default();
            attribute.check_elements::<<K::Present as Addable>::Delta>(&delta, &mut check);
            self.core.refuse(attribute.path(), &check);
            let delta = <K::Present as Addable>::Delta::encode_owned(delta);
            let default = attribute.encoded_default();
            let bounds = attribute.bounds(<K::Present as Addable>::BOUNDS);
            self.core.add(attribute.into_path(), delta, default, bounds, K::absent().is_some());
        }
        self
    }

    /// Takes members out of a set (`DELETE`).
    pub fn delete_from<K, E: SetMember, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        members: impl Argument<<Set<E> as Kind>::Value>,
    ) -> Self
    where
        K: Kind<Present = Set<E>>,
    {
        let members = members.into_argument();
        if members.is_empty() {
            return self;
        }
        self.act(attribute.into_path(), Set::<E>::encode_owned(members).map(Action::Delete))
    }

    /// Adds elements to the end of a list (`list_append`). A missing list counts as its declared default, or as empty if it is
    /// optional.
    pub fn append<K, E: Kind, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        self.extend(attribute, elements, |elements, absent| Action::Append { elements, absent })
    }

    /// Adds elements to the beginning of a list (`list_append`). A missing list counts as in [`append`](Self::append).
    pub fn prepend<K, E: Kind, A: Free>(
        self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        self.extend(attribute, elements, |elements, absent| Action::Prepend { elements, absent })
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// A value is invalid, or the key lies outside what the client [is held to](Client::within).
    pub fn into_sdk(mut self, db: &Client) -> Result<UpdateItemFluentBuilder> {
        db.admit(M::FACTS, &self.core.key)?;
        let table = db.table_name(M::FACTS.table);
        self.core.stamp(Stamp::new(db));
        Ok(self.core.request(db, table)?.0)
    }

    fn checked<K: Kind, A>(
        mut self,
        attribute: Attribute<M, K, A>,
        value: K::Value,
        action: impl FnOnce(AttributeValue) -> Action,
    ) -> Self {
        self.core.check(&attribute, &value);
        self.act(attribute.into_path(), K::encode_owned(value).map(action))
    }

    fn extend<K, E: Kind, A>(
        mut self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
        action: fn(AttributeValue, Option<Box<AttributeValue>>) -> Action,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        let elements = elements.into_argument();
        let mut check = Check::default();
        List::<E>::check(&elements, &mut check);
        attribute.check_elements::<List<E>>(&elements, &mut check);
        self.core.refuse(attribute.path(), &check);
        let elements = encode::<List<E>>(elements);
        let absent = match attribute.encoded_default() {
            None => Ok(K::absent().map(|_| AttributeValue::L(Vec::new()))),
            Some(default) => default.map(Some),
        };
        let action = elements.and_then(|elements| Ok(action(elements, absent?.map(Box::new))));
        self.act(attribute.into_path(), action)
    }

    fn act(mut self, path: Path, action: Result<Action, EncodeError>) -> Self {
        self.core.act(path, action);
        self
    }
}

setters! {
    [M: Model, R] Update<M, R> => (core.conditions) {
        when: "Demands that `condition` holds for the item. A second one must hold too.",
        deadline,
    }
    [M: Versioned, R] Update<M, R> => (core.conditions) { expect_version }
}
