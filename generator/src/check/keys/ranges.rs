//! Ranges of keys: the texts before and after those that a key can have, in the order of their bytes.

use super::automaton::{Class, Language};

impl Class {
    /// The characters that are less than some character of the class.
    fn below(self) -> Option<Class> {
        let greatest = match self {
            Class::One(one) => one,
            Class::Any | Class::Except(_) | Class::Neither(..) | Class::Lower(_) | Class::Upper(_) => {
                char::MAX
            }
            Class::Within(_, greatest) => greatest,
            Class::Hexadecimal => 'f',
            Class::UpperHexadecimal => 'F',
            Class::Base32 => 'Z',
        };
        let previous = (0..u32::from(greatest)).rev().find_map(char::from_u32)?;
        Some(Class::Within('\0', previous))
    }

    /// The characters that are greater than some character of the class.
    fn above(self) -> Option<Class> {
        let least = match self {
            Class::One(one) => one,
            Class::Any | Class::Except(_) | Class::Neither(..) | Class::Lower(_) | Class::Upper(_) => '\0',
            Class::Within(least, _) => least,
            Class::Hexadecimal | Class::UpperHexadecimal | Class::Base32 => '0',
        };
        let next = (u32::from(least) + 1..=u32::from(char::MAX)).find_map(char::from_u32)?;
        Some(Class::Within(next, char::MAX))
    }
}

impl Language {
    /// The texts that are less than one of these.
    pub fn before(&self) -> Language {
        self.beside(Class::below, End::Early)
    }

    /// The texts that are greater than one of these and do not begin with it.
    pub fn behind(&self) -> Language {
        self.beside(Class::above, End::Aside)
    }

    /// … or begin with it and are longer.
    pub fn behind_or_longer(&self) -> Language {
        Language::new().any_of([self.behind(), self.clone().one(Class::Any).open()])
    }

    /// The texts that begin with one of these.
    pub fn open(&self) -> Language {
        self.clone().many(Class::Any)
    }

    /// The texts that are one of these, or less than one.
    pub fn up_to(&self) -> Language {
        self.beside(Class::below, End::EarlyOrThere)
    }

    /// The texts that are one of these, or greater than one.
    pub fn on(&self) -> Language {
        self.beside(Class::above, End::Later)
    }

    /// The texts that begin like one of these and then go `aside`, and those that end as `end` says.
    fn beside(&self, aside: impl Fn(Class) -> Option<Class>, end: End) -> Language {
        let own_end = self.end();
        let (free, all_end) = (own_end + 1, own_end + 2);
        let mut steps = self.steps.clone();
        for (state, steps) in steps.iter_mut().enumerate() {
            // If a character follows, the text so far is less than the longer one.
            let has_more = steps.iter().any(|(class, _)| class.is_some());
            let apart: Vec<_> = steps.iter().filter_map(|(class, _)| aside((*class)?)).collect();
            steps.extend(apart.into_iter().map(|class| (Some(class), free)));
            let is_there = state == own_end;
            let next = match end {
                End::Early => has_more.then_some(all_end),
                End::EarlyOrThere => (has_more || is_there).then_some(all_end),
                End::Later => is_there.then_some(free),
                End::Aside => None,
            };
            steps.extend(next.map(|next| (None, next)));
        }
        steps.extend([vec![(Some(Class::Any), free), (None, all_end)], Vec::new()]);
        Language { steps }
    }
}

/// Where a text ends if it does not go aside.
#[derive(Clone, Copy)]
enum End {
    /// Nowhere.
    Aside,
    /// Before the end of another.
    Early,
    EarlyOrThere,
    /// At the end of another, or anywhere after it.
    Later,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_compares_so() {
        let texts = ["", "A", "PROJ", "PROJECT", "PROJECT#", "PROJECTS", "PROK", "Q", "a", "\u{e9}"];
        for bound in ["PROJECT", "A", "Q"] {
            let bounds = Language::new().then(bound);
            for text in texts {
                assert_eq!(bounds.before().holds(text), text < bound, "{text} < {bound}");
                assert_eq!(bounds.up_to().holds(text), text <= bound, "{text} <= {bound}");
                assert_eq!(bounds.on().holds(text), text >= bound, "{text} >= {bound}");
                let is_behind = text > bound && !text.starts_with(bound);
                assert_eq!(bounds.behind().holds(text), is_behind, "{text} behind {bound}");
            }
        }
    }

    #[test]
    fn a_bound_that_varies_has_what_some_bound_has() {
        let numbers = Language::new().then("N#").number("03", "07");
        assert!(numbers.before().holds("N#06") && !numbers.before().holds("N#07"));
        assert!(numbers.on().holds("N#03") && !numbers.on().holds("N#02"));
    }
}
