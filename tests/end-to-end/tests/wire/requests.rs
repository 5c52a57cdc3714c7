//! Items that are written into the bytes of a request: what the SDK is given, what is sent, and that it is what the SDK would
//! have sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::SharedRequestSerializer;
use dynamorm::testing::Environment;
use dynamorm::testing::proptest::prelude::*;
use dynamorm::{Client, Operations, Result, batch_write, transaction};
use end_to_end::managed_values::{Counter, Member, Order};
use end_to_end::operations::{Everything, Hostile, Mark, Parcel};
use serde_json::{Value, json};

use crate::canned::{Answer, Canned, client};
use crate::{RED, call, mark, response};

/// What the SDK is given of each request, as interceptors see it.
#[derive(Clone, Debug, Default)]
struct Inputs(Arc<Mutex<Vec<String>>>);

#[dyn_dispatch_hint]
impl Intercept for Inputs {
    fn name(&self) -> &'static str {
        "Inputs"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        self.0.lock().unwrap().push(format!("{:?}", context.input()));
        Ok(())
    }
}

/// The same client with another interceptor before its own.
fn with_interceptor(db: &Client, interceptor: impl Intercept + 'static) -> Client {
    let config = db.sdk().config().to_builder().interceptor(interceptor).build();
    Client::new(aws_sdk_dynamodb::Client::from_conf(config))
}

const WRITES: [&str; 4] = ["PutItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems"];

/// A number that no token or id has by chance.
const COUNT: u32 = 1_987_654_321;

/// Fails where a new version of the SDK no longer takes another serializer: nothing would be sent then.
#[tokio::test]
async fn the_sdk_is_given_no_items_and_sends_them_all_the_same() {
    let (db, _) = client(Canned::new(|operation, _| Answer::new(response(operation))));
    let inputs = Inputs::default();
    let (db, log) = with_interceptor(&db, inputs.clone()).with_request_log();
    for operation in WRITES {
        let write = |db: Client| async move {
            match operation {
                "PutItem" => mark("a new mark", COUNT).put().send(&db).await,
                // The values of a smaller one are left to the SDK.
                "UpdateItem" => {
                    let note = format!("a new mark, {COUNT}").repeat(100);
                    Parcel::update(&Parcel::fixture()).set(Parcel::NOTE, note).send(&db).await
                }
                "BatchWriteItem" => batch_write().put(&mark("a new mark", COUNT)).send(&db).await,
                _ => {
                    let update = Mark::update(RED).set(Mark::COUNT, COUNT);
                    transaction().put(mark("a new mark", COUNT).put()).update(update).send(&db).await
                }
            }
        };
        write(db.clone()).await.unwrap();
        write(db.clone().without_wire_decoding()).await.unwrap();

        let [ours, sdks] = <[_; 2]>::try_from(std::mem::take(&mut *inputs.0.lock().unwrap())).unwrap();
        assert!(!ours.contains(&COUNT.to_string()) && !ours.contains("a new mark"), "{operation}: {ours}");
        let table = if operation == "UpdateItem" { "parcels" } else { "marks" };
        assert!(ours.contains(table), "endpoint rules read the tables of {operation}: {ours}");
        assert!(sdks.contains(&COUNT.to_string()), "{operation}: {sdks}");
        for sent in log.requests() {
            assert!(sent.body.to_string().contains(&COUNT.to_string()), "{operation}: {}", sent.body);
        }
        log.clear();
    }
}

/// The SDK's own serializer, chosen for every put after all others.
#[derive(Debug)]
struct SdksOwn;

#[dyn_dispatch_hint]
impl Intercept for SdksOwn {
    fn name(&self) -> &'static str {
        "SdksOwn"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        let of_put = aws_sdk_dynamodb::operation::put_item::PutItem::new().config().unwrap();
        cfg.interceptor_state().store_put(of_put.load::<SharedRequestSerializer>().unwrap().clone());
        Ok(())
    }
}

#[tokio::test]
async fn a_request_without_its_items_is_not_sent() {
    let (db, _) = client(Canned::new(|_, _| Answer::new(json!({}))));
    let (db, log) = with_interceptor(&db, SdksOwn).with_request_log();

    let error = mark(RED, 1).put().send(&db).await.unwrap_err();
    assert!(error.is_construction() && error.attempts() == 0, "{error:?}");
    log.assert_requests(0);

    // The next request of the client is none the wiser.
    mark(RED, 1).put().send(&db.without_wire_decoding()).await.unwrap();
    assert_eq!(log.requests()[0].body["Item"]["count"], json!({ "N": "1" }));
}

/// What a call sends on both paths, where ids, tokens and the time are the same.
async fn sent<F: Future<Output = Result<()>>>(call: impl Fn(Client) -> F, answer: &Value) -> [Vec<Value>; 2] {
    let answer = answer.clone();
    let (db, _) = client(Canned::new(move |operation, _| {
        Answer::new(if operation == "GetItem" { json!({}) } else { answer.clone() })
    }));
    let mut sent = Vec::new();
    for db in [db.clone(), db.without_wire_decoding()] {
        let environment = Environment::seeded(7);
        let (db, log) = db.with_environment(&environment).with_request_log();
        environment.scope(call(db)).await.unwrap();
        sent.push(log.requests().into_iter().map(|request| request.body).collect());
    }
    <[_; 2]>::try_from(sent).unwrap()
}

async fn assert_same<F: Future<Output = Result<()>>>(
    what: &str,
    call: impl Fn(Client) -> F,
    answer: &Value,
) -> Vec<Value> {
    let [ours, sdks] = sent(call, answer).await;
    assert!(!ours.is_empty(), "{what}");
    assert_eq!(ours, sdks, "{what}");
    ours
}

/// Every call that is written with items, and what is answered.
macro_rules! assert_all_same {
    ($($what:literal, $answer:expr, |$db:ident| $call:expr;)*) => { $(
        assert_same($what, |$db: Client| async move { $call.map(drop) }, &$answer).await;
    )* };
}

#[tokio::test]
async fn both_paths_send_the_same_requests() {
    let nothing = json!({});
    let attributes = |item: Value| json!({ "Attributes": item });
    let mark_item = json!({ "name": { "S": RED }, "count": { "N": "7" } });
    assert_all_same! {
        "put", nothing, |db| mark(RED, 1).put().send(&db).await;
        "put by move", nothing, |db| mark(RED, 1).into_put().send(&db).await;
        "put on conditions", nothing, |db| {
            Parcel::fixture().put().if_not_exists().when(Parcel::WEIGHT.gt(5)).send(&db).await
        };
        "put of every type", nothing, |db| Everything::fixture().put().send(&db).await;
        "put with names that need escapes", nothing, |db| Hostile::fixture().put().send(&db).await;
        "put with a version", nothing, |db| Order::fixture().put().send(&db).await;
        "put with unique values", nothing, |db| Member::fixture().put().send(&db).await;
        "put, once", nothing, |db| mark(RED, 1).put().exactly_once().send(&db).await;
        "update", nothing, |db| {
            Parcel::update(&Parcel::fixture())
                .set(Parcel::NOTE, "a \"note\"\n")
                .add(Parcel::ATTEMPTS, 1)
                .append(Parcel::ROUTE, Parcel::fixture().route)
                .remove(Parcel::SEAL)
                .when(Parcel::STATE.eq(Parcel::fixture().state))
                .send(&db)
                .await
        };
        "update with large values", nothing, |db| {
            let note = "a \"note\"\u{1f600}\n".repeat(200);
            Parcel::update(&Parcel::fixture()).set(Parcel::NOTE, note).when(Parcel::WEIGHT.gt(5)).send(&db).await
        };
        "update without values", nothing, |db| Mark::update(RED).remove(Mark::COUNT).send(&db).await;
        "update that returns", attributes(mark_item.clone()), |db| {
            Mark::update(RED).set(Mark::COUNT, 3).return_new().send(&db).await
        };
        "update of what has a version", nothing, |db| {
            Counter::update("a").add(Counter::COUNT, 2).send(&db).await
        };
        "upsert", nothing, |db| mark(RED, 4).upsert().send(&db).await;
        "delete", attributes(mark_item), |db| Mark::delete(RED).return_old().send(&db).await;
        "batch of several tables", nothing, |db| {
            let marks: Vec<_> = (0..30).map(|number| mark(&format!("mark {number}"), number)).collect();
            batch_write().put_all(&marks).put(&Hostile::fixture()).delete::<Mark>("gone").send(&db).await
        };
        "transaction of several tables", nothing, |db| {
            transaction()
                .put(mark(RED, 1).put().if_not_exists())
                .put(Everything::fixture().put())
                .put(Order::fixture().put())
                .update(Mark::update("green").set(Mark::COUNT, 5).when(Mark::COUNT.lt(3)))
                .update(Mark::update("blue").remove(Mark::COUNT))
                .delete(Mark::delete("gone"))
                .check(Mark::check("there").when(Mark::COUNT.eq(1)))
                .send(&db)
                .await
        };
        "get", nothing, |db| Mark::get(RED).send(&db).await;
        "query", nothing, |db| Mark::by_count(7).filter(Mark::NAME.begins_with("r")).limit(5).send(&db).await;
        "scan", nothing, |db| Mark::scan().filter(Mark::COUNT.eq(7)).send(&db).await;
        "batch of reads", json!({ "Responses": {} }), |db| Mark::batch_get([RED]).send(&db).await;
        "transaction of reads", json!({ "Responses": [{}] }), |db| {
            dynamorm::read_transaction((Mark::get(RED),)).send(&db).await
        };
    }
}

#[tokio::test]
async fn what_is_left_over_is_sent_again_alike() {
    let left = json!({ "UnprocessedItems": { "marks": [
        { "PutRequest": { "Item": { "name": { "S": "b" }, "count": { "N": "2" } } } },
        { "DeleteRequest": { "Key": { "name": { "S": "c" } } } },
    ] } });
    for is_wire in [true, false] {
        let (db, _) = client(Canned::in_order([Answer::new(&left), Answer::new(json!({}))]));
        let (db, log) = db.with_request_log();
        let db = if is_wire { db } else { db.without_wire_decoding() };
        let batch = batch_write().put(&mark("a", 1)).put(&mark("b", 2)).delete::<Mark>("c");
        batch.send(&db).await.unwrap();
        let [_, again] = <[_; 2]>::try_from(log.requests()).unwrap();
        assert_eq!(again.body["RequestItems"], left["UnprocessedItems"]);
    }
}

/// An item larger than DynamoDB takes, and one with an empty key, are refused with the same words as ever.
#[tokio::test]
async fn what_exceeds_a_limit_is_told_as_ever() {
    let (db, log) = client(Canned::new(|_, _| Answer::new(json!({})))).0.with_request_log();
    let large = mark(&"x".repeat(3_000), 1);
    let error = large.put().send(&db).await.unwrap_err();
    assert!(error.is_validation() && error.to_string().contains("3000 bytes"), "{error}");
    let error = mark("", 1).put().send(&db).await.unwrap_err();
    assert!(error.to_string().contains("must not be empty"), "{error}");
    let mut parcel = Parcel::fixture();
    parcel.note = Some("x".repeat(410_000));
    let error = parcel.put().send(&db).await.unwrap_err();
    assert!(error.to_string().contains("its largest attributes are `note` with 410004"), "{error}");
    log.assert_requests(0);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn any_item_is_sent_alike(everything in Everything::strategy(), parcel in Parcel::strategy()) {
        let [ours, sdks] = runtime().block_on(sent(
            |db| {
                let (everything, parcel) = (everything.clone(), parcel.clone());
                async move {
                    batch_write().put(&parcel).put(&everything).send(&db).await?;
                    transaction().put(everything.put()).put(parcel.put()).send(&db).await
                }
            },
            &json!({}),
        ));
        prop_assert_eq!(ours, sdks);
    }
}

/// An update of values that are not left to the SDK, which end with the key.
fn long_update(depot: &str) -> dynamorm::Update<Parcel> {
    Parcel::update((depot, 1)).set(Parcel::NOTE, format!("{}{depot}", "x".repeat(600)))
}

/// Every request has the items of its own call, on whatever thread it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_sends_the_items_of_another() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let (db, _) = client(Canned::new(move |operation, body| {
        counted.fetch_add(1, Ordering::Relaxed);
        match operation {
            // What the SDK has serialized, and what was put into it.
            "PutItem" => assert_eq!(body["Item"]["count"], body["ExpressionAttributeValues"][":0"]),
            "UpdateItem" => {
                let note = body["ExpressionAttributeValues"][":0"]["S"].as_str().unwrap();
                assert!(note.ends_with(body["Key"]["depot"]["S"].as_str().unwrap()), "{body}");
            }
            "BatchWriteItem" => noted.lock().unwrap().push(body["RequestItems"]["marks"].clone()),
            other => assert_eq!(other, "GetItem"),
        }
        Answer::new(json!({}))
    }));
    let sdks = db.clone().without_wire_decoding();
    let calls: Vec<_> = (0..600_u32)
        .map(|number| {
            let db = if number % 5 == 0 { sdks.clone() } else { db.clone() };
            tokio::spawn(async move {
                let name = number.to_string();
                match number % 4 {
                    0 => mark(&name, number).put().when(Mark::COUNT.ne(number)).send(&db).await.unwrap(),
                    1 => long_update(&name).send(&db).await.unwrap(),
                    2 => batch_write().put(&mark(&name, number)).send(&db).await.unwrap(),
                    // Several at once in one task, polled by turns.
                    _ => {
                        let update = long_update(&name);
                        let put = mark(&name, number).put().when(Mark::COUNT.ne(number));
                        let (update, put, get) =
                            tokio::join!(update.send(&db), put.send(&db), Mark::get(&*name).send(&db));
                        assert!(update.is_ok() && put.is_ok() && get.is_ok());
                    }
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(requests.load(Ordering::Relaxed), 900);
    let mut seen: Vec<u32> = seen
        .lock()
        .unwrap()
        .iter()
        .map(|requests| {
            let [request] = &requests.as_array().unwrap()[..] else { panic!("{requests}") };
            let item = &request["PutRequest"]["Item"];
            assert_eq!(item["name"]["S"], item["count"]["N"]);
            item["count"]["N"].as_str().unwrap().parse().unwrap()
        })
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..600).filter(|number| number % 4 == 2).collect::<Vec<_>>());
}

/// The items that writes return are read from the bytes as well.
#[tokio::test]
async fn the_sdk_leaves_the_items_that_writes_return_alone() {
    let (db, outputs) = client(Canned::new(|operation, _| Answer::new(response(operation))));
    let parsed = db.clone().without_wire_decoding();
    for operation in ["UpdateItem", "DeleteItem"] {
        assert_eq!(call(operation, &db).await.unwrap(), [mark(RED, 7)], "{operation}");
        assert!(outputs.take().iter().all(|output| !output.contains(RED)), "{operation}");
        assert_eq!(call(operation, &parsed).await.unwrap(), [mark(RED, 7)], "{operation}");
        assert!(outputs.take().iter().all(|output| output.contains(RED)), "{operation}");
    }
    let mut into = mark(RED, 1);
    Mark::update(RED).set(Mark::COUNT, 7).return_updated_into(&mut into).send(&db).await.unwrap();
    assert_eq!(into, mark(RED, 7));
}

/// What a write returns and its model does not say is an error of the item, which names it.
#[tokio::test]
async fn a_returned_item_that_is_not_what_its_model_says_is_an_error_of_its_own() {
    let broken = json!({ "name": { "S": "green" }, "count": { "L": [{ "S": "many" }] } });
    let (db, _) = client(Canned::new(move |_, _| Answer::new(json!({ "Attributes": broken }))));
    for db in [db.clone(), db.without_wire_decoding()] {
        let update = Mark::update("green").set(Mark::COUNT, 7).return_new().send(&db).await.unwrap_err();
        let delete = Mark::delete("green").return_old().send(&db).await.unwrap_err();
        for error in [update, delete] {
            assert!(error.is_item_error(), "{error:?}");
            assert_eq!(error.key(), Some("name = \"green\""));
            assert_eq!(error.attribute(), Some("count"));
        }
    }
}
