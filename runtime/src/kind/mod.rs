//! Kinds: a Rust type together with the form in which it is stored.
//!
//! Where a type has one stored form it is its own kind (`String`, `u32`, [`Timestamp`](crate::Timestamp) …). The
//! markers of this module name the others. What an attribute can do in an expression depends on its kind: see
//! [`Ordered`], [`Prefixed`], [`Containing`], [`Addable`] and [`Measured`].

mod as_text;
mod coded;
mod collection;
mod comparison;
mod decimal;
mod dynamic;
mod exact;
mod json_text;
mod lenient;
mod null;
mod number;
mod other_form;
mod read;
mod rfc3339;
mod scalar;
mod sensitive;
mod time;
mod traits;

pub use as_text::{AsText, Textual};
pub use coded::{Codec, Coded};
pub use collection::{List, Map, Set, SetMember};
pub use decimal::{Decimal, DecimalError};
pub use dynamic::Serde;
pub use exact::Exact;
pub use null::{NullIsEmpty, NullIsMissing};
pub use other_form::{AsBytes, AsNumber, Base64, UpperCase};
pub use rfc3339::{NoOffset, PlusColonZero, PlusZero, Rfc3339, UtcOffset, Zulu};
pub use scalar::Bytes;
pub use sensitive::Sensitive;
#[doc(hidden)]
pub use time::Instant;
pub use time::{EpochMicroseconds, EpochMilliseconds, EpochSeconds, Truncated, now};
pub use traits::{Addable, Containing, Kind, Measured, Ordered, Prefixed, Removable};

pub(crate) use comparison::{compare_numbers, missing, same_items, same_values};
pub(crate) use lenient::leniently;
pub(crate) use time::write_date;
