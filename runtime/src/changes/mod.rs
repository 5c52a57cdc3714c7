//! Typed changes of a table's items: stream records, decoded once and handled safely.
//!
//! A table that declares a `stream` gets an enum with a variant for each of its models. Its values come from the JSON of a Lambda
//! event, from Kinesis Data Streams, or from the table's own stream.
//!
//! ```
//! # use dynamorm::changes::{LambdaEvent, TableChange};
//! # fn example<ShopChange: TableChange>(body: &[u8]) -> Result<(), dynamorm::changes::EventError> {
//! let event = LambdaEvent::<ShopChange>::read(body)?;
//! for change in event.changes() {
//!     match change {
//!         Ok(change) => println!("{}", change.record().event_id()),
//!         Err(error) => eprintln!("{error}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod change;
mod error;
mod filter;
mod handle;
mod image;
mod info;
mod json;
mod key;
mod keys;
mod lambda;
#[cfg(feature = "lambda-events")]
mod lambda_events;
mod ledger;
mod problem;
mod raw;
mod record;
#[cfg(feature = "streams")]
mod streams;
mod table_change;
mod views;

pub use change::{Change, ItemChange};
pub use error::{EventError, RecordError};
pub use filter::EventFilter;
pub use handle::{BatchResponse, DeadLetter, Failure, Handling, handle};
pub use info::{EventKind, RecordInfo, RemovedBy, SequenceNumber};
#[doc(hidden)]
pub use key::ReadKey;
pub use lambda::{LambdaEvent, from_kinesis_data};
#[cfg(feature = "lambda-events")]
pub use lambda_events::from_lambda_record;
pub use ledger::{AttemptCount, Ledger, LedgerEntry, Once, count_attempt};
#[doc(hidden)]
pub use problem::Problem;
#[doc(hidden)]
pub use record::StreamRecord;
#[cfg(feature = "streams")]
pub use streams::{Changes, ChangesError, Checkpoint, CheckpointError, from_sdk_record};
pub use table_change::{ChangedIn, TableChange};
pub use views::{BothImages, KeepsNew, KeepsOld, KeysOnly, NewImage, OldImage, View};
