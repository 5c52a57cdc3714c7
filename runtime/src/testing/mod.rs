//! A test kit: faults, a log of requests, an environment whose time and ids a test decides, and values of models (feature
//! `testing`).
//!
//! All of it works with any engine. [`Client::embedded`](crate::Client::embedded) is the fastest one:
//!
#![cfg_attr(feature = "embedded", doc = "```")]
#![cfg_attr(not(feature = "embedded"), doc = "```ignore")]
//! use dynamorm::Client;
//! use dynamorm::table::{KeyAttribute, Scalar, Table};
//! use dynamorm::testing::{Fault, Faults};
//!
//! // Generated modules declare their tables.
//! static BOOKS: Table = Table::new("books", KeyAttribute { name: "isbn", scalar: Scalar::Text });
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
//! # runtime.block_on(async {
//! let db = Client::embedded()?;
//! db.create_tables(&[&BOOKS]).await?;
//!
//! let (faulty, log) = db.with_faults(Faults::script([Fault::Throttle])).with_request_log();
//! assert!(faulty.table_exists(&BOOKS).await?); // the SDK tried it again
//! log.assert_operations(&["DescribeTable", "DescribeTable"]);
//! # dynamorm::Result::<()>::Ok(())
//! # }).unwrap();
//! ```
//!
//! # Values
//!
//! Every generated model, nested type and enum has a function `fixture`, which gives a valid value,
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

mod batch;
mod codec;
mod connector;
mod environment;
mod faults;
mod faulty;
mod request_log;
#[doc(hidden)]
pub mod values;
mod wire;

pub use codec::check_codec;
pub use environment::{Entered, Environment};
pub use faults::{Fault, Faults};
pub use proptest;
pub use proptest::strategy::BoxedStrategy;
pub use request_log::{LoggedRequest, RequestLog, Units};
