//! An update that also changes a value.

use std::fmt;

use aws_sdk_dynamodb::types::ReturnValue;

use crate::client::Client;
use crate::encode::Encoder;
use crate::error::{Context, Error, Result};
use crate::model::{Model, Record};
use crate::model_item::{decode_with, key_attributes};
use crate::operation::builder::setters::setters;
use crate::operation::builder::update::Update;
use crate::validation::Violation;

/// Changes attributes of an item, and puts their new values into a value of the item (`UpdateItem`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut book = Book::get("9780141439518").send(&db).await?.expect("it is stored");
/// Book::update(&book).set(Book::PAGES, 480).return_updated_into(&mut book).send(&db).await?;
/// assert_eq!(book.pages, Some(480));
/// # Ok(()) });
/// ```
#[must_use = "nothing is written until `.send(&db)`"]
pub struct UpdateInto<'a, M: Model> {
    update: Update<M>,
    instance: &'a mut M,
}

impl<M: Model> fmt::Debug for UpdateInto<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UpdateInto").field(&self.update).finish()
    }
}

impl<M: Model> Update<M> {
    /// Puts the new values of the changed attributes into `instance`, which is a value of the same item. All other fields of
    /// `instance` stay as they are.
    pub fn return_updated_into(self, instance: &mut M) -> UpdateInto<'_, M> {
        UpdateInto { update: self, instance }
    }
}

impl<M: Model> UpdateInto<'_, M> {
    /// Changes the item, and then the value. On failure, the value stays as it was.
    ///
    /// # Errors
    /// As [`Update::send`]; the value is of another item, or has values that DynamoDB cannot hold (nothing was sent); or the item
    /// is not what the declarations say ([`is_item_error`](crate::Error::is_item_error)), but is changed nevertheless.
    pub async fn send(self, db: &Client) -> Result<()> {
        let mut core = self.update.into_core();
        let mut encoder = Encoder::with_capacity(M::FACTS.attributes.len());
        self.instance.encode(&mut encoder);
        let (mut item, errors) = encoder.finish();
        let mut violations: Vec<_> = errors.into_iter().map(|error| error.into_violation()).collect();
        if key_attributes::<M>(self.instance.key()).0 != core.key {
            violations.push(Violation::new("", "the value that takes the outcome is of another item"));
        }
        if !violations.is_empty() {
            let error = Error::validation(Context::model(M::FACTS), violations);
            return Err(error.at(M::FACTS, &core.key, db));
        }
        let changed = core.actions.iter().map(|(path, _)| path.root);
        let managed = |name: &&str| M::FACTS.managed.is_some_and(|managed| managed.has(name));
        let managed = M::FACTS.attributes.iter().copied().filter(managed);
        let mut names: Vec<_> = changed.chain(managed).collect();
        names.sort_unstable();
        names.dedup();
        // For places within an attribute, `UPDATED_NEW` returns only their values, without their positions.
        let is_whole = core.actions.iter().all(|(path, _)| path.steps().is_empty());
        let wanted = if is_whole { ReturnValue::UpdatedNew } else { ReturnValue::AllNew };
        core.returns = Some(wanted);
        let mut updated = core.send(db).await?.item.unwrap_or_default().into_item();
        for name in names {
            match updated.remove(name) {
                Some(value) => item.insert(name.to_owned(), value),
                None => item.remove(name),
            };
        }
        *self.instance = decode_with(M::FACTS, &db.table_name(M::FACTS.table), item, &<M as Record>::decode)?;
        Ok(())
    }
}

setters! {
    [M: Model] UpdateInto<'_, M> => (update.core.conditions) {
        when: "As [`Update::when`].",
        deadline,
    }
}
