//! The one undecoded item that a response may contain.

use aws_sdk_dynamodb::types::ConsumedCapacity;
use aws_smithy_types::body::SdkBody;

use crate::client::Call;
use crate::decode::Fields;
use crate::error::Result;
use crate::item::Item;
use crate::wire;

/// An item in its response: in the SDK's output, or in the body that the SDK has not parsed.
pub(crate) enum Received {
    Parsed(Option<Item>, Option<ConsumedCapacity>),
    /// The member of the response that is the item.
    Body(SdkBody, &'static str),
}

impl Received {
    /// Passes the item to `read`, if there is one, and records it. The result of `read` counts only if this returns `true`.
    ///
    /// # Errors
    /// The body is not what DynamoDB sends.
    pub fn read(self, call: &Call<'_>, read: &mut dyn FnMut(Fields<'_>)) -> Result<bool> {
        match self {
            Received::Parsed(item, consumed) => {
                let has_item = item.is_some();
                call.record(usize::from(has_item), consumed.as_ref());
                if let Some(item) = item {
                    read(Fields::from(item));
                }
                Ok(has_item)
            }
            Received::Body(body, member) => {
                let bytes = body.bytes().unwrap_or_default();
                let end = wire::one_item(bytes, member, read).map_err(|failure| call.broken(failure))?;
                call.record_units(usize::from(end.has_item), end.capacity);
                Ok(end.has_item)
            }
        }
    }
}
