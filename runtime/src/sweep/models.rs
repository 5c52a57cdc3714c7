//! The models whose items are swept, and which of them an item is of.

use std::borrow::Cow;
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::Fields;
use crate::error::{Context, Error, Result};
use crate::facts::{Discriminator, Facts, ShapeFacts};
use crate::item::Item;
use crate::kind::leniently;
use crate::limits::RESERVED;
use crate::model::Model;
use crate::model_item::{decode_fields, encoded};

/// A model whose items are swept: for generated code.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct SweptModel {
    pub(crate) facts: &'static Facts,
    refresh: fn(Fields<'_>, &dyn Fn() -> String) -> Result<Item>,
}

impl SweptModel {
    /// The model `M`.
    pub fn of<M: Model>() -> Self {
        SweptModel { facts: M::FACTS, refresh: refresh::<M> }
    }

    /// The item as writes of today would store it.
    ///
    /// # Errors
    /// It cannot be read, or what it holds cannot be written.
    pub(crate) fn refresh(&self, stored: &Item, fields: Fields<'_>, table: &str) -> Result<Item> {
        let fresh = leniently(|| (self.refresh)(fields, &|| table.to_owned()))?;
        // Where older code still runs, items are brought to the shape that it writes; what has a newer one keeps that.
        let Some(shape) = self.facts.shape.filter(|shape| is_to_be_written(shape, stored)) else {
            return Ok(fresh);
        };
        shape.as_written(fresh).map_err(|error| {
            let context = Context::item(self.facts, table.to_owned(), stored);
            Error::validation(context, vec![error.into_violation()])
        })
    }

    /// The number of an item's shape, where the model's shapes are numbered.
    pub(crate) fn shape_of(&self, stored: &Item) -> Option<u32> {
        self.facts.shape?.of_item(stored)
    }

    /// The attribute that says of which model an item is, where the item has none.
    fn missing_type(&self, item: &Item) -> Option<&'static str> {
        match self.facts.discriminator {
            Discriminator::Type(attribute, ..) if !item.contains_key(attribute) => Some(attribute),
            _ => None,
        }
    }
}

/// Whether an item has no newer shape than the one that items are written with.
fn is_to_be_written(shape: &ShapeFacts, stored: &Item) -> bool {
    shape.of_item(stored).is_some_and(|found| found <= shape.of_written())
}

impl fmt::Debug for SweptModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts.model)
    }
}

fn refresh<M: Model>(fields: Fields<'_>, table: &dyn Fn() -> String) -> Result<Item> {
    let value: M = decode_fields(M::FACTS, None, table, fields, &|fields| M::decode(fields))?;
    encoded(&value)
}

/// Whose item it is.
pub(crate) enum Owner<'m> {
    /// Of this model.
    Model(&'m SweptModel),
    /// It lacks the attribute that would say so, and could be of any of these.
    Untyped(Vec<&'m SweptModel>),
    /// The library's own: a guard of a unique value.
    Library,
    /// Of no model that is swept.
    Other,
}

/// Whose item it is, among the models that are swept.
pub(crate) fn owner<'m>(models: &'m [SweptModel], item: &Item) -> Owner<'m> {
    let text = |name: &str| match item.get(name) {
        Some(AttributeValue::S(text)) => Some(Cow::Borrowed(text.as_str())),
        _ => None,
    };
    let Some(first) = models.first() else { return Owner::Other };
    let partition = text(first.facts.table.partition_key.name);
    if partition.is_some_and(|text| text.starts_with(RESERVED)) {
        return Owner::Library;
    }
    let holds = |model: &&SweptModel| model.facts.discriminator.holds_texts(&text);
    if let Some(model) = models.iter().find(holds) {
        return Owner::Model(model);
    }
    // A key that begins as the model's do, and that is no other's, is one of the model's that is broken.
    let is_broken = |model: &&SweptModel| match &model.facts.discriminator {
        whole @ Discriminator::WholeKey { beginnings, .. } => {
            Discriminator::Key(beginnings).holds_texts(&text) && !whole.is_of_others(&text)
        }
        _ => false,
    };
    if let Some(model) = models.iter().find(is_broken) {
        return Owner::Model(model);
    }
    let untyped: Vec<_> = models.iter().filter(|model| model.missing_type(item).is_some()).collect();
    if untyped.is_empty() { Owner::Other } else { Owner::Untyped(untyped) }
}
