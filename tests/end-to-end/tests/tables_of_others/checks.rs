//! Live tables are compared with what is declared, and nothing is changed.

use dynamorm::table::{
    Billing, DifferenceKind, Index, KeyAttribute, Projection, Scalar, Setting, StreamView, Table,
    TableDifference, TablePart, Throughput,
};
use end_to_end::connector::recorded;
use test_support::client;

use crate::{DAY, MADE_BY_A_TEMPLATE, SESSIONS, local, songs};

fn parts<'a>(found: impl Iterator<Item = &'a TableDifference>) -> Vec<(DifferenceKind, TablePart)> {
    found.map(|found| (found.kind, found.part.clone())).collect()
}

#[tokio::test]
async fn tables_that_are_as_declared_have_neither_differences_nor_extras() {
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();
    let (db, record) = recorded(&db);

    let report = db.check_tables(&[&MADE_BY_A_TEMPLATE]).await.unwrap();

    assert!(report.is_as_declared());
    assert_eq!((report.differences().count(), report.extras().count()), (0, 0));
    report.into_result().unwrap();
    assert_eq!(record.operations(), ["DescribeTable", "DescribeTimeToLive"]);
}

#[tokio::test]
async fn what_a_table_has_and_nobody_declared_is_extra() {
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let report = db.check_tables(&[&SESSIONS]).await.unwrap();

    let extra = |part| (DifferenceKind::Extra, part);
    let expected = [
        extra(TablePart::Stream),
        extra(TablePart::GlobalIndex("by-day".to_owned())),
        extra(TablePart::TimeToLive),
    ];
    assert_eq!(parts(report.extras()), expected);
    assert!(report.is_as_declared());
    let lines = "sessions: the stream is new-and-old-images, and not declared\n\
                 sessions: the global index `by-day` is partition key `day` (S), keeping everything, and not declared\n\
                 sessions: the time to live is by `expires`, and not declared\n";
    assert_eq!(report.to_string(), lines);
    report.into_result().unwrap();
}

#[tokio::test]
async fn what_is_declared_and_not_there_is_missing() {
    static BY_YEAR: Index = local("by-year", Projection::KeysOnly);
    static BY_LABEL: Index =
        Index::global("by-label", &[KeyAttribute { name: "label", scalar: Scalar::Text }], &[DAY]);
    static SONGS: Table = Table {
        ttl: Setting::On("gone_at"),
        stream: Setting::On(StreamView::NewImage),
        ..songs(&[&BY_YEAR, &BY_LABEL])
    };
    static PLAIN_SONGS: Table = songs(&[]);
    let db = client().await;
    db.create_table(&PLAIN_SONGS).await.unwrap();

    let report = db.check_tables(&[&SONGS, &SESSIONS]).await.unwrap();

    let missing = |part| (DifferenceKind::Missing, part);
    let expected = [
        missing(TablePart::LocalIndex("by-year".to_owned())),
        missing(TablePart::Stream),
        missing(TablePart::GlobalIndex("by-label".to_owned())),
        missing(TablePart::TimeToLive),
        missing(TablePart::Table),
    ];
    assert_eq!(parts(report.differences()), expected);
    let lines = "songs: the local index `by-year` is missing, declared as partition key `artist` (S), \
                 sort key `year` (N), keeping keys\n\
                 songs: the stream is missing, declared as new-image\n\
                 songs: the global index `by-label` is missing, declared as partition key `label` (S), \
                 sort key `day` (S), keeping everything\n\
                 songs: the time to live is missing, declared as by `gone_at`\n\
                 sessions: the table does not exist\n";
    assert_eq!(report.to_string(), lines);
    let error = report.into_result().unwrap_err();
    assert!(error.is_table_mismatch());
    assert!(error.to_string().contains("the stream is missing"), "{error}");
}

#[tokio::test]
async fn what_is_declared_otherwise_is_different() {
    static BY_DAY: Index = Index {
        projection: Projection::Include(&["owner"]),
        throughput: Some(Throughput { read: 2, write: 1 }),
        ..Index::global("by-day", &[DAY], &[])
    };
    static OTHERWISE: Table = Table {
        billing: Some(Billing::Provisioned(Throughput { read: 5, write: 5 })),
        ttl: Setting::Off,
        stream: Setting::On(StreamView::KeysOnly),
        indexes: &[&BY_DAY],
        ..Table::new("sessions", KeyAttribute { name: "id", scalar: Scalar::Number })
    };
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let report = db.check_tables(&[&OTHERWISE]).await.unwrap();

    let lines = "sessions: the key is partition key `id` (S), declared as partition key `id` (N)\n\
                 sessions: the billing is 5 read and 4 write units, declared as 5 read and 5 write units\n\
                 sessions: the stream is new-and-old-images, declared as keys-only\n\
                 sessions: the global index `by-day` is partition key `day` (S), keeping everything, \
                 declared as partition key `day` (S), keeping keys and `owner`\n\
                 sessions: the time to live is by `expires`, declared as off\n";
    assert_eq!(report.to_string(), lines);
    assert!(report.differences().all(|found| found.kind == DifferenceKind::Different));
    assert_eq!(report.extras().count(), 0);
}

#[tokio::test]
async fn tables_are_checked_under_the_names_that_the_client_gives_them() {
    let db = client().await.with_table_prefix("test-");

    let report = db.check_tables(&[&SESSIONS]).await.unwrap();

    assert_eq!(report.differences().next().unwrap().table, "test-sessions");
}

#[tokio::test]
async fn a_check_that_cannot_be_made_is_an_error() {
    use end_to_end::connector::{Step, disturbed};
    let (db, _) = disturbed(&client().await, [Step::exception(400, "AccessDeniedException")]);

    assert!(db.check_tables(&[&SESSIONS]).await.unwrap_err().is_access_denied());
}
