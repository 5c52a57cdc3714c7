//! The large parts of a request, and their places in the SDK's output without them.
//!
//! The SDK gets a request with empty items, and serializes it as usual: conditions, tokens, tables, and whatever a later version
//! adds. The names that lead to the empty values then locate them in the output.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::reader::{Broken, Failure, Reader};

/// The parts that the SDK serializes as empty, as JSON.
#[derive(Debug)]
pub(crate) enum Large {
    /// A member of the request.
    Member(Part),
    /// The requests of each table of a batch.
    Tables(Vec<(String, Vec<TableRequest>)>),
    /// A member of each operation of a transaction; `None` for an operation that the SDK serializes whole.
    Operations(Vec<Option<Part>>),
}

/// A member of a request or of an operation, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub member: &'static str,
    pub json: Arc<str>,
}

impl Part {
    /// The item of a put.
    pub fn item(json: Arc<str>) -> Self {
        Part { member: "Item", json }
    }

    /// The values of an update's expressions.
    pub fn values(json: Arc<str>) -> Self {
        Part { member: "ExpressionAttributeValues", json }
    }
}

/// A request of a batch.
#[derive(Clone, Debug)]
pub(crate) enum TableRequest {
    /// The put of an item.
    Put(Arc<str>),
    /// The deletion of the item with a key.
    Delete(Arc<str>),
}

impl TableRequest {
    /// What stands before and after its item or key, and that.
    fn pieces(&self) -> [&str; 3] {
        match self {
            TableRequest::Put(item) => [r#"{"PutRequest":{"Item":"#, item, "}}"],
            TableRequest::Delete(key) => [r#"{"DeleteRequest":{"Key":"#, key, "}}"],
        }
    }
}

/// What takes the place of an empty value.
enum Value<'l> {
    Json(&'l str),
    Changes(&'l [TableRequest]),
}

impl Value<'_> {
    /// How many bytes it has.
    fn len(&self) -> usize {
        match self {
            Value::Json(json) => json.len(),
            Value::Changes(changes) => {
                let lengths = changes.iter().flat_map(TableRequest::pieces).map(str::len);
                lengths.sum::<usize>() + 1 + changes.len().max(1)
            }
        }
    }

    fn write(&self, request: &mut String) {
        match self {
            Value::Json(json) => request.push_str(json),
            Value::Changes(changes) => {
                request.push('[');
                for (position, change) in changes.iter().enumerate() {
                    if position > 0 {
                        request.push(',');
                    }
                    change.pieces().into_iter().for_each(|piece| request.push_str(piece));
                }
                request.push(']');
            }
        }
    }
}

/// Puts the large parts into a request with an empty value for each.
///
/// # Errors
/// The request has not exactly those places.
pub(super) fn spliced(request: &[u8], large: &Large) -> Result<String, NotSpliced> {
    let reader = Reader::new(request).map_err(|failure| NotSpliced(Some(failure)))?;
    let places = match places(&reader, large) {
        Ok(places) if reader.failure().is_none() && places.len() == large.len() => places,
        _ => return Err(NotSpliced(reader.failure())),
    };
    let added: usize = places.iter().map(|(_, value)| value.len()).sum();
    let mut whole = String::with_capacity(request.len() + added);
    let mut from = 0;
    for (place, value) in places {
        whole.push_str(reader.whole().get(from..place.start).unwrap_or_default());
        value.write(&mut whole);
        from = place.end;
    }
    whole.push_str(reader.whole().get(from..).unwrap_or_default());
    Ok(whole)
}

/// The places of a request's empty values, in order, and the parts that belong there.
type Places<'l> = Vec<(Range<usize>, Value<'l>)>;

fn places<'l>(reader: &Reader<'_>, large: &'l Large) -> Result<Places<'l>, Broken> {
    let mut places = Vec::with_capacity(large.len());
    reader.object(|name| match large {
        Large::Member(part) if name == part.member => {
            places.push((place(reader)?, Value::Json(&part.json)));
            Ok(())
        }
        Large::Tables(tables) if name == "RequestItems" => reader.object(|table| {
            match tables.iter().find(|(known, _)| known == table) {
                Some((_, changes)) => places.push((place(reader)?, Value::Changes(changes))),
                None => reader.skip()?,
            }
            Ok(())
        }),
        Large::Operations(operations) if name == "TransactItems" => {
            let mut operations = operations.iter();
            reader.array(|| {
                let Some(part) = operations.next().and_then(Option::as_ref) else { return reader.skip() };
                reader.object(|_| {
                    reader.object(|name| {
                        if name == part.member {
                            places.push((place(reader)?, Value::Json(&part.json)));
                            Ok(())
                        } else {
                            reader.skip()
                        }
                    })
                })
            })
        }
        _ => reader.skip(),
    })?;
    reader.end()?;
    Ok(places)
}

/// The place of an empty value.
fn place(reader: &Reader<'_>) -> Result<Range<usize>, Broken> {
    reader.peek();
    let start = reader.position();
    match reader.rest() {
        [b'{', b'}', ..] | [b'[', b']', ..] => {
            reader.advance(2);
            Ok(start..start + 2)
        }
        _ => reader.fail("an empty value"),
    }
}

impl Large {
    /// How many places belong to it.
    fn len(&self) -> usize {
        match self {
            Large::Member(_) => 1,
            Large::Tables(tables) => tables.len(),
            Large::Operations(operations) => operations.iter().flatten().count(),
        }
    }
}

/// The SDK wrote another request than expected.
#[derive(Debug)]
pub(super) struct NotSpliced(Option<Failure>);

impl fmt::Display for NotSpliced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the SDK serializes requests otherwise than this version of dynamorm expects; with \
             `Client::without_wire_decoding` it serializes them alone",
        )?;
        match self.0 {
            Some(failure) => write!(f, " ({failure})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NotSpliced {}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(member: &'static str, json: &str) -> Part {
        Part { member, json: Arc::from(json) }
    }

    fn splice(request: &str, large: &Large) -> Option<String> {
        spliced(request.as_bytes(), large).ok()
    }

    #[test]
    fn a_member_takes_the_place_of_an_empty_one() {
        let item = Large::Member(part("Item", r#"{"a":{"N":"1"}}"#));
        assert_eq!(
            splice(r#"{"TableName":"Item","Item":{},"New":{"Item":[]}}"#, &item).as_deref(),
            Some(r#"{"TableName":"Item","Item":{"a":{"N":"1"}},"New":{"Item":[]}}"#)
        );
        for other in [
            r#"{"TableName":"t"}"#,
            r#"{"Item":{"a":{"N":"2"}}}"#,
            r#"{"Item":{},"Item":{}}"#,
            r#"{"New":{"Item":{}}}"#,
            r#"{"Item":{}"#,
            r#"{"Item":{}}}"#,
            "",
        ] {
            assert_eq!(splice(other, &item), None, "{other}");
        }
    }

    #[test]
    fn every_table_of_a_batch_gets_its_own_requests() {
        let put = TableRequest::Put(Arc::from(r#"{"of":1}"#));
        let delete = TableRequest::Delete(Arc::from(r#"{"of":2}"#));
        let tables = |names: &[&str]| {
            let changes = [vec![put.clone()], vec![put.clone(), delete.clone()]].into_iter().cycle();
            Large::Tables(names.iter().map(|name| (*name).to_owned()).zip(changes).collect())
        };
        assert_eq!(
            splice(r#"{"RequestItems":{"b":[],"a\"":[]}}"#, &tables(&["a\"", "b"])).as_deref(),
            Some(
                r#"{"RequestItems":{"b":[{"PutRequest":{"Item":{"of":1}}},{"DeleteRequest":{"Key":{"of":2}}}],"a\"":[{"PutRequest":{"Item":{"of":1}}}]}}"#
            )
        );
        assert_eq!(splice(r#"{"RequestItems":{"a":[]}}"#, &tables(&["a", "b"])), None);
        assert_eq!(splice(r#"{"RequestItems":{"a":[{}]}}"#, &tables(&["a"])), None);
    }

    #[test]
    fn the_operations_of_a_transaction_are_told_apart_by_their_order() {
        let parts = [Some(part("Item", "1")), None, Some(part("ExpressionAttributeValues", "2"))];
        let large = Large::Operations(parts.to_vec());
        let request = r#"{"TransactItems":[{"Put":{"Item":{},"TableName":"t"}},{"Put":{"Item":{}}},{"Update":{"ExpressionAttributeValues":{}}}],"ClientRequestToken":"x"}"#;
        assert_eq!(
            splice(request, &large).as_deref(),
            Some(
                r#"{"TransactItems":[{"Put":{"Item":1,"TableName":"t"}},{"Put":{"Item":{}}},{"Update":{"ExpressionAttributeValues":2}}],"ClientRequestToken":"x"}"#
            )
        );
        assert_eq!(splice(r#"{"TransactItems":[{"Put":{"Item":{}}}]}"#, &large), None);
    }
}
