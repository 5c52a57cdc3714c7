//! Keys composed from fields: templates such as `ORDER#{placed_at}#{order_id}` as text, and back.
//!
//! Every form is injective: two keys of one template are equal only if their fields are. Forms that implement [`OrderedForm`]
//! keep the order of their values, because DynamoDB compares text by its UTF-8 bytes.

mod bounds;
mod buffer;
mod coded;
mod computed;
mod form;
mod instant;
mod number;
mod reader;
mod shape;
mod shard;
mod stored;
mod text;

pub use buffer::KeyBuffer;
pub use coded::Coded;
pub use computed::{Day, Hour, LowerCase, Month, Period, PeriodBound, PeriodOf, Prefix, UpperCase};
pub use form::{
    DatedForm, Escaped, Fixed, Flag, InKey, KeyForm, LastText, OrderedForm, PrefixedForm, Stored,
};
pub use instant::{Cut, Epoch, EpochNumber, Milliseconds, Seconds};
pub use number::{Descending, Digits, Plain, Signed, SortableDecimal};
pub use reader::KeyReader;
pub use shape::{KeyShape, ShapePart};
pub use shard::{Shard, ShardOf};
pub use stored::{KeyComparison, StoredKeys};
pub use text::KeyText;

pub(crate) use bounds::{above, at_most, below, beyond};
pub(crate) use computed::periods;
