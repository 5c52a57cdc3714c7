//! Values are validated on every way in, and nothing is sent.

use std::collections::BTreeMap;

use dynamorm::{Error, Model, Operations, Update, batch_write, transaction};
use end_to_end::connector::{Record, recorded};

use crate::cases::{Case, by_garde, by_validator};
use crate::models::{ByGarde, ByValidator, GardeLine, tables};

/// The one violation of an error, behind `prefix`.
fn assert_refused<M: dynamorm::Model>(way: &str, case: &Case<M>, prefix: &str, error: &Error) {
    assert!(error.is_validation(), "{way}, {}: {error:?}", case.path);
    let found: Vec<_> =
        error.violations().iter().map(|found| (found.path(), found.code(), found.message())).collect();
    let path = format!("{prefix}{}", case.path);
    assert_eq!(found, [(path.as_str(), Some(case.code), case.message)], "{way}");
}

fn assert_nothing_sent(record: &Record) {
    assert_eq!(record.operations(), Vec::<String>::new());
}

fn spoilt<M: Clone + dynamorm::Model>(case: &Case<M>, valid: &M) -> M {
    let mut item = valid.clone();
    (case.spoil)(&mut item);
    item
}

macro_rules! every_way_in {
    ($library:ident, $model:ident, $cases:ident) => {
        mod $library {
            use super::*;

            fn valid() -> $model {
                $model::builder().id("1").build().expect("the defaults are valid")
            }

            #[test]
            fn a_builder_refuses_what_a_rule_refuses() {
                for case in $cases() {
                    assert_refused("build", &case, "", &(case.build)().unwrap_err());
                }
            }

            #[tokio::test]
            async fn a_put_refuses_what_a_rule_refuses() {
                let (db, record) = recorded(&test_support::client().await);
                for case in $cases() {
                    let item = spoilt(&case, &valid());
                    assert_refused("put", &case, "", &item.put().send(&db).await.unwrap_err());
                    assert_refused("or_get", &case, "", &item.put().or_get().send(&db).await.unwrap_err());
                    assert_refused("upsert", &case, "", &item.upsert().send(&db).await.unwrap_err());
                    assert_refused("into_put", &case, "", &item.into_put().send(&db).await.unwrap_err());
                }
                assert_nothing_sent(&record);
            }

            #[tokio::test]
            async fn a_batch_refuses_what_a_rule_refuses() {
                let (db, record) = recorded(&test_support::client().await);
                for case in $cases() {
                    let good = $model { id: "2".to_owned(), ..valid() };
                    let batch = batch_write().put_all([&good, &spoilt(&case, &valid())]);
                    assert_refused("batch", &case, "[1].", &batch.send(&db).await.unwrap_err());
                }
                assert_nothing_sent(&record);
            }

            #[tokio::test]
            async fn an_update_refuses_to_set_what_a_rule_refuses() {
                let (db, record) = recorded(&test_support::client().await);
                for case in $cases() {
                    let update = (case.set)($model::update("1"));
                    assert_refused("update", &case, "", &update.send(&db).await.unwrap_err());
                }
                assert_nothing_sent(&record);
            }

            #[tokio::test]
            async fn a_save_refuses_what_a_rule_refuses() {
                let (db, record) = recorded(&test_support::client().await);
                for case in $cases() {
                    let mut tracked = valid().tracked();
                    (case.spoil)(&mut tracked);
                    assert_refused("save", &case, "", &tracked.save().send(&db).await.unwrap_err());
                }
                assert_nothing_sent(&record);
            }

            #[tokio::test]
            async fn a_transaction_refuses_what_a_rule_refuses() {
                let (db, record) = recorded(&test_support::client().await);
                for case in $cases() {
                    let put = transaction().put(spoilt(&case, &valid()).put());
                    assert_refused("transaction", &case, "[0].", &put.send(&db).await.unwrap_err());
                    let update = transaction().update((case.set)($model::update("1")));
                    assert_refused("transaction", &case, "[0].", &update.send(&db).await.unwrap_err());
                }
                assert_nothing_sent(&record);
            }

            #[tokio::test]
            async fn what_every_rule_accepts_is_written() {
                let db = test_support::client().await;
                db.create_tables(tables_of::<$model>()).await.unwrap();

                valid().put().send(&db).await.unwrap();
                $model::update("1").set($model::CHARACTERS, "abcd").send(&db).await.unwrap();

                let read = $model::get("1").consistent().send(&db).await.unwrap().unwrap();
                assert_eq!(read, $model { characters: "abcd".to_owned(), ..valid() });
            }
        }
    };
}

every_way_in!(garde, ByGarde, by_garde);
every_way_in!(validator, ByValidator, by_validator);

fn tables_of<M: Model>() -> &'static [&'static dynamorm::table::Table] {
    let table = tables::TABLES.iter().position(|table| table.name == M::FACTS.table.name);
    let at = table.expect("the model's table is declared");
    &tables::TABLES[at..=at]
}

fn update() -> Update<ByGarde> {
    ByGarde::update("1")
}

fn paths(error: &Error) -> Vec<&str> {
    error.violations().iter().map(|violation| violation.path()).collect()
}

#[test]
fn an_entry_without_a_name_or_named_like_a_position_keeps_its_place() {
    let numbers = ["", "[0]"].map(|name| (name.to_owned(), Some(10)));

    let error = ByGarde::builder().id("1").numbers(BTreeMap::from(numbers)).build().unwrap_err();

    assert_eq!(paths(&error), ["numbers.", "numbers.[0]"]);
}

#[tokio::test]
async fn one_element_that_an_update_sets_is_held_to_the_rules_of_elements() {
    let (db, record) = recorded(&test_support::client().await);

    let error = update()
        .set(ByGarde::WORDS.at(3), Some("a".to_owned()))
        .set(ByGarde::NUMBERS.key("n"), Some(10))
        .set(ByGarde::RAW_EACH.at(0), Some("a".to_owned()))
        .set(ByGarde::ROWS.at(0), Some(vec!["y".to_owned()]))
        .set(ByGarde::LINES.at(2).field(GardeLine::QUANTITY), 0)
        .send(&db)
        .await
        .unwrap_err();

    assert_eq!(paths(&error), ["words[3]", "numbers.n", "raw_each[0]", "rows[0][0]", "lines[2].quantity"]);
    assert_nothing_sent(&record);
}

#[tokio::test]
async fn elements_that_an_update_adds_are_held_to_the_rules_of_elements() {
    let (db, record) = recorded(&test_support::client().await);

    let error = update()
        .append(ByGarde::WORDS, ["ab".to_owned(), "a".to_owned()])
        .prepend(ByGarde::RAW_EACH, ["a".to_owned()])
        .append(ByGarde::LINES, [GardeLine { sku: String::new(), quantity: 1 }])
        .add(ByGarde::TAGS, ["é"])
        .send(&db)
        .await
        .unwrap_err();

    assert_eq!(paths(&error), ["words[1]", "raw_each[0]", "lines[0].S.K.U", "tags[0]"]);
    assert_nothing_sent(&record);
}

#[tokio::test]
async fn a_value_that_an_update_sets_only_if_there_is_none_is_held_to_the_rules() {
    let (db, record) = recorded(&test_support::client().await);

    let error = update().set_if_absent(ByGarde::EMAIL, "ada").send(&db).await.unwrap_err();

    assert_eq!(paths(&error), ["email"]);
    assert_nothing_sent(&record);
}

#[tokio::test]
async fn an_addition_stays_within_the_declared_range() {
    let db = test_support::client().await;
    db.create_tables(tables_of::<ByGarde>()).await.unwrap();
    ByGarde::builder().id("1").count(5).build().unwrap().put().send(&db).await.unwrap();

    update().add(ByGarde::COUNT, 5).add(ByGarde::SHARE, 0.25).send(&db).await.unwrap();
    for update in [
        update().add(ByGarde::COUNT, 1),
        update().add(ByGarde::COUNT, -10),
        update().add(ByGarde::SHARE, 0.5),
        update().add(ByGarde::PRICE, dynamorm::Decimal::from(-2)),
    ] {
        let error = update.send(&db).await.unwrap_err();
        assert!(error.is_out_of_range(), "{error:?}");
    }

    let item = ByGarde::get("1").consistent().send(&db).await.unwrap().unwrap();
    assert_eq!((item.count, item.share, item.price.to_string()), (10, Some(0.25), "1.5".to_owned()));
}

#[tokio::test]
async fn the_bound_of_an_addition_is_a_number_that_dynamodb_can_hold() {
    let db = test_support::client().await;
    let sliver: dynamorm::Decimal = "-1E-60".parse().unwrap();

    let request = update().add(ByGarde::PRICE, sliver).into_sdk(&db).unwrap();

    let values = request.get_expression_attribute_values().clone().unwrap();
    let digits: Vec<_> = values.values().filter_map(|value| value.as_n().ok()).collect();
    assert!(digits.contains(&&format!("0.01{}1", "0".repeat(36))), "{digits:?}");
}

/// DynamORM accepts an invalid `put` of a document, after which every scan that meets the item raises.
#[tokio::test]
async fn an_invalid_item_is_refused_at_the_write_and_never_ends_a_scan() {
    let db = test_support::client().await;
    db.create_tables(tables_of::<ByGarde>()).await.unwrap();
    let valid = ByGarde::builder().id("1").build().unwrap();
    valid.put().send(&db).await.unwrap();

    let invalid = ByGarde { id: "2".to_owned(), count: 11, ..valid.clone() };
    assert!(invalid.put().send(&db).await.unwrap_err().is_validation());
    assert_eq!(ByGarde::scan().items(&db).all().await.unwrap(), std::slice::from_ref(&valid));

    // Somebody else's program writes what it likes.
    let table = db.table_name(&tables::BY_GARDE);
    let key = |id: &str| dynamorm::AttributeValue::S(id.to_owned());
    let foreign = [("id", key("0")), ("count", dynamorm::AttributeValue::Bool(true))];
    let put = foreign
        .into_iter()
        .fold(db.sdk().put_item().table_name(table), |put, (name, value)| put.item(name, value));
    put.send().await.unwrap();

    let page = ByGarde::scan().send(&db).await.unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = page.into_parts().0.into_iter().partition(Result::is_ok);
    assert_eq!(good.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [valid]);
    assert!(bad.into_iter().all(|item| item.unwrap_err().is_item_error()));
}
