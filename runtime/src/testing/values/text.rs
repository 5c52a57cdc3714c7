//! Text that satisfies rules.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Strategy, Union};
use proptest::string::string_regex_parsed;
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

use crate::testing::values::Samples;
use crate::testing::values::of::{Failure, Of, Rule};

/// How many characters a text has at most, beyond the required ones.
const FURTHER: usize = 16;

/// Characters beyond ASCII: letters of two, three and four bytes, a digit, a combining mark, and an invisible character.
const OTHERS: &str = "éßñØжλ漢字カ٣🦀𝔸\u{301}\u{200b}\u{a0}";

/// The rules of a field about its text.
#[derive(Default)]
struct Rules {
    min: usize,
    max: usize,
    /// The most bytes, if bytes are limited.
    bytes: Option<(usize, usize)>,
    is_ascii: bool,
    is_alphanumeric: bool,
    prefix: &'static str,
    suffix: &'static str,
    contains: &'static str,
    without: String,
    patterns: Vec<&'static str>,
    is_email: bool,
    is_url: bool,
    ip: Option<Option<u8>>,
}

impl Rules {
    fn new(of: &Of) -> Self {
        let mut rules = Rules { min: usize::from(of.is_key()), max: usize::MAX, ..Rules::default() };
        for rule in &of.rules {
            match rule {
                Rule::Length(min, max) => {
                    rules.min = rules.min.max(min.unwrap_or(0));
                    rules.max = rules.max.min(max.unwrap_or(usize::MAX));
                }
                Rule::LengthInBytes(min, max) => {
                    let (min, max) = (min.unwrap_or(0), max.unwrap_or(usize::MAX));
                    rules.bytes = Some((min, max));
                    // In ASCII, each byte is a character.
                    rules.is_ascii = true;
                    rules.min = rules.min.max(min);
                    rules.max = rules.max.min(max);
                }
                Rule::Pattern(pattern) => rules.patterns.push(pattern),
                Rule::Email => rules.is_email = true,
                Rule::Url => rules.is_url = true,
                Rule::Ip(version) => rules.ip = Some(*version),
                Rule::Ascii => rules.is_ascii = true,
                Rule::Alphanumeric => rules.is_alphanumeric = true,
                Rule::Prefix(text) => rules.prefix = text,
                Rule::Suffix(text) => rules.suffix = text,
                Rule::Contains(text) => rules.contains = text,
                Rule::Without(characters) => rules.without.push_str(characters),
                _ => {}
            }
        }
        rules
    }

    fn allows(&self, character: char) -> bool {
        (!self.is_ascii || character.is_ascii())
            && (!self.is_alphanumeric || character.is_alphanumeric())
            && !self.without.contains(character)
    }

    fn admits(&self, text: &str) -> bool {
        let (least, most) = self.bytes.unwrap_or((0, usize::MAX));
        let length = text.chars().count();
        (self.min..=self.max).contains(&length)
            && (least..=most).contains(&text.len())
            && text.starts_with(self.prefix)
            && text.ends_with(self.suffix)
            && text.contains(self.contains)
            && text.chars().all(|character| self.allows(character))
    }

    /// The texts before and after the free part, as short as the prefix, the suffix and the contained text allow.
    fn frame(&self) -> (String, String) {
        let merged = join(self.prefix, self.suffix);
        if merged.contains(self.contains) {
            let is_overlapping = merged.chars().count() < length(self.prefix) + length(self.suffix);
            if !is_overlapping || self.max > length(self.prefix) + length(self.suffix) {
                return (self.prefix.to_owned(), self.suffix.to_owned());
            }
            return (merged, String::new());
        }
        let before = join(self.prefix, self.contains);
        if length(&before) + length(self.suffix) <= self.max {
            return (before, self.suffix.to_owned());
        }
        (join(&before, self.suffix), String::new())
    }

    /// How many characters are free, at most `further` beyond the required ones.
    fn free(&self, further: usize) -> (usize, usize) {
        let (before, after) = self.frame();
        let fixed = length(&before) + length(&after);
        let min = self.min.saturating_sub(fixed);
        (min, self.max.saturating_sub(fixed).min(min.saturating_add(further)).max(min))
    }

    /// The characters of a free text, the simplest first.
    fn alphabet(&self) -> Vec<char> {
        let ascii = ('a'..='z').chain('0'..='9').chain('A'..='Z').chain(' '..='/').chain(':'..='@');
        let ascii = ascii.chain('['..='`').chain('{'..='~').chain(['\t', '\n', '\0']);
        let alphabet: Vec<_> =
            ascii.chain(OTHERS.chars()).filter(|character| self.allows(*character)).collect();
        if alphabet.is_empty() { vec!['a'] } else { alphabet }
    }

    fn framed(&self, alphabet: Vec<char>) -> BoxedStrategy<String> {
        let (before, after) = self.frame();
        let (min, max) = self.free(FURTHER);
        let free = vec(select(alphabet), min..=max);
        free.prop_map(move |free| format!("{before}{}{after}", free.iter().collect::<String>())).boxed()
    }

    fn emails(&self) -> BoxedStrategy<String> {
        let (before, after) = self.frame();
        // `a@b.example` is the shortest.
        let at = if before.contains('@') || after.contains('@') { "" } else { "@" };
        let end = if after.is_empty() { ".example" } else { "" };
        let fixed = length(&before) + length(&after) + at.len() + end.len();
        let least = self.min.saturating_sub(fixed);
        let most = self.max.saturating_sub(fixed).min(least.max(16));
        // Without an `@` in the fixed part, the free part is one word; otherwise it is two.
        let share =
            |length: usize| if at.is_empty() { (length, 1) } else { (length.div_ceil(2), length / 2) };
        let word = |least: usize, most: usize| {
            let least = least.clamp(1, 60);
            letters(least, most.clamp(least, 60))
        };
        let ((least_user, least_host), (most_user, most_host)) = (share(least), share(most));
        (word(least_user, most_user), word(least_host, most_host))
            .prop_map(move |(user, host)| match at {
                "" if after.contains('@') => format!("{before}{user}{after}"),
                "" => format!("{before}{user}{end}{after}"),
                at => format!("{before}{user}{at}{host}{end}{after}"),
            })
            .boxed()
    }

    fn urls(&self) -> BoxedStrategy<String> {
        let (before, after) = self.frame();
        let begin = match () {
            () if before.contains("://") => before,
            () => format!("https://{before}"),
        };
        let (least, most) = (self.min.saturating_sub(length(&begin) + length(&after) + 9), self.max);
        let fixed = length(&begin) + length(&after) + 9;
        let most = most.saturating_sub(fixed).min(least + 12).max(least.max(1));
        let begins_host = begin.ends_with("://");
        (letters(1, 6.min(most)), letters(least, most))
            .prop_map(move |(host, path)| match begins_host {
                true => format!("{begin}{host}.example/{path}{after}"),
                false => format!("{begin}{path}{after}"),
            })
            .boxed()
    }

    fn ips(version: Option<u8>) -> BoxedStrategy<String> {
        let v4 = any::<u32>().prop_map(|bits| Ipv4Addr::from(bits).to_string()).boxed();
        let v6 = any::<u128>().prop_map(|bits| Ipv6Addr::from(bits).to_string()).boxed();
        match version {
            Some(4) => v4,
            Some(6) => v6,
            _ => Union::new([v4, v6]).boxed(),
        }
    }

    fn matching(&self, pattern: &str) -> Option<BoxedStrategy<String>> {
        let parsed = regex_syntax::parse(pattern).ok()?;
        let narrowed = self.narrow(&parsed);
        let sized = self.resize(&narrowed);
        string_regex_parsed(&sized).ok().map(Strategy::boxed)
    }

    /// The expression without look-around, and without characters that another rule refuses.
    fn narrow(&self, hir: &Hir) -> Hir {
        match hir.kind() {
            HirKind::Look(_) => Hir::empty(),
            HirKind::Class(Class::Unicode(class)) => {
                let mut narrowed = class.clone();
                if self.is_ascii {
                    narrowed.intersect(&range('\0', '\x7f'));
                }
                if self.is_alphanumeric {
                    let allowed = self.alphabet().into_iter().map(|one| ClassUnicodeRange::new(one, one));
                    narrowed.intersect(&ClassUnicode::new(allowed));
                }
                for character in self.without.chars() {
                    narrowed.difference(&range(character, character));
                }
                Hir::class(Class::Unicode(if narrowed.ranges().is_empty() {
                    class.clone()
                } else {
                    narrowed
                }))
            }
            HirKind::Repetition(repetition) => Hir::repetition(Repetition {
                sub: Box::new(self.narrow(&repetition.sub)),
                ..repetition.clone()
            }),
            HirKind::Capture(capture) => {
                Hir::capture(Capture { sub: Box::new(self.narrow(&capture.sub)), ..capture.clone() })
            }
            HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| self.narrow(part)).collect()),
            HirKind::Alternation(parts) => {
                Hir::alternation(parts.iter().map(|part| self.narrow(part)).collect())
            }
            _ => hir.clone(),
        }
    }

    /// The expression with its first variable repetition limited by the rules of length, and endless repetitions kept short.
    fn resize(&self, hir: &Hir) -> Hir {
        let parts = match hir.kind() {
            HirKind::Concat(parts) => parts.clone(),
            _ => vec![hir.clone()],
        };
        let least = |part: &Hir| part.properties().minimum_len().unwrap_or(0);
        let total: usize = parts.iter().map(least).sum();
        let mut missing = self.min.saturating_sub(total);
        let mut spare = self.max.saturating_sub(total);
        let resized = parts.iter().map(|part| match part.kind() {
            HirKind::Repetition(repetition) if repetition.max != Some(repetition.min) => {
                let size = least(&repetition.sub).max(1);
                let before = usize::try_from(repetition.min).unwrap_or(usize::MAX);
                let greatest =
                    repetition.max.map_or(usize::MAX, |max| usize::try_from(max).unwrap_or(usize::MAX));
                let min = before.saturating_add(missing.div_ceil(size)).min(greatest);
                let room = before.saturating_add(spare / size);
                let max = greatest.min(room).min(min.saturating_add(FURTHER)).max(min);
                missing = missing.saturating_sub((min - before).saturating_mul(size));
                spare = spare.saturating_sub((max - before).saturating_mul(size));
                let (min, max) = (u32::try_from(min).unwrap_or(u32::MAX), u32::try_from(max).ok());
                Hir::repetition(Repetition { min, max, ..repetition.clone() })
            }
            _ => part.clone(),
        });
        Hir::concat(resized.collect())
    }

    /// Texts with the field's name.
    fn named(&self, name: &str) -> Vec<String> {
        let (before, after) = self.frame();
        if self.is_email {
            return vec![match () {
                () if after.contains('@') => format!("{before}{name}{after}"),
                () if after.is_empty() => format!("{before}{name}@example.com"),
                () => format!("{before}{name}@example{after}"),
            }];
        }
        if self.is_url {
            return vec![match () {
                () if before.ends_with("://") => format!("{before}example.com/{name}{after}"),
                () if before.contains("://") => format!("{before}{name}{after}"),
                () => format!("https://example.com/{before}{name}{after}"),
            }];
        }
        match self.ip {
            Some(Some(6)) => return vec!["2001:db8::1".to_owned()],
            Some(_) => return vec!["192.0.2.1".to_owned()],
            None => {}
        }
        let (min, max) = self.free(usize::MAX);
        let names = [name.to_owned(), name.to_uppercase(), "text".to_owned(), "1".to_owned()];
        let fit = |name: String| {
            let rest = name.strip_prefix(&before).unwrap_or(&name);
            let kept: Vec<char> = rest.chars().filter(|character| self.allows(*character)).collect();
            let count = kept.len().clamp(min, max);
            let free: String = kept.iter().cycle().take(count).collect();
            format!("{before}{free}{after}")
        };
        names.into_iter().map(fit).collect()
    }
}

impl Samples for String {
    fn readable(of: &Of) -> Result<String, Failure> {
        let rules = Rules::new(of);
        if let Some(text) = of.listed::<String>().and_then(|texts| texts.into_iter().next()) {
            return Ok(text);
        }
        let mut named = rules.named(&of.name);
        let fitting = named.iter().position(|text| rules.admits(text)).unwrap_or_default();
        Ok(named.swap_remove(fitting))
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<String>, Failure> {
        if let Some(texts) = of.listed::<String>() {
            return Ok(select(texts).boxed());
        }
        let rules = Rules::new(of);
        // Each strategy makes texts that satisfy one rule. A filter finds those that satisfy the others.
        let mut strategies: Vec<_> =
            rules.patterns.iter().filter_map(|pattern| rules.matching(pattern)).collect();
        strategies.extend(rules.is_email.then(|| rules.emails()));
        strategies.extend(rules.is_url.then(|| rules.urls()));
        strategies.extend(rules.ip.map(Rules::ips));
        if strategies.is_empty() {
            strategies.push(rules.framed(rules.alphabet()));
        }
        let texts = Union::new(strategies);
        Ok(texts.prop_filter(format!("a text for `{}`", of.name), move |text| rules.admits(text)).boxed())
    }
}

/// A text of at least so many characters, without rules.
pub(super) fn any_text(min: usize) -> BoxedStrategy<String> {
    let rules = Rules { min, max: usize::MAX, ..Rules::default() };
    rules.framed(rules.alphabet())
}

fn letters(min: usize, max: usize) -> BoxedStrategy<String> {
    let letters: Vec<char> = ('a'..='z').collect();
    vec(select(letters), min..=max).prop_map(|letters| letters.into_iter().collect()).boxed()
}

fn range(first: char, last: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(first, last)])
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The shortest text that begins with one and ends with the other.
fn join(begin: &str, end: &str) -> String {
    let shared = end.char_indices().map(|(at, _)| at).chain([end.len()]).rev();
    let shared = shared.into_iter().find(|at| begin.ends_with(&end[..*at])).unwrap_or_default();
    format!("{begin}{}", &end[shared..])
}
