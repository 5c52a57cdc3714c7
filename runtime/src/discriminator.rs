//! Distinguishing a model's items from those of the other models in their table.

use std::borrow::Cow;

use crate::decode::{DecodeError, Fields};
use crate::expression::condition::{Expression, and};
use crate::facts::{Beginning, Discriminator, Facts, Untyped};
use crate::item::Item;
use crate::key::KeyShape;
use crate::model::Record;

impl Beginning {
    /// The context of a key with this beginning.
    fn context<'k>(&self, key: &'k str) -> Option<&'k str> {
        let Beginning::Context(before, after) = self else { return None };
        let rest = key.strip_prefix(before)?;
        rest.get(..rest.find(after.chars().next()?)?)
    }
}

impl Discriminator {
    /// The filter that keeps only a model's items; `None` if there are no others. `is_queried` tells whether an attribute is part
    /// of the queried key, which a filter must not name. `known` is a key that begins with the context of the read. Items of an
    /// unknown model pass if the read `shows_untyped` ones.
    pub(crate) fn expression(
        &self,
        known: Option<&str>,
        is_queried: &dyn Fn(&str) -> bool,
        shows_untyped: bool,
    ) -> Option<Expression> {
        let typed = self.of_types(known, is_queried);
        match self.untyped_shown(shows_untyped) {
            Some(attribute) => typed.map(|typed| typed.or(Expression::existence(attribute, false))),
            None => typed,
        }
    }

    /// The type attribute, if a read shows items that lack it.
    fn untyped_shown(&self, shows_untyped: bool) -> Option<&'static str> {
        match self {
            Discriminator::Type(attribute, _, Untyped::Own) => Some(attribute),
            Discriminator::Type(attribute, _, Untyped::Unknown) if shows_untyped => Some(attribute),
            Discriminator::AnyOf(models) => {
                models.iter().find_map(|facts| facts.discriminator.untyped_shown(shows_untyped))
            }
            Discriminator::Alone
            | Discriminator::Type(..)
            | Discriminator::Key(_)
            | Discriminator::WholeKey { .. } => None,
        }
    }

    /// As [`expression`](Self::expression), without the items that lack a type.
    fn of_types(&self, known: Option<&str>, is_queried: &dyn Fn(&str) -> bool) -> Option<Expression> {
        match self {
            Discriminator::Alone => None,
            Discriminator::Type(attribute, names, _) => {
                names.iter().map(|name| Expression::equals(attribute, name)).reduce(Expression::or)
            }
            Discriminator::Key(beginnings) | Discriminator::WholeKey { beginnings, .. } => {
                let named = beginnings.iter().filter(|(attribute, _)| !is_queried(attribute));
                named.fold(None, |so_far, (attribute, beginning)| {
                    let next = match beginning {
                        Beginning::With(text) => Expression::begins_with(attribute, text),
                        Beginning::Whole(text) => Expression::equals(attribute, text),
                        Beginning::Context(before, after) => {
                            match known.and_then(|key| beginning.context(key)) {
                                Some(context) => {
                                    Expression::begins_with(attribute, &[before, context, after].concat())
                                }
                                None => Expression::begins_with(attribute, before),
                            }
                        }
                    };
                    and(so_far, next)
                })
            }
            Discriminator::AnyOf(models) => {
                // A model without a demand lets every item pass.
                let each: Option<Vec<_>> =
                    models.iter().map(|facts| facts.discriminator.of_types(known, is_queried)).collect();
                each.and_then(|each| each.into_iter().reduce(Expression::or))
            }
        }
    }

    /// Admits an item that lacks the type attribute, if it may be read as one of the model.
    ///
    /// # Errors
    /// The item is another model's, or it is among items of several models and nobody knows whose it is.
    #[cold]
    pub(crate) fn admit_untyped(&self, attribute: &str, among_others: bool) -> Result<(), DecodeError> {
        let message = match self {
            Discriminator::Type(_, _, Untyped::Unknown) if among_others => {
                "the item lacks this attribute, which says of which model it is. Store it, or declare the model of such items: \
                 `type_attribute = { name = \"…\", missing = \"…\" }`"
            }
            Discriminator::Type(_, _, Untyped::Others) => {
                "the item lacks this attribute, and so is one of the model that is declared for such items"
            }
            _ => return Ok(()),
        };
        Err(DecodeError::new(message).within(attribute))
    }

    /// The attribute that a read of chosen attributes needs in addition, because an item that lacks it is an error.
    pub(crate) fn needed_type(&self) -> Option<&'static str> {
        match self {
            Discriminator::Type(attribute, _, Untyped::Unknown) => Some(attribute),
            _ => None,
        }
    }

    /// The condition that an item's type attribute names the model. If untyped items are the model's own, the attribute may be
    /// missing.
    pub(crate) fn of_type(&self) -> Option<Expression> {
        match self {
            Discriminator::Type(attribute, names, untyped) => {
                let own = (*untyped == Untyped::Own).then(|| Expression::existence(attribute, false));
                names.iter().map(|name| Expression::equals(attribute, name)).chain(own).reduce(Expression::or)
            }
            _ => None,
        }
    }

    /// The other model that the item's type names.
    pub(crate) fn other_type<'i>(&self, item: &'i Item) -> Option<&'i str> {
        let Discriminator::Type(attribute, names, _) = self else { return None };
        let found = item.get(*attribute)?.as_s().ok()?;
        (!names.contains(&found.as_str())).then_some(found.as_str())
    }

    /// Whether an item is of the model, as far as its type or its key tells.
    pub(crate) fn holds(&self, fields: &Fields<'_>) -> bool {
        self.holds_texts(&|name| fields.text(name))
    }

    /// As [`holds`](Self::holds), for an item with these texts.
    pub(crate) fn holds_texts<'t>(&self, text: &dyn Fn(&str) -> Option<Cow<'t, str>>) -> bool {
        match self {
            Discriminator::Alone => true,
            Discriminator::Type(attribute, names, untyped) => match text(attribute) {
                Some(text) => names.contains(&&*text),
                None => *untyped == Untyped::Own,
            },
            Discriminator::Key(beginnings) => beginnings.iter().all(|(attribute, beginning)| {
                text(attribute).is_some_and(|text| match beginning {
                    Beginning::With(expected) => text.starts_with(expected),
                    Beginning::Whole(expected) => text == *expected,
                    Beginning::Context(before, after) => beginning
                        .context(&text)
                        .is_some_and(|context| text[before.len() + context.len()..].starts_with(after)),
                })
            }),
            Discriminator::WholeKey { own, .. } => are_all(own, text),
            Discriminator::AnyOf(models) => models.iter().any(|facts| facts.discriminator.holds_texts(text)),
        }
    }

    /// Whether an item belongs to another model whose items a read of this one can meet. `text` gives the texts of its
    /// attributes.
    ///
    /// An item that is neither counts as a broken item of the model, which is that item's error.
    pub(crate) fn is_of_others<'t>(&self, text: &dyn Fn(&str) -> Option<Cow<'t, str>>) -> bool {
        match self {
            Discriminator::WholeKey { others, .. } => others.iter().any(|shapes| are_all(shapes, text)),
            Discriminator::AnyOf(_)
            | Discriminator::Alone
            | Discriminator::Type(..)
            | Discriminator::Key(_) => false,
        }
    }
}

fn are_all<'t>(shapes: &[KeyShape], text: &dyn Fn(&str) -> Option<Cow<'t, str>>) -> bool {
    shapes.iter().all(|shape| text(shape.attribute).is_some_and(|text| shape.fits(&text)))
}

impl Facts {
    /// The attribute that tells whether an item with the key is the model's, if other models share the keys.
    pub(crate) fn owner_attribute(&self) -> Option<&'static str> {
        match self.discriminator {
            Discriminator::Type(attribute, ..) if self.shares_key => Some(attribute),
            _ => None,
        }
    }

    /// Whether an item with a key of the model is the model's.
    pub(crate) fn owns(&self, fields: &Fields<'_>) -> bool {
        !self.shares_key || self.discriminator.holds(fields)
    }
}

impl Fields<'_> {
    /// Whether these are the values of an `R`, among the models of its table: for generated code.
    #[doc(hidden)]
    pub fn are_of<R: Record>(&self) -> bool {
        R::FACTS.discriminator.holds(self)
    }

    /// The error of an item of none of the wanted models: for generated code.
    #[doc(hidden)]
    #[cold]
    pub fn of_no_model(&self, wanted: &'static Facts) -> DecodeError {
        DecodeError::new(format!("the item is of no model of `{}`", wanted.model))
    }
}
