//! Creating an item or updating the existing one, with one `UpdateItem`.

use std::fmt;
use std::marker::PhantomData;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use crate::argument::Argument;
use crate::attribute::{Attribute, Free, TopLevel};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::expression::action::Action;
use crate::expression::condition::Expression;
use crate::expression::path::Path;
use crate::facts::Facts;
use crate::item::Item;
use crate::kind::{Addable, Kind, List, Removable, Set, SetMember};
use crate::model::Model;
use crate::model_item::to_item;
use crate::operation::builder::change::{Changeable, KeyChange};
use crate::operation::builder::returned::decode_returned;
use crate::operation::builder::setters::setters;
use crate::operation::builder::update::{ReturnNew, Update};
use crate::operation::count::counters::is_kept;
use crate::operation::write::demands::Existence;
use crate::operation::write::update::UpdateItem;
use crate::validation::Violation;

/// Updates the item with a value's key, or creates it from the value (`UpdateItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let book = Book::builder().isbn("9780141439600").title("A Tale of Two Cities").author("Dickens").build()?;
/// // The book is created with 489 pages, or gets them if it is there.
/// book.upsert().set(Book::PAGES, 489).send(&db).await?;
/// # Ok(()) });
/// ```
///
/// If there is no item, it creates one from the value, with the actions applied. If there is an item, the actions change the
/// attributes that they name, and attributes that the item lacks get the value's (`if_not_exists`). All others stay as they are.
/// Actions name whole attributes, because places within an attribute may not exist yet.
#[must_use = "nothing is written until `.send(&db)`"]
pub struct Upsert<M: Model, R = ()> {
    pub(crate) update: Update<M>,
    initial: Result<Item>,
    marker: PhantomData<fn() -> R>,
}

impl<M: Model, R> fmt::Debug for Upsert<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Upsert").field(&self.update).finish()
    }
}

impl<M: Model> Upsert<M> {
    /// An upsert of the item with this value's key: for generated code.
    #[doc(hidden)]
    pub fn new(initial: &M) -> Self {
        let initial_key = initial.key();
        let initial = to_item(initial);
        let key = M::FACTS.table.key().map(|part| part.name);
        let key = match &initial {
            Ok(item) => key.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect(),
            Err(_) => Item::new(),
        };
        let core = UpdateItem::new(M::FACTS, Existence::Any, key);
        Upsert { update: Update::from_core(initial_key, core), initial, marker: PhantomData }
    }

    /// Returns the item as it is after the change.
    pub fn return_new(self) -> Upsert<M, ReturnNew> {
        Upsert { update: self.update, initial: self.initial, marker: PhantomData }
    }

    /// Creates or changes the item.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), a condition did not hold, an addition would leave the range of its attribute,
    /// or the request failed.
    pub async fn send(self, db: &Client) -> Result<()> {
        self.into_core().send_only(db).await
    }
}

impl<M: Model> Upsert<M, ReturnNew> {
    /// Creates or changes the item and returns it.
    ///
    /// # Errors
    /// As without `return_new`, and: the item is not what the declarations say ([`is_item_error`](crate::Error::is_item_error)).
    /// It is changed nevertheless.
    pub async fn send(self, db: &Client) -> Result<M> {
        let mut core = self.into_core();
        core.returns = Some(ReturnValue::AllNew);
        decode_returned(core.send(db).await?.item.unwrap_or_default(), db)
    }
}

impl<M: Model, R> Upsert<M, R> {
    /// As [`Update::set`].
    pub fn set<K: Kind, A: Changeable<M, K> + TopLevel>(
        self,
        attribute: Attribute<M, K, A>,
        value: impl Argument<K::Value>,
    ) -> Self {
        self.with(|update| update.set(attribute, value))
    }

    /// As [`Update::set_key`].
    pub fn set_key(self, change: KeyChange<M>) -> Self {
        self.with(|update| update.set_key(change))
    }

    /// As [`Update::remove`].
    pub fn remove<K: Removable, A: Changeable<M, K> + TopLevel>(self, attribute: Attribute<M, K, A>) -> Self {
        self.with(|update| update.remove(attribute))
    }

    /// As [`Update::add`]; if the item is created, it adds to the value's number. A set whose members in the value are not all
    /// added is refused, because no request can express that.
    pub fn add<K: Kind, A: Free + TopLevel>(
        self,
        attribute: Attribute<M, K, A>,
        delta: impl Argument<<<K::Present as Addable>::Delta as Kind>::Value>,
    ) -> Self
    where
        K::Present: Addable,
    {
        self.with(|update| update.add(attribute, delta))
    }

    /// As [`Update::delete_from`]. A set with members in the value is refused, because no request can express that.
    pub fn delete_from<K, E: SetMember, A: Free + TopLevel>(
        self,
        attribute: Attribute<M, K, A>,
        members: impl Argument<<Set<E> as Kind>::Value>,
    ) -> Self
    where
        K: Kind<Present = Set<E>>,
    {
        self.with(|update| update.delete_from(attribute, members))
    }

    /// As [`Update::append`]; if the item is created, it adds to the end of the value's list.
    pub fn append<K, E: Kind, A: Free + TopLevel>(
        self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        self.with(|update| update.append(attribute, elements))
    }

    /// As [`Update::prepend`]; if the item is created, it adds to the beginning of the value's list.
    pub fn prepend<K, E: Kind, A: Free + TopLevel>(
        self,
        attribute: Attribute<M, K, A>,
        elements: impl Argument<Vec<E::Value>>,
    ) -> Self
    where
        K: Kind<Present = List<E>>,
    {
        self.with(|update| update.prepend(attribute, elements))
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// A value is invalid, or the key lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<UpdateItemFluentBuilder> {
        let key = self.update.key().clone();
        Update::<M>::from_core(key, self.into_core()).into_sdk(db)
    }

    fn with(mut self, change: impl FnOnce(Update<M>) -> Update<M>) -> Self {
        self.update = change(self.update);
        self
    }

    pub(crate) fn into_core(self) -> Box<UpdateItem> {
        let mut core = self.update.into_core();
        complete(&mut core, self.initial);
        core
    }
}

setters! {
    [M: Model, R] Upsert<M, R> => (update.core.conditions) {
        when: "Demands that `condition` holds for the item if it is there. A second one must hold too.",
        deadline,
    }
}

/// Completes an update so it can create the item.
fn complete(core: &mut UpdateItem, initial: Result<Item>) {
    let facts = core.conditions.facts;
    let partition_key = facts.table.partition_key.name;
    core.conditions.when = core
        .conditions
        .when
        .take()
        .map(|when| Expression::Join("OR", vec![Expression::existence(partition_key, false), *when]))
        .map(Box::new);
    match initial {
        Ok(mut initial) => {
            for name in attributes(facts) {
                if let Some(value) = initial.remove(name) {
                    create(core, name, value);
                }
            }
        }
        Err(error) => core.conditions.refuse(violations(&error)),
    }
}

/// The attributes that an item may have besides its key.
fn attributes(facts: &'static Facts) -> Vec<&'static str> {
    let index_keys =
        facts.table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let all = facts.attributes.iter().copied().chain(index_keys.map(|key| key.name));
    // Every update writes managed values. A count that is absent is zero.
    let is_managed = |name| facts.managed.is_some_and(|managed| managed.has(name)) || is_kept(facts, name);
    let is_key = |name| facts.table.key().any(|key| key.name == name);
    let mut names: Vec<_> = all.filter(|name| !is_key(*name) && !is_managed(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn violations(error: &Error) -> Vec<Violation> {
    match error.violations() {
        [] => vec![Violation::new("", error.to_string())],
        violations => violations.to_vec(),
    }
}

/// Gives an attribute its value if the item has none, before the update's own action on it.
fn create(core: &mut UpdateItem, name: &'static str, value: AttributeValue) {
    let Some((path, action)) = core.actions.iter_mut().find(|(path, _)| path.root == name) else {
        let path = Path::top(name);
        return core.actions.push((path, Action::SetIfAbsent(value)));
    };
    match action {
        Action::Set(_) | Action::Remove => {}
        Action::SetIfAbsent(absent) => *absent = value,
        Action::Append { absent, .. } | Action::Prepend { absent, .. } => *absent = Some(Box::new(value)),
        Action::Add(delta) | Action::AddTo { delta, .. } if matches!(delta, AttributeValue::N(_)) => {
            for guard in core.conditions.guards_mut().iter_mut().filter(|guard| guard.path == *path) {
                guard.absent_is_fine = guard.is_kept_by(&value);
            }
            let delta = delta.clone();
            *action = Action::AddTo { absent: Box::new(value), delta };
        }
        Action::Add(members) if is_within(&value, members) => {}
        Action::Add(_) | Action::AddTo { .. } | Action::Delete(_) => {
            let message = "the upsert changes the members of a set that the value has members of, which no request can \
                           say: leave them out of the value";
            core.conditions.refuse(vec![Violation::new(name, message)]);
        }
    }
}

/// Whether every member of a set is also a member of another.
fn is_within(members: &AttributeValue, others: &AttributeValue) -> bool {
    match (members, others) {
        (AttributeValue::Ss(members), AttributeValue::Ss(others))
        | (AttributeValue::Ns(members), AttributeValue::Ns(others)) => {
            members.iter().all(|member| others.contains(member))
        }
        (AttributeValue::Bs(members), AttributeValue::Bs(others)) => {
            members.iter().all(|member| others.contains(member))
        }
        _ => false,
    }
}
