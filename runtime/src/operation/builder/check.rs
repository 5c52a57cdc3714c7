//! Conditions on items that a transaction does not change.

use std::marker::PhantomData;

use crate::model::{IntoKey, Model, Versioned};
use crate::model_item::key_item;
use crate::operation::builder::setters::setters;
use crate::operation::write::check::CheckItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;

/// A condition on an item, for [a transaction](crate::Transaction::check) that does not change it (`ConditionCheck`).
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let emma = Book::get("9780141439587").send(&db).await?.expect("it is stored");
/// dynamorm::transaction()
///     .check(Book::check("9780141439518").exists())
///     .put(emma.put())
///     .send(&db)
///     .await?;
/// # Ok(()) });
/// ```
///
/// Without further demands, it demands that the item exists.
#[must_use = "nothing is checked until it is part of a transaction"]
#[derive(Debug)]
pub struct ConditionCheck<M> {
    core: CheckItem,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> ConditionCheck<M> {
    /// A condition on the item with this key: for generated code.
    #[doc(hidden)]
    pub fn new(key: impl IntoKey<M>) -> Self {
        let (key, violations) = key_item::<M>(key);
        let conditions = Conditions::refused(M::FACTS, Existence::Required, violations);
        ConditionCheck { core: CheckItem { key, conditions }, marker: PhantomData }
    }

    /// Demands that the item exists.
    pub fn exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Required;
        self
    }

    /// Demands that the item does not exist.
    pub fn not_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Refused;
        self
    }

    pub(crate) fn into_core(self) -> CheckItem {
        self.core
    }
}

setters! {
    [M: Model] ConditionCheck<M> => (core.conditions) {
        when: "Demands that `condition` holds for the item. A second one must hold too.",
    }
    [M: Versioned] ConditionCheck<M> => (core.conditions) { expect_version }
}
