//! The texts that a key can be, as an automaton, so that two models' keys can be proven to differ.

use std::collections::{HashSet, VecDeque};

/// What a key can be: states from 0 on, of which the last is the end.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Language {
    /// What leads on from each state; without a class it takes no character.
    steps: Vec<Vec<(Option<Class>, usize)>>,
}

/// A set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Class {
    One(char),
    Any,
    Except(char),
    /// Neither of the two.
    Neither(char, char),
    Digit,
    Hexadecimal,
    /// Crockford's base 32.
    Base32,
    /// `0` or `-`
    Sign,
    /// `0`, `1` or `-`
    DecimalSign,
}

impl Class {
    fn holds(self, character: char) -> bool {
        match self {
            Class::One(one) => one == character,
            Class::Any => true,
            Class::Except(other) => other != character,
            Class::Neither(one, other) => one != character && other != character,
            Class::Digit => character.is_ascii_digit(),
            Class::Hexadecimal => matches!(character, '0'..='9' | 'a'..='f'),
            Class::Base32 => {
                character.is_ascii_digit()
                    || character.is_ascii_uppercase() && !matches!(character, 'I' | 'L' | 'O' | 'U')
            }
            Class::Sign => matches!(character, '0' | '-'),
            Class::DecimalSign => matches!(character, '0' | '1' | '-'),
        }
    }

    /// A character of both, one that people can read if there is one.
    fn shared(self, other: Class) -> Option<char> {
        let named = [self, other].into_iter().filter_map(|class| match class {
            Class::One(one) => Some(one),
            _ => None,
        });
        let mut candidates = named.chain("a0A1bB".chars()).chain(' '..='~').chain(['\u{e9}']);
        candidates.find(|character| self.holds(*character) && other.holds(*character))
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

    /// … followed by any text in which `%` and the character that ends it are escaped.
    pub fn escaped(mut self, delimiter: char) -> Self {
        let start = self.end();
        self = self.many(Class::Neither('%', delimiter));
        for character in ['%', delimiter] {
            let mut buffer = [0; 4];
            let bytes = character.encode_utf8(&mut buffer).bytes();
            let code: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
            self.detour(start, &code);
        }
        // The end is last.
        let end = self.steps.len();
        for step in &mut self.steps[start] {
            if step.0.is_none() {
                step.1 = end;
            }
        }
        self.steps.push(Vec::new());
        self
    }

    /// A way from a state back to it.
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

    /// … followed by a text of the given form, in which `d` is a digit, `x` a hexadecimal one and `c` one of base 32.
    pub fn form(mut self, form: &str) -> Self {
        for character in form.chars() {
            self = self.one(match character {
                'd' => Class::Digit,
                'x' => Class::Hexadecimal,
                'c' => Class::Base32,
                other => Class::One(other),
            });
        }
        self
    }

    /// … followed by one of `texts`.
    pub fn one_of(mut self, texts: &[String]) -> Self {
        let start = self.end();
        let mut ends = Vec::new();
        for text in texts {
            let mut at = start;
            for character in text.chars() {
                self.steps.push(Vec::new());
                let next = self.end();
                self.steps[at].push((Some(Class::One(character)), next));
                at = next;
            }
            ends.push(at);
        }
        self.steps.push(Vec::new());
        let end = self.end();
        for at in ends {
            self.steps[at].push((None, end));
        }
        self
    }

    /// A text of both, as short as there is one.
    pub fn shared(&self, other: &Language) -> Option<String> {
        let mut seen = HashSet::from([(0, 0)]);
        let mut waiting = VecDeque::from([((0, 0), None)]);
        let mut reached: Vec<Reached> = Vec::new();
        while let Some((state, from)) = waiting.pop_front() {
            let entry = reached.len();
            reached.push((state, from));
            if state == (self.end(), other.end()) {
                return Some(spelled(&reached, entry));
            }
            let (left, right) = state;
            let mut reach = |state, character| {
                if seen.insert(state) {
                    waiting.push_back((state, Some((entry, character))));
                }
            };
            for (class, next) in &self.steps[left] {
                match class {
                    None => reach((*next, right), None),
                    Some(class) => {
                        let both =
                            other.steps[right].iter().filter_map(|(with, after)| Some(((*with)?, *after)));
                        for (with, after) in both {
                            if let Some(character) = class.shared(with) {
                                reach((*next, after), Some(character));
                            }
                        }
                    }
                }
            }
            for (class, next) in &other.steps[right] {
                if class.is_none() {
                    reach((left, *next), None);
                }
            }
        }
        None
    }

    fn end(&self) -> usize {
        self.steps.len() - 1
    }
}

/// A pair of states, and how it was reached: from which entry, and by which character.
type Reached = ((usize, usize), Option<(usize, Option<char>)>);

fn spelled(reached: &[Reached], entry: usize) -> String {
    let mut text = Vec::new();
    let mut at = reached.get(entry).and_then(|(_, from)| *from);
    while let Some((entry, character)) = at {
        text.extend(character);
        at = reached.get(entry).and_then(|(_, from)| *from);
    }
    text.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_text_is_a_witness() {
        let orders = Language::new().then("ORDER#").many(Class::Any);
        let items = Language::new().then("ORDER#").form("dd").then("#ITEM#").times(Class::Digit, 2);
        assert_eq!(orders.shared(&items).as_deref(), Some("ORDER#00#ITEM#00"));
        assert_eq!(items.shared(&orders).as_deref(), Some("ORDER#00#ITEM#00"));
    }

    #[test]
    fn a_delimiter_keeps_texts_apart() {
        let users = Language::new().then("USER#").many(Class::Except('#'));
        let posts = Language::new().then("USER#").many(Class::Except('#')).then("#POST");
        assert_eq!(users.shared(&posts), None);
        let both = Language::new().one_of(&["USER".to_owned(), "POST".to_owned()]).then("#");
        assert_eq!(both.shared(&Language::new().then("POST#")).as_deref(), Some("POST#"));
        assert_eq!(both.shared(&Language::new().then("PAST#")), None);
    }
}
