//! The books of the example are what their README says.

use std::collections::BTreeSet;

use example_models::catalogue::Book;

const BOOKS: &str = include_str!("../data/books.jsonl");

fn books() -> Vec<Book> {
    BOOKS.lines().map(|line| serde_json::from_str(line).expect("a book")).collect()
}

#[test]
fn there_are_as_many_as_both_readmes_say() {
    let count = books().len();
    assert!(
        include_str!("../data/README.md").contains(&format!("`books.jsonl` holds {count} well-known books"))
    );
    assert!(include_str!("../../README.md").contains(&format!("{count} books")));
}

#[test]
fn each_has_an_identifier_of_its_own_and_passes_the_rules() {
    let mut identifiers = BTreeSet::new();
    for book in books() {
        book.validate().unwrap_or_else(|error| panic!("{}: {error}", book.title));
        assert!(identifiers.insert(book.isbn.clone()), "{} has another book's identifier", book.title);
    }
}

#[test]
fn a_year_is_that_of_the_book_where_it_appeared_in_instalments_before() {
    let books = books();
    let year = |title: &str| books.iter().find(|book| book.title == title).map(|book| book.year);
    assert_eq!(year("A Study in Scarlet"), Some(1887));
    assert_eq!(year("Crime and Punishment"), Some(1867));
    assert_eq!(year("Demons"), Some(1873));
}
