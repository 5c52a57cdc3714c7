//! Telling a model's items from those of the other models in their table.

use crate::decode::{DecodeError, Fields};
use crate::expression::condition::{Expression, and};
use crate::facts::{Beginning, Discriminator, Facts, Untyped};
use crate::model::Record;

impl Beginning {
    /// The context of a key that begins so.
    fn context<'k>(&self, key: &'k str) -> Option<&'k str> {
        let Beginning::Context(before, after) = self else { return None };
        let rest = key.strip_prefix(before)?;
        rest.get(..rest.find(after.chars().next()?)?)
    }
}

impl Discriminator {
    /// The filter that keeps a model's items alone; nothing where there are no others. `is_queried` says of an attribute
    /// whether it is part of the key that is read by, which a filter must not name. `known` is a key that begins with the
    /// context of the read.
    pub(crate) fn expression(
        &self,
        known: Option<&str>,
        is_queried: &dyn Fn(&str) -> bool,
        is_count: bool,
    ) -> Option<Expression> {
        match self {
            Discriminator::Alone => None,
            Discriminator::Type(attribute, names, untyped) => {
                let typed = names.iter().map(|name| Expression::equals(attribute, name));
                let typed = typed.reduce(Expression::or);
                match untyped {
                    Untyped::Others => typed,
                    // An item that nobody knows is an error that its reader sees. A count has no place for it.
                    Untyped::Unknown if is_count => typed,
                    Untyped::Unknown | Untyped::Own => {
                        typed.map(|typed| typed.or(Expression::existence(attribute, false)))
                    }
                }
            }
            Discriminator::Key(beginnings) => {
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
                // A model that nothing can be demanded of lets every item pass.
                let each: Option<Vec<_>> = models
                    .iter()
                    .map(|facts| facts.discriminator.expression(known, is_queried, is_count))
                    .collect();
                each.and_then(|each| each.into_iter().reduce(Expression::or))
            }
        }
    }

    /// Whether an item is of the model, as far as its type or its key tells.
    fn holds(&self, fields: &Fields<'_>) -> bool {
        match self {
            Discriminator::Alone => true,
            Discriminator::Type(attribute, names, untyped) => match fields.text(attribute) {
                Some(text) => names.contains(&&*text),
                None => *untyped == Untyped::Own,
            },
            Discriminator::Key(beginnings) => beginnings.iter().all(|(attribute, beginning)| {
                fields.text(attribute).is_some_and(|text| match beginning {
                    Beginning::With(expected) => text.starts_with(expected),
                    Beginning::Whole(expected) => text == *expected,
                    Beginning::Context(before, after) => beginning
                        .context(&text)
                        .is_some_and(|context| text[before.len() + context.len()..].starts_with(after)),
                })
            }),
            Discriminator::AnyOf(models) => models.iter().any(|facts| facts.discriminator.holds(fields)),
        }
    }
}

impl Fields<'_> {
    /// Whether these are the values of an `R`, among the models of its table: for generated code.
    #[doc(hidden)]
    pub fn are_of<R: Record>(&self) -> bool {
        R::FACTS.discriminator.holds(self)
    }

    /// The error of an item that is of none of the models that were looked for: for generated code.
    #[doc(hidden)]
    #[cold]
    pub fn of_no_model(&self, wanted: &'static Facts) -> DecodeError {
        DecodeError::new(format!("the item is of no model of `{}`", wanted.model))
    }
}
