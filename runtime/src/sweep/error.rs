//! Why a sweep ended before its end.

use std::error::Error as StdError;
use std::fmt;

use jiff::Timestamp;

use crate::error::Error;

/// Why a sweep ended before its end. What it had written by then is written, and another run goes on from its checkpoint.
#[derive(Debug)]
#[non_exhaustive]
pub enum SweepError {
    /// A request failed that every item needs, or the sweep asks for what cannot be had.
    Request(Error),
    /// Another run holds the lease.
    Held {
        /// Who holds it.
        holder: String,
        /// Until when, unless it is prolonged; unknown where the holder's process has to end.
        until: Option<Timestamp>,
    },
    /// The lease was taken over: another run goes on where this one was.
    LeaseLost,
    /// The checkpoint is of another sweep, or of other declarations, and that sweep has not reached its end: run it to its
    /// end, or begin anew by [`Sweep::afresh`](super::Sweep::afresh).
    OtherSweep {
        /// When that sweep began.
        began: Timestamp,
    },
    /// What keeps checkpoints and the lease failed.
    Store(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for SweepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SweepError::Request(error) => error.fmt(f),
            SweepError::Held { holder, until: Some(until) } => {
                write!(
                    f,
                    "another run ({holder}) holds the sweep's lease until {until}, unless it prolongs it"
                )
            }
            SweepError::Held { holder, until: None } => {
                write!(f, "another run ({holder}) holds the sweep's lease")
            }
            SweepError::LeaseLost => f.write_str("another run has taken the sweep's lease over"),
            SweepError::OtherSweep { began } => write!(
                f,
                "the checkpoint is of another sweep or of other declarations, which began {began} and has not reached its end: run \
                 that one to its end, keep this one's under another name, or begin anew by `afresh`"
            ),
            SweepError::Store(error) => write!(f, "what keeps the sweep's checkpoints failed: {error}"),
        }
    }
}

impl StdError for SweepError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            SweepError::Request(error) => Some(error),
            SweepError::Store(error) => Some(error.as_ref()),
            SweepError::Held { .. } | SweepError::LeaseLost | SweepError::OtherSweep { .. } => None,
        }
    }
}

impl From<Error> for SweepError {
    fn from(error: Error) -> Self {
        SweepError::Request(error)
    }
}
