//! A test kit: faults, a log of requests, and an environment whose time and ids a test decides (feature `testing`).
//!
//! All of it works with any engine. [`Client::embedded`](crate::Client::embedded) is the fastest one:
//!
#![cfg_attr(feature = "embedded", doc = "```")]
#![cfg_attr(not(feature = "embedded"), doc = "```ignore")]
//! use dynamorm::Client;
//! use dynamorm::table::{Billing, KeyAttribute, Scalar, Table, TableClass};
//! use dynamorm::testing::{Fault, Faults};
//!
//! // Generated modules declare their tables.
//! static BOOKS: Table = Table {
//!     name: "books",
//!     partition_key: KeyAttribute { name: "isbn", scalar: Scalar::Text },
//!     sort_key: None,
//!     billing: Billing::OnDemand,
//!     ttl: None,
//!     stream: None,
//!     deletion_protection: false,
//!     tags: &[],
//!     class: TableClass::Standard,
//!     indexes: &[],
//! };
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
//! # runtime.block_on(async {
//! let db = Client::embedded()?;
//! db.create_tables(&[&BOOKS]).await?;
//!
//! let (faulty, log) = db.with_faults(Faults::script([Fault::Throttle, Fault::ServerError])).with_request_log();
//! assert!(faulty.table_exists(&BOOKS).await?); // the SDK tried it again
//! log.assert_operations(&["DescribeTable", "DescribeTable", "DescribeTable"]);
//! # dynamorm::Result::<()>::Ok(())
//! # }).unwrap();
//! ```

mod batch;
mod connector;
mod environment;
mod faults;
mod faulty;
mod request_log;
mod wire;

pub use environment::{Entered, Environment};
pub use faults::{Fault, Faults};
pub use request_log::{LoggedRequest, RequestLog, Units};
