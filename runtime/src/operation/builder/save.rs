//! Saving what has changed of an item since it was read.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::client::{Client, Deadline};
use crate::encode::Encoder;
use crate::error::{Context, Error, Reason, Result};
use crate::hooks;
use crate::hooks::WriteKind;
use crate::item::Item;
use crate::kind::same_values;
use crate::managed::Written;
use crate::model::{Model, Record};
use crate::model_item::{decode_with, encoded, from_item, key_attributes, to_item};
use crate::operation::builder::setters::setters;
use crate::operation::keys::key_of;
use crate::operation::read::get::GetItem;
use crate::operation::unique::guard;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::difference::{Extent, difference, premises};
use crate::operation::write::update::UpdateItem;
use crate::validation::Violation;

/// A value together with what is stored of it, so that [`save`](Self::save) sends only what has changed.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut book = Book::get("9780141439518").send(&db).await?.expect("it is stored").tracked();
/// book.genres.insert("romance".to_owned());
/// book.pages = Some(480);
/// book.save().send(&db).await?;
/// # Ok(()) });
/// ```
///
/// It is used like the value itself.
pub struct Tracked<M> {
    value: M,
    stored: Item,
}

impl<M: fmt::Debug> fmt::Debug for Tracked<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tracked").field(&self.value).finish()
    }
}

impl<M: Model> Tracked<M> {
    /// Takes `value` to be what is stored: for generated code.
    #[doc(hidden)]
    pub fn new(value: M) -> Self {
        let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
        value.encode(&mut encoder);
        Tracked { stored: encoder.finish().0, value }
    }

    /// Saves what has changed since the value was read or last saved: `SET` for new and changed attributes, `REMOVE` for
    /// those that are gone, at the narrowest paths. Attributes that the model does not know stay as they are.
    ///
    /// A change that another client's could make into something else demands that what it was made from is as it was read: the
    /// list of which an element changes, and the other fields of an index key, or of values that are unique together, of which one
    /// changes. The save [is a conflict](crate::Error::is_conflict) otherwise.
    ///
    /// A path may lead through what is not stored, since the value has a default in its place. DynamoDB refuses the request
    /// then, and a second one writes the changed attributes whole, if the item is the one that was read.
    pub fn save(&mut self) -> Save<'_, M> {
        Save { tracked: self, conditions: Conditions::new(M::FACTS, Existence::Required) }
    }

    /// The value.
    pub fn into_inner(self) -> M {
        self.value
    }
}

impl<M> Tracked<M> {
    pub(crate) fn into_value(self) -> M {
        self.value
    }
}

impl<M> Deref for Tracked<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.value
    }
}

impl<M> DerefMut for Tracked<M> {
    fn deref_mut(&mut self) -> &mut M {
        &mut self.value
    }
}

/// Saves what has changed of an item (`UpdateItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut book = Book::get("9780141439518").send(&db).await?.expect("it is stored").tracked();
/// book.pages = None;
/// book.save().when(Book::YEAR.eq(1813)).send(&db).await?;
/// # Ok(()) });
/// ```
#[must_use = "nothing is written until `.send(&db)`"]
pub struct Save<'a, M> {
    tracked: &'a mut Tracked<M>,
    pub(crate) conditions: Conditions,
}

impl<M> fmt::Debug for Save<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save").field("conditions", &self.conditions).finish_non_exhaustive()
    }
}

setters! {
    [M: Model] Save<'_, M> => (conditions) {
        when: "Demands that `condition` holds for the stored item. A second one must hold too.",
        deadline,
    }
}

impl<M: Model> Save<'_, M> {
    /// Saves the changes; without any, nothing is sent.
    ///
    /// # Errors
    /// A value is invalid or the key has changed (nothing was sent), the item does not exist any more, it has another version
    /// ([`is_version_conflict`](crate::Error::is_version_conflict)) or another unique value than was read
    /// ([`is_conflict`](crate::Error::is_conflict)), another item has a unique value
    /// ([`is_not_unique`](crate::Error::is_not_unique)), a condition did not hold, a hook refused, or the request failed. What
    /// has not been saved will be by the next save.
    pub async fn send(self, db: &Client) -> Result<()> {
        let deadline = Deadline::of(self.conditions.deadline, db);
        self.send_within(deadline, db).await
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub(crate) async fn send_within(self, deadline: Deadline, db: &Client) -> Result<()> {
        let Save { tracked, conditions } = self;
        if db.has_hooks() {
            deadline.bound(tracked.before_save(db), db).await??;
        }
        let changes = |extent: Extent<'_>| {
            let changes = tracked.changes(extent, conditions.clone());
            changes.map_err(|error| error.at(M::FACTS, &tracked.stored, db))
        };
        let Some((update, wanted)) = changes(Extent::Places)? else { return Ok(()) };
        let written = match update.send_within(deadline, db).await {
            Err(mut error) if error.may_be_of_defaults() => {
                let raw = tracked.as_stored(error.take_item(), deadline, db).await?;
                match changes(Extent::Attributes(&raw))? {
                    Some((update, _)) => update.send_within(deadline, db).await?.written,
                    None => return Ok(()),
                }
            }
            outcome => outcome?.written,
        };
        tracked.saved(wanted, &written);
        if db.has_hooks() {
            hooks::after_save(db, M::FACTS, &tracked.stored).await;
        }
        Ok(())
    }
}

impl<M: Model> Tracked<M> {
    /// The update that saves what has changed under these conditions, and the item as it will be; nothing where nothing has
    /// changed.
    ///
    /// # Errors
    /// A value is invalid, or the key has changed.
    pub(crate) fn changes(
        &self,
        extent: Extent<'_>,
        mut conditions: Conditions,
    ) -> Result<Option<(Box<UpdateItem>, Item)>> {
        let wanted = to_item(&self.value)?;
        let (key, violations) = key_attributes::<M>(self.value.key());
        conditions.refuse(violations);
        let changed = M::FACTS.table.key().find(|part| key.get(part.name) != self.stored.get(part.name));
        if let Some(part) = changed {
            let message = "is part of the key, which cannot change: put an item with the new key and delete the old one";
            return Err(Error::validation(
                Context::model(M::FACTS),
                vec![Violation::new(part.name, message)],
            ));
        }
        let mut actions = difference(M::FACTS, &self.stored, &wanted, extent);
        if let Some(managed) = M::FACTS.managed {
            actions.retain(|(path, _)| !managed.has(path.root));
            conditions.expect(managed.expected(&self.stored));
            conditions.expect_write_id(managed.expected_write_id(&self.stored));
        }
        // Of an item that has the version that was read, everything is as it was read.
        if conditions.version().is_none() || matches!(extent, Extent::Attributes(_)) {
            conditions.expect_unchanged(premises(M::FACTS, &self.stored, &actions, extent));
        }
        conditions.set_moves(guard::moves(M::FACTS, &self.stored, &wanted));
        let update = Box::new(UpdateItem {
            key,
            actions,
            conditions,
            kind: WriteKind::Save,
            returns: None,
            rewritten: None,
        });
        Ok((!update.actions.is_empty()).then_some((update, wanted)))
    }

    /// The item as it is stored, after a save was refused for what is stored otherwise than it is read: a value may have a
    /// default where nothing is stored. `current` is the item, where the refusal returned it.
    ///
    /// # Errors
    /// What the save concerns is not what was read; or the item is gone, or cannot be read.
    pub(crate) async fn as_stored(
        &self,
        current: Option<Item>,
        deadline: Deadline,
        db: &Client,
    ) -> Result<Item> {
        let key = key_of(M::FACTS, &self.stored);
        let table = db.table_name(M::FACTS.table);
        let failed = |kind| {
            let context = Context::item(M::FACTS, table.clone(), &key);
            Error::new(kind, Context { operation: Some("UpdateItem"), ..context })
        };
        let raw = match current {
            Some(raw) => Some(raw),
            None => GetItem::consistent(M::FACTS, key.clone(), Vec::new()).item(deadline, db).await?,
        };
        let Some(raw) = raw else { return Err(failed(Reason::NotFound)) };
        let read: M = decode_with(M::FACTS, &table, raw.clone(), &<M as Record>::decode)?;
        let as_read = Tracked::new(read).stored;
        let actions = difference(M::FACTS, &self.stored, &to_item(&self.value)?, Extent::Places);
        let premises = premises(M::FACTS, &self.stored, &actions, Extent::Places);
        let mut concerned =
            premises.paths().chain(actions.iter().map(|(path, _)| path)).map(|path| path.root);
        let is_as_read = concerned.all(|name| match (as_read.get(name), self.stored.get(name)) {
            (Some(read), Some(stored)) => same_values(read, stored),
            (None, None) => true,
            _ => false,
        });
        if is_as_read {
            Ok(M::FACTS.under_own_names(raw))
        } else {
            Err(failed(Reason::Stale).with_item(Some(raw)))
        }
    }

    /// Runs the model's hooks before a save, which may change the value.
    pub(crate) async fn before_save(&mut self, db: &Client) -> Result<()> {
        // What DynamoDB cannot hold is refused by the save itself, together with what else is wrong.
        let Ok(item) = encoded(&self.value) else { return Ok(()) };
        if let Some(item) = hooks::before_save(db, M::FACTS, item).await? {
            self.value = from_item(item)?;
        }
        Ok(())
    }

    /// What is stored, as far as it is known.
    pub(crate) fn stored(&self) -> &Item {
        &self.stored
    }

    /// Notes what is stored now, and what the runtime and hooks made of it.
    pub(crate) fn saved(&mut self, stored: Item, written: &Written) {
        self.stored = written.hooked().cloned().unwrap_or(stored);
        written.add_to(&mut self.stored);
        written.write_into(&mut self.value);
    }

    /// Takes another value, of which nothing is stored yet.
    pub(crate) fn replace(&mut self, value: M) {
        self.value = value;
    }
}
