//! The book catalogue from end to end, on the embedded engine: no server, no Docker, no JVM.
//!
//! ```text
//! cargo run -p example-models --example catalogue              # in memory
//! cargo run -p example-models --example catalogue -- books.db  # kept in a file
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use dynamorm::{Client, Operations};
use example_models::catalogue::{Book, BookKey, TABLES};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let db = match std::env::args().nth(1) {
        Some(file) => Client::embedded_at(file)?,
        None => Client::embedded()?,
    };
    db.create_tables(TABLES).await?;

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/books.jsonl");
    let (new, known) = load(&db, &file).await?;
    println!("Loaded {new} books; {known} were there already.\n");

    correct_a_title(&db, "9780141439518").await?;
    list_an_author(&db, "Jane Austen").await?;
    count_languages(&db, ["en", "fr", "de", "ru", "es"]).await?;
    find_long_books(&db).await
}

/// Puts every book of a file of JSON Lines that is not there yet.
async fn load(db: &Client, file: &Path) -> Result<(u32, u32), Box<dyn Error>> {
    let (mut new, mut known) = (0, 0);
    for line in BufReader::new(File::open(file)?).lines() {
        let book: Book = serde_json::from_str(&line?)?;
        match book.put().if_not_exists().send(db).await {
            Ok(()) => new += 1,
            Err(error) if error.is_already_exists() => known += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok((new, known))
}

/// Changes one attribute, if nobody has changed it before.
async fn correct_a_title(db: &Client, isbn: &str) -> Result<(), Box<dyn Error>> {
    let Some(book) = Book::get(isbn).consistent().send(db).await? else {
        return Err(format!("there is no book {isbn}").into());
    };
    println!("Got     {} ({}, {})", book.title, book.author, book.year);

    let title = format!("{} (annotated)", book.title);
    let update = Book::update(&book).set(Book::TITLE, &title).add(Book::GENRES, ["annotated"]);
    let updated = update.when(Book::TITLE.eq(&book.title)).return_new().send(db).await?;
    println!("Updated {} {:?}", updated.title, updated.genres);

    // The same condition no longer holds.
    match Book::update(BookKey::new(isbn))
        .set(Book::TITLE, &title)
        .when(Book::TITLE.eq(&book.title))
        .send(db)
        .await
    {
        Err(error) if error.is_condition_failed() => println!("Refused {error}"),
        other => other?,
    }

    // Back to where it was, so that the example can run again on the same file.
    Book::update(isbn).set(Book::TITLE, book.title).set(Book::GENRES, book.genres).send(db).await?;
    println!();
    Ok(())
}

/// Queries a global index, in the order of its sort key.
async fn list_an_author(db: &Client, author: &str) -> Result<(), Box<dyn Error>> {
    println!("{author}, by year:");
    for book in Book::by_author(author).items(db).all().await? {
        println!("  {}  {}", book.year, book.title);
    }
    let late = Book::by_author(author).year().ge(1815).descending().limit(1).send(db).await?;
    for book in late.into_items()? {
        println!("The last of them: {}\n", book.title);
    }
    Ok(())
}

/// Counts over every page of an index.
async fn count_languages<const N: usize>(db: &Client, languages: [&str; N]) -> Result<(), Box<dyn Error>> {
    println!("Books by language:");
    for language in languages {
        println!("  {language}  {:>3}", Book::by_language(language).count(db).await?);
    }
    println!();
    Ok(())
}

/// Scans with a filter, page after page, reading only what is shown.
async fn find_long_books(db: &Client) -> Result<(), Box<dyn Error>> {
    println!("Books of 900 pages and more, written between 1800 and 1950:");
    let long = Book::PAGES.ge(900) & Book::YEAR.between(1800, 1950) & !Book::AUTHOR.begins_with("Anon");
    let mut books = Book::scan().filter(long).select((Book::TITLE, Book::AUTHOR, Book::PAGES)).items(db);
    while let Some(book) = books.next().await {
        let (title, author, pages) = book?;
        println!("  {:>5}  {title}, by {author}", pages.unwrap_or_default());
    }
    Ok(())
}
