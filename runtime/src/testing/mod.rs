//! A test kit for applications: values of the declared models.

#[doc(hidden)]
pub mod values;

pub use proptest;
pub use proptest::strategy::BoxedStrategy;
