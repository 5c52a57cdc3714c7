//! Rust text for values from declarations: literals and documentation.

/// A string literal, with everything escaped that could end it or that rustc refuses in source text.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Documentation as lines of Rust: `///` where the text is harmless in source, `#[doc = "…"]` where it is not.
pub(super) fn doc_lines(text: Option<&str>) -> Vec<String> {
    let Some(text) = text else { return Vec::new() };
    let mut fenced = false;
    let lines = text.trim_end().lines().map(|line| {
        let line = harmless_fence(line, &mut fenced);
        let plain = line.chars().all(|c| c == ' ' || !c.is_control() && !is_invisible(c));
        match (line.is_empty(), plain) {
            (true, _) => "///".to_owned(),
            (_, true) => format!("/// {line}"),
            (_, false) => format!("#[doc = {}]", literal(&format!(" {line}"))),
        }
    });
    lines.collect()
}

/// Opening code fences without a language would become doctests.
fn harmless_fence(line: &str, fenced: &mut bool) -> String {
    let trimmed = line.trim_start();
    for fence in ["```", "~~~"] {
        if let Some(language) = trimmed.strip_prefix(fence) {
            *fenced = !*fenced;
            let indent = &line[..line.len() - trimmed.len()];
            return if *fenced && !language.contains("text") {
                format!("{indent}{fence}text")
            } else {
                line.trim_end().to_owned()
            };
        }
    }
    // Four spaces begin an indented code block, which is a doctest too.
    if !*fenced && line.starts_with("    ") {
        return trimmed.to_owned();
    }
    line.trim_end().to_owned()
}

fn is_invisible(c: char) -> bool {
    format!("{c:?}").contains("\\u{")
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
        assert_eq!(doc_lines(Some("A book.\n\nMore: */ {{ }}")), ["/// A book.", "///", "/// More: */ {{ }}"]);
    }

    #[test]
    fn documentation_that_rustc_would_refuse_is_escaped() {
        assert_eq!(doc_lines(Some("a\u{202e}b")), ["#[doc = \" a\\u{202e}b\"]"]);
    }

    #[test]
    fn code_in_documentation_never_becomes_a_doctest() {
        assert_eq!(
            doc_lines(Some("```\nfail!()\n```\n    indented()\n```rust\nx\n```")),
            ["/// ```text", "/// fail!()", "/// ```", "/// indented()", "/// ```text", "/// x", "/// ```"]
        );
    }
}
