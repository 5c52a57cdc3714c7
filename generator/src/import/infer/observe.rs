//! What the values of an attribute have in common.

use super::text::{self, Family, TextForm};
use crate::import::item::StoredValue;
use std::collections::BTreeMap;

/// How many different texts are counted. An enum has fewer variants.
const MOST_DISTINCT: usize = 40;
/// Seconds of the years 2001 to 2100, in which a number counts as an instant.
const SECONDS: std::ops::Range<i128> = 978_307_200..4_133_980_800;
/// All seconds that a timestamp can hold.
const ANY_SECONDS: std::ops::RangeInclusive<i128> = -377_705_023_201..=253_402_207_200;
/// How many values of 16 bytes are enough to recognize UUIDs.
const FEWEST_UUIDS: usize = 3;

/// Values of one attribute, or of the elements of one list or map.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Observed {
    /// How many values, NULL included.
    pub count: usize,
    pub nulls: usize,
    pub bools: usize,
    pub bytes: usize,
    /// Values of 16 bytes that look like UUIDs, by their versions.
    pub uuids: BTreeMap<u8, usize>,
    pub texts: Texts,
    pub numbers: Numbers,
    pub lists: usize,
    /// Elements of all lists.
    pub elements: Option<Box<Observed>>,
    pub maps: usize,
    /// Entries of all maps, by their names.
    pub entries: BTreeMap<String, Observed>,
    pub text_sets: usize,
    pub number_sets: usize,
    /// Members of all sets of numbers.
    pub set_numbers: Numbers,
    pub bytes_sets: usize,
}

#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Texts {
    pub count: usize,
    pub empty: usize,
    /// How many texts have each form.
    pub forms: BTreeMap<TextForm, usize>,
    /// Different texts, with their counts; `None` once there are too many.
    pub distinct: Option<BTreeMap<String, usize>>,
    /// How many texts are of each family, with or without a form.
    pub families: BTreeMap<Family, usize>,
}

#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Numbers {
    pub count: usize,
    /// Whole numbers that an `i128` holds.
    pub whole: usize,
    pub zeros: usize,
    pub ones: usize,
    pub negative: usize,
    /// Whole numbers that are seconds of this century, or milliseconds, or microseconds.
    pub seconds: usize,
    pub milliseconds: usize,
    pub microseconds: usize,
    /// Whole numbers that a timestamp in seconds can hold.
    pub any_seconds: usize,
    /// Numbers that JSON text keeps exactly.
    pub json: usize,
}

impl Observed {
    pub(in crate::import) fn of<'v>(values: impl IntoIterator<Item = &'v StoredValue>) -> Self {
        let mut observed = Observed::default();
        for value in values {
            observed.add(value);
        }
        observed
    }

    fn add(&mut self, value: &StoredValue) {
        self.count += 1;
        match value {
            StoredValue::Null => self.nulls += 1,
            StoredValue::Bool(_) => self.bools += 1,
            StoredValue::Bytes(bytes) => {
                self.bytes += 1;
                if let Some(version) = uuid_version(bytes) {
                    *self.uuids.entry(version).or_default() += 1;
                }
            }
            StoredValue::Text(text) => self.texts.add(text),
            StoredValue::Number(number) => self.numbers.add(number),
            StoredValue::List(elements) => {
                self.lists += 1;
                let known = self.elements.get_or_insert_with(Box::default);
                elements.iter().for_each(|element| known.add(element));
            }
            StoredValue::Map(entries) => {
                self.maps += 1;
                for (name, value) in entries {
                    self.entries.entry(name.clone()).or_default().add(value);
                }
            }
            StoredValue::TextSet(_) => self.text_sets += 1,
            StoredValue::NumberSet(members) => {
                self.number_sets += 1;
                members.iter().for_each(|member| self.set_numbers.add(member));
            }
            StoredValue::BytesSet(_) => self.bytes_sets += 1,
        }
    }

    /// How many values are not NULL.
    pub(in crate::import) fn present(&self) -> usize {
        self.count - self.nulls
    }

    /// How many values have each of DynamoDB's types, the most frequent first.
    pub(in crate::import) fn types(&self) -> Vec<(usize, StoredType)> {
        let mut types = vec![
            (self.texts.count, StoredType::Text),
            (self.numbers.count, StoredType::Number),
            (self.bools, StoredType::Bool),
            (self.bytes, StoredType::Bytes),
            (self.lists, StoredType::List),
            (self.maps, StoredType::Map),
            (self.text_sets, StoredType::TextSet),
            (self.number_sets, StoredType::NumberSet),
            (self.bytes_sets, StoredType::BytesSet),
        ];
        types.retain(|(count, _)| *count > 0);
        types.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        types
    }

    /// Whether all values are UUIDs of one version. A few random values may look like it.
    pub(in crate::import) fn are_uuids(&self) -> bool {
        self.bytes >= FEWEST_UUIDS && self.uuids.values().any(|count| *count == self.bytes)
    }

    /// Whether every value can be read as `json`, and written back as it was.
    pub(in crate::import) fn is_json(&self) -> bool {
        self.bytes + self.text_sets + self.number_sets + self.bytes_sets == 0
            && self.numbers.json == self.numbers.count
            && self.elements.as_ref().is_none_or(|elements| elements.is_json())
            && self.entries.values().all(Observed::is_json)
    }
}

/// The version that a UUID of the usual variant names.
fn uuid_version(bytes: &[u8]) -> Option<u8> {
    let version = bytes.get(6).filter(|_| bytes.len() == 16)? >> 4;
    (bytes[8] >> 6 == 0b10 && (1..=8).contains(&version)).then_some(version)
}

/// DynamoDB's types, except NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum StoredType {
    Text,
    Number,
    Bool,
    Bytes,
    List,
    Map,
    TextSet,
    NumberSet,
    BytesSet,
}

impl Texts {
    fn add(&mut self, text: &str) {
        let is_first = self.count == 0;
        self.count += 1;
        self.empty += usize::from(text.is_empty());
        if let Some(form) = text::form(text) {
            *self.forms.entry(form).or_default() += 1;
        }
        if let Some(family) = text::family(text) {
            *self.families.entry(family).or_default() += 1;
        }
        if is_first {
            self.distinct = Some(BTreeMap::new());
        }
        if let Some(distinct) = &mut self.distinct {
            *distinct.entry(text.to_owned()).or_default() += 1;
            if distinct.len() > MOST_DISTINCT {
                self.distinct = None;
            }
        }
    }

    /// The form that all texts have.
    pub(in crate::import) fn form(&self) -> Option<TextForm> {
        self.forms.iter().find(|(_, count)| **count == self.count).map(|(form, _)| *form)
    }

    /// The family that all texts are of.
    pub(in crate::import) fn family(&self) -> Option<Family> {
        let count = |family| self.families.get(&family).copied().unwrap_or_default();
        if count(Family::Timestamp) > 0
            && count(Family::Timestamp) + count(Family::LocalTimestamp) == self.count
        {
            return Some(Family::Timestamp);
        }
        self.families.iter().find(|(_, count)| **count == self.count).map(|(family, _)| *family)
    }
}

impl Numbers {
    fn add(&mut self, number: &str) {
        self.count += 1;
        self.negative += usize::from(number.starts_with('-'));
        let digits = number.strip_prefix('-').unwrap_or(number);
        let is_short =
            digits.bytes().filter(u8::is_ascii_digit).count() <= 15 && !number.contains(['e', 'E']);
        let is_whole = digits.len() <= 38 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let whole = number.parse::<i128>().ok().filter(|_| is_whole);
        self.json += usize::from(is_short);
        if let Some(whole) = whole {
            self.whole += 1;
            self.zeros += usize::from(whole == 0);
            self.ones += usize::from(whole == 1);
            self.seconds += usize::from(SECONDS.contains(&whole));
            let is_of = |parts: i128| (SECONDS.start * parts..SECONDS.end * parts).contains(&whole);
            self.milliseconds += usize::from(is_of(1_000));
            self.microseconds += usize::from(is_of(1_000_000));
            self.any_seconds += usize::from(ANY_SECONDS.contains(&whole));
        }
    }

    /// Whether every number is 0 or 1, and both occur.
    pub(in crate::import) fn are_bits(&self) -> bool {
        self.zeros + self.ones == self.count && self.zeros > 0 && self.ones > 0
    }

    pub(in crate::import) fn are_whole(&self) -> bool {
        self.whole == self.count
    }
}

impl Observed {
    /// Adds what was observed of other values.
    pub(in crate::import) fn merge(&mut self, other: &Observed) {
        self.count += other.count;
        self.nulls += other.nulls;
        self.bools += other.bools;
        self.bytes += other.bytes;
        add_all(&mut self.uuids, &other.uuids);
        self.texts.merge(&other.texts);
        self.numbers.merge(&other.numbers);
        self.lists += other.lists;
        if let Some(elements) = &other.elements {
            self.elements.get_or_insert_with(Box::default).merge(elements);
        }
        self.maps += other.maps;
        for (name, entry) in &other.entries {
            self.entries.entry(name.clone()).or_default().merge(entry);
        }
        self.text_sets += other.text_sets;
        self.number_sets += other.number_sets;
        self.set_numbers.merge(&other.set_numbers);
        self.bytes_sets += other.bytes_sets;
    }
}

impl Texts {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.empty += other.empty;
        add_all(&mut self.forms, &other.forms);
        add_all(&mut self.families, &other.families);
        // Only single attributes become enums.
        self.distinct = None;
    }
}

impl Numbers {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.whole += other.whole;
        self.zeros += other.zeros;
        self.ones += other.ones;
        self.negative += other.negative;
        self.seconds += other.seconds;
        self.milliseconds += other.milliseconds;
        self.microseconds += other.microseconds;
        self.any_seconds += other.any_seconds;
        self.json += other.json;
    }
}

fn add_all<K: Ord + Copy>(counts: &mut BTreeMap<K, usize>, others: &BTreeMap<K, usize>) {
    for (key, count) in others {
        *counts.entry(*key).or_default() += count;
    }
}
