//! Where something stands in the declarations, as a dotted path for people: `model.Book.schema.isbn`.

/// A path extended by a key, quoted where TOML would have to.
pub(super) fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty()
        && key.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'));
    if bare { format!("{path}.{key}") } else { format!("{path}.\"{}\"", key.escape_debug()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_a_line_break_stays_on_its_line() {
        assert_eq!(join("model", "a\nb"), "model.\"a\\nb\"");
    }
}
