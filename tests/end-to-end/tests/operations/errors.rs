//! What an error says: what happened, where, how often it was tried, and the SDK's own error.

use std::error::Error as _;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{self, BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use dynamorm::table::{Managed, Setting, Table};
use dynamorm::{Client, Cursor, Error, Operations};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::managed_values::{self, Counter, Member};
use end_to_end::operations::{Parcel, ParcelKey, Stop, tables};
use end_to_end::samples::{database, instant, parcel, stored};
use serde_json::json;
use test_support::client;

/// The error of a read, if the service answers it so.
async fn read_error(status: u16, code: &str) -> Error {
    let refusal = Step::exception(status, code);
    let (db, _) = disturbed(&client().await, vec![refusal; 3]);
    Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err()
}

/// The error of a write, if the service answers it so.
async fn write_error(status: u16, code: &str) -> Error {
    let refusal = Step::exception(status, code);
    let (db, _) = disturbed(&client().await, vec![refusal; 3]);
    Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err()
}

#[tokio::test]
async fn a_missing_table_is_named() {
    let db = client().await;

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    assert!(error.is_table_not_found(), "{error:?}");
    assert_eq!(error.table(), Some("parcels"));
}

#[tokio::test]
async fn a_missing_index_is_named() {
    let db = database(&[&tables::MARKS]).await.with_table_name(&tables::PARCELS, "marks");

    let error = Parcel::by_recipient("Ada").send(&db).await.unwrap_err();

    assert!(error.is_index_not_found(), "{error:?}");
    assert_eq!((error.table(), error.index()), (Some("marks"), Some("by-recipient")));
}

#[tokio::test]
async fn what_is_refused_before_it_is_sent_names_table_and_key_too() {
    let db = client().await.with_table_prefix("prod-");
    let invalid = Parcel { recipient: String::new(), ..parcel("Ulm", 1) };
    let crowded = (0..3_000).fold(Parcel::WEIGHT.eq(0), |condition, _| condition | Parcel::WEIGHT.eq(0));

    let put = invalid.put().send(&db).await.unwrap_err();
    let update = Parcel::update(("Ulm", 1)).set(Parcel::RECIPIENT, "").send(&db).await.unwrap_err();
    let delete = Parcel::delete(("Ulm", 1)).when(crowded).send(&db).await.unwrap_err();
    let sdk = Parcel::update(("Ulm", 1)).set(Parcel::RECIPIENT, "").into_sdk(&db).unwrap_err();
    for error in [put, update, delete, sdk] {
        assert!(error.is_validation(), "{error:?}");
        assert_eq!((error.model(), error.table()), (Some("Parcel"), Some("prod-parcels")), "{error:?}");
        assert_eq!(error.key(), Some("depot = \"Ulm\", number = 1"));
    }

    let get = Parcel::get(("", 1)).send(&db).await.unwrap_err();
    let query = Parcel::query("").send(&db).await.unwrap_err();
    let scan = Parcel::scan().page_size(0).send(&db).await.unwrap_err();
    for error in [get, query, scan] {
        assert!(error.is_validation(), "{error:?}");
        assert_eq!((error.model(), error.table()), (Some("Parcel"), Some("prod-parcels")), "{error:?}");
    }
}

#[tokio::test]
async fn an_error_names_the_model_and_the_key() {
    let db = client().await;

    let error = Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err();

    assert_eq!(error.model(), Some("Parcel"));
    assert_eq!(error.key(), Some("depot = \"Ulm\", number = 1"));
}

#[tokio::test]
async fn the_text_of_an_error_says_what_happened_and_where() {
    let db = client().await;

    let text = Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err().to_string();

    for part in ["table does not exist", "DeleteItem", "Parcel", "parcels", "\"Ulm\""] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[tokio::test]
async fn the_error_of_the_sdk_is_the_source() {
    let db = client().await;

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    let source = error.source().unwrap().downcast_ref::<SdkError<GetItemError>>().unwrap();
    assert_eq!(source.code(), Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn an_answer_is_one_attempt() {
    let db = client().await;

    assert_eq!(Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn retries_of_the_sdk_are_counted() {
    let error = read_error(500, "InternalServerError").await;

    assert!(error.is_service_error(), "{error:?}");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn throttling_is_told_after_the_retries() {
    let error = read_error(400, "ThrottlingException").await;

    assert!(error.is_throttled(), "{error:?}");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn throttling_of_a_table_is_told_for_writes() {
    let error = write_error(400, "ProvisionedThroughputExceededException").await;

    assert!(error.is_throttled() && !error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn denied_access_is_told_and_not_retried() {
    for code in ["AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"] {
        let error = read_error(400, code).await;
        assert!(error.is_access_denied(), "{error:?}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_transaction_in_the_way_is_told() {
    assert!(write_error(400, "TransactionConflictException").await.is_conflict());
}

#[tokio::test]
async fn an_item_collection_that_is_too_large_is_told() {
    assert!(
        write_error(400, "ItemCollectionSizeLimitExceededException").await.is_item_collection_too_large()
    );
}

#[tokio::test]
async fn an_invalid_request_is_told_and_not_retried() {
    let error = read_error(400, "ValidationException").await;

    assert!(error.is_rejected(), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_read_that_never_arrives_is_a_failed_connection() {
    let (db, _) = disturbed(&client().await, [Step::LoseRequest, Step::LoseRequest, Step::LoseRequest]);

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    assert!(error.is_connection() && !error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn a_cut_response_is_an_error_and_never_half_an_item() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;
    let (db, _) = disturbed(&db, vec![Step::CutResponse; 3]);

    let error = Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap_err();

    assert!(error.is_connection(), "{error:?}");
}

const SHORT: Duration = Duration::from_millis(20);

/// A kind of error, and the predicate that asks for it.
type Kind = (&'static str, fn(&Error) -> bool);

const KINDS: [Kind; 30] = [
    ("validation", Error::is_validation),
    ("item error", Error::is_item_error),
    ("already exists", Error::is_already_exists),
    ("not found", Error::is_not_found),
    ("condition failed", Error::is_condition_failed),
    ("version conflict", Error::is_version_conflict),
    ("not unique", Error::is_not_unique),
    ("refused", Error::is_refused),
    ("out of range", Error::is_out_of_range),
    ("invalid cursor", Error::is_invalid_cursor),
    ("incomplete", Error::is_incomplete),
    ("cancelled", Error::is_cancelled),
    ("throttled", Error::is_throttled),
    ("limit exceeded", Error::is_limit_exceeded),
    ("conflict", Error::is_conflict),
    ("timeout", Error::is_timeout),
    ("outcome unknown", Error::is_outcome_unknown),
    ("table not found", Error::is_table_not_found),
    ("table in use", Error::is_table_in_use),
    ("index not found", Error::is_index_not_found),
    ("table mismatch", Error::is_table_mismatch),
    ("deletion not allowed", Error::is_deletion_not_allowed),
    ("managed elsewhere", Error::is_managed_elsewhere),
    ("item too large", Error::is_item_too_large),
    ("item collection too large", Error::is_item_collection_too_large),
    ("access denied", Error::is_access_denied),
    ("connection", Error::is_connection),
    ("rejected", Error::is_rejected),
    ("service error", Error::is_service_error),
    ("construction", Error::is_construction),
];

fn kinds(error: &Error) -> Vec<&'static str> {
    KINDS.into_iter().filter(|(_, is)| is(error)).map(|(kind, _)| kind).collect()
}

#[tokio::test]
async fn an_error_of_a_code_has_its_kind_and_no_other() {
    let of_codes = [
        (400, "ProvisionedThroughputExceededException", "throttled"),
        (400, "LimitExceededException", "limit exceeded"),
        (400, "TransactionCanceledException", "cancelled"),
        (400, "TransactionInProgressException", "conflict"),
        (400, "ResourceNotFoundException", "table not found"),
        (400, "ResourceInUseException", "table in use"),
        (400, "ItemCollectionSizeLimitExceededException", "item collection too large"),
        (400, "AccessDeniedException", "access denied"),
        (400, "ValidationException", "rejected"),
        (500, "InternalServerError", "service error"),
        (400, "SomethingNewException", "service error"),
    ];
    for (status, code, kind) in of_codes {
        assert_eq!(kinds(&read_error(status, code).await), [kind], "{code}");
    }
}

/// The table of the parcels, whose items expire by another attribute.
static OTHER_EXPIRY: Table = Table {
    sort_key: tables::PARCELS.sort_key,
    ttl: Setting::On("gone_at"),
    ..Table::new("parcels", tables::PARCELS.partition_key)
};
static OF_OTHERS: Table =
    Table { managed: Managed::Elsewhere, ..Table::new("parcels", tables::PARCELS.partition_key) };

#[tokio::test]
async fn an_error_has_one_kind() {
    let db =
        database(&[&tables::PARCELS, &managed_values::tables::COUNTERS, &managed_values::tables::MEMBERS])
            .await;
    let parcels = stored(&db, "Ulm", 1).await;
    let member = Member { tenant: "t".into(), id: "1".into(), email: None, number: 1, name: String::new() };
    member.put().send(&db).await.unwrap();
    let mut counter = Counter { name: "a".into(), count: 0, version: 0 };
    counter.put().send(&db).await.unwrap();
    counter.version = 7;
    let unwritten = json!({ "UnprocessedItems": { "parcels": [
        { "DeleteRequest": { "Key": { "depot": { "S": "Ulm" }, "number": { "N": "1" } } } }
    ] } });
    let disturbed = |step: Step| disturbed(&db, vec![step; 20]).0;
    let hanging = disturbed(Step::Hang).with_deadline(SHORT);
    // Long enough for a first answer on a busy machine, and too short for many.
    let batch = dynamorm::batch_write().delete(ParcelKey::new("Ulm", 1_u64)).deadline(10 * SHORT);
    let nothing = Step::Answer(200, json!({}));
    let other = db.clone().with_table_name(&tables::MARKS, "parcels");

    let errors = [
        ("validation", Parcel { recipient: String::new(), ..parcel("Ulm", 1) }.validate().unwrap_err()),
        ("item error", Parcel::from_item([].into()).unwrap_err()),
        ("already exists", parcels[0].put().if_not_exists().send(&db).await.unwrap_err()),
        ("not found", Parcel::update(("Ulm", 2)).set(Parcel::WEIGHT, 2).send(&db).await.unwrap_err()),
        ("condition failed", parcels[0].put().when(Parcel::WEIGHT.eq(9)).send(&db).await.unwrap_err()),
        ("version conflict", counter.put().send(&db).await.unwrap_err()),
        ("not unique", Member { id: "2".into(), ..member }.put().send(&db).await.unwrap_err()),
        ("refused", Error::refused("not today")),
        ("out of range", Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, -2).send(&db).await.unwrap_err()),
        ("invalid cursor", "x".parse::<Cursor>().unwrap_err()),
        ("incomplete", batch.send(&disturbed(Step::Answer(200, unwritten))).await.unwrap_err()),
        ("timeout", Parcel::get(("Ulm", 1)).send(&hanging).await.unwrap_err()),
        ("outcome unknown", parcels[0].put().send(&disturbed(Step::LoseResponse)).await.unwrap_err()),
        ("table mismatch", other.plan_table(&tables::MARKS).await.unwrap_err()),
        ("deletion not allowed", db.plan_table(&OTHER_EXPIRY).await.unwrap_err()),
        ("managed elsewhere", recorded(&db).0.delete_table(&OF_OTHERS).await.unwrap_err()),
        ("connection", Parcel::get(("Ulm", 1)).send(&disturbed(Step::LoseRequest)).await.unwrap_err()),
        ("service error", disturbed(nothing).describe_table(&tables::PARCELS).await.unwrap_err()),
    ];

    for (kind, error) in errors {
        assert_eq!(kinds(&error), [kind], "{error:?}");
    }
}

#[tokio::test]
async fn what_an_invalid_request_exceeds_is_told_by_its_message() {
    let of_messages = [
        ("Item size has exceeded the maximum allowed size", "item too large"),
        ("Item size to update has exceeded the maximum allowed size", "item too large"),
        ("Size of hashkey has exceeded the maximum size limit of2048 bytes", "rejected"),
        ("Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;", "rejected"),
        ("The table does not have the specified index: by-recipient", "index not found"),
        ("Cannot read from backfilling global secondary index: by-recipient", "index not found"),
    ];
    for (message, kind) in of_messages {
        let body =
            json!({ "__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": message });
        let (db, _) = disturbed(&client().await, [Step::Answer(400, body)]);

        let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

        assert_eq!(kinds(&error), [kind], "{message}");
    }
}

/// The configuration of a client that has an engine, and neither a region nor credentials.
async fn bare() -> config::Builder {
    let engine = client().await.sdk().config().http_client();
    let mut config = config::Builder::new().behavior_version(BehaviorVersion::latest());
    config.set_http_client(engine);
    config
}

/// The kinds of the errors of a read and a write.
async fn kinds_by(config: config::Builder) -> [Vec<&'static str>; 2] {
    let db = test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(config.build())));
    let read = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();
    let write = Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err();
    assert_eq!((read.attempts(), write.attempts()), (0, 0));
    [read, write].map(|error| kinds(&error))
}

#[tokio::test]
async fn a_request_that_cannot_be_built_is_told() {
    let credentials = Credentials::new("a", "b", None, None, "tests");
    let without_region = bare().await.credentials_provider(credentials.clone());
    let without_address = bare().await.region(Region::new("eu-central-1")).credentials_provider(credentials);

    assert_eq!(kinds_by(without_region).await, [["construction"], ["construction"]]);
    let without_address = without_address.endpoint_url("no address");
    assert_eq!(kinds_by(without_address).await, [["construction"], ["construction"]]);
}

#[tokio::test]
async fn a_client_without_credentials_is_denied_access() {
    #[derive(Debug)]
    struct Expired;
    impl ProvideCredentials for Expired {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("they have expired")))
        }
    }
    let region = Region::new("eu-central-1");

    let none = bare().await.region(region.clone());
    let expired = bare().await.region(region).credentials_provider(Expired);

    assert_eq!(kinds_by(none).await, [["access denied"], ["access denied"]]);
    assert_eq!(kinds_by(expired).await, [["access denied"], ["access denied"]]);
}

#[tokio::test]
async fn a_write_to_a_port_where_nobody_listens_has_failed_for_certain() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = bare()
        .await
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(format!("http://{closed}"))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)));
    let db = test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(nobody.build())));

    let error = parcel("Ulm", 1).put().send(&db).await.unwrap_err();

    assert_eq!((kinds(&error), error.attempts()), (vec!["connection"], 3), "{error:?}");
}

#[tokio::test]
async fn the_outcome_of_a_write_is_unknown_only_where_a_connection_was_made() {
    use Step::{LoseRequest, Unconnected};
    let scripts = [
        (vec![Unconnected; 3], "connection"),
        (vec![Unconnected, LoseRequest, Unconnected], "outcome unknown"),
        (vec![LoseRequest, Unconnected, Unconnected], "outcome unknown"),
        (vec![Unconnected, Step::exception(400, "ConditionalCheckFailedException")], "already exists"),
        (vec![LoseRequest, Step::exception(400, "AccessDeniedException")], "outcome unknown"),
        (vec![Unconnected, Step::exception(400, "AccessDeniedException")], "access denied"),
    ];
    for (script, kind) in scripts {
        let (db, _) = disturbed(&client().await, script.clone());

        let error = parcel("Ulm", 1).put().if_not_exists().send(&db).await.unwrap_err();

        assert_eq!(kinds(&error), [kind], "{script:?}");
    }
}

#[test]
fn a_builder_reports_every_violation_with_its_path() {
    let stop = Stop { place: String::new(), arrival: instant("2024-03-01T00:00:00Z"), pieces: 0 };
    let parcel = Parcel::builder().depot("Ulm").number(1).arrived_at(stop.arrival).weight(1);

    let error = parcel.recipient("").route([stop]).build().unwrap_err();

    let paths: Vec<_> = error.violations().iter().map(|violation| violation.path()).collect();
    assert_eq!(paths, ["recipient", "route[0].place", "route[0].pieces"]);
}

#[test]
fn a_nested_builder_reports_its_own_paths() {
    let error = Stop::builder().place("").arrival(instant("2024-03-01T00:00:00Z")).build().unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some("place"));
}

#[test]
fn a_value_that_is_changed_afterwards_is_validated_when_asked() {
    let changed = Parcel { recipient: String::new(), ..parcel("Ulm", 1) };

    let error = changed.validate().unwrap_err();

    assert_eq!(error.attribute(), Some("recipient"));
    assert!(parcel("Ulm", 1).validate().is_ok());
}
