//! Every recipe of docs/cookbook, run on the embedded engine: a test for each, which calls what the recipe shows.

mod bulk;
mod concurrency;
mod events;
mod keys;
mod lifetime;
mod operation;
mod web;

use dynamorm::{Client, Result, Timestamp};

async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(cookbook::models::TABLES).await.unwrap();
    db
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn each_recipe_has_a_test() {
    let tests = [
        include_str!("bulk.rs"),
        include_str!("concurrency.rs"),
        include_str!("events.rs"),
        include_str!("keys.rs"),
        include_str!("lifetime.rs"),
        include_str!("operation.rs"),
        include_str!("web.rs"),
    ]
    .concat();
    for recipe in cookbook::RECIPES {
        assert!(tests.contains(&format!("{recipe}::")), "no test calls a function of `{recipe}`");
    }
    assert!(cookbook::RECIPES.len() >= 30, "{}", cookbook::RECIPES.len());
}
