//! Items that lead to one another, read from either end.

use dynamorm::Client;

use crate::database;
use crate::models::{City, GraphItem, Road, tables};

fn city(name: &str) -> City {
    City { name: name.to_owned(), mayor: None }
}

fn road(from: &str, to: &str) -> Road {
    Road { from: from.to_owned(), to: to.to_owned(), length: 7 }
}

async fn map() -> Client {
    let db = database(&tables::GRAPH).await;
    for name in ["a", "b", "a#b"] {
        city(name).put().send(&db).await.unwrap();
    }
    for (from, to) in [("a", "b"), ("a#b", "b"), ("b", "a")] {
        road(from, to).put().send(&db).await.unwrap();
    }
    db
}

#[tokio::test]
async fn an_index_that_turns_the_table_round_needs_no_keys_of_its_own() {
    let db = map().await;

    assert_eq!(Road::query("a").items(&db).all().await.unwrap(), [road("a", "b")]);
    let leading = Road::leading_to("b").items(&db).all().await.unwrap();
    assert_eq!(leading, [road("a", "b"), road("a#b", "b")]);
    assert_eq!(Road::leading_to("b").from().gt("a").count(&db).await.unwrap(), 1);
    assert_eq!(City::all().count(&db).await.unwrap(), 3);
    assert_eq!(City::scan_all().count(&db).await.unwrap(), 3);
    assert_eq!(Road::scan_leading_to().count(&db).await.unwrap(), 3);
    assert_eq!(GraphItem::scan().count(&db).await.unwrap(), 6);
}

#[tokio::test]
async fn pages_of_the_turned_index_go_on_where_they_ended() {
    let db = map().await;
    let page = Road::leading_to("b").page_size(1).send(&db).await.unwrap();
    let (first, cursor) = page.into_parts();
    let rest = Road::leading_to("b").start_at(cursor.clone().unwrap()).items(&db).all().await.unwrap();
    assert_eq!(first.into_iter().next().unwrap().unwrap(), road("a", "b"));
    assert_eq!(rest, [road("a#b", "b")]);
    let error = Road::query("b").start_at(cursor.clone().unwrap()).send(&db).await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
    let error = Road::leading_to("a").start_at(cursor.clone().unwrap()).send(&db).await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
    let error = Road::leading_to("b").descending().start_at(cursor.unwrap()).send(&db).await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
}
