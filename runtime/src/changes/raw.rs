//! What a source says of a record, before anything is made of it.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;

use super::problem::Problem;
use crate::item::{Item, Names};

/// A record as its source gives it. JSON parts are cheap to copy.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw<'a> {
    pub event_id: Option<Cow<'a, str>>,
    pub event_name: Option<Cow<'a, str>>,
    pub sequence_number: Option<Cow<'a, str>>,
    pub moment: Option<Timestamp>,
    pub table: Option<Cow<'a, str>>,
    pub is_expiry: bool,
    pub keys: Option<RawImage<'a>>,
    pub old: Option<RawImage<'a>>,
    pub new: Option<RawImage<'a>>,
    /// Whether the source has both images, whatever the view.
    pub has_both: bool,
    /// A problem that was found earlier.
    pub problem: Option<Problem>,
}

/// The attributes of an image, or of a key, as the source has them.
#[derive(Clone)]
pub(super) enum RawImage<'a> {
    /// The text of a JSON object.
    Json(&'a str),
    /// An item that another library has parsed: the SDK for streams, or `aws_lambda_events`.
    #[cfg_attr(not(any(feature = "lambda-events", feature = "streams")), allow(dead_code))]
    Item(Item),
}

/// Shows the names of the attributes where they are known, and no values.
impl fmt::Debug for RawImage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RawImage::Json(text) => write!(f, "JSON of {} bytes", text.len()),
            RawImage::Item(item) => Names(item).fmt(f),
        }
    }
}
