//! Keys of many fields, and what their parts offer.

use dynamorm::{Operations, Timestamp};

use crate::database;
use crate::models::{Cell, Reaction, Reading, Visit, tables};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_key_of_up_to_eight_values_is_a_tuple() {
    let (db, _) = database(&tables::REACTIONS).await;
    let text = |text: &str| text.to_owned();
    let reaction =
        Reaction { owner: text("ada"), name: text("db"), kind: text("issue"), number: 7, user: text("bob") };
    reaction.put().send(&db).await.unwrap();
    let found = Reaction::get(("ada", "db", "issue", 7, "bob")).send(&db).await.unwrap();
    assert_eq!(found, Some(reaction));
    let cell = Cell { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 };
    cell.put().send(&db).await.unwrap();
    assert_eq!(Cell::get((1, 2, 3, 4, 5, 6, 7, 8)).send(&db).await.unwrap(), Some(cell));
}

fn visit(city: &str, moment: &str) -> Visit {
    Visit { visitor: "ada".to_owned(), city: city.to_owned(), at: at(moment), page: "home".to_owned() }
}

#[tokio::test]
async fn text_in_the_middle_begins_with_a_text() {
    let (db, _) = database(&tables::REACTIONS).await;
    let cities = ["Bern", "Berlin", "Basel", "Be"];
    for city in cities {
        visit(city, "2026-03-01T12:00:00Z").put().send(&db).await.unwrap();
    }
    let found = |prefix: &'static str| {
        let query = Visit::query("ada").city().begins_with(prefix);
        let db = db.clone();
        async move {
            query.items(&db).all().await.unwrap().into_iter().map(|visit| visit.city).collect::<Vec<_>>()
        }
    };
    assert_eq!(found("Ber").await, ["Berlin", "Bern"]);
    assert_eq!(found("Be").await, ["Be", "Berlin", "Bern"]);
    assert_eq!(found("").await, ["Basel", "Be", "Berlin", "Bern"]);
    // No value has the character that ends it.
    let error = Visit::query("ada").city().begins_with("Be#").send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
}

#[tokio::test]
async fn a_moment_is_one_of_a_day() {
    let (db, _) = database(&tables::REACTIONS).await;
    let moments =
        ["2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z"];
    for moment in moments {
        visit("Bern", moment).put().send(&db).await.unwrap();
        Reading { sensor: 7, at: at(moment) }.put().send(&db).await.unwrap();
    }
    let day = "2026-03-01".parse::<dynamorm::Date>().unwrap();
    let visits = Visit::query("ada").city().eq("Bern").at().on(day).items(&db).all().await.unwrap();
    assert_eq!(visits.iter().map(|visit| visit.at).collect::<Vec<_>>(), [at(moments[1]), at(moments[2])]);
    let readings = Reading::query(7).at().on(day).descending().items(&db).all().await.unwrap();
    assert_eq!(readings.iter().map(|one| one.at).collect::<Vec<_>>(), [at(moments[2]), at(moments[1])]);
    let error = Reading::query(7).at().on(dynamorm::Date::MAX).send(&db).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
}
