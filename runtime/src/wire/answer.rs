//! The bodies of responses: their items, one after the other, and what surrounds them.

use aws_smithy_types::Number;
use aws_smithy_types::primitive::Parse;

use super::reader::{Broken, Failure, Mark, Reader};
use crate::decode::Fields;
use crate::item::Item;

/// What a page contains besides its items.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct PageEnd {
    /// How many items there were, including those beyond the wanted ones.
    pub items: usize,
    pub count: u64,
    pub scanned: u64,
    pub next: Option<Item>,
    pub capacity: Option<f64>,
}

/// Reads the response of a `Query` or a `Scan`. `visit` gets the first `wanted` items and their positions. Items for which
/// `is_other` is true do not count at all.
///
/// If a body has its items twice, the later ones count, as in the SDK. They have the positions of the earlier ones.
///
/// # Errors
/// The body is not what DynamoDB sends.
pub(crate) fn page(
    body: &[u8],
    wanted: usize,
    is_other: Option<&dyn Fn(&Fields<'_>) -> bool>,
    visit: &mut dyn FnMut(usize, Fields<'_>),
) -> Result<PageEnd, Failure> {
    let mut end = PageEnd::default();
    whole(body, |reader, name| {
        match name {
            "Items" => {
                end.items = 0;
                if !reader.null()? {
                    reader.set_depth(2);
                    reader.array(|| {
                        let index = end.items;
                        if let Some(is_other) = is_other {
                            return item(reader, |fields| {
                                if is_other(&fields) {
                                    return;
                                }
                                end.items += 1;
                                if index < wanted {
                                    visit(index, fields);
                                }
                            });
                        }
                        end.items += 1;
                        if index < wanted {
                            item(reader, |fields| visit(index, fields))
                        } else {
                            reader.skip_item()
                        }
                    })?;
                }
            }
            "Count" => end.count = integer(reader)?,
            "ScannedCount" => end.scanned = integer(reader)?,
            "LastEvaluatedKey" => end.next = optional_item(reader)?.filter(|key| !key.is_empty()),
            "ConsumedCapacity" => end.capacity = capacity(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(end)
}

/// What a response with one item contains besides it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ItemEnd {
    pub has_item: bool,
    pub capacity: Option<f64>,
}

/// Reads the response of a `GetItem`, or of a write that returns an item. `visit` gets the item, which is `member` of the
/// response.
///
/// If a body has it twice, the later one counts, as in the SDK.
///
/// # Errors
/// The body is not what DynamoDB sends.
pub(crate) fn one_item(
    body: &[u8],
    member: &str,
    visit: &mut dyn FnMut(Fields<'_>),
) -> Result<ItemEnd, Failure> {
    let mut end = ItemEnd::default();
    whole(body, |reader, name| {
        if name == member {
            end.has_item = !reader.null()?;
            if end.has_item {
                reader.set_depth(1);
                item(reader, &mut *visit)?;
            }
        } else if name == "ConsumedCapacity" {
            end.capacity = capacity(reader)?;
        } else {
            reader.skip()?;
        }
        Ok(())
    })?;
    Ok(end)
}

/// The response to a batch of reads.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The places of the table's items.
    pub items: Vec<Mark>,
    /// The unprocessed keys of the table.
    pub left: Vec<Item>,
    pub capacity: Option<f64>,
}

/// Reads the part of a `BatchGetItem` response that is about one table.
///
/// # Errors
/// The body is not what DynamoDB sends.
pub(crate) fn batch(reader: &Reader<'_>, table: &str) -> Result<Batch, Failure> {
    let mut batch = Batch::default();
    whole_of(reader, |name| {
        match name {
            "Responses" => {
                batch.items.clear();
                optional_object(reader, |found| {
                    reader.set_depth(3);
                    let is_wanted = found == table;
                    if is_wanted {
                        batch.items.clear();
                    }
                    reader.array(|| {
                        if is_wanted {
                            reader.peek();
                            batch.items.push(reader.mark());
                        }
                        reader.skip_item()
                    })
                })?;
            }
            "UnprocessedKeys" => {
                batch.left.clear();
                optional_object(reader, |found| {
                    let keys = keys_of_table(reader)?;
                    if found == table {
                        batch.left = keys;
                    }
                    Ok(())
                })?;
            }
            "ConsumedCapacity" => batch.capacity = capacities(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(batch)
}

/// The response to a transaction of reads.
#[derive(Debug, Default)]
pub(crate) struct TransactionRead {
    /// The place of each read's item, if it found one.
    pub items: Vec<Option<Mark>>,
    pub capacity: Option<f64>,
}

/// Reads the response of a `TransactGetItems`.
///
/// # Errors
/// The body is not what DynamoDB sends.
pub(crate) fn transaction(reader: &Reader<'_>) -> Result<TransactionRead, Failure> {
    let mut read = TransactionRead::default();
    whole_of(reader, |name| {
        match name {
            "Responses" => {
                read.items.clear();
                if !reader.null()? {
                    reader.array(|| {
                        let mut item = None;
                        reader.object(|name| {
                            if name != "Item" {
                                return reader.skip();
                            }
                            item = None;
                            if reader.null()? {
                                return Ok(());
                            }
                            reader.set_depth(3);
                            item = Some(reader.mark());
                            reader.skip_item()
                        })?;
                        read.items.push(item);
                        Ok(())
                    })?;
                }
            }
            "ConsumedCapacity" => read.capacity = capacities(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(read)
}

/// Reads a body from its beginning to its end.
fn whole(
    body: &[u8],
    mut member: impl FnMut(&Reader<'_>, &str) -> Result<(), Broken>,
) -> Result<(), Failure> {
    let reader = Reader::new(body)?;
    whole_of(&reader, |name| member(&reader, name))
}

fn whole_of(reader: &Reader<'_>, member: impl FnMut(&str) -> Result<(), Broken>) -> Result<(), Failure> {
    let read = reader.object(member).and_then(|()| reader.end());
    match (read, reader.failure()) {
        (_, Some(failure)) => Err(failure),
        _ => Ok(()),
    }
}

/// Lets `visit` read the current item, and skips what it leaves.
fn item<'a>(reader: &'a Reader<'a>, visit: impl FnOnce(Fields<'a>)) -> Result<(), Broken> {
    let start = reader.mark();
    visit(Fields::at(reader, start));
    if reader.failure().is_some() {
        return Err(Broken);
    }
    if !reader.mark().is_behind(start) {
        reader.go_back(start);
        reader.skip_item()?;
    }
    Ok(())
}

fn optional_item(reader: &Reader<'_>) -> Result<Option<Item>, Broken> {
    if reader.null()? {
        return Ok(None);
    }
    reader.set_depth(1);
    reader.item().map(Some)
}

/// The members of an object, if it is not null.
fn optional_object(
    reader: &Reader<'_>,
    member: impl FnMut(&str) -> Result<(), Broken>,
) -> Result<(), Broken> {
    if reader.null()? { Ok(()) } else { reader.object(member) }
}

/// The unprocessed keys of one table.
fn keys_of_table(reader: &Reader<'_>) -> Result<Vec<Item>, Broken> {
    let mut keys = Vec::new();
    reader.object(|name| match name {
        "Keys" => {
            keys.clear();
            if reader.null()? {
                return Ok(());
            }
            reader.set_depth(4);
            reader.array(|| {
                keys.push(reader.item()?);
                Ok(())
            })
        }
        "AttributesToGet" if !reader.null()? => reader.array(|| reader.skip_string()),
        "ConsistentRead" if !reader.null()? => reader.boolean().map(drop),
        "ProjectionExpression" if !reader.null()? => reader.skip_string(),
        "ExpressionAttributeNames" => optional_object(reader, |_| reader.skip_string()),
        "AttributesToGet" | "ConsistentRead" | "ProjectionExpression" => Ok(()),
        _ => reader.skip(),
    })?;
    Ok(keys)
}

/// The capacity units that a request consumed.
fn capacity(reader: &Reader<'_>) -> Result<Option<f64>, Broken> {
    let mut units = None;
    optional_object(reader, |name| match name {
        "CapacityUnits" => {
            units = float(reader)?;
            Ok(())
        }
        "ReadCapacityUnits" | "WriteCapacityUnits" => float(reader).map(drop),
        "TableName" if !reader.null()? => reader.skip_string(),
        "TableName" => Ok(()),
        "Table" => part_of_capacity(reader),
        "LocalSecondaryIndexes" | "GlobalSecondaryIndexes" => optional_object(reader, |_| {
            // The SDK refuses an index whose capacity is null.
            if reader.peek() == Some(b'n') { reader.fail("an object") } else { part_of_capacity(reader) }
        }),
        _ => reader.skip(),
    })?;
    Ok(units)
}

/// What a table or an index consumed.
fn part_of_capacity(reader: &Reader<'_>) -> Result<(), Broken> {
    optional_object(reader, |name| match name {
        "CapacityUnits" | "ReadCapacityUnits" | "WriteCapacityUnits" => float(reader).map(drop),
        _ => reader.skip(),
    })
}

/// What the first of several tables consumed.
fn capacities(reader: &Reader<'_>) -> Result<Option<f64>, Broken> {
    let mut first = None;
    if reader.null()? {
        return Ok(None);
    }
    reader.array(|| {
        if reader.peek() == Some(b'n') {
            return reader.fail("an object");
        }
        let units = capacity(reader)?;
        first = first.or(Some(units));
        Ok(())
    })?;
    Ok(first.flatten())
}

fn number(reader: &Reader<'_>) -> Result<Option<Number>, Broken> {
    if reader.null()? {
        return Ok(None);
    }
    if reader.peek() == Some(b'"') {
        // As in the SDK, numbers that JSON cannot express are text, in any spelling that Rust takes.
        return match f64::parse_smithy_primitive(&reader.string()?) {
            Ok(float) if !float.is_finite() => Ok(Some(Number::Float(float))),
            _ => reader.fail("a number"),
        };
    }
    match reader.number()? {
        Number::Float(float) if !float.is_finite() => reader.fail("a number that is finite"),
        number => Ok(Some(number)),
    }
}

fn integer(reader: &Reader<'_>) -> Result<u64, Broken> {
    match number(reader)?.map(i32::try_from) {
        None => Ok(0),
        Some(Ok(count)) => Ok(count.unsigned_abs().into()),
        Some(Err(_)) => reader.fail("a whole number"),
    }
}

fn float(reader: &Reader<'_>) -> Result<Option<f64>, Broken> {
    Ok(number(reader)?.map(Number::to_f64_lossy))
}
