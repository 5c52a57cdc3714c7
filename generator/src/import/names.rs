//! Making names: for declarations, models, types, and fields whose attributes are no names.

use crate::names;
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use std::collections::BTreeSet;

/// Taken names, as the modules that they become.
#[derive(Debug, Default)]
pub(super) struct TypeNames {
    taken: BTreeSet<String>,
}

/// Suffixes of the types that accompany a generated type.
const SUFFIXES: [&str; 4] = ["Key", "Builder", "Draft", "Query"];

impl TypeNames {
    /// Takes the first of these names that is free, or numbers the last one.
    pub(super) fn take(&mut self, candidates: &[String]) -> String {
        let mut candidates: Vec<String> = candidates.iter().filter_map(|one| type_name(one)).collect();
        if candidates.is_empty() {
            candidates.push(String::from("Item"));
        }
        let last = candidates.last().cloned().unwrap_or_default();
        let numbered = (2..).map(|number| format!("{last}{number}"));
        let free = candidates.into_iter().chain(numbered).find(|name| self.is_free(name)).unwrap_or_default();
        self.taken.insert(names::module_name(&free));
        free
    }

    fn is_free(&self, name: &str) -> bool {
        let is_taken = |name: &str| self.taken.contains(&names::module_name(name));
        let module = names::module_name(name);
        // Nor may a name equal an accompanying type's.
        let brings = SUFFIXES.iter().any(|suffix| {
            is_taken(&format!("{name}{suffix}"))
                || name.strip_suffix(suffix).is_some_and(|stem| !stem.is_empty() && is_taken(stem))
        });
        let is_reserved =
            matches!(module.as_str(), "tables" | "required" | "mod") || names::is_windows_device(&module);
        !is_taken(name) && !brings && !is_reserved
    }
}

/// A type name made from any text.
pub(super) fn type_name(text: &str) -> Option<String> {
    let ascii: String = text.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { ' ' }).collect();
    let name = match names::is_type_name(text) && text.contains(|letter: char| letter.is_ascii_lowercase()) {
        true => text.to_owned(),
        false => ascii.to_upper_camel_case(),
    };
    let name = name.trim_start_matches(|first: char| first.is_ascii_digit());
    let name: String = name.chars().take(60).collect();
    names::type_name(&name)
}

/// The declared name of a field: the attribute's, if possible.
pub(super) fn field_name(attribute: &str) -> String {
    let is_bare = attribute.starts_with(|first: char| first.is_ascii_alphabetic())
        && attribute.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
        && attribute.len() <= 100;
    if is_bare && names::field_name(attribute).is_some() {
        return attribute.to_owned();
    }
    let ascii: String =
        attribute.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { ' ' }).collect();
    let name: String = ascii.to_snake_case().chars().take(60).collect();
    let name = match name.chars().next() {
        None => String::from("field"),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) => name,
    };
    name.trim_end_matches('_').to_owned()
}

/// The declared name of a table: its label without words such as "table".
pub(super) fn table_name(label: &str) -> String {
    let label = without_hash(label);
    let ascii: String =
        label.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { ' ' }).collect();
    let name = ascii.to_snake_case();
    let parts: Vec<&str> =
        name.split('_').filter(|part| !matches!(*part, "table" | "dynamodb" | "ddb" | "")).collect();
    let name = match parts.is_empty() {
        true => name,
        false => parts.join("-"),
    };
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("t{name}"),
    }
}

/// A logical id without the eight digits that AWS's CDK appends.
fn without_hash(label: &str) -> &str {
    let is_hash = |end: &str| {
        end.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
            && end.contains(|one: char| one.is_ascii_digit())
    };
    match label.split_at_checked(label.len().saturating_sub(8)) {
        Some((stem, end)) if !stem.is_empty() && is_hash(end) => stem,
        _ => label,
    }
}

/// A name that DynamoDB allows for a table: 3 to 255 of certain characters.
pub(super) fn resource_name(text: &str) -> String {
    let is_allowed = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.');
    let name: String = text.chars().map(|one| if is_allowed(one) { one } else { '-' }).take(255).collect();
    if name.len() < 3 { format!("{name}-table") } else { name }
}

/// The singular of an English noun, as far as its ending tells.
pub(super) fn singular(noun: &str) -> String {
    let stem = |ending: &str| noun.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if let Some(stem) = stem(ending) {
            return format!("{stem}{}", &ending[..ending.len() - 2]);
        }
    }
    let is_plural = noun.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| noun.ends_with(ending));
    match stem("s").filter(|_| is_plural) {
        Some(stem) => stem.to_owned(),
        None => noun.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_any_text() {
        assert_eq!(field_name("userId"), "userId");
        assert_eq!(field_name("US Gross"), "us_gross");
        assert_eq!(field_name("1st"), "n1st");
        assert_eq!(field_name("é"), "field");
        assert_eq!(type_name("order-line").as_deref(), Some("OrderLine"));
        assert_eq!(type_name("ORDER").as_deref(), Some("Order"));
        assert_eq!(type_name("OrderLine").as_deref(), Some("OrderLine"));
        assert_eq!(type_name("日"), None);
        assert_eq!(table_name("OrdersTable"), "orders");
        assert_eq!(table_name("Table"), "table");
        assert_eq!(table_name("StackOrdersTable1A2B3C4D"), "stack-orders");
        assert_eq!(table_name("20240506"), "t20240506");
        assert_eq!(table_name("2024-orders"), "t2024-orders");
    }

    #[test]
    fn nouns_have_a_singular() {
        for (plural, expected) in [
            ("orders", "order"),
            ("categories", "category"),
            ("boxes", "box"),
            ("status", "status"),
            ("class", "class"),
            ("data", "data"),
            ("addresses", "address"),
        ] {
            assert_eq!(singular(plural), expected);
        }
    }

    #[test]
    fn no_name_is_given_twice_nor_one_that_another_brings() {
        let mut names = TypeNames::default();
        let mut take = |name: &str| names.take(&[name.to_owned()]);
        assert_eq!(take("order"), "Order");
        assert_eq!(take("order"), "Order2");
        assert_eq!(take("OrderKey"), "OrderKey2");
        assert_eq!(take("tables"), "Tables2");
    }
}
