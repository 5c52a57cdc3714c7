//! Whole calls through the SDK, answered at once by canned bytes: by generated code, and written by hand on the SDK, conversions
//! included. Both ask for the consumed capacity, and for the item on which a condition failed: the requests are the same.

use aws_sdk_dynamodb::types::{
    AttributeValue, Put, PutRequest, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, WriteRequest,
};
use dynamorm::{Client, Operations};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::models::Book;
use crate::{book, by_hand, canned};

type Sdk = aws_sdk_dynamodb::Client;
type Error = Box<dyn std::error::Error>;

/// A call on both sides, and what it may take of the one that is written by hand.
pub struct Call {
    pub what: &'static str,
    /// The most of its time.
    pub time: f64,
    /// The most of its allocations, where something is said of them.
    pub allocations: Option<f64>,
    /// How often it is made for one figure.
    pub times: usize,
    /// Whether it puts 25 items, and has a [floor](Self::floor).
    pub has_floor: bool,
    sides: fn(&'static Runtime) -> Sides,
}

/// The two sides of a call, ready to be made.
pub struct Sides {
    pub ours: Box<dyn Fn()>,
    pub theirs: Box<dyn Fn()>,
}

impl Call {
    /// Both sides, each with a client of its own.
    ///
    /// # Panics
    /// There is no runtime to be had.
    pub fn sides(&self) -> Sides {
        (self.sides)(runtime())
    }

    /// In the place of our side, the SDK's own put of one text, whose request is as long as that of 25 puts. Signing it alone
    /// takes a part of the time that no client can save.
    ///
    /// # Panics
    /// As [`sides`](Self::sides).
    pub fn floor(&self) -> Sides {
        Sides { ours: floor(runtime()), ..self.sides() }
    }
}

/// A runtime that lives as long as the process, as the calls that use it.
fn runtime() -> &'static Runtime {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime is built");
    Box::leak(Box::new(runtime))
}

fn floor(runtime: &'static Runtime) -> Box<dyn Fn()> {
    let sdk = canned::client(json!({ "ConsumedCapacity": capacity() }).to_string());
    let item = by_hand::encode(&book());
    let text = "x".repeat(25 * json_item(&item).to_string().len());
    Box::new(move || {
        let put = sdk
            .put_item()
            .table_name("books")
            .item("isbn", AttributeValue::S(text.clone()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        runtime.block_on(put.send()).expect("the item is written");
    })
}

/// How many items a page of 1 MB has.
const ITEMS_OF_A_PAGE: usize = 1_000;

/// Every call that is measured.
pub const CALLS: [Call; 8] = [
    Call { what: "GetItem", time: 0.93, allocations: None, times: 20, has_floor: false, sides: get },
    Call { what: "PutItem", time: 0.99, allocations: None, times: 20, has_floor: false, sides: put },
    Call { what: "UpdateItem", time: 1.05, allocations: None, times: 20, has_floor: false, sides: update },
    Call { what: "DeleteItem", time: 1.05, allocations: None, times: 20, has_floor: false, sides: delete },
    Call {
        what: "Query, a page of 100 items",
        time: 0.28,
        allocations: Some(0.37),
        times: 2,
        has_floor: false,
        sides: query,
    },
    Call {
        what: "Scan, a page of 1 MB",
        time: 0.20,
        allocations: Some(0.32),
        times: 1,
        has_floor: false,
        sides: scan,
    },
    Call {
        what: "BatchWriteItem, 25 puts",
        time: 0.45,
        allocations: Some(0.27),
        times: 4,
        has_floor: true,
        sides: batch,
    },
    Call {
        what: "TransactWriteItems, 25 puts",
        time: 0.45,
        allocations: Some(0.27),
        times: 4,
        has_floor: true,
        sides: transaction,
    },
];

fn get(runtime: &'static Runtime) -> Sides {
    let answer = json!({ "Item": json_item(&by_hand::encode(&book())), "ConsumedCapacity": capacity() });
    let (db, sdk) = clients(&answer);
    Sides {
        ours: Box::new(move || {
            let found = runtime.block_on(Book::get("9780141439518").send(&db));
            assert!(found.expect("the item is read").is_some());
        }),
        theirs: Box::new(move || {
            assert!(runtime.block_on(get_by_hand(&sdk)).expect("the item is read").is_some())
        }),
    }
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

fn put(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&json!({ "ConsumedCapacity": capacity() }));
    let (ours, theirs) = (book(), book());
    Sides {
        ours: Box::new(move || runtime.block_on(ours.put().send(&db)).expect("the item is written")),
        theirs: Box::new(move || runtime.block_on(put_by_hand(&theirs, &sdk)).expect("the item is written")),
    }
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

fn update(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&json!({ "ConsumedCapacity": capacity() }));
    Sides {
        ours: Box::new(move || {
            let update = Book::update("9780141439518").set(Book::TITLE, "Emma").when(Book::IN_PRINT.eq(true));
            runtime.block_on(update.send(&db)).expect("the item is changed");
        }),
        theirs: Box::new(move || runtime.block_on(update_by_hand(&sdk)).expect("the item is changed")),
    }
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

fn delete(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&json!({ "ConsumedCapacity": capacity() }));
    Sides {
        ours: Box::new(move || {
            runtime.block_on(Book::delete("9780141439518").send(&db)).expect("the item is deleted")
        }),
        theirs: Box::new(move || runtime.block_on(delete_by_hand(&sdk)).expect("the item is deleted")),
    }
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

fn query(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&page(100));
    Sides {
        ours: Box::new(move || {
            let page = runtime.block_on(Book::by_author("Jane Austen").send(&db));
            let books = page.expect("the page is read").into_items().expect("every item is a book");
            assert_eq!(books.len(), 100);
        }),
        theirs: Box::new(move || {
            assert_eq!(runtime.block_on(query_by_hand(&sdk)).expect("the page is read").len(), 100);
        }),
    }
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

fn scan(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&page(ITEMS_OF_A_PAGE));
    Sides {
        ours: Box::new(move || {
            let page = runtime.block_on(Book::scan().send(&db)).expect("the page is read");
            let books = page.into_items().expect("every item is a book");
            assert_eq!(books.len(), ITEMS_OF_A_PAGE);
        }),
        theirs: Box::new(move || {
            let books = runtime.block_on(scan_by_hand(&sdk)).expect("the page is read");
            assert_eq!(books.len(), ITEMS_OF_A_PAGE);
        }),
    }
}

async fn scan_by_hand(sdk: &Sdk) -> Result<Vec<Book>, Error> {
    let scan = sdk.scan().table_name("books").return_consumed_capacity(ReturnConsumedCapacity::Total);
    let output = scan.send().await?;
    Ok(output.items.unwrap_or_default().into_iter().map(by_hand::decode).collect::<Result<_, _>>()?)
}

/// Books of 25 different keys.
fn books() -> Vec<Book> {
    (10..35).map(|number| Book { isbn: format!("97801414395{number}"), ..book() }).collect()
}

fn batch(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&json!({ "UnprocessedItems": {}, "ConsumedCapacity": [capacity()] }));
    let (ours, theirs) = (books(), books());
    Sides {
        ours: Box::new(move || {
            let batch = dynamorm::batch_write().put_all(&ours);
            runtime.block_on(batch.send(&db)).expect("the items are written");
        }),
        theirs: Box::new(move || {
            runtime.block_on(batch_by_hand(&theirs, &sdk)).expect("the items are written")
        }),
    }
}

async fn batch_by_hand(books: &[Book], sdk: &Sdk) -> Result<(), Error> {
    let mut requests = Vec::with_capacity(books.len());
    for book in books {
        let put = PutRequest::builder().set_item(Some(by_hand::encode(book))).build()?;
        requests.push(WriteRequest::builder().put_request(put).build());
    }
    let output = sdk
        .batch_write_item()
        .request_items("books", requests)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    assert!(output.unprocessed_items.unwrap_or_default().is_empty());
    Ok(())
}

fn transaction(runtime: &'static Runtime) -> Sides {
    let (db, sdk) = clients(&json!({ "ConsumedCapacity": [capacity()] }));
    let (ours, theirs) = (books(), books());
    Sides {
        ours: Box::new(move || {
            let transaction =
                ours.iter().fold(dynamorm::transaction(), |transaction, book| transaction.put(book.put()));
            runtime.block_on(transaction.send(&db)).expect("the items are written");
        }),
        theirs: Box::new(move || {
            runtime.block_on(transaction_by_hand(&theirs, &sdk)).expect("the items are written");
        }),
    }
}

async fn transaction_by_hand(books: &[Book], sdk: &Sdk) -> Result<(), Error> {
    let mut puts = Vec::with_capacity(books.len());
    for book in books {
        let put = Put::builder().table_name("books").set_item(Some(by_hand::encode(book))).build()?;
        puts.push(TransactWriteItem::builder().put(put).build());
    }
    let transaction = sdk.transact_write_items().set_transact_items(Some(puts));
    transaction.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await?;
    Ok(())
}

/// A page of so many books.
fn page(items: usize) -> Value {
    let item = json_item(&by_hand::encode(&book()));
    json!({
        "Items": vec![item; items],
        "Count": items,
        "ScannedCount": items,
        "ConsumedCapacity": capacity(),
    })
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
