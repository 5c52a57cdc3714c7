//! What happens between two generations of a model.

use dynamorm::generated::to_item;
use dynamorm::table::Table;
use dynamorm::testing::BoxedStrategy;
use dynamorm::testing::proptest::strategy::{Strategy as _, ValueTree as _};
use dynamorm::testing::proptest::test_runner::TestRunner;
use dynamorm::{AttributeValue, Client, Model, Operations, Put, Result, Scan};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::future::Future;

/// How many values of each generation are written.
const VALUES: usize = 12;

type Item = HashMap<String, AttributeValue>;

/// A generation of a model, as its generated code has it.
pub trait Generation: Model + Operations + Clone + Debug {
    /// The tables that it knows.
    const TABLES: &'static [&'static Table];

    /// Values of it.
    fn values() -> BoxedStrategy<Self>;

    /// A put of it.
    fn put_again(&self) -> Put<Self>;

    /// A scan for it.
    fn scan_all() -> Scan<Self>;

    /// Writes an item of every other model of its generation.
    fn put_others(db: &Client) -> impl Future<Output = Result<()>>;
}

/// How bad a change is, as what happens shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    #[default]
    Fine,
    /// Something was lost, or read as something else where nothing is stored.
    Beware,
    /// Something could not be read, or was read as something else than is stored.
    Breaks,
}

/// What happened, in the order of a verdict: new code reads old items, old code reads new items, both write.
pub type Answers = [Severity; 3];

/// Lets each generation write, and the other read it, write it again, and be read by the first.
pub async fn between<Old: Generation, New: Generation>() -> Answers {
    let (new_reads_old, by_new) = after::<Old, New>().await;
    let (old_reads_new, by_old) = after::<New, Old>().await;
    [new_reads_old, old_reads_new, by_new.max(by_old)]
}

/// Writes the fixture of another model.
///
/// # Errors
/// It cannot be written.
pub async fn put_fixture<M: Model>(put: Put<M>, db: &Client) -> Result<()> {
    put.send(db).await.map(drop)
}

/// What the second generation reads of what the first one writes, and what the first reads when the second has put it back.
async fn after<First: Generation, Second: Generation>() -> (Severity, Severity) {
    let mut runner = TestRunner::deterministic();
    let values = First::values();
    let (mut reads, mut writes) = (Severity::Fine, Severity::Fine);
    for _ in 0..VALUES {
        let value = values.new_tree(&mut runner).expect("a value").current();
        for stored in stored(&value).await {
            let db = database::<First, Second>().await;
            for item in stored.guards.iter().chain([&stored.item]) {
                put(&db, First::FACTS.table, item).await;
            }
            // What the first generation does not read is nobody's item.
            let Some(written) = read::<First>(&db).await else { continue };
            First::put_others(&db).await.expect("other items can be put");
            let Some(found) = read::<Second>(&db).await else {
                reads = Severity::Breaks;
                continue;
            };
            if !is_same(&written, &found) {
                reads = reads.max(if stored.is_whole { Severity::Breaks } else { Severity::Beware });
            }
            // What is refused is not written, and nothing is lost.
            if !stored.is_whole || found.put_again().send(&db).await.is_err() {
                continue;
            }
            writes = writes.max(match read::<First>(&db).await {
                None => Severity::Breaks,
                Some(again) if format!("{again:?}") != format!("{written:?}") => Severity::Beware,
                Some(_) => Severity::Fine,
            });
        }
    }
    (reads, writes)
}

/// An item that a generation may meet.
struct Stored {
    item: Item,
    /// What guards its unique values.
    guards: Vec<Item>,
    /// Whether it is as the generation writes it, or has its values under other names that are read.
    is_whole: bool,
}

/// The item of a value: as it is written, under every name that is read, and without each of its attributes.
async fn stored<G: Generation>(value: &G) -> Vec<Stored> {
    let db = Client::embedded().expect("an engine");
    db.create_tables(G::TABLES).await.expect("tables");
    let mine = to_item(value).expect("an item");
    // A version that was drawn follows none that is stored.
    if value.put_again().send(&db).await.is_err() {
        put(&db, G::FACTS.table, &mine).await;
    }
    let table = G::FACTS.table;
    let keys: Vec<&str> =
        std::iter::once(&table.partition_key).chain(&table.sort_key).map(|key| key.name).collect();
    let output = db.sdk().scan().table_name(db.table_name(G::FACTS.table)).send().await.expect("items");
    let is_mine = |item: &Item| keys.iter().all(|key| item.get(*key) == mine.get(*key));
    let (item, guards): (Vec<Item>, Vec<Item>) =
        output.items.unwrap_or_default().into_iter().partition(is_mine);
    let item = item.into_iter().next().expect("the item is there");
    let stored = |item: Item, is_whole| Stored { item, guards: guards.clone(), is_whole };
    let mut all = vec![stored(item.clone(), true)];
    for also_read in G::FACTS.also_read {
        for name in also_read.names {
            let mut renamed = item.clone();
            if let Some(value) = renamed.remove(also_read.attribute) {
                renamed.insert((*name).to_owned(), value);
                all.push(stored(renamed, true));
            }
        }
    }
    for name in item.keys().filter(|name| !keys.contains(&name.as_str())) {
        let mut without = item.clone();
        without.remove(name);
        all.push(stored(without, false));
    }
    all
}

/// A database as the generation that writes first has it, with the tables that only the other one knows.
async fn database<First: Generation, Second: Generation>() -> Client {
    let db = Client::embedded().expect("an engine");
    let is_other = |table: &&&Table| First::TABLES.iter().all(|known| known.name != table.name);
    let others: Vec<&'static Table> = Second::TABLES.iter().filter(is_other).copied().collect();
    db.create_tables(First::TABLES).await.expect("tables");
    db.create_tables(&others).await.expect("tables");
    db
}

async fn put(db: &Client, table: &Table, item: &Item) {
    let request = db.sdk().put_item().table_name(db.table_name(table)).set_item(Some(item.clone()));
    request.send().await.expect("an item can be put");
}

/// The one item that a scan finds, if `get` finds the same.
async fn read<G: Generation>(db: &Client) -> Option<G> {
    let mut found: Vec<G> = G::scan_all().items(db).gather().await.ok()?;
    let value = found.pop().filter(|_| found.is_empty())?;
    let again = G::get(&value).consistent().send(db).await.ok()??;
    (format!("{again:?}") == format!("{value:?}")).then_some(value)
}

/// Whether two generations read the same: as far as both have a field, or as far as both would store it.
fn is_same(one: &(impl Model + Debug), other: &(impl Model + Debug)) -> bool {
    let (first, second) = (fields(&format!("{one:?}")), fields(&format!("{other:?}")));
    let is_shown = first.iter().all(|(name, value)| second.get(name).is_none_or(|other| other == value));
    is_shown || matches!((to_item(one), to_item(other)), (Ok(one), Ok(other)) if one == other)
}

/// The fields of a struct as `Debug` shows them, by their names.
fn fields(shown: &str) -> BTreeMap<String, String> {
    let inside = shown.split_once('{').map_or("", |(_, rest)| rest.trim_end().trim_end_matches('}'));
    let mut fields = BTreeMap::new();
    let (mut depth, mut is_text, mut is_escaped, mut start) = (0, false, false, 0);
    for (at, character) in inside.char_indices().chain([(inside.len(), ',')]) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            _ if is_text => {}
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                if let Some((name, value)) = inside[start..at].split_once(": ") {
                    fields.insert(name.trim().to_owned(), value.trim().to_owned());
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn fields_are_told_apart_whatever_they_hold() {
        let shown =
            fields(r#"Item { id: "a, {\"b\"}: c", at: Place { street: "x", numbers: [1, 2] }, note: None }"#);
        let shown: Vec<_> = shown.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            shown,
            [r#"at=Place { street: "x", numbers: [1, 2] }"#, r#"id="a, {\"b\"}: c""#, "note=None",]
        );
    }
}
