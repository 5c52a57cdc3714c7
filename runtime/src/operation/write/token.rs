//! The names of transactions.

use std::borrow::Cow;

use jiff::Timestamp;
use uuid::Uuid;

/// The name of a transaction, at most 36 characters long; with a moment, if another process may send the transaction again.
///
/// To DynamoDB, two requests of one name are one request only if they are equal. If a model has an `updated` field, they are
/// equal only with the same moment, so give it with the name.
///
/// ```
/// # fn example(payment: &str, made_at: dynamorm::Timestamp) {
/// let named = dynamorm::transaction().token(payment);
/// let repeatable = dynamorm::transaction().token((payment, made_at));
/// # let _ = (named, repeatable); }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionToken {
    pub(crate) text: String,
    pub(crate) moment: Option<Timestamp>,
}

/// Implements the conversions of texts and, with a moment, of pairs.
macro_rules! texts {
    ($($text:ty),*) => { $(
        impl From<$text> for TransactionToken {
            fn from(text: $text) -> Self {
                TransactionToken { text: text.to_string(), moment: None }
            }
        }

        impl From<($text, Timestamp)> for TransactionToken {
            fn from((text, moment): ($text, Timestamp)) -> Self {
                TransactionToken { text: text.to_string(), moment: Some(moment) }
            }
        }
    )* };
}

texts!(&str, String, &String, Cow<'_, str>, Uuid, char);
