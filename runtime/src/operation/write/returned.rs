//! The undecoded item that a write returns.

use std::fmt;

use aws_sdk_dynamodb::types::ConsumedCapacity;
use aws_smithy_types::body::SdkBody;

use crate::client::Call;
use crate::decode::Fields;
use crate::error::Result;
use crate::item::Item;
use crate::wire::{self, Mark, Reader};

/// The item before or after a write: in the SDK's types, or as a place in a body that was read to its end.
pub(crate) enum ReturnedItem {
    Map(Item),
    Body(SdkBody, Mark),
}

impl fmt::Debug for ReturnedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnedItem")
    }
}

impl Default for ReturnedItem {
    fn default() -> Self {
        ReturnedItem::Map(Item::new())
    }
}

impl ReturnedItem {
    /// Passes its attributes to `read`.
    pub fn read<T>(self, read: impl FnOnce(Fields<'_>) -> T) -> T {
        match self {
            ReturnedItem::Map(item) => read(Fields::from(item)),
            ReturnedItem::Body(body, place) => {
                let reader = Reader::new(body.bytes().unwrap_or_default());
                let reader =
                    reader.unwrap_or_else(|failure| unreachable!("the body was read before: {failure}"));
                read(Fields::at(&reader, place))
            }
        }
    }

    /// The item in the SDK's types.
    pub fn into_item(self) -> Item {
        self.read(|fields| {
            fields.into_item().unwrap_or_else(|| unreachable!("the body was read before, to its end"))
        })
    }
}

/// Records what a write consumed, and takes the item that it returns: from the body, or if the SDK has parsed that, from its
/// output.
///
/// # Errors
/// The body is not what DynamoDB sends.
pub(crate) fn returned(
    call: &mut Call<'_>,
    item: Option<Item>,
    consumed: Option<&ConsumedCapacity>,
) -> Result<Option<ReturnedItem>> {
    let Some(body) = call.take_body() else {
        call.record(1, consumed);
        return Ok(item.map(ReturnedItem::Map));
    };
    let mut place = None;
    let bytes = body.bytes().unwrap_or_default();
    let end =
        wire::one_item(bytes, "Attributes", &mut |fields| place = fields.place().map(|(_, place)| place));
    let end = end.map_err(|failure| call.broken(failure))?;
    call.record_units(1, end.capacity);
    Ok(place.filter(|_| end.has_item).map(|place| ReturnedItem::Body(body, place)))
}
