//! The first of two equal keys. The parser reports where the second stands and drops what it knows of the first.

use crate::diagnostic::Span;
use crate::source::SourceFile;

/// How far back the first key is looked for, in bytes.
const FARTHEST: usize = 256 * 1024;

/// The nearest earlier place where the same key is written in the same table, if the text shows one plainly.
pub(super) fn first_place(source: &SourceFile, second: Span) -> Option<Span> {
    let text = source.text();
    let key = text.get(second.start..second.end).filter(|key| !key.is_empty())?;
    let line = text[..second.start].rfind('\n').map_or(0, |at| at + 1);
    let header = text[line..].lines().next()?.trim_start();
    let start = if header.starts_with('[') {
        let offset = second.start - line;
        earlier_lines(text, line)
            .filter(|(_, earlier)| same_header(earlier, header))
            .last()
            .map(|(at, _)| at + offset)?
    } else {
        let headers: Vec<(usize, &str)> =
            earlier_lines(text, line).filter(|(_, earlier)| earlier.trim_start().starts_with('[')).collect();
        let find = |from: usize, to: usize| {
            text[from..to].rmatch_indices(key).map(|(at, _)| from + at).find(|at| is_key(text, *at, key))
        };
        match headers.split_last() {
            None => find(text.floor_char_boundary(line.saturating_sub(FARTHEST)), second.start)?,
            Some(((at, header), earlier)) => find(*at, second.start).or_else(|| {
                // The table itself may have been written twice.
                let ends = earlier.iter().skip(1).map(|(end, _)| *end).chain([*at]);
                let sections: Vec<_> = earlier.iter().zip(ends).collect();
                let same = sections.into_iter().rev().filter(|((_, other), _)| same_header(other, header));
                same.map(|((start, _), end)| find(*start, end)).find_map(|found| found)
            })?,
        }
    };
    (text.get(start..start + key.len()) == Some(key)).then(|| source.span(start..start + key.len()))
}

/// The lines before a place, as far back as is looked, with where each starts.
fn earlier_lines(text: &str, before: usize) -> impl Iterator<Item = (usize, &str)> {
    let from = text.floor_char_boundary(before.saturating_sub(FARTHEST));
    let from = text[..from].rfind('\n').map_or(0, |at| at + 1);
    text[from..before].split_inclusive('\n').scan(from, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}

fn same_header(line: &str, header: &str) -> bool {
    let name = |line: &str| line.split(']').next().map(|name| name.trim().to_owned());
    line.trim_start().starts_with('[') && name(line) == name(header)
}

/// Whether what stands at a place is a key: after the beginning of a line or table, and before `=` or `.`.
fn is_key(text: &str, at: usize, key: &str) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let after = text[at + key.len()..].trim_start_matches([' ', '\t']);
    (before.is_empty() || before.ends_with(['\n', '{', ','])) && after.starts_with(['=', '.'])
}
