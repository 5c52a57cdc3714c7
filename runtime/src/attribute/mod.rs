//! Attribute handles: typed by model, kind and role, and the only way into expressions.

mod handle;
mod role;
mod size;

pub use handle::{Attribute, DeclaredDefault};
pub(crate) use handle::{Bounds, encode};
pub use role::{Computed, Free, InIndexKey, InPrimaryKey, Managed, Nested, Plain, TopLevel, Unique};
pub use size::{AttributeType, Size};
