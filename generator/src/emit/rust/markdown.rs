//! Documentation from declarations, changed so far that it reads in rustdoc as it was written: code is no doctest, brackets are no
//! links to items, and angle brackets are no HTML.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// How often a text is looked at again. What was escaped may bring out something else, and rarely does so twice.
const MOST_ROUNDS: usize = 8;

/// How wide a tab is in Markdown.
const TAB: usize = 4;

/// What rustdoc takes for Markdown.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// The text as Markdown that means the same to rustdoc. Invisible characters have been escaped before.
pub(super) fn harmless(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(with_spaces).collect();
    let mut text = lines.join("\n");
    for _ in 0..MOST_ROUNDS {
        match edits(&text) {
            Some(edits) if edits.is_empty() => return text,
            Some(edits) => text = edited(&text, edits),
            None => break,
        }
    }
    // Nobody writes this. It is shown as it stands.
    let fence = fence_around(&text);
    format!("{fence}text\n{text}\n{fence}")
}

/// A line with spaces in place of tabs, as Markdown counts columns.
fn with_spaces(line: &str) -> String {
    if !line.contains('\t') {
        return line.to_owned();
    }
    let mut expanded = String::with_capacity(line.len() + TAB);
    let mut column = 0;
    for character in line.chars() {
        let width = if character == '\t' { TAB - column % TAB } else { 1 };
        match character {
            '\t' => expanded.push_str(&"    "[..width]),
            other => expanded.push(other),
        }
        column += width;
    }
    expanded
}

/// A part of a text, and what stands there instead.
type Edit = (Range<usize>, String);

fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut result = String::with_capacity(text.len() + 8 * edits.len());
    let mut at = 0;
    for (range, instead) in edits {
        // What overlaps is left for the next round.
        if range.start >= at {
            result.push_str(&text[at..range.start]);
            result.push_str(&instead);
            at = range.end;
        }
    }
    result.push_str(&text[at..]);
    result
}

/// What has to change. Nothing where it cannot be told.
fn edits(text: &str) -> Option<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut escape = |at: usize| (at..at, "\\".to_owned());
    let mut code: Option<(CodeBlockKind<'_>, Range<usize>, String, Option<usize>)> = None;
    // Text that events tell in parts, and how many links it is within.
    let (mut plain, mut links) = (0..0, 0usize);
    // rustdoc looks for an item where a reference is not defined.
    let unresolved = |_: BrokenLink<'_>| Some((CowStr::Borrowed(""), CowStr::Borrowed("")));
    let events = Parser::new_with_broken_link_callback(text, options(), Some(unresolved)).into_offset_iter();
    for (event, range) in events {
        if plain.end != range.start || !matches!(event, Event::Text(_)) {
            edits.extend(addresses(text, plain));
            plain = 0..0;
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => code = Some((kind, range, String::new(), None)),
            Event::End(TagEnd::CodeBlock) => {
                let (kind, range, content, first) = code.take()?;
                edits.extend(CodeBlock { text, kind, range, content, first }.edit()?);
            }
            Event::Text(part) => match &mut code {
                Some((_, _, content, first)) => {
                    content.push_str(&part);
                    first.get_or_insert(range.start);
                }
                None => {
                    edits.extend(backticks(text, range.clone()).map(&mut escape));
                    if links == 0 {
                        plain = if plain.end == range.start { plain.start..range.end } else { range };
                    }
                }
            },
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                links += 1;
                edits.extend(link(text, link_type, &dest_url, range).into_iter().flatten().map(&mut escape));
            }
            Event::Start(Tag::Image { link_type, .. }) => {
                links += 1;
                edits.extend(is_unresolved(link_type).then(|| escape(range.start + 1)));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => links -= 1,
            Event::Html(_) | Event::InlineHtml(_) => {
                let bracket = text[range.clone()].find('<').map(|bracket| range.start + bracket);
                edits.extend(bracket.map(&mut escape));
            }
            Event::HardBreak if text[range.clone()].starts_with(' ') => {
                let end = range.start + text[range.clone()].find('\n')?;
                edits.push((range.start..end, "\\".to_owned()));
            }
            _ => {}
        }
    }
    edits.extend(addresses(text, plain));
    Some(edits)
}

fn is_unresolved(link: LinkType) -> bool {
    matches!(link, LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown)
}

/// The brackets to escape of what rustdoc would take for a link to an item.
fn link(text: &str, link: LinkType, address: &str, range: Range<usize>) -> Option<Vec<usize>> {
    let is_code = |character: char| character.is_alphanumeric() || ":_<>, !*&;@()`".contains(character);
    let is_item = !address.trim().is_empty() && address.chars().all(is_code);
    if matches!(link, LinkType::Autolink | LinkType::Email) || !(is_unresolved(link) || is_item) {
        return None;
    }
    let ends_alone = matches!(link, LinkType::Shortcut | LinkType::ShortcutUnknown);
    let end = (ends_alone && text[range.clone()].ends_with(']')).then(|| range.end - 1);
    Some([Some(range.start), end].into_iter().flatten().collect())
}

/// Where plain text has backticks. No other closes them, or they would be code; rustdoc warns of each that is not escaped.
fn backticks(text: &str, plain: Range<usize>) -> impl Iterator<Item = usize> {
    let is_escaped =
        |at: usize| text[..at].chars().rev().take_while(|&before| before == '\\').count() % 2 == 1;
    let found = text[plain.clone()].match_indices('`').map(move |(at, _)| plain.start + at);
    found.filter(move |&at| !is_escaped(at))
}

/// Bare addresses, each within the angle brackets that make it a link.
fn addresses(text: &str, plain: Range<usize>) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = plain.start;
    while let Some(found) = text[at..plain.end].find("http") {
        let start = at + found;
        at = start + "http".len();
        let rest = &text[start..plain.end];
        if text[plain.start..start].ends_with(char::is_alphanumeric)
            || !(rest.starts_with("http://") || rest.starts_with("https://"))
        {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'));
        let address =
            rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        edits.push((start..start + address.len(), format!("<{address}>")));
        at = start + address.len();
    }
    edits
}

/// A block of code, indented or between fences.
struct CodeBlock<'t> {
    text: &'t str,
    kind: CodeBlockKind<'t>,
    range: Range<usize>,
    content: String,
    /// Where its content begins.
    first: Option<usize>,
}

impl CodeBlock<'_> {
    /// The block between fences that say that it is text, which is no doctest. Nothing where it cannot be written so.
    fn edit(&self) -> Option<Option<Edit>> {
        let (start, is_text) = match &self.kind {
            CodeBlockKind::Fenced(language) => (self.range.start, &**language == "text" && self.is_closed()),
            CodeBlockKind::Indented => {
                let start = self.first?.checked_sub(TAB)?;
                (start, false)
            }
        };
        if is_text {
            return Some(None);
        }
        if matches!(self.kind, CodeBlockKind::Indented) && &self.text[start..start + TAB] != "    " {
            return None;
        }
        let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        // What stands before the block on its first line are quotes and the marks of lists; only quotes are repeated.
        let before = &self.text[line..start];
        let repeated: String = before.chars().map(|mark| if mark == '>' { '>' } else { ' ' }).collect();
        let fence = fence_around(&self.content);
        let content = self.content.trim_end_matches('\n').lines();
        let mut lines = vec![format!("{before}{fence}text")];
        lines.extend(content.map(|line| format!("{repeated}{line}").trim_end().to_owned()));
        lines.push(format!("{repeated}{fence}"));
        let end = if self.text[..self.range.end].ends_with('\n') { "\n" } else { "" };
        Some(Some((line..self.range.end, lines.join("\n") + end)))
    }

    /// Whether a fence ends it, and not what it stands in.
    fn is_closed(&self) -> bool {
        let mut lines = self.text[self.range.clone()].trim_end().lines();
        let fence =
            |line: &str| line.trim_start_matches([' ', '>']).chars().next().filter(|c| "`~".contains(*c));
        let first = lines.next().and_then(fence);
        let last = lines.next_back().map(|line| line.trim_start_matches([' ', '>']));
        first.zip(last).is_some_and(|(fence, last)| last.len() >= 3 && last.chars().all(|c| c == fence))
    }
}

/// A fence that nothing in the content closes.
fn fence_around(content: &str) -> String {
    let runs = content.split(|character| character != '`').map(str::len);
    "`".repeat(runs.max().map_or(3, |longest| (longest + 1).max(3)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_never_a_doctest() {
        for (written, harmless) in [
            ("```\nfail!()\n```", "```text\nfail!()\n```"),
            ("```rust\nx\n```", "```text\nx\n```"),
            ("```text\nx\n```", "```text\nx\n```"),
            ("~~~text\nx\n~~~\n\nAnd.", "~~~text\nx\n~~~\n\nAnd."),
            ("```json\n{}", "```text\n{}\n```"),
            ("Text:\n\n    indented()\n\n    more()", "Text:\n\n```text\nindented()\n\nmore()\n```"),
            ("\tindented()", "```text\nindented()\n```"),
            ("````\n```\n````", "````text\n```\n````"),
        ] {
            assert_eq!(super::harmless(written), harmless, "{written:?}");
        }
    }

    #[test]
    fn code_in_lists_and_quotes_stays_there() {
        assert_eq!(
            harmless("How:\n\n- ```\n  put alice\n  ```\n- done"),
            "How:\n\n- ```text\n  put alice\n  ```\n- done"
        );
        assert_eq!(
            harmless("-     a prefix\n-     or nothing"),
            "- ```text\n  a prefix\n  ```\n- ```text\n  or nothing\n  ```"
        );
        assert_eq!(
            harmless("> note that\n>\n>     SELECT *\n>\n>     FROM x"),
            "> note that\n>\n> ```text\n> SELECT *\n>\n> FROM x\n> ```"
        );
    }

    #[test]
    fn what_only_looks_like_code_or_links_stays() {
        for text in [
            "```x``` is the unit of what follows.\n\nAnd more.",
            "a < b, 1 > 0, x[1",
            "`[code] <c>` and [an address](https://a.b/c), [here](#there)",
            "Not a doctest, lazy\n    continued.",
        ] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn what_rustdoc_would_take_for_links_or_html_is_escaped() {
        assert_eq!(harmless("see [the other note](Note2)"), r"see \[the other note](Note2)");
        assert_eq!(harmless("a [link] and <b>"), r"a \[link\] and \<b>");
        assert_eq!(harmless("[a][b] ![c]"), r"\[a]\[b\] !\[c]");
        assert_eq!(harmless("an `open [code]"), r"an \`open \[code\]");
        assert_eq!(harmless(r"an \`open and `code`"), r"an \`open and `code`");
        assert_eq!(harmless("[a]\n\n[a]: Note2"), "\\[a\\]\n\n[a]: Note2");
        assert_eq!(harmless("<div>\n<p>\n</div>"), "\\<div>\n\\<p>\n\\</div>");
        assert_eq!(harmless("see https://x.y/z_1. (http://a.b)"), "see <https://x.y/z_1>. (<http://a.b>)");
    }

    #[test]
    fn breaks_and_tabs_are_kept() {
        assert_eq!(harmless("one  \ntwo"), "one\\\ntwo");
        assert_eq!(harmless("one\ttwo"), "one two");
        assert_eq!(harmless("a\tb"), "a   b");
    }

    #[test]
    fn what_nobody_writes_is_shown_as_it_stands() {
        let text = "<!--\n\n".repeat(40);
        let harmless = harmless(&text);
        assert!(edits(&harmless).is_some_and(|edits| edits.is_empty()), "{harmless}");
        assert_eq!(super::harmless(&harmless), harmless);
    }

    /// Whatever is written, rustdoc finds no doctest, no HTML and no link to an item in what is made of it.
    #[test]
    fn nothing_is_left_of_what_rustdoc_would_look_for() {
        const PIECES: [&str; 26] = [
            "a",
            " ",
            "\n",
            "\n\n",
            "- ",
            "> ",
            "1. ",
            "    ",
            "\t",
            "```",
            "~~~",
            "````rust",
            "`",
            "<b>",
            "</b>",
            "<!--",
            "[x]",
            "[x](Y)",
            "[x](https://a.b)",
            "![x]",
            "[x]: Y\n",
            "\\",
            "http://a.b/c_d",
            "  \n",
            "# ",
            "|",
        ];
        for seed in 0..3_000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let text: String =
                (0..random.usize(1..14)).map(|_| *random.choice(&PIECES).expect("a piece")).collect();
            let harmless = super::harmless(&text);
            assert!(edits(&harmless).is_some_and(|edits| edits.is_empty()), "{text:?} gives {harmless:?}");
            for event in Parser::new_ext(&harmless, options()) {
                match event {
                    Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                        assert_eq!(&*language, "text", "{text:?} gives {harmless:?}");
                    }
                    Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))
                    | Event::Html(_)
                    | Event::InlineHtml(_) => panic!("{text:?} gives {harmless:?}"),
                    _ => {}
                }
            }
            // What follows stands by itself.
            let followed = format!("{harmless}\n\nDefault.");
            let last = Parser::new_ext(&followed, options()).collect::<Vec<_>>();
            assert!(
                last.ends_with(&[Event::Text("Default.".into()), Event::End(TagEnd::Paragraph)]),
                "{followed:?}"
            );
        }
    }
}
