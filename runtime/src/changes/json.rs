//! Records as JSON: finding a record in its event and reading it, without a tree and without copies.

use std::borrow::Cow;

use aws_smithy_types::Number;
use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use jiff::Timestamp;

use super::error::EventError;
use super::problem::Problem;
use super::raw::{Raw, RawImage};
use crate::wire::{Broken, Reader};

/// The records of an event, each with its text. Reading a record finds what is wrong with it.
pub(super) fn records<'a, T>(
    body: &'a [u8],
    mut read: impl FnMut(&Reader<'a>) -> Result<T, Broken>,
) -> Result<Vec<(&'a str, T)>, EventError> {
    let reader = Reader::new(body).map_err(|failure| EventError(failure.within("the event")))?;
    let mut records = None;
    let outcome = reader.object(|name| {
        if name != "Records" {
            return reader.skip();
        }
        let mut found = Vec::new();
        reader.array(|| {
            reader.peek();
            let start = reader.mark();
            let record = read(&reader)?;
            found.push((reader.text_since(start), record));
            Ok(())
        })?;
        records = Some(found);
        Ok(())
    });
    let outcome = outcome.and_then(|()| reader.end());
    match (outcome, reader.failure(), records) {
        (_, Some(failure), _) => Err(EventError(failure.within("the event"))),
        (Err(_), None, _) => Err(EventError("it breaks off".to_owned())),
        (Ok(()), None, None) => Err(EventError("it has no `Records`".to_owned())),
        (Ok(()), None, Some(records)) => Ok(records),
    }
}

/// A record of a table's own stream, as a Lambda event has it, or of a Kinesis data stream.
pub(super) fn record(text: &str) -> Raw<'_> {
    let reader = Reader::of_text(text);
    match read_record(&reader) {
        Ok(raw) => raw,
        Err(_) => {
            let how = reader.failure().map_or_else(String::new, |failure| failure.within("it"));
            Raw { problem: Some(Problem::Malformed(how)), ..Raw::default() }
        }
    }
}

/// The record at the current place. A member of the wrong type is skipped and noted.
pub(super) fn read_record<'a>(reader: &Reader<'a>) -> Result<Raw<'a>, Broken> {
    let mut parts = Parts::default();
    if reader.peek() != Some(b'{') {
        parts.problem.add("it is no object".to_owned());
        reader.skip()?;
        return Ok(parts.finish());
    }
    reader.object(|name| {
        match name {
            "eventID" => parts.raw.event_id = parts.problem.text(reader, "eventID")?,
            "eventName" => parts.raw.event_name = parts.problem.text(reader, "eventName")?,
            "eventSourceARN" => {
                let arn = parts.problem.text(reader, "eventSourceARN")?;
                parts.raw.table = arn.and_then(table_in);
            }
            "tableName" => parts.raw.table = parts.problem.text(reader, "tableName")?,
            "userIdentity" => parts.raw.is_expiry = is_expiry(reader)?,
            "dynamodb" if reader.peek() == Some(b'{') => parts.body(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(parts.finish())
}

#[derive(Default)]
struct Parts<'a> {
    raw: Raw<'a>,
    problem: Complaints,
    /// Seconds, unless the precision says otherwise.
    moment: Option<Number>,
    precision: Option<Cow<'a, str>>,
}

/// The first complaint.
#[derive(Default)]
struct Complaints(Option<String>);

impl Complaints {
    /// A text; `None` for `null`, and for anything else, which it notes as a complaint.
    fn text<'a>(&mut self, reader: &Reader<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Broken> {
        match reader.peek() {
            Some(b'"') => reader.string().map(Some),
            Some(b'n') => reader.skip().map(|()| None),
            _ => {
                self.add(format!("`{name}` is no text"));
                reader.skip().map(|()| None)
            }
        }
    }

    /// The text of an object, with the same rules.
    fn object<'a>(&mut self, reader: &Reader<'a>, name: &str) -> Result<Option<RawImage<'a>>, Broken> {
        match reader.peek() {
            Some(b'{') => reader.raw_value().map(|text| Some(RawImage::Json(text))),
            Some(b'n') => reader.skip().map(|()| None),
            _ => {
                self.add(format!("`{name}` is no object"));
                reader.skip().map(|()| None)
            }
        }
    }

    fn add(&mut self, complaint: String) {
        self.0.get_or_insert(complaint);
    }
}

impl<'a> Parts<'a> {
    /// The part that is specific to DynamoDB.
    fn body(&mut self, reader: &Reader<'a>) -> Result<(), Broken> {
        reader.object(|name| {
            match name {
                "Keys" => self.raw.keys = self.problem.object(reader, "Keys")?,
                "NewImage" => self.raw.new = self.problem.object(reader, "NewImage")?,
                "OldImage" => self.raw.old = self.problem.object(reader, "OldImage")?,
                "SequenceNumber" => {
                    self.raw.sequence_number = self.problem.text(reader, "SequenceNumber")?;
                }
                "ApproximateCreationDateTime" => match reader.peek() {
                    Some(b'0'..=b'9' | b'-') => self.moment = Some(reader.number()?),
                    Some(b'n') => reader.skip()?,
                    _ => {
                        self.problem.add("`ApproximateCreationDateTime` is no number".to_owned());
                        reader.skip()?;
                    }
                },
                "ApproximateCreationDateTimePrecision" => {
                    self.precision = self.problem.text(reader, "ApproximateCreationDateTimePrecision")?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })
    }

    fn finish(mut self) -> Raw<'a> {
        if let Some(moment) = self.moment {
            match instant(moment, self.precision.as_deref()) {
                Some(instant) => self.raw.moment = Some(instant),
                None => self.problem.add("`ApproximateCreationDateTime` is no moment".to_owned()),
            }
        }
        self.raw.problem = self.problem.0.map(Problem::Malformed);
        self.raw
    }
}

/// A record's envelope from Kinesis.
pub(super) struct KinesisRecord<'a> {
    pub data: Result<String, Problem>,
    pub sequence_number: Option<Cow<'a, str>>,
}

/// The record at the current place of a Lambda event from a Kinesis data stream.
pub(super) fn read_kinesis_record<'a>(reader: &Reader<'a>) -> Result<KinesisRecord<'a>, Broken> {
    let (mut data, mut sequence_number) = (None, None);
    let mut problem = Complaints::default();
    if reader.peek() == Some(b'{') {
        reader.object(|name| {
            if name != "kinesis" || reader.peek() != Some(b'{') {
                return reader.skip();
            }
            reader.object(|name| {
                match name {
                    "data" => data = problem.text(reader, "data")?,
                    "sequenceNumber" => sequence_number = problem.text(reader, "sequenceNumber")?,
                    _ => reader.skip()?,
                }
                Ok(())
            })
        })?;
    } else {
        problem.add("it is no object".to_owned());
        reader.skip()?;
    }
    let data = match (problem.0, data) {
        (Some(complaint), _) => Err(Problem::Malformed(complaint)),
        (None, None) => Err(Problem::Malformed("it has no `kinesis.data`".to_owned())),
        (None, Some(data)) => decoded(&data),
    };
    Ok(KinesisRecord { data, sequence_number })
}

fn decoded(data: &str) -> Result<String, Problem> {
    let bytes = STANDARD.decode(data).map_err(|_| Problem::Malformed("`data` is no base64".to_owned()))?;
    String::from_utf8(bytes).map_err(|_| Problem::Malformed("`data` is no UTF-8".to_owned()))
}

/// A moment: in seconds in a table's own stream; in a Kinesis data stream in milliseconds, or as it says.
fn instant(number: Number, precision: Option<&str>) -> Option<Timestamp> {
    let scale: i128 = match precision {
        None => 1,
        Some("MILLISECOND") => 1_000,
        Some("MICROSECOND") => 1_000_000,
        Some(_) => return None,
    };
    const NANOSECONDS: i128 = 1_000_000_000;
    let nanoseconds = match number {
        Number::PosInt(whole) => i128::from(whole).checked_mul(NANOSECONDS / scale),
        Number::NegInt(whole) => i128::from(whole).checked_mul(NANOSECONDS / scale),
        // A double holds a moment of our days to the microsecond.
        Number::Float(float) => {
            let microseconds = (float * 1e6 / scale as f64).round();
            // The cast turns `NaN` into 0, and what is too great into the greatest number.
            let is_number = !microseconds.is_nan();
            is_number.then_some(microseconds as i128)?.checked_mul(NANOSECONDS / 1_000_000)
        }
    };
    Timestamp::from_nanosecond(nanoseconds?).ok()
}

/// Whether DynamoDB itself deleted the item because it had expired.
fn is_expiry(reader: &Reader<'_>) -> Result<bool, Broken> {
    if reader.peek() != Some(b'{') {
        return reader.skip().map(|()| false);
    }
    let (mut is_service, mut is_dynamodb) = (false, false);
    reader.object(|name| {
        if reader.peek() != Some(b'"') {
            return reader.skip();
        }
        let text = reader.string()?;
        match name {
            "type" | "Type" => is_service = text == "Service",
            "principalId" | "PrincipalId" => is_dynamodb = text == EXPIRY_PRINCIPAL,
            _ => {}
        }
        Ok(())
    })?;
    Ok(is_service && is_dynamodb)
}

/// The principal that deletes expired items.
pub(super) const EXPIRY_PRINCIPAL: &str = "dynamodb.amazonaws.com";

fn table_in(arn: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match arn {
        Cow::Borrowed(arn) => table_of_arn(arn).map(Cow::Borrowed),
        Cow::Owned(arn) => table_of_arn(&arn).map(|name| Cow::Owned(name.to_owned())),
    }
}

/// The table of a stream: `arn:aws:dynamodb:eu-west-1:123456789012:table/shop/stream/2026-01-01T00:00:00.000`.
pub(super) fn table_of_arn(arn: &str) -> Option<&str> {
    arn.split_once(":table/")?.1.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_every_precision_are_one() {
        let moment: Timestamp = "2020-04-29T20:10:13.123Z".parse().expect("a moment");
        let milliseconds = Number::PosInt(1_588_191_013_123);
        let microseconds = Number::PosInt(1_588_191_013_123_000);
        assert_eq!(instant(milliseconds, Some("MILLISECOND")), Some(moment));
        assert_eq!(instant(microseconds, Some("MICROSECOND")), Some(moment));
        assert_eq!(instant(Number::Float(1_588_191_013.123), None), Some(moment));
        assert_eq!(instant(Number::Float(1.588191013E9), None), instant(Number::PosInt(1_588_191_013), None));
        assert_eq!(instant(microseconds, Some("NANOSECOND")), None);
        for number in [Number::PosInt(u64::MAX), Number::NegInt(i64::MIN)] {
            assert_eq!(instant(number, None), None);
        }
        for float in [1e300, -1e300, f64::INFINITY, f64::NAN, f64::MAX] {
            assert_eq!(instant(Number::Float(float), None), None);
        }
    }

    #[test]
    fn the_table_is_read_from_the_name_of_its_stream() {
        let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/shop/stream/2020-11-13T20:11:13.258";
        assert_eq!(table_of_arn(arn), Some("shop"));
        assert_eq!(table_of_arn("arn:aws:kinesis:us-east-1:111122223333:stream/shop"), None);
    }
}
