//! Names from declarations in messages: quoted, cut if they are long, and with a similar known name as a suggestion.

use std::fmt::Write as _;

/// The longest name that a message repeats whole, in characters.
const LONGEST_NAME: usize = 80;
/// How many known names to compare an unknown one with. People declare fewer, and more would take too long.
const MOST_CANDIDATES: usize = 500;

/// The name in backticks. Invisible characters are escaped, and a long name is cut.
pub(crate) fn quoted(name: &str) -> String {
    let mut text = String::from("`");
    for (count, character) in name.chars().enumerate() {
        if count == LONGEST_NAME {
            text.push('…');
            break;
        }
        if character.is_control() || is_invisible(character) {
            let _ = write!(text, "{}", character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    text.push('`');
    text
}

/// Names as a list in words: "`a`, `b` or `c`".
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(quoted).collect();
    match names.as_slice() {
        [] => String::from("nothing"),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// The candidate most similar to `name`, if it may have been meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing longer names takes too long and finds nothing.
    if name.chars().count() > LONGEST_NAME {
        return None;
    }
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", if a candidate is similar.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean {}?", quoted(candidate)))
}

/// Whether a character cannot be seen, or changes the order in which the characters around it are shown.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_pair_of_letters_is_near() {
        assert_eq!(nearest("partiton_key", ["sort_key", "partition_key"]), Some("partition_key"));
    }

    #[test]
    fn an_unrelated_name_is_not_near() {
        assert_eq!(nearest("colour", ["sort_key", "partition_key"]), None);
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(quoted(&"x".repeat(90)).chars().count(), LONGEST_NAME + 3);
    }

    #[test]
    fn bidirectional_controls_are_escaped() {
        assert_eq!(quoted("a\u{202e}b"), "`a\\u{202e}b`");
    }
}
