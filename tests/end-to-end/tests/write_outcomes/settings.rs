//! What a client says of faults, and what its settings cannot turn off by accident.

use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::database;
use serde_json::json;

use crate::lock;
use crate::models::{Lock, tables};

#[tokio::test]
async fn signing_without_keys_is_refused_before_anything_is_sent() {
    let (db, record) = recorded(&database(&[&tables::LOCKS]).await);
    let db = db.with_cursor_keys([]);

    let error = Lock::scan().send(&db).await.unwrap_err();

    assert!(error.is_validation() && error.to_string().contains("with_cursor_keys"), "{error}");
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn throttling_says_what_was_throttled() {
    let engine = database(&[&tables::LOCKS]).await;
    let resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/locks/index/by-owner";
    for code in ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"] {
        let throttled = json!({
            "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
            "message": "slow down",
            "throttlingReasons": [
                { "reason": "IndexWriteKeyRangeThroughputExceeded", "resource": resource },
                { "reason": "TableWriteAccountLimitExceeded", "resource": "arn:aws:dynamodb:eu-west-1:1:table/locks" },
            ],
            "ThrottlingReasons": [
                { "reason": "IndexWriteKeyRangeThroughputExceeded", "resource": resource },
                { "reason": "TableWriteAccountLimitExceeded", "resource": "arn:aws:dynamodb:eu-west-1:1:table/locks" },
            ],
        });
        let (db, _) = disturbed(&engine, vec![Step::Answer(400, throttled); 3]);

        let error = lock("me").put().send(&db).await.unwrap_err();

        assert!(error.is_throttled(), "{code}: {error:?}");
        let [index, table] = error.throttled_by() else { panic!("{code}: {:?}", error.throttled_by()) };
        assert_eq!((index.table(), index.index()), (Some("locks"), Some("by-owner")));
        assert_eq!((index.limit(), index.resource()), ("KeyRangeThroughputExceeded", Some(resource)));
        assert_eq!(
            (table.table(), table.index(), table.limit()),
            (Some("locks"), None, "AccountLimitExceeded")
        );
        assert_eq!(table.reason(), "TableWriteAccountLimitExceeded");
    }
}

#[tokio::test]
async fn throttling_that_says_nothing_more_is_throttling_all_the_same() {
    let engine = database(&[&tables::LOCKS]).await;
    let (db, _) = disturbed(&engine, vec![Step::exception(400, "ThrottlingException"); 3]);

    let error = lock("me").put().send(&db).await.unwrap_err();

    assert!(error.is_throttled() && error.throttled_by().is_empty(), "{error:?}");
}

#[tokio::test]
async fn requests_say_by_which_library_they_are_sent() {
    let (db, record) = recorded(&database(&[&tables::LOCKS]).await);

    lock("me").put().send(&db).await.unwrap();

    let user_agent = record.user_agent();
    assert_eq!(user_agent.matches("lib/dynamorm/0.1.0").count(), 1, "{user_agent}");
}
