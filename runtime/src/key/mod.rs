//! Keys composed from fields: templates such as `ORDER#{placed_at}#{order_id}` as text, and back.
//!
//! Every form is injective: two keys of one template are equal only if their fields are. Those that implement
//! [`OrderedForm`] keep the order of their values, as DynamoDB compares text by its UTF-8 bytes.

mod bounds;
mod computed;
mod form;
mod number;
mod reader;
mod shape;
mod text;

pub use computed::{Day, Hour, Month, Period, PeriodOf, Prefix};
pub use form::{
    Escaped, Fixed, Flag, InKey, Instant, KeyForm, LastText, Milliseconds, OrderedForm, Precision,
    PrefixedForm, Seconds, Stored,
};
pub use number::{Digits, Signed, SortableDecimal};
pub use reader::KeyReader;
pub use shape::{KeyShape, ShapePart};
pub use text::KeyText;

pub(crate) use bounds::{above, at_most, below, beyond};
