//! The same book for serde_dynamo: serde's derives, and attributes for the same stored form.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::models;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Book {
    pub isbn: String,
    pub title: String,
    pub author: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    pub language: String,
    pub year: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    pub in_print: bool,
    #[serde(with = "serde_dynamo::string_set")]
    pub genres: BTreeSet<String>,
    pub editions: Vec<Edition>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    pub isbn: String,
    pub year: u16,
    pub copies: u32,
}

impl From<models::Book> for Book {
    fn from(book: models::Book) -> Self {
        Book {
            isbn: book.isbn,
            title: book.title,
            author: book.author,
            publisher: book.publisher,
            language: book.language,
            year: book.year,
            pages: book.pages,
            in_print: book.in_print,
            genres: book.genres,
            editions: book.editions.into_iter().map(Edition::from).collect(),
        }
    }
}

impl From<models::Edition> for Edition {
    fn from(edition: models::Edition) -> Self {
        Edition { isbn: edition.isbn, year: edition.year, copies: edition.copies }
    }
}
