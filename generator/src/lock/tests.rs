//! Locks of the example domains, as they are reviewed, and what holds for every lock.

use super::{Found, Lock, kind};
use crate::Generator;
use crate::catalog::{Default, Field, Kind, Template, templates};
use crate::diagnostic::{Code, FileId, Findings};
use crate::source::SourceFile;
use std::path::Path;

/// Everything that a lock has a word for.
const EVERYTHING: &str = r##"
[table.shop]
partition_key = "pk"
sort_key = "sk"
type_attribute = { name = "type", missing = "Order" }
shared_key = ["Customer", "Supplier"]
ttl = "expires"
stream = "new-and-old-images"
global_index.by-customer = { partition_key = ["tenant", "customer"], sort_key = ["placed", "number"], projection = { include = ["type", "note"] } }

[table.logs]
partition_key = "id"
sort_key = "at"
local_index.by-note = { sort_key = "note", projection = "keys-only" }

[model.Log]
table = "logs"

[model.Log.schema]
id = "bytes"
at = "i64"
note = "string?"

[context.tenant]
type = "string"

[model.Order]
table = "shop"
type_value = ["order", "ORDER"]
context = "tenant"
unique = [["customer", "number"]]
index.by-customer = {}
key = { partition_key = "T#{tenant}#ORDER#{number:06}", sort_key = "{{O}}#{placed:seconds}" }

[model.Order.schema]
number = "u32"
customer = "uuid"
placed = "timestamp"
total = { type = "decimal", default = "0.50" }
note = { type = "string", default_expression = "crate::note()", on_read = true }
lines = "list<Line>"
by_day = "map<list<i16?>>"
state = { type = "State", default = "open" }
paid = { type = "Payment?" }
tags = "set<string>"
"a \"quoted\" name\n" = { type = "bytes", rust_name = "quoted", default = "AAE=" }
expires = { type = "timestamp?", stored_as = "epoch-seconds" }
money = "rust:crate::Money<u8>"
digits = { type = "decimal?", stored_as = "text" }
truths = { type = "list<bool>", stored_as = "number" }
owners = { type = "set<uuid>", stored_as = "upper-case" }
photo = { type = "bytes", stored_as = "base64", null = "empty" }
buyer = { type = "rust:crate::Buyer?", stored_as = "uuid" }
levels = "set<Level>"
figure = "Figure?"
shape = "Shape?"
flags = { type = "map<bool>", default = { "a.b" = true } }
version = { type = "u64", generate = "version" }
updated = { type = "timestamp", generate = "updated", stored_as = "epoch-milliseconds" }

[model.Customer]
table = "shop"
context = "tenant"
key = { partition_key = "T#{tenant}#CUSTOMER#{id}", sort_key = "C" }

[model.Customer.schema]
id = { type = "ulid", key_only = true }
note = "string?"

[model.Supplier]
table = "shop"
context = "tenant"
key = { partition_key = "T#{tenant}#CUSTOMER#{id}", sort_key = "C" }

[model.Supplier.schema]
id = { type = "ulid", key_only = true }

[type.Line]
product = "string"
inner = "list<Line>"

[enum.State]
variants = ["open", { name = "closed for ever", rust_name = "Closed" }]

[enum.Payment]
variants = ["cash", { name = "card", fields = { digits = "string" } }]

[enum.Level]
variants = [{ name = "low", number = -1 }, { name = "high", number = 10 }]

[enum.Figure]
tag = "type"
variants = ["point", { name = "circle", fields = { radius = "u8" } }]

[enum.Shape]
tag = "t"
content = "c"
variants = ["point", { name = "circle", fields = { radius = "u8" } }]
"##;

/// Declarations whose keys are plain, so that they are easy to put in another order.
const PLAIN: &str = r#"
[table.bees]
partition_key = "id"
global_index.two = { partition_key = "state", sort_key = "at" }
global_index.one = { partition_key = "at" }
[table.apes]
partition_key = "id"
[model.Zebra]
table = "bees"
[model.Zebra.schema]
id = "uuid"
state = "State"
at = "timestamp"
where = "Place?"
[model.Ape]
table = "apes"
unique = [["name"], ["age"]]
[model.Ape.schema]
id = "uuid"
name = "string"
age = "u8"
[type.Place]
street = "string"
city = "string"
[enum.State]
variants = ["wild", "tame"]
"#;

fn lock(declarations: &str) -> Lock {
    let (catalog, _) =
        Generator::new("models.toml").text(declarations).catalog().unwrap_or_else(|error| panic!("{error}"));
    Lock::of(&catalog, None)
}

/// What is found in the text of a lock, and what it says.
fn read(text: &str) -> (Option<Lock>, Vec<Code>) {
    let mut findings = Findings::default();
    let source =
        SourceFile::from_text(FileId::default(), "models.lock", "models.lock", text).expect("a short text");
    let found = Found::read(source, &mut findings);
    (found.lock, findings.into_sorted().iter().map(|finding| finding.code).collect())
}

#[test]
fn the_locks_are_those_reviewed() {
    for domain in ["library", "shop"] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("example-models").join(format!("{domain}.toml"));
        let (catalog, _) = Generator::new(path).catalog().unwrap_or_else(|error| panic!("{error}"));
        insta::with_settings!({
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_path => "../../../tests/snapshots",
        }, {
            insta::assert_snapshot!(format!("lock__{domain}"), Lock::of(&catalog, None).text());
        });
    }
}

#[test]
fn a_lock_reads_as_it_was_written() {
    for declarations in [EVERYTHING, PLAIN] {
        let lock = lock(declarations);
        let (found, codes) = read(&lock.text());
        assert_eq!(codes, [], "{}", lock.text());
        assert_eq!(found.as_ref(), Some(&lock));
    }
}

#[test]
fn any_order_of_declarations_gives_the_same_bytes() {
    let expected = lock(PLAIN).text();
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut sections: Vec<(String, Vec<String>)> = Vec::new();
        for line in PLAIN.lines().filter(|line| !line.is_empty()) {
            match line.starts_with('[') {
                true => sections.push((line.to_owned(), Vec::new())),
                false => sections.last_mut().expect("a header comes first").1.push(line.to_owned()),
            }
        }
        random.shuffle(&mut sections);
        let mut text = String::new();
        for (header, lines) in &mut sections {
            random.shuffle(lines);
            text += &format!("{header}\n{}\n", lines.join("\n"));
        }
        text = match random.bool() {
            true => text.replace("[\"wild\", \"tame\"]", "[\"tame\", \"wild\"]"),
            false => text.replace("[[\"name\"], [\"age\"]]", "[[\"age\"], [\"name\"]]"),
        };
        assert_eq!(lock(&text).text(), expected, "seed {seed}:\n{text}");
    }
}

#[test]
fn what_is_stored_changes_the_lock_and_nothing_else_does() {
    let plain = lock(PLAIN).text();
    for (old, new) in [
        ("age = \"u8\"", "age = \"u16\""),
        ("age = \"u8\"", "age = { type = \"u8\", attribute = \"years\" }"),
        ("city = \"string\"", "city = \"string?\""),
        ("[\"wild\", \"tame\"]", "[\"wild\", \"tame\", \"lost\"]"),
        ("sort_key = \"at\" }", "sort_key = \"at\", projection = \"keys-only\" }"),
        ("unique = [[\"name\"], [\"age\"]]", "unique = [[\"name\"]]"),
        ("[table.bees]", "[table.bees]\nname = \"wasps\""),
        ("age = \"u8\"", "age = { type = \"u8\", stored_as = \"text\" }"),
        ("city = \"string\"", "city = { type = \"string\", null = \"empty\" }"),
        ("[\"wild\", \"tame\"]", "[{ name = \"wild\", number = 1 }, { name = \"tame\", number = 2 }]"),
    ] {
        assert_ne!(lock(&PLAIN.replace(old, new)).text(), plain, "{new}");
    }
    for (old, new) in [
        ("age = \"u8\"", "age = { type = \"u8\", doc = \"In years.\" }"),
        ("age = \"u8\"", "age = { type = \"u8\", validate = { range = { max = 99 } } }"),
        ("[table.apes]", "[table.apes]\nbilling = { read = 1, write = 1 }"),
        ("[model.Ape]", "[model.Ape]\nderive = [\"Eq\"]"),
    ] {
        assert_eq!(lock(&PLAIN.replace(old, new)).text(), plain, "{new}");
    }
}

#[test]
fn a_changed_line_is_never_taken_for_a_lock() {
    let text = lock(EVERYTHING).text();
    let lines: Vec<&str> = text.lines().collect();
    for at in 0..lines.len() {
        let mut without = lines.clone();
        without.remove(at);
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        for changed in [without, twice] {
            let changed = changed.join("\n") + "\n";
            // Two equal lines next to each other are the same text either way.
            if changed != text {
                let (found, codes) = read(&changed);
                assert!(found.is_none() && codes.len() == 1, "line {}: {codes:?}\n{changed}", at + 1);
            }
        }
    }
}

#[test]
fn what_two_branches_made_is_told_from_what_one_made() {
    let [one, other] = ["name = \"string?\"", "age = \"u8?\""].map(|line| {
        let name = line.split(' ').next().expect("a name");
        let declared = PLAIN.lines().find(|found| found.starts_with(name)).expect("a line");
        lock(&PLAIN.replace(declared, line).replace("unique = [[\"name\"], [\"age\"]]\n", "")).text()
    });
    let ours: Vec<&str> = one.lines().collect();
    // Git takes each side's line where only that side changed it, and a person the digest of either.
    let merged: Vec<&str> = ours
        .iter()
        .zip(other.lines())
        .map(|(ours, theirs)| if theirs.contains("form = \"u8?\"") { theirs } else { ours })
        .collect();
    let merged = merged.join("\n") + "\n";
    assert_ne!(merged, one);
    assert_eq!(read(&merged).1, [Code::LockDigest]);
    let conflict = one.replacen("digest", "<<<<<<< HEAD\ndigest", 1);
    assert_eq!(read(&conflict).1, [Code::LockConflict]);
}

#[test]
fn a_lock_of_a_newer_tool_is_refused_as_such() {
    let text = lock(PLAIN).text().replace("lock = 1", "lock = 2");
    assert_eq!(read(&text).1, [Code::LockNewer]);
}

#[test]
fn cut_at_any_byte_a_lock_gives_a_finding_or_is_a_lock_of_fewer_tables_and_no_panic() {
    let whole = lock(EVERYTHING);
    let text = whole.text();
    for (at, _) in text.char_indices() {
        let (found, codes) = read(&text[..at]);
        match found {
            // Between two tables, which the declarations then show to be stale.
            Some(found) => assert!(found != whole && found.text() == text[..at], "at {at}"),
            None => assert_eq!(codes.len(), 1, "at {at}: {codes:?}"),
        }
    }
}

/// Keys that hold parts of every form.
const PARTS: &str = r#"
[table.parts]
partition_key = "pk"
sort_key = "sk"
global_index.days = { partition_key = "day", sort_key = "moment" }
global_index.names = { partition_key = "initial", sort_key = "called" }
global_index.ranks = { partition_key = "month", sort_key = "rank_key" }

[model.Part]
table = "parts"
key = { partition_key = "P{{{name}", sort_key = "N#{number:plain}" }
index.days = { partition_key = "D#{at:date}#{at:hour}", sort_key = "{made:epoch-milliseconds}" }
index.names = { partition_key = "{name:prefix(2)}#{name:upper}", sort_key = "{name:lower}" }
index.ranks = { partition_key = "{at:month}", sort_key = "{rank:desc}#{at:desc}#{level:02}" }

[model.Part.schema]
name = "string"
number = "u32"
at = "timestamp"
made = { type = "timestamp", attribute = "made:at" }
rank = "u16"
level = "u8"
"#;

/// The struct of an older shape is made of what a lock says: the same fields, defaults and keys.
#[test]
fn a_lock_says_all_that_the_struct_of_a_shape_is_made_of() {
    for declarations in [EVERYTHING, PLAIN, PARTS] {
        let (catalog, _) = Generator::new("models.toml")
            .text(declarations)
            .catalog()
            .unwrap_or_else(|error| panic!("{error}"));
        let lock = Lock::of(&catalog, None);
        for model in &catalog.models {
            let table = &catalog.tables[model.table];
            let key: Vec<&str> = std::iter::once(&table.partition_key)
                .chain(&table.sort_key)
                .map(|key| key.name.as_str())
                .collect();
            let older = lock.models[&model.name].shapes[&1].as_fields("Old", &key, "models.toml");
            let older = older.unwrap_or_else(|why| panic!("{}: {why:?}", model.name));
            assert_eq!(older.fields.len(), model.fields.len());
            for field in &older.fields {
                let declared = model.fields.iter().find(|one| one.attribute == field.attribute);
                let declared = declared.unwrap_or_else(|| panic!("{}", field.attribute));
                let kind = |kind: &Kind| kind::text(kind, false).replace("Old", "");
                assert_eq!(kind(&field.kind), kind(&declared.kind));
                assert_eq!(
                    (&field.name, field.optional, field.key_only, &field.also_read),
                    (&declared.name, declared.optional, declared.key_only, &declared.also_read)
                );
                let literal = |field: &Field| match &field.default {
                    Some(Default::Literal(literal)) if field.reads_default() => Some(literal.clone()),
                    _ => None,
                };
                assert_eq!(literal(field), literal(declared), "{}", field.attribute);
            }
            let shown = |template: &Template, fields: &[Field]| {
                let parts = template.parts.iter();
                let parts: Vec<_> = parts
                    .map(|part| (fields[part.field].attribute.clone(), part.form, part.literal.clone()))
                    .collect();
                (template.attribute.clone(), template.begin.clone(), parts)
            };
            let mut expected: Vec<_> = templates(&model.key, &model.indexes)
                .into_iter()
                .map(|one| shown(one, &model.fields))
                .collect();
            let mut found: Vec<_> = older.templates.iter().map(|one| shown(one, &older.fields)).collect();
            expected.sort_by(|(one, ..), (other, ..)| one.cmp(other));
            found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
            assert_eq!(found, expected);
        }
    }
}
