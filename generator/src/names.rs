//! From declared names to Rust names.

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

/// Keywords of edition 2024, strict and reserved, for which raw identifiers exist.
const RAW_KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords for which no raw identifier exists.
const PLAIN_KEYWORDS: [&str; 4] = ["crate", "self", "super", "Self"];

/// Modules that would hide other names: the runtime in `dynamorm::include_models!`, the tool in `#[rustfmt::skip]`.
const HIDING_MODULES: [&str; 2] = ["dynamorm", "rustfmt"];

/// Names that Windows reserves for devices, whatever their extension.
const WINDOWS_DEVICES: [&str; 24] = [
    "aux", "con", "nul", "prn", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A field's Rust name in snake case, without `r#`; `None` if the name has no such form.
pub(crate) fn field_name(declared: &str) -> Option<String> {
    let name = ascii(declared)?.to_snake_case();
    let name = if PLAIN_KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name };
    is_field_name(&name).then_some(name)
}

/// Whether a name is in snake case, so rustc does not warn about it.
pub(crate) fn is_field_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
        && !name.contains("__")
        && !PLAIN_KEYWORDS.contains(&name)
}

/// A name as Rust text, raw if it is a keyword.
pub(crate) fn identifier(name: &str) -> String {
    if is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

/// Whether a name is a keyword for which a raw identifier exists.
pub(crate) fn is_keyword(name: &str) -> bool {
    RAW_KEYWORDS.contains(&name)
}

/// The name of a type or variant: unchanged if it is already in upper camel case, and converted otherwise.
pub(crate) fn type_name(declared: &str) -> Option<String> {
    let name = ascii(declared)?;
    let name = if is_type_name(name) { name.to_owned() } else { name.to_upper_camel_case() };
    is_type_name(&name).then_some(name)
}

/// Whether a name is in upper camel case.
pub(crate) fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|character| character.is_ascii_alphanumeric())
        && !PLAIN_KEYWORDS.contains(&name)
}

/// The name of a variant: in upper camel case, whatever the case of the stored one. `DONE` and `done` both give `Done`.
pub(crate) fn variant_name(stored: &str) -> Option<String> {
    let is_shouted = !stored.contains(|letter: char| letter.is_ascii_lowercase());
    type_name(&if is_shouted { stored.to_ascii_lowercase() } else { stored.to_owned() })
}

/// Why a declared name has no form as a Rust name.
pub(crate) fn why_unnameable(declared: &str) -> &'static str {
    match declared.chars().next() {
        None => "it is empty",
        Some(_) if !declared.is_ascii() => "it is not ASCII",
        Some(first) if first.is_ascii_digit() => "it starts with a digit",
        Some(_) if declared.to_upper_camel_case() == "Self" => "`Self` is a keyword of Rust",
        Some(_) => "no letter starts it",
    }
}

/// The module of a type, which is also the stem of its file.
pub(crate) fn module_name(type_name: &str) -> String {
    free_module_name(type_name.to_snake_case())
}

/// The name of a module, with an underscore if it is a keyword or would hide another name.
pub(crate) fn free_module_name(name: String) -> String {
    let is_taken = |names: &[&str]| names.contains(&name.as_str());
    if is_keyword(&name) || is_taken(&PLAIN_KEYWORDS) || is_taken(&HIDING_MODULES) {
        format!("{name}_")
    } else {
        name
    }
}

/// The name of a constant; `None` if the name has no such form.
pub(crate) fn constant_name(declared: &str) -> Option<String> {
    let name = ascii(declared)?.to_shouty_snake_case();
    name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(name)
}

/// The plural of an English noun, as far as its ending tells.
pub(crate) fn plural(noun: &str) -> String {
    let before_last = noun.chars().rev().nth(1);
    match noun.strip_suffix('y') {
        Some(stem) if before_last.is_some_and(|letter| !"aeiou".contains(letter)) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|ending| noun.ends_with(ending)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// A function's name in upper camel case: `by_author` gives `ByAuthor`.
pub(crate) fn type_stem(function: &str) -> String {
    function.to_upper_camel_case()
}

/// The function that returns the attribute handle of a variant's field: `card_last4`.
pub(crate) fn handle_name(variant: &str, field: &str) -> String {
    format!("{}_{field}", variant.to_snake_case())
}

/// Whether Windows refuses files with this stem.
pub(crate) fn is_windows_device(stem: &str) -> bool {
    WINDOWS_DEVICES.contains(&stem)
}

fn ascii(name: &str) -> Option<&str> {
    name.is_ascii().then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_become_raw_identifiers() {
        assert_eq!(identifier(&field_name("type").expect("a name")), "r#type");
        assert_eq!(identifier(&field_name("gen").expect("a name")), "r#gen");
    }

    #[test]
    fn keywords_without_a_raw_form_get_an_underscore() {
        for (declared, name) in
            [("self", "self_"), ("Self", "self_"), ("super", "super_"), ("crate", "crate_")]
        {
            assert_eq!(field_name(declared).as_deref(), Some(name));
        }
    }

    #[test]
    fn spaces_and_capitals_become_snake_case() {
        assert_eq!(field_name("US Gross").as_deref(), Some("us_gross"));
    }

    #[test]
    fn names_without_a_letter_to_start_with_have_no_form() {
        for declared in ["", "_", "1st", "-", "é", "\u{200b}a"] {
            assert_eq!(field_name(declared), None, "{declared:?}");
        }
    }

    #[test]
    fn upper_camel_case_is_kept() {
        assert_eq!(type_name("HTTPServer").as_deref(), Some("HTTPServer"));
        assert_eq!(type_name("order-line").as_deref(), Some("OrderLine"));
        assert_eq!(type_name("Self"), None);
    }

    #[test]
    fn variants_are_in_upper_camel_case_whatever_the_case_of_what_is_stored() {
        for (stored, name) in [
            ("IN_PROGRESS", "InProgress"),
            ("DONE", "Done"),
            ("in-review", "InReview"),
            ("notStarted", "NotStarted"),
            ("HTTPServer", "HTTPServer"),
            ("A4", "A4"),
            ("X", "X"),
        ] {
            assert_eq!(variant_name(stored).as_deref(), Some(name), "{stored}");
        }
        for stored in ["self", "SELF", "Self", "_", "2nd", ""] {
            assert_eq!(variant_name(stored), None, "{stored}");
        }
    }

    #[test]
    fn every_keyword_of_the_edition_is_known() {
        for name in RAW_KEYWORDS.iter().chain(&PLAIN_KEYWORDS) {
            assert!(syn::parse_str::<syn::Ident>(name).is_err() || *name == "gen", "{name} is no keyword");
            assert!(syn::parse_str::<syn::Ident>(&free_module_name((*name).to_owned())).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_module_that_would_hide_what_stands_beside_it_gets_an_underscore() {
        assert_eq!(module_name("Dynamorm"), "dynamorm_");
        assert_eq!(module_name("Rustfmt"), "rustfmt_");
    }

    #[test]
    fn a_module_named_by_a_keyword_gets_an_underscore() {
        assert_eq!(module_name("Type"), "type_");
    }
}
