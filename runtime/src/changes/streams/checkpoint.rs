//! How far a stream has been read.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How far the stream of a table has been read: the last record of each shard.
///
/// Programs keep it as text, wherever they like: `checkpoint.to_string()` writes it, and `text.parse::<Checkpoint>()` reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub(super) stream: String,
    pub(super) shards: BTreeMap<String, Place>,
}

/// How far a shard has been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Place {
    /// Nothing has been read.
    Start,
    /// The last record was the one with this sequence number.
    After(String),
    /// The shard is closed, and has been read to its end.
    End,
}

impl Checkpoint {
    /// The name (ARN) of the stream.
    pub fn stream(&self) -> &str {
        &self.stream
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map_err(CheckpointError)
    }
}

/// Why a text is no checkpoint.
#[derive(Debug)]
pub struct CheckpointError(serde_json::Error);

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is no checkpoint")
    }
}

impl std::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
