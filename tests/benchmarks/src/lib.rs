//! What the benchmarks share: the model that is measured, what it is measured against, and the tables of results.
//!
//! Every figure is a ratio against another way of doing the same, measured in the same run. `cargo bench -p benchmarks`
//! runs all; a bench prints its ratios, with the mark that each must keep, when it ends.

pub mod by_hand;
pub mod calls;
pub mod canned;
pub mod copies;
pub mod interleaved;
pub mod report;
pub mod with_serde;

pub mod models {
    //! The generated model.

    dynamorm::include_models!();
}

use std::collections::BTreeSet;

use models::{Book, Edition};

/// A book with every attribute present, five editions and three genres.
pub fn book() -> Book {
    let edition = |number: u16| Edition {
        isbn: format!("97801414395{number:02}"),
        year: 1990 + number,
        copies: 1000 * u32::from(number),
    };
    Book {
        isbn: String::from("9780141439518"),
        title: String::from("Pride and Prejudice"),
        author: String::from("Jane Austen"),
        publisher: Some(String::from("Penguin Classics")),
        language: String::from("en"),
        year: 1813,
        pages: Some(480),
        in_print: true,
        genres: BTreeSet::from(["comedy", "novel of manners", "romance"].map(String::from)),
        editions: (1..=5).map(edition).collect(),
    }
}
