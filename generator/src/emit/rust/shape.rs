//! Shapes that clippy criticizes, but that follow from the declarations. Each is allowed in place, with the reason.

use super::field::FieldView;
use crate::catalog::{Catalog, Enumeration, Field, Float, Integer, Kind};

/// How many parameters clippy allows a function.
const MOST_PARAMETERS: usize = 7;
/// How complex clippy allows a type to be.
const MOST_COMPLEX: usize = 250;
/// How many bytes clippy allows between an enum's largest variant and the next, less what an estimate may be wrong by.
const LARGEST_DIFFERENCE: usize = 150;

/// For a function with a parameter for each field of a key.
pub(super) fn of_parameters(count: usize) -> Option<String> {
    allowed(count > MOST_PARAMETERS, "too_many_arguments", "one for each field of the key")
}

/// For code that names the types of fields: their own, and those of handles.
pub(super) fn of_types<'f>(fields: impl IntoIterator<Item = &'f FieldView>) -> Option<String> {
    let is_complex = fields.into_iter().any(|field| {
        let role = field.role.as_deref().unwrap_or_default();
        let handle = format!("dynamorm::Attribute<Self, {}, {role}>", field.kind);
        complexity(&field.rust_type) > MOST_COMPLEX || complexity(&handle) > MOST_COMPLEX
    });
    allowed(is_complex, "type_complexity", "the types are as declared")
}

/// For a function that takes or returns a value of the type.
pub(super) fn of_type(rust_type: &str) -> Option<String> {
    let is_complex = complexity(&format!("&{rust_type}")) > MOST_COMPLEX;
    allowed(is_complex, "type_complexity", "the types are as declared")
}

/// For an enumeration whose variants may differ much in size.
pub(super) fn of_variants(catalog: &Catalog, enumeration: &Enumeration) -> Option<String> {
    let variants = enumeration.variants.iter();
    let mut sizes: Vec<_> = variants.map(|variant| size_of_all(catalog, &variant.fields)).collect();
    sizes.sort_unstable();
    let differ = match sizes.as_slice() {
        [.., next, largest] => largest - next > LARGEST_DIFFERENCE,
        _ => false,
    };
    allowed(differ, "large_enum_variant", "the variants are as declared")
}

fn allowed(is_needed: bool, lint: &str, reason: &str) -> Option<String> {
    is_needed.then(|| format!("#[allow(clippy::{lint}, reason = {reason:?})]"))
}

/// Clippy's measure of a type: ten for each path in it, times its nesting.
fn complexity(rust_type: &str) -> usize {
    let (mut score, mut depth, mut is_within_path) = (0, 1, false);
    for character in rust_type.chars() {
        let is_of_path = character.is_ascii_alphanumeric() || matches!(character, '_' | ':' | '#');
        if is_of_path && !is_within_path {
            score += 10 * depth;
        }
        is_within_path = is_of_path;
        match character {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
    }
    score
}

/// The approximate size of fields' values, in bytes.
fn size_of_all(catalog: &Catalog, fields: &[Field]) -> usize {
    fields.iter().map(|field| size(catalog, &field.kind) + if field.optional { 8 } else { 0 }).sum()
}

fn size(catalog: &Catalog, kind: &Kind) -> usize {
    match kind {
        Kind::Bool | Kind::Integer(Integer::U8 | Integer::I8) => 1,
        Kind::Integer(Integer::U16 | Integer::I16) => 2,
        Kind::Integer(Integer::U32 | Integer::I32) | Kind::Float(Float::F32) | Kind::Date => 4,
        Kind::Integer(Integer::U64 | Integer::I64) | Kind::Float(Float::F64) => 8,
        Kind::Integer(Integer::U128 | Integer::I128) | Kind::Timestamp(_) | Kind::Uuid | Kind::Ulid => 16,
        Kind::Text | Kind::Bytes | Kind::List(_) | Kind::Map(_) | Kind::Set(_) => 24,
        Kind::Decimal | Kind::Json => 32,
        Kind::Structure(name) => {
            let own = catalog.structures.iter().find(|structure| structure.name == *name);
            own.map_or(0, |structure| size_of_all(catalog, &structure.fields))
        }
        Kind::Enumeration(name) => {
            let own = catalog.enumerations.iter().find(|enumeration| enumeration.name == *name);
            let variants = own.iter().flat_map(|own| &own.variants);
            8 + variants.map(|variant| size_of_all(catalog, &variant.fields)).max().unwrap_or(0)
        }
        // Its size is unknown, so it may be large.
        Kind::Foreign(_) | Kind::Coded(..) => 2 * LARGEST_DIFFERENCE,
        Kind::Formed(kind, _) => size(catalog, kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_as_complex_as_clippy_finds_it() {
        assert_eq!(complexity("u8"), 10);
        assert_eq!(complexity("Option<std::collections::BTreeMap<String, Vec<u8>>>"), 10 + 20 + 30 + 30 + 40);
    }
}
