//! Rust text for values from declarations: literals and documentation.

/// A string literal, with everything escaped that could end it or that rustc refuses in source text.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Documentation as `///` lines. Characters that rustc refuses there, or that nobody sees, are shown by their escapes.
pub(super) fn doc_lines(text: Option<&str>) -> Vec<String> {
    let Some(text) = text else { return Vec::new() };
    let mut fenced = false;
    let lines = text.trim_end().lines().map(|line| {
        let line = harmless_fence(line, &mut fenced);
        match (line.is_empty(), fenced) {
            (true, _) => "///".to_owned(),
            (_, true) => format!("/// {}", visible(&line)),
            (_, false) => format!("/// {}", markdown(&visible(&line))),
        }
    });
    lines.collect()
}

/// The line with everything escaped that rustdoc would take for a link to an item, or for HTML. Links with an address, and
/// code, stay as they are.
fn markdown(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let token = match c {
            '`' => rest[1..].find('`').map(|end| &rest[..end + 2]),
            '<' if rest.starts_with("<http") => rest.find('>').map(|end| &rest[..=end]),
            '[' => link(rest),
            'h' if !text.ends_with(|before: char| before.is_alphanumeric()) => {
                if let Some(address) = address(rest) {
                    text.push_str(&format!("<{address}>"));
                    rest = &rest[address.len()..];
                    continue;
                }
                None
            }
            _ => None,
        };
        if let Some(token) = token {
            text.push_str(token);
            rest = &rest[token.len()..];
            continue;
        }
        if matches!(c, '[' | ']' | '<') {
            text.push('\\');
        }
        text.push(c);
        rest = &rest[c.len_utf8()..];
    }
    text
}

/// A link with its address: `[text](address)`.
fn link(text: &str) -> Option<&str> {
    let label = text.find(']')?;
    let address = text[label + 1..].strip_prefix('(')?;
    let end = address.find(')')?;
    Some(&text[..label + 2 + end + 1])
}

/// A bare address, without the punctuation behind it.
fn address(text: &str) -> Option<&str> {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return None;
    }
    let end =
        text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`')).unwrap_or(text.len());
    Some(text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']))
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

/// The text with control characters and other invisible ones escaped.
fn visible(line: &str) -> String {
    // Nearly every line; asking for the form that shows everything is dear.
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return line.to_owned();
    }
    let escaped = |c: char| match format!("{c:?}") {
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
            doc_lines(Some("A book.\n\nMore: */ {{ }}")),
            ["/// A book.", "///", "/// More: */ {{ }}"]
        );
    }

    #[test]
    fn characters_that_rustc_would_refuse_in_documentation_are_shown_by_their_escapes() {
        assert_eq!(doc_lines(Some("a\u{202e}b\tc\0")), [r"/// a\u{202e}b\tc\u{0}"]);
    }

    #[test]
    fn what_rustdoc_would_take_for_links_or_html_is_escaped() {
        assert_eq!(
            doc_lines(Some(
                "a [link], <b>, `[code] <c>` and [an address](https://a.b), see https://x.y/z. `"
            )),
            [r"/// a \[link\], \<b>, `[code] <c>` and [an address](https://a.b), see <https://x.y/z>. `"]
        );
    }

    #[test]
    fn code_in_documentation_never_becomes_a_doctest() {
        assert_eq!(
            doc_lines(Some("```\nfail!()\n```\n    indented()\n```rust\nx\n```")),
            ["/// ```text", "/// fail!()", "/// ```", "/// indented()", "/// ```text", "/// x", "/// ```"]
        );
    }
}
