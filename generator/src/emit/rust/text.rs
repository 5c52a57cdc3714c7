//! Rust text for values from declarations: literals and documentation.

use super::markdown;

/// A string literal. Everything is escaped that could end it, or that rustc refuses in source text.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Documentation as `///` lines.
pub(super) fn doc_lines(text: &str) -> Vec<String> {
    let line = |line: &str| match line.trim_end() {
        "" => "///".to_owned(),
        line => format!("/// {line}"),
    };
    text.lines().map(line).collect()
}

/// Declared documentation as `///` lines that read as they were written, because rustdoc sees only text in them. Characters that
/// rustc refuses there, or that are invisible, are escaped.
pub(super) fn declared_doc_lines(text: Option<&str>) -> Vec<String> {
    let Some(text) = text else { return Vec::new() };
    let lines: Vec<String> = text.lines().map(visible).collect();
    doc_lines(&markdown::harmless(&lines.join("\n")))
}

/// Any text in documentation as code.
pub(super) fn code(text: &str) -> String {
    let text = visible(text);
    let runs: Vec<usize> = text.split(|character| character != '`').map(str::len).collect();
    let fence =
        (1..).find(|length| !runs.contains(length)).map_or_else(String::new, |length| "`".repeat(length));
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The text with control characters and other invisible ones escaped.
fn visible(line: &str) -> String {
    // Nearly every line. The check of every character is expensive.
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
        return line.to_owned();
    }
    let escaped = |c: char| match format!("{c:?}") {
        _ if c == '\t' => c.to_string(),
        debug if debug.contains("\\u{") || c.is_control() => c.escape_default().to_string(),
        _ => c.to_string(),
    };
    line.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_escapes_quotes_line_ends_and_bidirectional_controls() {
        assert_eq!(literal("a\"b\r\n\u{202e}\0"), r#""a\"b\r\n\u{202e}\0""#);
    }

    #[test]
    fn harmless_documentation_becomes_doc_comments() {
        assert_eq!(
            declared_doc_lines(Some("A book.\n\nMore: */ {{ }}")),
            ["/// A book.", "///", "/// More: */ {{ }}"]
        );
    }

    #[test]
    fn characters_that_rustc_would_refuse_in_documentation_are_shown_by_their_escapes() {
        assert_eq!(declared_doc_lines(Some("a\u{202e}b\tc\0")), [r"/// a\u{202e}b  c\u{0}"]);
    }

    #[test]
    fn what_rustdoc_would_take_for_links_or_html_is_escaped() {
        assert_eq!(
            declared_doc_lines(Some(
                "a [link], <b>, `[code] <c>` and [an address](https://a.b), see https://x.y/z. `"
            )),
            [r"/// a \[link\], \<b>, `[code] <c>` and [an address](https://a.b), see <https://x.y/z>. \`"]
        );
    }

    #[test]
    fn code_in_documentation_never_becomes_a_doctest() {
        assert_eq!(
            declared_doc_lines(Some("```\nfail!()\n```\n    indented()\n```rust\nx\n```")),
            [
                "/// ```text",
                "/// fail!()",
                "/// ```",
                "/// ```text",
                "/// indented()",
                "/// ```",
                "/// ```text",
                "/// x",
                "/// ```"
            ]
        );
    }

    #[test]
    fn any_text_can_be_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code("a\nb"), r"`a\nb`");
    }
}
