//! The places of stored things in the declarations.

use crate::catalog::{Catalog, Field};
use crate::diagnostic::{Findings, Span};
use crate::manifest::{Entry, Spanned, Value, document};
use crate::source::SourceFile;
use std::collections::BTreeMap;

/// The places of everything that can change.
pub(super) struct Places {
    /// The files' labels and texts.
    files: Vec<(String, Vec<Entry>)>,
    /// Places in the declarations, such as `models.toml: model.Order.schema.total`, by stored names.
    declared: BTreeMap<String, String>,
}

impl Places {
    pub fn new(catalog: &Catalog, files: &[SourceFile]) -> Self {
        // A file that is not TOML was reported, and declares nothing.
        let read =
            |file: &SourceFile| Some((file.label().to_owned(), document(file, &mut Findings::default())?));
        let mut places = Places { files: files.iter().filter_map(read).collect(), declared: BTreeMap::new() };
        for table in &catalog.tables {
            let stored = format!("table.{}", table.name);
            // The first file that contains it declares it.
            let declared = format!("table.{}", key(&table.declared));
            for index in &table.indexes {
                for group in ["global_index", "local_index"] {
                    let path = format!("{declared}.{group}.{}", key(&index.name));
                    if places.span(&path).is_some() {
                        places.declared.insert(format!("{stored}.index.{}", index.name), path);
                    }
                }
            }
            places.declared.insert(stored, declared);
        }
        for model in &catalog.models {
            let stored = format!("model.{}", model.name);
            places.fields(&stored, &model.fields);
            places.declared.insert(stored, model.place.clone());
        }
        for structure in &catalog.structures {
            let stored = format!("type.{}", structure.name);
            places.fields(&stored, &structure.fields);
            places.declared.insert(stored, structure.place.clone());
        }
        for declared in &catalog.enumerations {
            let stored = format!("enum.{}", declared.name);
            for variant in &declared.variants {
                let of_variant = format!("{stored}.{}", variant.stored);
                places.fields(&of_variant, &variant.fields);
                let path = format!("{}.variants.{}", declared.place, key(&variant.stored));
                places.declared.insert(of_variant, path);
            }
            places.declared.insert(stored, declared.place.clone());
        }
        places
    }

    fn fields(&mut self, stored: &str, fields: &[Field]) {
        for field in fields {
            self.declared.insert(format!("{stored}.{}", field.attribute), field.place.clone());
        }
    }

    /// The place of something by its stored names, or of its nearest surroundings.
    pub fn find(&self, stored: &str) -> Option<Span> {
        let mut stored = stored;
        loop {
            if let Some(span) = self.declared.get(stored).and_then(|declared| self.span(declared)) {
                return Some(span);
            }
            stored = stored.rsplit_once('.')?.0;
        }
    }

    /// The place of a declaration: of its key, or of its name in an array.
    fn span(&self, declared: &str) -> Option<Span> {
        let (label, path) = match declared.split_once(": ") {
            Some((label, path)) => (Some(label), path),
            None => (None, declared),
        };
        let path = parts(path);
        let files = self.files.iter().filter(|(name, _)| label.is_none_or(|label| label == name));
        files.filter_map(|(_, entries)| in_entries(entries, &path)).next()
    }
}

fn in_entries(entries: &[Entry], path: &[String]) -> Option<Span> {
    let (first, rest) = path.split_first()?;
    let entry = entries.iter().find(|entry| entry.key.value == *first)?;
    if rest.is_empty() { Some(entry.key.span) } else { in_value(&entry.value, rest) }
}

fn in_value(value: &Spanned<Value>, path: &[String]) -> Option<Span> {
    match &value.value {
        Value::Table(entries) => in_entries(entries, path),
        Value::Array(values) => {
            let (first, rest) = path.split_first()?;
            values.iter().find_map(|value| match &value.value {
                Value::Text(name) if name == first && rest.is_empty() => Some(value.span),
                Value::Table(entries) => {
                    let text = |key: &str| entries.iter().find(|entry| entry.key.value == key);
                    let name = &text("name")?.value;
                    match &name.value {
                        Value::Text(found) if found == first && rest.is_empty() => Some(name.span),
                        Value::Text(found) if found == first => in_value(&text("fields")?.value, rest),
                        _ => None,
                    }
                }
                _ => None,
            })
        }
        _ => None,
    }
}

/// A key as it appears in places.
fn key(name: &str) -> String {
    let is_bare = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.escape_debug()),
    }
}

/// The keys of a path, some of them quoted.
fn parts(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted => {
                let escaped = match characters.next() {
                    Some('n') => Some('\n'),
                    Some('t') => Some('\t'),
                    Some('r') => Some('\r'),
                    Some('0') => Some('\0'),
                    Some('u') => {
                        let digits: String =
                            characters.by_ref().skip(1).take_while(|one| *one != '}').collect();
                        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
                    }
                    other => other,
                };
                if let Some(part) = parts.last_mut() {
                    part.extend(escaped);
                }
            }
            '.' if !is_quoted => parts.push(String::new()),
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.push(character);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart_as_it_was_made() {
        for name in ["plain", "with space", "a.b", "quote\"d", "back\\slash", "line\nbreak", "é\u{200b}"] {
            assert_eq!(parts(&format!("model.{}.schema", key(name))), ["model", name, "schema"]);
        }
    }
}
