//! A test kit for applications.
//!
//! With the feature `testing`, every generated model, nested type and enum has a function `fixture`, which gives a valid value,
//! the same each time, and a function `strategy`, which gives a [`proptest`] strategy of valid values. Code that is generated from
//! declarations needs nothing else. `docs/testing.md` in the repository says what the values are.
//!
//! Of a type of the application's (`rust:…`), values are drawn by [`Arbitrary`](proptest::arbitrary::Arbitrary):
//!
//! ```
//! use dynamorm::testing::BoxedStrategy;
//! use dynamorm::testing::proptest::prelude::*;
//!
//! #[derive(Clone, Debug, PartialEq)]
//! struct Even(u8);
//!
//! impl Arbitrary for Even {
//!     type Parameters = ();
//!     type Strategy = BoxedStrategy<Self>;
//!
//!     fn arbitrary_with((): ()) -> BoxedStrategy<Self> {
//!         (0..128_u8).prop_map(|half| Even(half * 2)).boxed()
//!     }
//! }
//!
//! proptest!(|(even: Even)| prop_assert!(even.0.is_multiple_of(2)));
//! ```

#[doc(hidden)]
pub mod values;

pub use proptest;
pub use proptest::strategy::BoxedStrategy;
