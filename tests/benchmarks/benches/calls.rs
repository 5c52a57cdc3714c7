//! Whole calls through the SDK, answered at once by canned bytes: generated code against the same call written by hand on
//! the SDK, conversions included. Both ask for the consumed capacity, and for the item on which a condition failed: the requests
//! are the same.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};
use benchmarks::interleaved::{Medians, measure};
use benchmarks::models::Book;
use benchmarks::report::Report;
use benchmarks::{book, by_hand, canned, copies};
use dynamorm::{Client, Operations};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// What each call may take of the same one written by hand.
const MARK: Option<f64> = Some(1.05);

type Sdk = aws_sdk_dynamodb::Client;
type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let calls = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query of an index, a page of 100 items"];
    let measured = copies::measured(&[
        &|| get(&runtime),
        &|| put(&runtime),
        &|| update(&runtime),
        &|| delete(&runtime),
        &|| query(&runtime),
    ])?;
    if measured.is_empty() {
        return Ok(());
    }
    let mut report = Report::default();
    for (call, medians) in calls.iter().zip(measured) {
        report.repeated(call, "by hand on the SDK", medians, MARK);
    }
    print!("{report}");
    Ok(())
}

fn get(runtime: &Runtime) -> Medians {
    let answer = json!({ "Item": json_item(&by_hand::encode(&book())), "ConsumedCapacity": capacity() });
    let (db, sdk) = clients(&answer);
    measure(
        20,
        || {
            let found = runtime.block_on(Book::get("9780141439518").send(&db));
            assert!(found.expect("the item is read").is_some());
        },
        || assert!(runtime.block_on(get_by_hand(&sdk)).expect("the item is read").is_some()),
    )
}

async fn get_by_hand(sdk: &Sdk) -> Result<Option<Book>, Error> {
    let output = sdk
        .get_item()
        .table_name("books")
        .key("isbn", AttributeValue::S(String::from("9780141439518")))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    Ok(output.item.map(by_hand::decode).transpose()?)
}

fn put(runtime: &Runtime) -> Medians {
    let answer = json!({ "ConsumedCapacity": capacity() });
    let ((db, sdk), book) = (clients(&answer), book());
    measure(
        20,
        || runtime.block_on(book.put().send(&db)).expect("the item is written"),
        || runtime.block_on(put_by_hand(&book, &sdk)).expect("the item is written"),
    )
}

async fn put_by_hand(book: &Book, sdk: &Sdk) -> Result<(), Error> {
    sdk.put_item()
        .table_name("books")
        .set_item(Some(by_hand::encode(book)))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    Ok(())
}

fn update(runtime: &Runtime) -> Medians {
    let answer = json!({ "ConsumedCapacity": capacity() });
    let (db, sdk) = clients(&answer);
    measure(
        20,
        || {
            let update = Book::update("9780141439518").set(Book::TITLE, "Emma").when(Book::IN_PRINT.eq(true));
            runtime.block_on(update.send(&db)).expect("the item is changed");
        },
        || runtime.block_on(update_by_hand(&sdk)).expect("the item is changed"),
    )
}

async fn update_by_hand(sdk: &Sdk) -> Result<(), Error> {
    sdk.update_item()
        .table_name("books")
        .key("isbn", AttributeValue::S(String::from("9780141439518")))
        .update_expression("SET #title = :title")
        .condition_expression("attribute_exists(#isbn) AND #in_print = :in_print")
        .expression_attribute_names("#title", "title")
        .expression_attribute_names("#isbn", "isbn")
        .expression_attribute_names("#in_print", "in_print")
        .expression_attribute_values(":title", AttributeValue::S(String::from("Emma")))
        .expression_attribute_values(":in_print", AttributeValue::Bool(true))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    Ok(())
}

fn delete(runtime: &Runtime) -> Medians {
    let answer = json!({ "ConsumedCapacity": capacity() });
    let (db, sdk) = clients(&answer);
    measure(
        20,
        || runtime.block_on(Book::delete("9780141439518").send(&db)).expect("the item is deleted"),
        || runtime.block_on(delete_by_hand(&sdk)).expect("the item is deleted"),
    )
}

async fn delete_by_hand(sdk: &Sdk) -> Result<(), Error> {
    sdk.delete_item()
        .table_name("books")
        .key("isbn", AttributeValue::S(String::from("9780141439518")))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    Ok(())
}

fn query(runtime: &Runtime) -> Medians {
    let item = json_item(&by_hand::encode(&book()));
    let answer = json!({
        "Items": vec![item; 100],
        "Count": 100,
        "ScannedCount": 100,
        "ConsumedCapacity": capacity(),
    });
    let (db, sdk) = clients(&answer);
    measure(
        2,
        || {
            let page = runtime.block_on(Book::by_author("Jane Austen").send(&db));
            let books = page.expect("the page is read").into_items().expect("every item is a book");
            assert_eq!(books.len(), 100);
        },
        || assert_eq!(runtime.block_on(query_by_hand(&sdk)).expect("the page is read").len(), 100),
    )
}

async fn query_by_hand(sdk: &Sdk) -> Result<Vec<Book>, Error> {
    let output = sdk
        .query()
        .table_name("books")
        .index_name("by-author")
        .key_condition_expression("#author = :author")
        .expression_attribute_names("#author", "author")
        .expression_attribute_values(":author", AttributeValue::S(String::from("Jane Austen")))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    Ok(output.items.unwrap_or_default().into_iter().map(by_hand::decode).collect::<Result<_, _>>()?)
}

/// The two sides' clients. Each has one of its own, with the same settings.
fn clients(answer: &Value) -> (Client, Sdk) {
    (Client::new(canned::client(answer.to_string())), canned::client(answer.to_string()))
}

fn capacity() -> Value {
    json!({ "TableName": "books", "CapacityUnits": 1.0 })
}

/// An item as DynamoDB writes it in JSON.
fn json_item(item: &by_hand::Item) -> Value {
    item.iter().map(|(name, value)| (name.clone(), json_value(value))).collect()
}

fn json_value(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Ss(set) => json!({ "SS": set }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(json_value).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": json_item(map) }),
        other => unreachable!("a book has no {other:?}"),
    }
}
