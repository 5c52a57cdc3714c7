//! The examples: each statement of them stands on one line, and is an example of every key that it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::{read, root, schema};

pub fn folder() -> PathBuf {
    root().join("tests/reference/examples")
}

pub fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    // The lock beside them declares nothing.
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    // What a whole project begins with comes first.
    files.sort_by_key(|file| (!file.ends_with("models.toml"), file.clone()));
    files
}

/// A line of an example, under its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub header: Option<String>,
    pub line: String,
}

/// What shows a key, and which literal values are shown.
#[derive(Default)]
pub struct Examples {
    statements: BTreeMap<String, Vec<(Statement, BTreeSet<String>)>>,
}

impl Examples {
    pub fn read() -> Self {
        let mut examples = Examples::default();
        for file in files() {
            let mut header: Option<String> = None;
            for line in read(&file).lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
                if line.starts_with('[') {
                    header = Some(line.to_owned());
                    continue;
                }
                let statement = Statement { header: header.clone(), line: line.to_owned() };
                let text = format!("{}\n{line}\n", header.as_deref().unwrap_or_default());
                let value: toml::Value = toml::from_str(&text)
                    .unwrap_or_else(|error| panic!("{}: {line}: {error}", file.display()));
                examples.walk("", &serde_json::to_value(value).expect("JSON"), &statement);
            }
        }
        examples
    }

    /// Which literal values of a key are shown.
    pub fn words(&self, key: &str) -> BTreeSet<String> {
        self.statements.get(key).into_iter().flatten().flat_map(|(_, words)| words.clone()).collect()
    }

    /// The fewest statements that show all that there is to show of a key, or the first.
    pub fn of(&self, key: &str) -> Vec<Statement> {
        let (mut chosen, mut shown): (Vec<Statement>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
        for (statement, words) in self.statements.get(key).into_iter().flatten() {
            if chosen.is_empty() || words.iter().any(|word| !shown.contains(word)) {
                shown.extend(words.iter().cloned());
                chosen.push(statement.clone());
            }
        }
        chosen
    }

    /// Notes what a value at this place of the schema is an example of.
    fn walk(&mut self, pointer: &str, value: &Value, statement: &Statement) {
        // A field that is nothing but its type.
        if pointer == "/definitions/field/anyOf/0" && value.is_string() {
            self.note("/definitions/field/anyOf/1/properties/type", value, statement);
        }
        let (pointer, found) = schema::resolved(pointer);
        for branches in ["anyOf", "allOf"] {
            for place in 0..found[branches].as_array().map_or(0, Vec::len) {
                self.walk(&format!("{pointer}/{branches}/{place}"), value, statement);
            }
        }
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    let known = found["properties"].get(name).is_some();
                    if known {
                        let key = format!("{pointer}/properties/{name}");
                        self.note(&key, value, statement);
                        self.walk(&key, value, statement);
                    } else if found["patternProperties"]["^[^@]"].is_object() && !name.starts_with('@') {
                        self.walk(&format!("{pointer}/patternProperties/^[^@]"), value, statement);
                    } else if found["additionalProperties"].is_object() {
                        self.walk(&format!("{pointer}/additionalProperties"), value, statement);
                    }
                }
            }
            Value::Array(values) if found["items"].is_object() => {
                values.iter().for_each(|value| self.walk(&format!("{pointer}/items"), value, statement));
            }
            _ => {}
        }
    }

    fn note(&mut self, key: &str, value: &Value, statement: &Statement) {
        let known = schema::words(&schema::resolved(key).1);
        let words = Some(value.to_string()).filter(|word| known.contains(word)).into_iter().collect();
        self.statements.entry(key.to_owned()).or_default().push((statement.clone(), words));
    }
}
