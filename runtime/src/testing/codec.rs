//! The laws of codecs.

use std::fmt::Debug;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::Value;
use crate::kind::{Codec, Coded, Kind, same_values};

/// Looks for values with which a [`Codec`] breaks its laws: among `values`, and among other notations of their stored forms, such
/// as letters of the other case, spaces and leading zeros.
///
/// ```no_run
/// # use dynamorm::{Codec, Uuid};
/// # #[derive(Clone, Debug, PartialEq)]
/// # struct OrderId(Uuid);
/// # impl Codec for OrderId {
/// #     type Stored = Uuid;
/// #     type Error = std::convert::Infallible;
/// #     fn to_stored(&self) -> Uuid { self.0 }
/// #     fn from_stored(stored: Uuid) -> Result<Self, Self::Error> { Ok(OrderId(stored)) }
/// # }
/// #[test]
/// fn order_ids_keep_the_laws_of_codecs() {
///     dynamorm::testing::check_codec((0..100).map(|id| OrderId(Uuid::from_u128(id))));
/// }
/// ```
///
/// # Panics
/// A law is broken. The message names the value and the stored form.
pub fn check_codec<T: Codec + PartialEq + Debug>(values: impl IntoIterator<Item = T>) {
    let mut stored: Vec<(T, AttributeValue)> = Vec::new();
    for value in values {
        let written = encode(&value);
        let read = <Coded<T, T::Stored> as Kind>::decode(Value::from(&written));
        match read {
            Ok(read) => assert!(read == value, "{value:?} is stored as {written:?} and read as {read:?}"),
            Err(error) => panic!("{value:?} is stored as {written:?}, which is not read: {error}"),
        }
        if let Some((other, _)) = stored.iter().find(|(_, other)| same_values(other, &written)) {
            assert!(*other == value, "{other:?} and {value:?} are both stored as {written:?}");
        }
        for other in notations(&written) {
            let Ok(stored) = T::Stored::decode_key(Value::from(&other)) else { continue };
            let Ok(read) = T::from_stored(stored) else { continue };
            let again = encode(&read);
            assert!(
                same_values(&again, &other),
                "{other:?} is read as {read:?}, which is stored as {again:?}"
            );
        }
        stored.push((value, written));
    }
}

fn encode<T: Codec + Debug>(value: &T) -> AttributeValue {
    <Coded<T, T::Stored> as Kind>::encode(value)
        .unwrap_or_else(|error| panic!("{value:?} cannot be stored: {error}"))
}

/// Other notations that a lenient reader might accept as the same value.
fn notations(stored: &AttributeValue) -> Vec<AttributeValue> {
    match stored {
        AttributeValue::S(text) => [
            text.to_uppercase(),
            text.to_lowercase(),
            format!(" {text}"),
            format!("{text} "),
            format!("0{text}"),
            format!("+{text}"),
            text.replace('-', ""),
            text.trim_start_matches('0').to_owned(),
            text.trim().to_owned(),
        ]
        .into_iter()
        .map(AttributeValue::S)
        .collect(),
        AttributeValue::N(digits) => {
            vec![AttributeValue::N(format!("-{digits}")), AttributeValue::N(format!("{digits}0"))]
        }
        _ => Vec::new(),
    }
}
