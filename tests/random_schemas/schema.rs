//! A random schema as a models.toml, with items that fit it.

use std::collections::BTreeSet;
use std::fmt::Write;

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Declarations, and items of their only model in DynamoDB's JSON.
pub struct Schema {
    pub seed: u64,
    pub toml: String,
    pub model: String,
    pub items: Vec<Value>,
}

/// Names that are unusual in Rust or in DynamoDB, and permitted.
const NAMES: [&str; 48] = [
    "type",
    "gen",
    "match",
    "self",
    "super",
    "crate",
    "fn",
    "async",
    "dyn",
    "try",
    "value",
    "check",
    "name",
    "fields",
    "encoder",
    "draft",
    "item",
    "items",
    "key",
    "new",
    "get",
    "put",
    "update",
    "delete",
    "scan",
    "query",
    "send",
    "fooBar",
    "HTTPServer",
    "with space",
    "with-dash",
    "a.b",
    "#hash",
    ":colon",
    "quo\\\"te",
    "back\\\\slash",
    "Option",
    "String",
    "result",
    "vec",
    "db",
    "state",
    "index",
    "x",
    "y2",
    "status",
    "size",
    "default",
];

const MODELS: [&str; 16] = [
    "Book", "Option", "String", "Vec", "Result", "Default", "Item", "user", "URLEntry", "Some", "Clone",
    "Box", "Iterator", "Client", "Error", "Send",
];

const SCALARS: [&str; 17] = [
    "string",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "decimal",
    "bytes",
    "timestamp",
    "date",
    "uuid",
    "ulid",
];

struct Field {
    stored: String,
    kind: Type,
    optional: bool,
    toml: String,
}

#[derive(Clone)]
enum Type {
    Scalar(&'static str),
    Epoch(&'static str),
    Bool,
    Float,
    Json,
    Text,
    Data,
    Nested,
    List(Box<Type>),
    Map(Box<Type>),
    Set(&'static str),
}

impl Schema {
    pub fn random(seed: u64) -> Schema {
        let mut rng = Rng::with_seed(seed);
        let model = one(&mut rng, &MODELS).to_owned();
        let mut names = Names::default();
        let key = field(&mut rng, &mut names, Role::Key);
        let sort = rng.bool().then(|| field(&mut rng, &mut names, Role::Key));
        let index = rng.bool().then(|| field(&mut rng, &mut names, Role::IndexKey));
        let mut others: Vec<Field> =
            (0..rng.usize(0..12)).map(|_| field(&mut rng, &mut names, Role::Plain)).collect();
        others.extend(rng.bool().then(|| write_id(&mut rng, &mut names)));
        let fields: Vec<&Field> = std::iter::once(&key).chain(&sort).chain(&index).chain(&others).collect();

        let mut toml = String::new();
        if rng.bool() {
            let names = one(&mut rng, &["field-names", "attribute-names"]);
            let _ = writeln!(toml, "[generate]\nserde = \"{names}\"\n");
        }
        let _ = writeln!(toml, "[table.things]\npartition_key = {}", quoted(&key.stored));
        if let Some(sort) = &sort {
            let _ = writeln!(toml, "sort_key = {}", quoted(&sort.stored));
        }
        if rng.bool() {
            let views = ["new-and-old-images", "new-image", "old-image", "keys-only"];
            let _ = writeln!(toml, "stream = {}", quoted(one(&mut rng, &views)));
        }
        if let Some(index) = &index {
            let projection = match (rng.u8(..3), others.first()) {
                (0, _) => "\"keys-only\"".to_owned(),
                (1, Some(other)) => format!("{{ include = [{}] }}", quoted(&other.stored)),
                _ => "\"all\"".to_owned(),
            };
            let _ = writeln!(
                toml,
                "\n[table.things.global_index.by-index]\npartition_key = {}\nprojection = {projection}",
                quoted(&index.stored)
            );
        }
        let _ = writeln!(toml, "\n[model.{model}]\ntable = \"things\"\ndoc = {}\n", quoted(doc(&mut rng)));
        let _ = writeln!(toml, "[model.{model}.schema]");
        for field in &fields {
            let _ = writeln!(toml, "{} = {}", quoted(&field.stored), field.toml);
        }
        declare_used(&mut toml, &fields);
        let items = (0..4).map(|_| item(&mut rng, &fields)).collect();
        Schema { seed, toml, model, items }
    }
}

/// The types that the fields use; one that nothing uses would be a warning.
fn declare_used(toml: &mut String, fields: &[&Field]) {
    let uses = |found: fn(&Type) -> bool| fields.iter().any(|field| found(innermost(&field.kind)));
    let (nested, data) = (uses(|kind| matches!(kind, Type::Nested)), uses(|kind| matches!(kind, Type::Data)));
    if nested || data {
        toml.push_str(
            "\n[type.Inner]\n\"some text\" = \"string\"\nself = \"u8?\"\ndeeper = { type = \"list<Inner>\", default = [] }\n",
        );
    }
    if data {
        toml.push_str(
            "\n[enum.Either]\nvariants = [\"none\", { name = \"some\", fields = { value = \"string\", inner = \"Inner?\" } }]\n",
        );
    }
    if uses(|kind| matches!(kind, Type::Text)) {
        toml.push_str("\n[enum.Colour]\nvariants = [\"red\", \"Deep Blue\", \"Err\", \"None\"]\n");
    }
}

fn innermost(kind: &Type) -> &Type {
    match kind {
        Type::List(element) | Type::Map(element) => innermost(element),
        other => other,
    }
}

enum Role {
    Key,
    IndexKey,
    Plain,
}

/// Stored names that have been used, and what they become in Rust.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A new stored name, and a Rust name where it needs one.
    fn next(&mut self, rng: &mut Rng) -> (String, Option<String>) {
        loop {
            let stored = one(rng, &NAMES);
            let stored = if rng.u8(..3) == 0 { format!("{stored}{}", rng.u8(..)) } else { stored.to_owned() };
            let rust: String = stored.chars().filter(char::is_ascii_alphanumeric).collect();
            if self.0.insert(rust.to_lowercase()) {
                let plain = stored.chars().all(|c| c.is_ascii_alphanumeric());
                return (stored, (!plain).then(|| format!("field_{}", rust.to_lowercase())));
            }
        }
    }
}

fn field(rng: &mut Rng, names: &mut Names, role: Role) -> Field {
    let (stored, rust_name) = names.next(rng);
    let kind = match role {
        Role::Plain => any_type(rng, 0),
        _ => Type::Scalar(one(rng, &SCALARS)),
    };
    let optional = !matches!(role, Role::Key) && rng.bool();
    let mut settings = vec![format!("type = \"{}{}\"", type_text(&kind), if optional { "?" } else { "" })];
    settings.extend(rust_name.or(reserved(&stored)).map(|name| format!("rust_name = \"{name}\"")));
    if let Type::Epoch(form) = innermost(&kind) {
        settings.push(format!("stored_as = \"{form}\""));
    }
    if rng.bool() {
        settings.push(format!("doc = {}", quoted(doc(rng))));
    }
    settings.extend(rules(rng, &kind).map(|rules| format!("validate = {{ {rules} }}")));
    if matches!(role, Role::Plain) && rng.bool() {
        settings.extend(default(&kind).map(|default| format!("default = {default}")));
    }
    Field { stored, kind, optional, toml: format!("{{ {} }}", settings.join(", ")) }
}

fn write_id(rng: &mut Rng, names: &mut Names) -> Field {
    let (stored, rust_name) = names.next(rng);
    let rust_name = rust_name.or(reserved(&stored)).map(|name| format!(", rust_name = \"{name}\""));
    let toml = format!("{{ type = \"uuid?\", generate = \"write-id\"{} }}", rust_name.unwrap_or_default());
    Field { stored, kind: Type::Scalar("uuid"), optional: true, toml }
}

/// Names that a builder or a query has for itself get another in Rust.
fn reserved(stored: &str) -> Option<String> {
    ["send", "items", "build"].contains(&stored).then(|| format!("{stored}_field"))
}

fn any_type(rng: &mut Rng, depth: usize) -> Type {
    match rng.u8(..if depth < 2 { 14 } else { 9 }) {
        0..=2 => Type::Scalar(one(rng, &SCALARS)),
        3 => Type::Epoch(one(rng, &["epoch-seconds", "epoch-milliseconds"])),
        4 => Type::Bool,
        5 => Type::Float,
        6 => Type::Json,
        7 => Type::Text,
        8 => Type::Nested,
        9 => Type::Data,
        10 => Type::Set(one(rng, &["string", "u16", "i128", "decimal", "bytes"])),
        11 | 12 => Type::List(Box::new(element(rng, depth))),
        _ => Type::Map(Box::new(element(rng, depth))),
    }
}

fn element(rng: &mut Rng, depth: usize) -> Type {
    any_type(rng, depth + 1)
}

fn type_text(kind: &Type) -> String {
    match kind {
        Type::Scalar(name) => (*name).to_owned(),
        Type::Epoch(_) => "timestamp".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Float => "f64".to_owned(),
        Type::Json => "json".to_owned(),
        Type::Text => "Colour".to_owned(),
        Type::Data => "Either".to_owned(),
        Type::Nested => "Inner".to_owned(),
        Type::List(element) => format!("list<{}>", type_text(element)),
        Type::Map(element) => format!("map<{}>", type_text(element)),
        Type::Set(element) => format!("set<{element}>"),
    }
}

/// Rules that every value of the kind keeps.
fn rules(rng: &mut Rng, kind: &Type) -> Option<&'static str> {
    if rng.u8(..3) > 0 {
        return None;
    }
    match kind {
        Type::Scalar("string") => {
            let rules = [
                "length = { min = 1, max = 500 }",
                "pattern = \"(?s)^.+$\"",
                "length = { max = 900, unit = \"bytes\" }",
            ];
            Some(one(rng, &rules))
        }
        Type::Scalar("u8" | "u16" | "u32" | "u64" | "u128") => Some("range = { min = 0 }"),
        Type::Scalar("decimal") => Some("range = { min = \"-1000\", max = \"1000\" }"),
        Type::Scalar("date") => Some("range = { min = \"1900-01-01\" }"),
        Type::Float => Some("range = { min = -1e6, max = 1000000 }"),
        Type::List(_) | Type::Map(_) | Type::Set(_) => Some("length = { max = 50 }"),
        _ => None,
    }
}

fn default(kind: &Type) -> Option<&'static str> {
    match kind {
        Type::Scalar("string") => Some("\"it \\\"is\\\" \\u202e\""),
        Type::Scalar("uuid" | "ulid" | "bytes" | "date" | "timestamp") | Type::Epoch(_) => None,
        Type::Scalar("decimal") => Some("\"0.10\""),
        Type::Scalar(_) => Some("7"),
        Type::Bool => Some("true"),
        Type::Float => Some("1e3"),
        Type::Json => Some("{ a = [1, \"x\"] }"),
        Type::Text => Some("\"Deep Blue\""),
        Type::List(_) | Type::Set(_) => Some("[]"),
        Type::Map(_) => Some("{}"),
        Type::Data | Type::Nested => None,
    }
}

fn doc(rng: &mut Rng) -> &'static str {
    let docs = [
        "Plain words.",
        "Two\\n\\nparagraphs with `code`, <tags>, [brackets] and https://an.address/here.",
        "```\\nfail!()\\n```",
        "*/ \\u202e {{ }} {% %} \\\\ \\\" # ' \\u0000 \\r\\n end",
        "",
    ];
    one(rng, &docs)
}

fn one(rng: &mut Rng, of: &[&'static str]) -> &'static str {
    of[rng.usize(..of.len())]
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// The stored name without TOML's escapes.
fn unescaped(stored: &str) -> String {
    stored.replace("\\\"", "\"").replace("\\\\", "\\")
}

fn item(rng: &mut Rng, fields: &[&Field]) -> Value {
    let mut item = Map::new();
    for field in fields {
        // A default would come back in the place of a missing attribute.
        let left_out = field.optional && !field.toml.contains("default = ") && rng.bool();
        if !left_out {
            item.insert(unescaped(&field.stored), value(rng, &field.kind));
        }
    }
    Value::Object(item)
}

fn value(rng: &mut Rng, kind: &Type) -> Value {
    match kind {
        Type::Scalar(name) => scalar(rng, name),
        Type::Epoch("epoch-seconds") => json!({ "N": rng.u32(..).to_string() }),
        Type::Epoch(_) => json!({ "N": (u64::from(rng.u32(..)) * 1000 + 7).to_string() }),
        Type::Bool => json!({ "BOOL": rng.bool() }),
        Type::Float => json!({ "N": one(rng, &["0", "0.5", "-2.25", "1000", "0.1"]) }),
        Type::Json => {
            json!({ "M": { "a": { "L": [{ "N": "1" }, { "NULL": true }, { "BOOL": false }] }, "b": { "S": "" } } })
        }
        Type::Text => json!({ "S": one(rng, &["red", "Deep Blue", "Err", "None"]) }),
        Type::Data if rng.bool() => json!({ "M": { "none": { "M": {} } } }),
        Type::Data => json!({ "M": { "some": { "M": { "value": { "S": "x" }, "inner": nested(rng) } } } }),
        Type::Nested => nested(rng),
        Type::List(element) => {
            json!({ "L": (0..rng.usize(..3)).map(|_| value(rng, element)).filter(|value| !value.is_null()).collect::<Vec<_>>() })
        }
        Type::Map(element) => {
            let entries = (0..rng.usize(..3)).map(|number| (format!("k {number}"), value(rng, element)));
            json!({ "M": entries.collect::<Map<_, _>>() })
        }
        Type::Set("string") => json!({ "SS": ["a", "b c"] }),
        Type::Set("bytes") => json!({ "BS": ["AAE=", "Ag=="] }),
        Type::Set("decimal") => json!({ "NS": ["-1.5", "2"] }),
        Type::Set(_) => json!({ "NS": ["1", "30"] }),
    }
}

fn nested(rng: &mut Rng) -> Value {
    let deeper = if rng.u8(..3) == 0 { vec![nested(rng)] } else { Vec::new() };
    json!({ "M": { "some text": { "S": "x" }, "self": { "N": "3" }, "deeper": { "L": deeper } } })
}

fn scalar(rng: &mut Rng, name: &str) -> Value {
    match name {
        "string" => json!({ "S": one(rng, &["a", "it \"is\"", "\u{202e}é\n"]) }),
        "u128" | "i128" => json!({ "N": "99999999999999999999999999999999999999" }),
        "i8" | "i16" | "i32" | "i64" => json!({ "N": rng.i8(..).to_string() }),
        "decimal" => json!({ "N": one(rng, &["0", "0.01", "-12.5", "999"]) }),
        "bytes" => json!({ "B": "AAEC" }),
        "timestamp" => json!({ "S": format!("2024-05-06T07:08:09.{:06}Z", rng.u32(..1_000_000)) }),
        "date" => json!({ "S": format!("20{:02}-02-0{}", rng.u8(..90), rng.u8(1..9)) }),
        "uuid" => json!({ "S": "67e55044-10b1-426f-9247-bb680e5fe0c8" }),
        "ulid" => json!({ "S": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        _ => json!({ "N": rng.u8(..).to_string() }),
    }
}
