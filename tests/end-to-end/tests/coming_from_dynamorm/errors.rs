//! The errors that take the place of `ValidationError`, `HashKeyExists` and the other exceptions of DynamORM. Wrong
//! declarations and unknown names are found before the program runs.

use dynamorm::Operations;
use dynamorm_generator::{Code, generate_str};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, parcel};

/// What is found in the declaration of a table with this model's schema.
fn codes(table: &str, schema: &str) -> Vec<Code> {
    let text =
        format!("[table.books]\n{table}\n[model.Book]\ntable = \"books\"\n[model.Book.schema]\n{schema}\n");
    let error = generate_str("models.toml", &text).unwrap_err();
    error.report().unwrap().diagnostics().iter().map(|diagnostic| diagnostic.code).collect()
}

#[tokio::test]
async fn validation_error_has_the_model_and_every_error_with_its_path() {
    let db = database(&[&tables::PARCELS]).await;
    let mut wrong = parcel("Ulm", 1);
    wrong.recipient = String::new();
    wrong.route =
        vec![end_to_end::operations::Stop { place: String::new(), arrival: wrong.arrived_at, pieces: 0 }];

    let error = wrong.put().send(&db).await.unwrap_err();

    assert!(error.is_validation());
    assert_eq!(error.model(), Some("Parcel"));
    let paths: Vec<_> = error.violations().iter().map(|violation| violation.path()).collect();
    assert_eq!(paths, ["recipient", "route[0].place", "route[0].pieces", "recipient"]);
    assert!(error.violations().iter().all(|violation| !violation.message().is_empty()));
    // The raw document is the value itself, which the caller still has.
    assert_eq!(wrong.number, 1);
}

#[tokio::test]
async fn hash_key_exists_is_already_exists() {
    let db = database(&[&tables::PARCELS]).await;
    parcel("Ulm", 1).put().if_not_exists().send(&db).await.unwrap();

    let error = parcel("Ulm", 1).put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_already_exists() && !error.is_condition_failed());
    assert_eq!(error.key(), Some("depot = \"Ulm\", number = 1"));
}

#[tokio::test]
async fn condition_failed_has_the_item_that_was_there() {
    let db = database(&[&tables::PARCELS]).await;
    parcel("Ulm", 1).put().send(&db).await.unwrap();

    let update = Parcel::update(&parcel("Ulm", 1)).set(Parcel::WEIGHT, 5).when(Parcel::WEIGHT.gt(100));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed());
    assert_eq!(error.current::<Parcel>().unwrap().unwrap(), parcel("Ulm", 1));
}

#[test]
fn invalid_schema_field_is_found_when_generating() {
    // An unknown field of a value is rustc's affair: there is no setter and no handle for it.
    assert_eq!(codes("partition_key = \"isbm\"", "isbn = \"string\""), [Code::MissingKeyField]);
    let table = "partition_key = \"isbn\"\nttl = \"gone\"";
    assert_eq!(codes(table, "isbn = \"string\""), [Code::TtlField]);
}

#[test]
fn missing_table_attribute_is_found_when_generating() {
    assert_eq!(codes("billing = { read = 1, write = 1 }", "isbn = \"string\""), [Code::MissingKey]);
}

#[tokio::test]
async fn a_table_that_is_not_there_is_told_from_one_that_is_in_use() {
    let db = test_support::client().await;

    let missing = parcel("Ulm", 1).put().send(&db).await.unwrap_err();
    assert!(missing.is_table_not_found());
    assert_eq!(missing.table(), Some("parcels"));

    // Creating waits until the table is active, so that nothing meets one that is not.
    db.create_tables(&[&tables::PARCELS]).await.unwrap();
    parcel("Ulm", 1).put().send(&db).await.unwrap();
    let again = db.create_table(&tables::PARCELS).await.unwrap_err();
    assert!(again.is_table_in_use(), "{again}");
}
