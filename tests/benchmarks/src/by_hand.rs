//! The book's conversions as one writes them by hand, directly on the SDK's attribute values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::models::{Book, Edition};

/// An item of the SDK.
pub type Item = HashMap<String, AttributeValue>;

/// The item of a book, by reference.
pub fn encode(book: &Book) -> Item {
    let mut item = Item::with_capacity(10);
    item.insert(String::from("isbn"), AttributeValue::S(book.isbn.clone()));
    item.insert(String::from("title"), AttributeValue::S(book.title.clone()));
    item.insert(String::from("author"), AttributeValue::S(book.author.clone()));
    if let Some(publisher) = &book.publisher {
        item.insert(String::from("publisher"), AttributeValue::S(publisher.clone()));
    }
    item.insert(String::from("language"), AttributeValue::S(book.language.clone()));
    item.insert(String::from("year"), AttributeValue::N(book.year.to_string()));
    if let Some(pages) = book.pages {
        item.insert(String::from("pages"), AttributeValue::N(pages.to_string()));
    }
    item.insert(String::from("in_print"), AttributeValue::Bool(book.in_print));
    if !book.genres.is_empty() {
        item.insert(String::from("genres"), AttributeValue::Ss(book.genres.iter().cloned().collect()));
    }
    let editions = book.editions.iter().map(|edition| {
        let mut map = Item::with_capacity(3);
        map.insert(String::from("isbn"), AttributeValue::S(edition.isbn.clone()));
        map.insert(String::from("year"), AttributeValue::N(edition.year.to_string()));
        map.insert(String::from("copies"), AttributeValue::N(edition.copies.to_string()));
        AttributeValue::M(map)
    });
    item.insert(String::from("editions"), AttributeValue::L(editions.collect()));
    item
}

/// The item of a book, which is given away.
pub fn encode_owned(book: Book) -> Item {
    let mut item = Item::with_capacity(10);
    item.insert(String::from("isbn"), AttributeValue::S(book.isbn));
    item.insert(String::from("title"), AttributeValue::S(book.title));
    item.insert(String::from("author"), AttributeValue::S(book.author));
    if let Some(publisher) = book.publisher {
        item.insert(String::from("publisher"), AttributeValue::S(publisher));
    }
    item.insert(String::from("language"), AttributeValue::S(book.language));
    item.insert(String::from("year"), AttributeValue::N(book.year.to_string()));
    if let Some(pages) = book.pages {
        item.insert(String::from("pages"), AttributeValue::N(pages.to_string()));
    }
    item.insert(String::from("in_print"), AttributeValue::Bool(book.in_print));
    if !book.genres.is_empty() {
        item.insert(String::from("genres"), AttributeValue::Ss(book.genres.into_iter().collect()));
    }
    let editions = book.editions.into_iter().map(|edition| {
        let mut map = Item::with_capacity(3);
        map.insert(String::from("isbn"), AttributeValue::S(edition.isbn));
        map.insert(String::from("year"), AttributeValue::N(edition.year.to_string()));
        map.insert(String::from("copies"), AttributeValue::N(edition.copies.to_string()));
        AttributeValue::M(map)
    });
    item.insert(String::from("editions"), AttributeValue::L(editions.collect()));
    item
}

/// The book of an item; the name of the attribute that is missing or wrong otherwise. One pass over the map, whose
/// values are taken.
///
/// # Errors
/// The attribute that is missing, or is not what it should be.
pub fn decode(item: Item) -> Result<Book, &'static str> {
    let (mut isbn, mut title, mut author, mut publisher, mut language) = (None, None, None, None, None);
    let (mut year, mut pages, mut in_print, mut genres, mut editions) = (None, None, None, None, None);
    for (name, value) in item {
        match (name.as_str(), value) {
            ("isbn", AttributeValue::S(text)) => isbn = Some(text),
            ("title", AttributeValue::S(text)) => title = Some(text),
            ("author", AttributeValue::S(text)) => author = Some(text),
            ("publisher", AttributeValue::S(text)) => publisher = Some(text),
            ("language", AttributeValue::S(text)) => language = Some(text),
            ("year", AttributeValue::N(digits)) => year = Some(digits.parse().map_err(|_| "year")?),
            ("pages", AttributeValue::N(digits)) => pages = Some(digits.parse().map_err(|_| "pages")?),
            ("in_print", AttributeValue::Bool(value)) => in_print = Some(value),
            ("genres", AttributeValue::Ss(set)) => genres = Some(set.into_iter().collect()),
            ("editions", AttributeValue::L(list)) => {
                editions = Some(list.into_iter().map(decode_edition).collect::<Result<_, _>>()?);
            }
            _ => {}
        }
    }
    Ok(Book {
        isbn: isbn.ok_or("isbn")?,
        title: title.ok_or("title")?,
        author: author.ok_or("author")?,
        publisher,
        language: language.ok_or("language")?,
        year: year.ok_or("year")?,
        pages,
        in_print: in_print.ok_or("in_print")?,
        genres: genres.unwrap_or_default(),
        editions: editions.ok_or("editions")?,
    })
}

fn decode_edition(value: AttributeValue) -> Result<Edition, &'static str> {
    let AttributeValue::M(map) = value else { return Err("editions") };
    let (mut isbn, mut year, mut copies) = (None, None, None);
    for (name, value) in map {
        match (name.as_str(), value) {
            ("isbn", AttributeValue::S(text)) => isbn = Some(text),
            ("year", AttributeValue::N(digits)) => year = Some(digits.parse().map_err(|_| "year")?),
            ("copies", AttributeValue::N(digits)) => copies = Some(digits.parse().map_err(|_| "copies")?),
            _ => {}
        }
    }
    Ok(Edition { isbn: isbn.ok_or("isbn")?, year: year.ok_or("year")?, copies: copies.ok_or("copies")? })
}
