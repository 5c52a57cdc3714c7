//! Keys composed from fields: templates such as `ORDER#{placed_at}#{order_id}` as text, and back.
//!
//! Every form is injective: two keys of one template are equal only if their fields are. Those that implement
//! [`OrderedForm`] keep the order of their values, as DynamoDB compares text by its UTF-8 bytes.

mod bounds;
mod form;
mod matching;
mod number;
mod reader;
mod text;

pub use form::{
    Cut, Epoch, EpochNumber, Escaped, Fixed, InKey, Instant, KeyForm, LastText, Milliseconds, OrderedForm,
    Precision, Seconds, Stored,
};
pub use matching::KeyMatch;
pub use number::{Digits, Signed, SortableDecimal};
pub use reader::KeyReader;
pub use text::KeyText;

pub(crate) use bounds::{above, at_most, below, beyond};
