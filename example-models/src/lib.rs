//! Models of four applications: a book catalogue, whose generated code is checked in, and a lending library, a shop and a code forge,
//! whose code is generated when the crate is built. The shop and the forge keep all their models in one table each.

pub mod catalogue;
#[doc(hidden)]
pub mod examples;
pub mod projection;

pub mod library {
    dynamorm::include_models!("library");
}

pub mod forge {
    dynamorm::include_models!("forge");
}

pub mod shop {
    dynamorm::include_models!("shop");
}

/// Checks an ISBN-13: thirteen digits, the last of which checks the others.
///
/// # Errors
/// Says what is wrong with it.
pub fn validate_isbn(isbn: &str) -> Result<(), &'static str> {
    let digits: Vec<u32> = isbn.chars().filter_map(|digit| digit.to_digit(10)).collect();
    if digits.len() != 13 || isbn.len() != 13 {
        return Err("an ISBN-13 has thirteen digits");
    }
    let sum: u32 = digits.iter().zip([1, 3].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    if sum.is_multiple_of(10) { Ok(()) } else { Err("the check digit is wrong") }
}

/// The current year, by UTC.
pub fn this_year() -> u16 {
    let year = dynamorm::now().to_zoned(dynamorm::jiff::tz::TimeZone::UTC).year();
    u16::try_from(year).unwrap_or_default()
}

/// The repository's README, whose code is compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The generator's README, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../generator/README.md")]
pub struct GeneratorReadme;

/// The way from DynamORM, whose code is compiled likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/coming-from-dynamorm.md")]
pub struct ComingFromDynamorm;

/// What becomes of tables, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/tables.md")]
pub struct Tables;

/// The first page of the documents, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/README.md")]
pub struct FirstPage;

/// The words of the other pages, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/concepts.md")]
pub struct Concepts;

/// What each type is and how it is stored, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/types.md")]
pub struct Types;

/// What DynamoDB allows and charges, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/limits-and-costs.md")]
pub struct LimitsAndCosts;

/// How declarations change, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/changing-declarations.md")]
pub struct ChangingDeclarations;

/// How stored items are brought into today's form, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/sweeps.md")]
pub struct Sweeps;
