//! Composed keys: which parts are constant in every item of a kind, and which are data.

use crate::import::item::Item;
use std::collections::BTreeMap;
use std::fmt;

/// Delimiters of parts of a key, the most usual first.
const DELIMITERS: [&str; 5] = ["#", "|", "::", ":", "/"];
/// How many different words in one place of a key may count as constants.
const MOST_WORDS: usize = 12;
/// The same for the first part, which names the kinds of items in a table.
const MOST_LEADING_WORDS: usize = 40;
/// How many parts of a key are distinguished.
const MOST_PARTS: usize = 20;
/// The longest constant, in bytes.
const LONGEST_WORD: usize = 40;

/// Words that are whole sort keys, for the item about the partition itself.
const WORDS_FOR_ITSELF: [&str; 12] = [
    "a", "self", "meta", "metadata", "info", "details", "detail", "profile", "root", "summary", "config",
    "settings",
];

/// A key as constants and data between them. Data follows no data directly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) struct Pattern(pub Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Piece {
    Constant(String),
    Data,
}

impl Pattern {
    /// Whether it has no constant.
    pub(in crate::import) fn is_plain(&self) -> bool {
        self.0.iter().all(|piece| *piece == Piece::Data)
    }

    pub(in crate::import) fn first_constant(&self) -> Option<&str> {
        match self.0.first() {
            Some(Piece::Constant(text)) => Some(text),
            _ => None,
        }
    }

    /// The data of a key, piece by piece; `None` if the key has another pattern.
    pub(in crate::import) fn data<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let mut rest = text;
        let mut data = Vec::new();
        let mut pieces = self.0.iter().peekable();
        while let Some(piece) = pieces.next() {
            match (piece, pieces.peek()) {
                (Piece::Constant(constant), _) => rest = rest.strip_prefix(constant.as_str())?,
                (Piece::Data, Some(Piece::Constant(next))) => {
                    let end = rest.find(next.as_str())?;
                    data.push(&rest[..end]);
                    rest = &rest[end..];
                }
                (Piece::Data, _) => {
                    data.push(rest);
                    rest = "";
                }
            }
        }
        rest.is_empty().then_some(data)
    }

    /// The pattern of both: their common beginning, and then data.
    pub(in crate::import) fn general(&self, other: &Pattern) -> Pattern {
        if self == other {
            return self.clone();
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for (own, theirs) in self.0.iter().zip(&other.0) {
            match (own, theirs) {
                _ if own == theirs => pieces.push(own.clone()),
                (Piece::Constant(own), Piece::Constant(theirs)) => {
                    // `#LINE#` and `#` begin alike.
                    let common: usize = own
                        .chars()
                        .zip(theirs.chars())
                        .take_while(|(own, theirs)| own == theirs)
                        .map(|(own, _)| own.len_utf8())
                        .sum();
                    let mark = own[..common].char_indices().rfind(|(_, one)| !one.is_alphanumeric());
                    if let Some((at, mark)) = mark {
                        pieces.push(Piece::Constant(own[..at + mark.len_utf8()].to_owned()));
                    }
                    break;
                }
                _ => break,
            }
        }
        if pieces.last() != Some(&Piece::Data) {
            pieces.push(Piece::Data);
        }
        Pattern(pieces)
    }

    /// Moves the common beginning of a place's data, such as `id_`, into the constant before it.
    pub(in crate::import) fn with_common_beginnings(
        &self,
        rows: &[Vec<&str>],
        keep: &dyn Fn(usize) -> bool,
    ) -> Pattern {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut place = 0;
        for piece in &self.0 {
            match (piece, pieces.last_mut()) {
                (Piece::Constant(text), Some(Piece::Constant(before))) => before.push_str(text),
                (Piece::Constant(_), _) => pieces.push(piece.clone()),
                (Piece::Data, _) => {
                    let texts: Vec<&str> = rows.iter().filter_map(|row| row.get(place).copied()).collect();
                    let beginning = common_beginning(&texts);
                    if !beginning.is_empty() && !keep(place) {
                        match pieces.last_mut() {
                            Some(Piece::Constant(before)) => before.push_str(beginning),
                            _ => pieces.push(Piece::Constant(beginning.to_owned())),
                        }
                    }
                    pieces.push(Piece::Data);
                    place += 1;
                }
            }
        }
        Pattern(pieces)
    }
}

/// The common beginning of at least three different texts, up to a mark between words.
fn common_beginning<'t>(texts: &[&'t str]) -> &'t str {
    let Some(first) = texts.first().copied() else { return "" };
    let mut different: Vec<&str> = texts.to_vec();
    different.sort_unstable();
    different.dedup();
    if different.len() < 3 {
        return "";
    }
    let common: usize = first
        .char_indices()
        .take_while(|(at, character)| texts.iter().all(|text| text[*at..].starts_with(*character)))
        .map(|(_, character)| character.len_utf8())
        .sum();
    let end = first[..common].rfind(['_', '-', '=', '.']).map_or(0, |end| end + 1);
    let beginning = &first[..end];
    let is_word = beginning.starts_with(|first: char| first.is_ascii_alphabetic())
        && !beginning.contains(|character: char| character.is_ascii_digit());
    if is_word { beginning } else { "" }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Constant(text) => formatter.write_str(text),
            Piece::Data => formatter.write_str("{}"),
        })
    }
}

/// The attribute that names the kind of an item, and the key attributes.
pub(in crate::import) struct Context<'c> {
    pub discriminator: Option<&'c str>,
    /// Attributes whose values say nothing about the parts of a key.
    pub keys: &'c [&'c str],
}

/// The delimiter of keys: the one that most keys have after a word that several keys begin with.
pub(in crate::import) fn delimiter(items: &[&Item], attributes: &[&str]) -> Option<&'static str> {
    let mut most = None;
    for delimiter in DELIMITERS {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for text in items.iter().flat_map(|item| attributes.iter().filter_map(|name| item.text(name))) {
            match text.split_once(delimiter) {
                Some((word, rest)) if is_word(word) && !rest.starts_with('/') => {
                    *times.entry(word).or_default() += 1;
                }
                _ => {}
            }
        }
        let led = times.iter().filter(|(word, times)| **times > 1 || is_upper_case(word));
        let count: usize = led.map(|(_, times)| times).sum();
        if count > most.map_or(0, |(count, _)| count) {
            most = Some((count, delimiter));
        }
    }
    most.map(|(_, delimiter)| delimiter)
}

/// A key that is being read from left to right.
struct Reading<'i> {
    item: &'i Item,
    tokens: Vec<&'i str>,
    pieces: Vec<Piece>,
}

/// The pattern of one attribute in each item; `None` if the item has no such text.
pub(in crate::import) fn patterns(
    items: &[&Item],
    attribute: &str,
    delimiter: &str,
    context: &Context<'_>,
) -> Vec<Option<Pattern>> {
    let mut readings: Vec<Option<Reading<'_>>> = items
        .iter()
        .map(|item| {
            let tokens = item.text(attribute)?.splitn(MOST_PARTS, delimiter).collect();
            Some(Reading { item, tokens, pieces: Vec::new() })
        })
        .collect();
    let longest = readings.iter().flatten().map(|reading| reading.tokens.len()).max().unwrap_or_default();
    for place in 0..longest {
        let before =
            |reading: &Reading<'_>| (Pattern(reading.pieces.clone()).to_string(), reading.tokens.len() > 1);
        let mut words: BTreeMap<(String, bool), BTreeMap<&str, usize>> = BTreeMap::new();
        for reading in readings.iter().flatten() {
            if let Some(token) = reading.tokens.get(place) {
                *words.entry(before(reading)).or_default().entry(token).or_default() += 1;
            }
        }
        for reading in readings.iter_mut().flatten() {
            let Some(token) = reading.tokens.get(place).copied() else { continue };
            let siblings = &words[&before(reading)];
            let is_constant = is_constant(reading, place, token, siblings, context);
            if place > 0 {
                push_constant(&mut reading.pieces, delimiter);
            }
            match is_constant {
                true => push_constant(&mut reading.pieces, token),
                false => reading.pieces.push(Piece::Data),
            }
        }
    }
    readings.into_iter().map(|reading| reading.map(|reading| Pattern(reading.pieces))).collect()
}

fn push_constant(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Constant(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Constant(text.to_owned())),
    }
}

fn is_constant(
    reading: &Reading<'_>,
    place: usize,
    token: &str,
    siblings: &BTreeMap<&str, usize>,
    context: &Context<'_>,
) -> bool {
    if token.is_empty() {
        // `#PROFILE` begins with the delimiter itself.
        return true;
    }
    if !is_word(token) {
        return false;
    }
    let kind = context.discriminator.and_then(|name| reading.item.text(name));
    if kind.is_some_and(|kind| is_same_word(kind, token)) {
        return true;
    }
    let is_attribute = reading.item.attributes.iter().any(|(name, value)| {
        value.text() == Some(token)
            && !context.keys.contains(&name.as_str())
            && context.discriminator != Some(name)
    });
    if is_attribute {
        return false;
    }
    let leads = place == 0 && reading.tokens.len() > 1;
    let times = siblings.get(token).copied().unwrap_or_default();
    let most = if leads { MOST_LEADING_WORDS } else { MOST_WORDS };
    if siblings.len() > most {
        return false;
    }
    is_upper_case(token) || token.starts_with('$') || is_for_itself(token) || leads && times > 1
}

/// Whether a word means the item about its partition itself.
pub(in crate::import) fn is_for_itself(word: &str) -> bool {
    WORDS_FOR_ITSELF.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether two words differ only in case and punctuation.
pub(in crate::import) fn is_same_word(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (one, other) = (letters(one), letters(other));
    !one.is_empty() && one == other
}

/// Whether a token may be a name from the application: letters, perhaps followed by a version number.
fn is_word(token: &str) -> bool {
    let name = token.trim_end_matches(|last: char| last.is_ascii_digit());
    let is_short = token.len() <= LONGEST_WORD && token.len() - name.len() <= 2;
    let mut letters = name.chars();
    is_short
        && letters.next().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '$' | '_' | '@'))
        && name.contains(|character: char| character.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphabetic() || matches!(letter, '_' | '-' | '$' | '.'))
}

fn is_upper_case(token: &str) -> bool {
    token.contains(|letter: char| letter.is_ascii_uppercase())
        && !token.contains(|letter: char| letter.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(pieces: &[&str]) -> Pattern {
        let piece = |text: &&str| match *text {
            "{}" => Piece::Data,
            text => Piece::Constant(text.to_owned()),
        };
        Pattern(pieces.iter().map(piece).collect())
    }

    #[test]
    fn data_is_what_stands_between_constants() {
        let key = pattern(&["ORDER#", "{}", "#LINE#", "{}"]);
        assert_eq!(key.data("ORDER#7#LINE#a#b"), Some(vec!["7", "a#b"]));
        assert_eq!(key.data("ORDER#7"), None);
        assert_eq!(pattern(&["PROFILE"]).data("PROFILE"), Some(vec![]));
        assert_eq!(pattern(&["PROFILE"]).data("PROFILES"), None);
    }

    #[test]
    fn what_two_patterns_have_in_common_ends_at_a_delimiter() {
        let short = pattern(&["FOLDER#", "{}"]);
        let long = pattern(&["FOLDER#", "{}", "#", "{}"]);
        assert_eq!(short.general(&long), short);
        assert_eq!(pattern(&["USER#", "{}"]).general(&pattern(&["UNIT#", "{}"])), pattern(&["{}"]));
    }

    #[test]
    fn a_common_beginning_of_data_is_constant() {
        let key = pattern(&["$app#", "{}"]);
        let rows = vec![vec!["id_a"], vec!["id_b"], vec!["id_c"]];
        assert_eq!(key.with_common_beginnings(&rows, &|_| false), pattern(&["$app#id_", "{}"]));
        assert_eq!(key.with_common_beginnings(&rows, &|_| true), key);
    }
}
