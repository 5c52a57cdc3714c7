//! The layout of generated text.
//!
//! Formatting parses what was rendered, which costs far more than rendering it, so it is done only where people read the
//! result. The formatter knows neither comments nor blank lines: they pass through it as macro calls, which name their texts by
//! number, since it would break a long line.
//!
//! What stands within `dynamorm::samples!(…)` is no Rust that the formatter knows how to lay out, so the template does.
//!
//! A line `//@ place` names where in the declarations the user's own Rust on the next line stands; it becomes a comment
//! at that line's end, where rustc's errors show it.

const MARK: &str = "//@";
const PLACE: &str = "//@ ";
/// As [`PLACE`], above what stands within an item, where no macro call may: it passes through the formatter as
/// documentation.
const PLACE_WITHIN: &str = "//@within ";
const PLACE_DOC: &str = "///__place ";
const COMMENT_MACRO: &str = "__comment!(";
const PLACE_MACRO: &str = "__place!(";
const LAID_OUT: &str = "dynamorm::samples!(";
const LAID_OUT_MACRO: &str = "__laid_out!(";
const BLANK_MACRO: &str = "__blank!()";

/// The rendered text as it is, with places put behind the lines that they name.
pub(super) fn for_build_script(rendered: &str) -> String {
    let mut text = String::with_capacity(rendered.len());
    let mut rest = rendered;
    while let Some(at) = rest.find(MARK) {
        let (before, marked) = rest.split_at(at);
        let place = marked.strip_prefix(PLACE).or_else(|| marked.strip_prefix(PLACE_WITHIN));
        let starts_line = before.is_empty() || before.trim_end_matches(' ').ends_with('\n');
        let Some(place) = place.filter(|_| starts_line) else {
            // Inside a line, it is text of the user's.
            let (within, after) = marked.split_at(MARK.len());
            text.push_str(before);
            text.push_str(within);
            rest = after;
            continue;
        };
        let (place, after) = place.split_once('\n').unwrap_or((place, ""));
        let (line, after) = after.split_once('\n').unwrap_or((after, ""));
        text.push_str(before.trim_end_matches(' '));
        text.push_str(line);
        text.push_str(" // ");
        text.push_str(place);
        text.push('\n');
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The rendered text, formatted. What the formatter cannot parse stays as it was rendered.
pub(super) fn for_readers(rendered: &str) -> String {
    let mut texts = Texts::default();
    let marked: String = rendered.lines().map(|line| texts.mark(line)).collect();
    let Ok(file) = syn::parse_file(&marked) else { return for_build_script(rendered) };
    let formatted = prettyplease::unparse(&file);
    let mut lines = Lines::default();
    for line in formatted.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let content = line.trim_start();
        if content.starts_with(BLANK_MACRO) {
            lines.blank();
        } else if let Some(comment) = texts.marked(content, COMMENT_MACRO, ");") {
            lines.push(format!("{indent}// {comment}").trim_end());
        } else if let Some(line) = texts.marked(content, LAID_OUT_MACRO, ");") {
            lines.push(line);
        } else if let Some(place) = texts.marked(content, PLACE_MACRO, ");") {
            lines.place = Some(place.to_owned());
        } else if let Some(place) = texts.marked(content, PLACE_DOC, "") {
            lines.place = Some(place.to_owned());
        } else {
            lines.push(line);
        }
    }
    lines.text
}

/// What markers stand for, by number.
#[derive(Default)]
struct Texts {
    texts: Vec<String>,
    /// Whether the line stands within what is laid out already.
    is_laid_out: bool,
}

impl Texts {
    /// Puts a marker in the place of a line that the formatter would drop.
    fn mark(&mut self, line: &str) -> String {
        let content = line.trim();
        if self.is_laid_out || content.starts_with(LAID_OUT) {
            self.is_laid_out = !content.ends_with(");");
            return format!("{LAID_OUT_MACRO}{});\n", self.number(line));
        }
        if content.is_empty() {
            return format!("{BLANK_MACRO};\n");
        }
        if let Some(place) = content.strip_prefix(PLACE) {
            return format!("{PLACE_MACRO}{});\n", self.number(place));
        }
        if let Some(place) = content.strip_prefix(PLACE_WITHIN) {
            let documentation = PLACE_DOC.trim_start_matches('/');
            return format!("#[doc = \"{documentation}{}\"]\n", self.number(place));
        }
        match content.strip_prefix("// ") {
            Some(comment) => format!("{COMMENT_MACRO}{});\n", self.number(comment)),
            None => format!("{line}\n"),
        }
    }

    fn number(&mut self, text: &str) -> usize {
        self.texts.push(text.to_owned());
        self.texts.len() - 1
    }

    /// The text of a marker, if a line is one.
    fn marked(&self, line: &str, start: &str, end: &str) -> Option<&str> {
        let number: usize = line.strip_prefix(start)?.strip_suffix(end)?.parse().ok()?;
        self.texts.get(number).map(String::as_str)
    }
}

/// Output in the making: no blank line after an opening brace, before a closing one, or after another.
#[derive(Default)]
struct Lines {
    text: String,
    place: Option<String>,
    blank: bool,
}

impl Lines {
    fn push(&mut self, line: &str) {
        if line.is_empty() {
            return self.blank();
        }
        if std::mem::take(&mut self.blank)
            && !line.trim_start().starts_with(['}', ')'])
            && !self.text.ends_with("{\n")
        {
            self.text.push('\n');
        }
        self.text.push_str(line);
        // The formatter makes a comment of `#[doc = "…"]`, which the place would be part of.
        let is_documentation = line.trim_start().starts_with("///");
        if let Some(place) = self.place.take().filter(|_| !is_documentation) {
            self.text.push_str(" // ");
            self.text.push_str(&place);
        }
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.blank = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_place_inside_a_line_is_left_alone() {
        let rendered = "fn a() {\n    \"//@ b\";\n}\n";
        assert_eq!(for_build_script(rendered), rendered);
        assert_eq!(for_readers(rendered), rendered);
    }

    #[test]
    fn comments_and_blank_lines_survive_formatting() {
        let rendered =
            "// Why.\nstruct A;\n\n\nimpl A {\n\n    fn a() {\n        // How.\n        b( );\n    }\n\n}\n";
        assert_eq!(
            for_readers(rendered),
            "// Why.\nstruct A;\n\nimpl A {\n    fn a() {\n        // How.\n        b();\n    }\n}\n"
        );
    }

    #[test]
    fn a_place_stands_behind_the_line_that_it_names() {
        let rendered = "fn a() {\n    //@ models.toml: model.A\n    let x = crate::b( );\n}\n";
        assert_eq!(for_readers(rendered), "fn a() {\n    let x = crate::b(); // models.toml: model.A\n}\n");
        assert_eq!(
            for_build_script(rendered),
            "fn a() {\n    let x = crate::b( ); // models.toml: model.A\n}\n"
        );
    }

    #[test]
    fn a_long_place_stays_on_the_line_that_it_names() {
        let place = format!("models.toml: model.{}", "A".repeat(200));
        let rendered = format!("fn a() {{\n    //@ {place}\n    let x = b();\n}}\n");
        assert_eq!(for_readers(&rendered), format!("fn a() {{\n    let x = b(); // {place}\n}}\n"));
    }

    #[test]
    fn what_is_laid_out_already_stays_as_it_is() {
        let rendered = "dynamorm::samples!(model A (\n    b: u8 [; digits(2)],\n));\n\nstruct C;\n";
        assert_eq!(for_readers(rendered), rendered);
        assert_eq!(for_build_script(rendered), rendered);
    }

    #[test]
    fn a_place_within_an_item_stands_behind_the_line_that_it_names() {
        let rendered = "struct A {\n    //@within models.toml: model.A\n    #[b(c)]\n    d: u8,\n}\n";
        let expected = "struct A {\n    #[b(c)] // models.toml: model.A\n    d: u8,\n}\n";
        assert_eq!(for_readers(rendered), expected);
        assert_eq!(for_build_script(rendered), expected);
    }
}
