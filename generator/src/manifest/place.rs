//! Readable places in the declarations: `models.toml: model.Book.schema.isbn`.

use crate::source::SourceFile;

/// The path of a declaration, from its file on.
pub(super) fn start(source: &SourceFile, group: &str, name: &str) -> String {
    format!("{}: {}", source.label(), join(group, name))
}

/// A path extended by a key, which is quoted if TOML requires it.
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
