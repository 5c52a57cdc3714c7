//! The texts that a key can have, as an automaton. It can prove that two models' keys differ.

use std::collections::{BTreeSet, HashSet};

/// The texts that a key can have: states from 0 on, of which the last is the end.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Language {
    /// The steps from each state. A step without a class consumes no character.
    pub(super) steps: Vec<Vec<(Option<Class>, usize)>>,
}

/// A set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Class {
    One(char),
    Any,
    Except(char),
    /// Neither of the two.
    Neither(char, char),
    /// Characters that are their own lower case, except one.
    Lower(Option<char>),
    /// Characters that are their own upper case, except one.
    Upper(Option<char>),
    /// The characters from one to another, both included.
    Within(char, char),
    Hexadecimal,
    /// Hexadecimal digits with letters in upper case.
    UpperHexadecimal,
    /// Crockford's base 32.
    Base32,
}

/// A decimal digit.
pub(in crate::check) const DIGIT: Class = Class::Within('0', '9');

impl Class {
    fn holds(self, character: char) -> bool {
        match self {
            Class::One(one) => one == character,
            Class::Any => true,
            Class::Except(other) => other != character,
            Class::Neither(one, other) => one != character && other != character,
            Class::Lower(other) => Some(character) != other && character.to_lowercase().eq([character]),
            Class::Upper(other) => Some(character) != other && character.to_uppercase().eq([character]),
            Class::Within(least, greatest) => (least..=greatest).contains(&character),
            Class::Hexadecimal => matches!(character, '0'..='9' | 'a'..='f'),
            Class::UpperHexadecimal => matches!(character, '0'..='9' | 'A'..='F'),
            Class::Base32 => {
                character.is_ascii_digit()
                    || character.is_ascii_uppercase() && !matches!(character, 'I' | 'L' | 'O' | 'U')
            }
        }
    }

    /// A character that all `classes` have in common, a readable one if possible.
    fn shared(classes: &[Class]) -> Option<char> {
        let holds = |character: &char| classes.iter().all(|class| class.holds(*character));
        if let Some(Class::One(one)) = classes.iter().find(|class| matches!(class, Class::One(_))) {
            return Some(*one).filter(holds);
        }
        // Only a few characters are excluded one by one.
        let enough = 2 * classes.len() + 1;
        let from =
            |least: char| (u32::from(least)..=u32::from(char::MAX)).filter_map(char::from_u32).take(enough);
        let least: Vec<char> = classes
            .iter()
            .filter_map(|class| match class {
                Class::Within(least, _) => Some(*least),
                _ => None,
            })
            .flat_map(from)
            .collect();
        let mut candidates = "a0A1bB".chars().chain(' '..='~').chain(['\u{e9}']).chain(least);
        candidates.find(holds)
    }
}

impl Language {
    /// The empty text alone.
    pub fn new() -> Self {
        Language { steps: vec![Vec::new()] }
    }

    /// The texts of this one, each followed by `text`.
    pub fn then(mut self, text: &str) -> Self {
        for character in text.chars() {
            self = self.one(Class::One(character));
        }
        self
    }

    /// … followed by a character of `class`.
    pub fn one(mut self, class: Class) -> Self {
        let end = self.end();
        self.steps.push(Vec::new());
        self.steps[end].push((Some(class), end + 1));
        self
    }

    /// … followed by so many.
    pub fn times(mut self, class: Class, count: usize) -> Self {
        for _ in 0..count {
            self = self.one(class);
        }
        self
    }

    /// … followed by any number of them.
    pub fn many(mut self, class: Class) -> Self {
        let end = self.end();
        self.steps.push(Vec::new());
        self.steps[end].extend([(Some(class), end), (None, end + 1)]);
        self
    }

    /// … followed by so many at the most.
    pub fn at_most(mut self, class: Class, count: usize) -> Self {
        let start = self.end();
        self = self.times(class, count);
        self.steps.push(Vec::new());
        let end = self.end();
        self.steps[start..end].iter_mut().for_each(|steps| steps.push((None, end)));
        self
    }

    /// … followed by an integer of so many digits at most, without leading zeros.
    pub fn plain(mut self, most: usize, is_signed: bool) -> Self {
        let start = self.end();
        let minus = start + 1;
        let end = minus + most + 1;
        self.steps.resize(end + 1, Vec::new());
        let first = (Some(Class::Within('1', '9')), minus + 1);
        self.steps[start].extend([(Some(Class::One('0')), end), first]);
        if is_signed {
            self.steps[start].push((Some(Class::One('-')), minus));
        }
        self.steps[minus].push(first);
        for digit in minus + 1..end {
            self.steps[digit].push((None, end));
            if digit + 1 < end {
                self.steps[digit].push((Some(DIGIT), digit + 1));
            }
        }
        self
    }

    /// … followed by any text with escaped `%` and an escaped delimiter.
    pub fn escaped(mut self, delimiter: char) -> Self {
        let start = self.end();
        self = self.many(Class::Neither('%', delimiter));
        for character in ['%', delimiter] {
            let mut buffer = [0; 4];
            let bytes = character.encode_utf8(&mut buffer).bytes();
            let code: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
            self.detour(start, &code);
        }
        // The end must be the last state.
        let end = self.steps.len();
        for step in &mut self.steps[start] {
            if step.0.is_none() {
                step.1 = end;
            }
        }
        self.steps.push(Vec::new());
        self
    }

    /// A detour from a state back to itself.
    fn detour(&mut self, state: usize, text: &str) {
        let mut at = state;
        for character in text.chars() {
            let next = self.steps.len();
            self.steps.push(Vec::new());
            self.steps[at].push((Some(Class::One(character)), next));
            at = next;
        }
        self.steps[at].push((None, state));
    }

    /// … followed by a text of the given form, in which `d` is a digit, `x` a hexadecimal one, `c` one of base 32 and `o` one of
    /// those up to `7`. `dddd-dd-dd` is a day of the calendar, and `Tdd:dd:dd` a time of day.
    pub fn form(mut self, form: &str) -> Self {
        let mut rest = form;
        while let Some(character) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix("dddd-dd-dd") {
                (self, rest) = (self.date(), behind);
                continue;
            }
            if let Some(behind) = rest.strip_prefix("Tdd:dd:dd") {
                let hour = self.then("T").number("00", "23").then(":");
                (self, rest) = (hour.number("00", "59").then(":").number("00", "59"), behind);
                continue;
            }
            if let Some(behind) = rest.strip_prefix("Tdd") {
                (self, rest) = (self.then("T").number("00", "23"), behind);
                continue;
            }
            if let Some(behind) = rest.strip_prefix("dddd-dd") {
                (self, rest) = (self.digits(4).then("-").number("01", "12"), behind);
                continue;
            }
            rest = &rest[character.len_utf8()..];
            self = self.one(match character {
                'd' => DIGIT,
                'x' => Class::Hexadecimal,
                'X' => Class::UpperHexadecimal,
                'c' => Class::Base32,
                'o' => Class::Within('0', '7'),
                other => Class::One(other),
            });
        }
        self
    }

    /// … followed by so many digits.
    pub fn digits(self, count: usize) -> Self {
        self.times(DIGIT, count)
    }

    /// … followed by one of `texts`.
    pub fn one_of<T: AsRef<str>>(self, texts: impl IntoIterator<Item = T>) -> Self {
        self.any_of(texts.into_iter().map(|text| Language::new().then(text.as_ref())))
    }

    /// … followed by a text of any of `options`.
    pub fn any_of(mut self, options: impl IntoIterator<Item = Language>) -> Self {
        let start = self.end();
        let mut ends = Vec::new();
        for option in options {
            let first = self.steps.len();
            self.steps[start].push((None, first));
            let moved = option
                .steps
                .into_iter()
                .map(|steps| steps.into_iter().map(|(class, next)| (class, first + next)).collect());
            self.steps.extend(moved);
            ends.push(self.end());
        }
        self.steps.push(Vec::new());
        let end = self.end();
        for at in ends {
            self.steps[at].push((None, end));
        }
        self
    }

    /// … followed by the digits of a number from `least` to `greatest`, which have the same number of digits.
    pub fn number(mut self, least: &str, greatest: &str) -> Self {
        // The digits so far are those of the least number, of the greatest, of both, or of neither.
        let mut at = [Some(self.end()), None, None, None];
        for (low, high) in least.chars().zip(greatest.chars()) {
            let mut next = [None; 4];
            for (bounds, state) in at.into_iter().enumerate() {
                let Some(state) = state else { continue };
                let (is_least, is_greatest) = (bounds % 2 == 0, bounds < 2);
                let from = if is_least { low } else { '0' };
                let to = if is_greatest { high } else { '9' };
                // The first digit, the last one and those between lead to different bounds.
                let (first, last) = (is_least.then_some(low), is_greatest.then_some(high));
                let is_bound = |digit: &char| Some(*digit) == first || Some(*digit) == last;
                let between = (from..=to).find(|digit| !is_bound(digit));
                let until = (from..=to).rfind(|digit| !is_bound(digit));
                let bounds: BTreeSet<char> = (from..=to).filter(is_bound).collect();
                let classes = bounds.into_iter().map(|digit| (Class::One(digit), digit));
                let middle =
                    between.zip(until).map(|(between, until)| (Class::Within(between, until), between));
                for (class, digit) in classes.chain(middle) {
                    let stays = usize::from(Some(digit) != first) + if Some(digit) == last { 0 } else { 2 };
                    let target = *next[stays].get_or_insert_with(|| {
                        self.steps.push(Vec::new());
                        self.steps.len() - 1
                    });
                    self.steps[state].push((Some(class), target));
                }
            }
            at = next;
        }
        self.steps.push(Vec::new());
        let end = self.end();
        for state in at.into_iter().flatten() {
            self.steps[state].push((None, end));
        }
        self
    }

    /// … followed by a day of the calendar, of the years 0000 to 9999: `YYYY-MM-DD`.
    fn date(self) -> Self {
        let digits = || Language::new().digits(2);
        let fours = |from: usize| (from..25).map(|four| format!("{:02}", 4 * four));
        let leap_year =
            Language::new().any_of([digits().one_of(fours(1)), Language::new().one_of(fours(0)).then("00")]);
        let months = |months: &[&str], days: &str| {
            Language::new().digits(4).then("-").one_of(months).then("-").number("01", days)
        };
        self.any_of([
            months(&["01", "03", "05", "07", "08", "10", "12"], "31"),
            months(&["04", "06", "09", "11"], "30"),
            months(&["02"], "28"),
            leap_year.then("-02-29"),
        ])
    }

    /// Whether a text is among them.
    pub fn holds(&self, text: &str) -> bool {
        let mut at = HashSet::from([0]);
        self.follow(&mut at);
        for character in text.chars() {
            let steps = at.iter().flat_map(|state| &self.steps[*state]);
            let taken = steps.filter(|(class, _)| class.is_some_and(|class| class.holds(character)));
            at = taken.map(|(_, next)| *next).collect();
            self.follow(&mut at);
        }
        at.contains(&self.end())
    }

    /// Adds the states that are reachable without a character.
    fn follow(&self, states: &mut HashSet<usize>) {
        let mut waiting: Vec<usize> = states.iter().copied().collect();
        while let Some(state) = waiting.pop() {
            for (_, next) in self.steps[state].iter().filter(|(class, _)| class.is_none()) {
                if states.insert(*next) {
                    waiting.push(*next);
                }
            }
        }
    }

    /// A shortest common text of both. It is not empty, because no key is.
    pub fn shared(&self, other: &Language) -> Option<String> {
        Language::shared_by(&[self, other])
    }

    /// A shortest common text of all `languages`, which is not empty.
    pub fn shared_by(languages: &[&Language]) -> Option<String> {
        let start = Reached { states: vec![0; languages.len()], is_empty: true, from: None };
        let mut seen = HashSet::from([(start.states.clone(), true)]);
        let mut reached = vec![start];
        let mut entry = 0;
        while entry < reached.len() {
            let Reached { states, is_empty, .. } = reached[entry].clone();
            let is_end = states.iter().zip(languages).all(|(state, language)| *state == language.end());
            if is_end && !is_empty {
                return Some(spelled(&reached, entry));
            }
            let mut reach = |states: Vec<usize>, character: Option<char>| {
                let is_empty = is_empty && character.is_none();
                if seen.insert((states.clone(), is_empty)) {
                    reached.push(Reached { states, is_empty, from: Some((entry, character)) });
                }
            };
            for (number, language) in languages.iter().enumerate() {
                for (_, next) in language.steps[states[number]].iter().filter(|(class, _)| class.is_none()) {
                    let mut states = states.clone();
                    states[number] = *next;
                    reach(states, None);
                }
            }
            let taken = |number: usize| {
                let steps: &[(Option<Class>, usize)] = &languages[number].steps[states[number]];
                steps.iter().filter_map(|(class, next)| Some(((*class)?, *next)))
            };
            let mut steps: Vec<(Vec<Class>, Vec<usize>)> =
                taken(0).map(|(class, next)| (vec![class], vec![next])).collect();
            for number in 1..languages.len() {
                let with = |(classes, nexts): (Vec<Class>, Vec<usize>)| {
                    let longer = taken(number).map(move |(class, next)| {
                        ([classes.as_slice(), &[class]].concat(), [nexts.as_slice(), &[next]].concat())
                    });
                    longer.collect::<Vec<_>>()
                };
                steps = steps.into_iter().flat_map(with).collect();
            }
            for (classes, nexts) in steps {
                if let Some(character) = Class::shared(&classes) {
                    reach(nexts, Some(character));
                }
            }
            entry += 1;
        }
        None
    }

    pub(super) fn end(&self) -> usize {
        self.steps.len() - 1
    }
}

/// States of several languages; whether they were reached without a character; and the previous entry and character.
#[derive(Clone)]
struct Reached {
    states: Vec<usize>,
    is_empty: bool,
    from: Option<(usize, Option<char>)>,
}

fn spelled(reached: &[Reached], entry: usize) -> String {
    let mut text = Vec::new();
    let mut at = reached.get(entry).and_then(|entry| entry.from);
    while let Some((entry, character)) = at {
        text.extend(character);
        at = reached.get(entry).and_then(|entry| entry.from);
    }
    text.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_text_is_a_witness() {
        let orders = Language::new().then("ORDER#").many(Class::Any);
        let items = Language::new().then("ORDER#").form("dd").then("#ITEM#").digits(2);
        assert_eq!(orders.shared(&items).as_deref(), Some("ORDER#00#ITEM#00"));
        assert_eq!(items.shared(&orders).as_deref(), Some("ORDER#00#ITEM#00"));
    }

    #[test]
    fn a_delimiter_keeps_texts_apart() {
        let users = Language::new().then("USER#").many(Class::Except('#'));
        let posts = Language::new().then("USER#").many(Class::Except('#')).then("#POST");
        assert_eq!(users.shared(&posts), None);
        let both = Language::new().one_of(["USER", "POST"]).then("#");
        assert_eq!(both.shared(&Language::new().then("POST#")).as_deref(), Some("POST#"));
        assert_eq!(both.shared(&Language::new().then("PAST#")), None);
    }

    #[test]
    fn a_number_lies_between_its_bounds() {
        for (least, greatest) in [(0, 255), (7, 9), (99, 100), (250, 255), (0, 999), (128, 128)] {
            let numbers = Language::new().number(&format!("{least:03}"), &format!("{greatest:03}"));
            for number in 0..1000 {
                let is_between = (least..=greatest).contains(&number);
                assert_eq!(numbers.holds(&format!("{number:03}")), is_between, "{least} {number} {greatest}");
            }
        }
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        let days = Language::new().date();
        for (day, is_one) in [
            ("2026-01-31", true),
            ("2026-04-31", false),
            ("2026-02-29", false),
            ("2024-02-29", true),
            ("1900-02-29", false),
            ("2000-02-29", true),
            ("0000-02-29", true),
            ("2026-13-01", false),
            ("2026-00-10", false),
            ("2026-10-00", false),
            ("2026-1-1", false),
        ] {
            assert_eq!(days.holds(day), is_one, "{day}");
        }
        let moments = Language::new().form("dddd-dd-ddTdd:dd:dd.dddZ");
        assert!(moments.holds("2026-01-31T23:59:59.999Z"));
        assert!(!moments.holds("2026-01-31T24:00:00.000Z"));
    }

    #[test]
    fn a_shared_text_is_never_empty() {
        let any = Language::new().many(Class::Any);
        assert_eq!(any.shared(&any).as_deref(), Some("a"));
        assert_eq!(Language::new().shared(&any), None);
    }
}
