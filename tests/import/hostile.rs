//! Whatever a file holds, nothing panics, and what is written is valid.

use dynamorm_generator::import::{Options, Source};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::{INPUTS, Input, assert_valid, text};

/// How many broken variants of each input are tried.
const VARIANTS: u64 = 15;
/// How many tables of random items are tried.
const TABLES: u64 = 25;

#[test]
fn broken_inputs_are_errors_or_valid_declarations() {
    for Input { name, read, file, items } in INPUTS {
        let template = text(file);
        let items = items.iter().map(|(table, file)| (*table, text(file))).collect::<Vec<_>>();
        for seed in 0..VARIANTS {
            let mut rng = Rng::with_seed(seed);
            let is_template = items.is_empty() || rng.bool();
            let broken = if is_template { broken(&template, &mut rng) } else { template.clone() };
            let Ok(mut source) = read(file, &broken) else { continue };
            for (table, items) in &items {
                let items = if is_template { items.clone() } else { self::broken(items, &mut rng) };
                // A table whose name is broken is not found.
                let _ = source.items(Some(table), "items.jsonl", items.as_bytes());
            }
            if let Ok(imported) = source.import(&Options::default()) {
                assert_valid(imported.text());
                assert_eq!(imported.differences(), [""; 0], "{name} {seed}\n{}", imported.text());
            }
        }
    }
}

/// A text with a few bytes changed, lines taken out or put elsewhere, or its end cut off.
fn broken(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..rng.usize(1..4) {
        if lines.is_empty() {
            break;
        }
        let at = rng.usize(..lines.len());
        match rng.u8(..5) {
            0 => drop(lines.remove(at)),
            1 => lines.truncate(at + 1),
            2 => {
                let line = lines.remove(at);
                lines.insert(rng.usize(..=lines.len()), line);
            }
            _ => {
                let mut characters: Vec<char> = lines[at].chars().collect();
                if !characters.is_empty() {
                    let place = rng.usize(..characters.len());
                    characters[place] =
                        *rng.choice(&['"', '{', ']', ':', '\\', '#', 'é', '0', ' ', '!', '&']).unwrap();
                }
                lines[at] = characters.into_iter().collect();
            }
        }
    }
    lines.join("\n")
}

#[test]
fn random_items_give_valid_declarations_that_read_them() {
    let table = text("shop.table.json");
    for seed in 0..TABLES {
        let mut rng = Rng::with_seed(seed);
        let lines: Vec<String> =
            (0..rng.usize(1..60)).map(|number| item(number, &mut rng).to_string()).collect();
        let mut source = Source::table_description("shop.table.json", &table).unwrap();
        source.items(None, "items.jsonl", lines.join("\n").as_bytes()).unwrap();
        for is_with_values in [true, false] {
            let imported = source.import(&Options::default().values(is_with_values));
            let imported = imported.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_valid(imported.text());
            assert_eq!(imported.differences(), [""; 0], "seed {seed}\n{}", imported.text());
            // Few of a table are odd enough to be listed instead of deciding what is declared.
            assert!(
                imported.unread().len() * 4 <= lines.len(),
                "seed {seed}: {:#?}\n{}",
                imported.unread(),
                imported.text()
            );
        }
    }
}

fn item(number: usize, rng: &mut Rng) -> Value {
    let mut item = Map::new();
    let id = rng.u32(..20).to_string();
    for key in ["PK", "SK"] {
        item.insert(key.to_owned(), json!({ "S": key_text(&id, number, rng) }));
    }
    for key in ["GSI1PK", "GSI1SK"] {
        if rng.bool() {
            item.insert(key.to_owned(), json!({ "S": key_text(&id, number, rng) }));
        }
    }
    let names = [
        "id",
        "type",
        "_type",
        "entityType",
        "build",
        "limit",
        "created_at",
        "ttl",
        "key",
        "Key",
        "é",
        "a b",
        "a-b",
        "self",
        "items",
    ];
    for name in names {
        if rng.bool() {
            item.insert(name.to_owned(), value(&id, rng, 0));
        }
    }
    Value::Object(item)
}

fn key_text(id: &str, number: usize, rng: &mut Rng) -> String {
    let delimiter = *rng.choice(&["#", "#", "#", "|", "::", "_"]).unwrap();
    let words = ["USER", "ORDER", "user", "Line", "PROFILE", "$app_1", "", "META"];
    let parts = (0..rng.usize(1..4)).map(|_| match rng.u8(..5) {
        0 | 1 => (*rng.choice(&words).unwrap()).to_owned(),
        2 => id.to_owned(),
        3 => format!("{number:04}"),
        _ => String::from("2024-05-06T07:08:09Z"),
    });
    let text = parts.collect::<Vec<_>>().join(delimiter);
    if text.is_empty() { String::from("x") } else { text }
}

fn value(id: &str, rng: &mut Rng, depth: usize) -> Value {
    match rng.u8(..if depth < 3 { 12 } else { 8 }) {
        0 | 1 => json!({ "S": id }),
        2 => json!({ "S": *rng.choice(&["open", "Closed", "User", "Order", ""]).unwrap() }),
        3 => json!({ "N": id }),
        4 => {
            json!({ "N": *rng.choice(&["1.5", "-3", "1700000000", "1E+40", "0.000000000000000001"]).unwrap() })
        }
        5 => json!({ "BOOL": true }),
        6 => json!({ "NULL": true }),
        7 => json!({ "B": "aGk=" }),
        8 => json!({ "SS": ["a", "b"] }),
        9 => json!({ "NS": ["1", "2.5"] }),
        10 => json!({ "L": (0..rng.usize(..3)).map(|_| value(id, rng, depth + 1)).collect::<Vec<_>>() }),
        _ => {
            let names = ["x", "y", "build", "2024-01-01", "@doc", "type"];
            let entries = (0..rng.usize(..4))
                .map(|_| ((*rng.choice(&names).unwrap()).to_owned(), value(id, rng, depth + 1)));
            json!({ "M": Map::from_iter(entries.collect::<Vec<_>>()) })
        }
    }
}
