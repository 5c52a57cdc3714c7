//! What `dynamorm explain` prints: the same text as the documentation's page of codes.

pub(super) mod changes;

use crate::breaking::ChangeKind;
use crate::diagnostic::Code;
use std::fmt::Write as _;

/// One code.
pub(super) fn one(code: Code) -> String {
    format!("# {code}: {}\n\n{}", heading(code), code.explanation())
}

/// Every code with its title, a line each.
pub(super) fn list() -> String {
    listed(Code::ALL)
}

/// The code that is named, or that alone is about all of these words; a list where several are. Nothing where none is.
pub(super) fn about(words: &[String]) -> Option<String> {
    if let [word] = words
        && let Some(code) = Code::find(word)
    {
        return Some(one(code));
    }
    if let [word] = words
        && let Some(kind) = ChangeKind::find(word)
    {
        return Some(changes::one(kind));
    }
    let words: Vec<String> =
        words.iter().flat_map(|word| word.split_whitespace()).map(str::to_lowercase).collect();
    let mut found: Vec<((usize, usize), Code)> =
        Code::ALL.iter().filter_map(|code| Some((relevance(*code, &words)?, *code))).collect();
    found.sort_by_key(|(relevance, code)| (std::cmp::Reverse(*relevance), *code));
    let codes: Vec<Code> = found.into_iter().map(|(_, code)| code).collect();
    match codes.as_slice() {
        [] => None,
        [only] => Some(one(*only)),
        codes => Some(listed(codes)),
    }
}

/// How much an explanation is about all of these words: first what its title has of them, then their share of its prose. Nothing
/// if it lacks one of them.
fn relevance(code: Code, words: &[String]) -> Option<(usize, usize)> {
    let title = words_of(code.title());
    let prose = words_of(&code.explanation().split("```").step_by(2).collect::<String>());
    let (mut in_title, mut in_prose) = (0, 0);
    for word in words {
        let whole = usize::from(title.contains(word));
        let begun = usize::from(begins(&title, word) > 0);
        let in_text = begins(&prose, word);
        if begun + in_text == 0 {
            return None;
        }
        in_title += whole + begun;
        in_prose += in_text;
    }
    Some((in_title, 1000 * in_prose / prose.len().max(1)))
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric() && character != '_');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// How many of these words begin with this one.
fn begins(words: &[String], word: &str) -> usize {
    words.iter().filter(|other| other.starts_with(word)).count()
}

fn listed(codes: &[Code]) -> String {
    codes.iter().fold(String::new(), |mut text, code| {
        let _ = writeln!(text, "{code}  {:7}  {}", code.severity().to_string(), code.title());
        text
    })
}

/// The page of codes, in Markdown.
pub(super) fn page() -> String {
    let mut page = String::from(PREFACE);
    for code in Code::ALL {
        let _ = writeln!(
            page,
            "| [{code}](#{}) | {} | {} |",
            code.text().to_ascii_lowercase(),
            code.severity(),
            code.title()
        );
    }
    for code in Code::ALL {
        let _ = write!(
            page,
            "\n## {code}\n\n**{}** ({})\n\n{}",
            code.title(),
            code.severity(),
            code.explanation()
        );
    }
    page
}

fn heading(code: Code) -> &'static str {
    code.title().trim_end_matches('.')
}

const PREFACE: &str = "\
# Diagnostics

Everything that the generator can find wrong in declarations. A code never changes its meaning. An error stops generation. A
warning does not, unless warnings are denied. `dynamorm explain D0209` prints the section of one code, and
`dynamorm explain --all` prints this page.

Every example shows a whole file of declarations, what the generator finds in it, and the corrected file. If a block of TOML has a
name, it is another file beside it.

## For machines

`--error-format json` prints an object for each finding on a line of standard error, and nothing else there:

| field | is |
|---|---|
| `code` | the code; null for a failure that is not about declarations, such as a full disk |
| `severity` | `error` or `warning` |
| `message` | what is wrong, in a line |
| `labels` | the places concerned; none if the finding is about a file as a whole |
| `labels[].file` | the file, as it was named on the command line, or relative to that |
| `labels[].line`, `.column`, `.end_line`, `.end_column` | from 1 up, columns in characters; the end is one past the last |
| `labels[].text` | what is said there, or nothing |
| `labels[].primary` | whether the finding itself lies there, rather than something that explains it |
| `help` | what to write instead, a suggestion each |

`--error-format github` prints annotations of GitHub's workflows.

## Codes

| code | severity | meaning |
|---|---|---|
";
