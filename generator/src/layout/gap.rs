//! Gaps between two things in a text: line ends, spaces and comments.

/// Comments and blank lines.
#[derive(Debug, Default)]
pub(super) struct Gap {
    /// A comment at the end of the line on which the gap begins.
    pub same_line: Option<String>,
    /// The lines after that: comments, and an empty line for one or more blank lines.
    pub lines: Vec<String>,
}

impl Gap {
    /// The gap before a key or a header, from the beginning of a line.
    pub(super) fn before(text: &str) -> Self {
        let mut lines = Vec::new();
        // The last part is the indentation of what follows, unless the text ends with a comment.
        for line in text.split('\n').map(str::trim) {
            lines.push(line.to_owned());
        }
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
        Gap { same_line: None, lines }
    }

    /// The gap after a value, a bracket or a comma, from the middle of a line.
    pub(super) fn after(text: &str) -> Self {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let first = first.trim();
        Gap { same_line: (!first.is_empty()).then(|| first.to_owned()), lines: Gap::before(rest).lines }
    }
}
