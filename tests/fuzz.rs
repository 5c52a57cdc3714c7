//! Any bytes yield code that parses, or at least one diagnostic; nothing panics.
//!
//! `DYNAMORM_FUZZ=1000000 cargo test --release --test fuzz` runs longer, `DYNAMORM_SEED=7` elsewhere.

use std::fs;
use std::path::Path;

use dynamorm_generator::generate_str;
use fastrand::Rng;

fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")),
        Err(_) => default,
    }
}

/// Every fixture and example, as what mutations start from.
fn corpus() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures =
        fs::read_dir(root.join("generator/diagnostics")).unwrap().map(|entry| entry.unwrap().path());
    let fixtures = fixtures.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let examples = ["example-models/models.toml", "example-models/library.toml"].map(|name| root.join(name));
    let mut paths: Vec<_> = fixtures.chain(examples).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Generates from the bytes as a file's text would be, and checks what comes back.
fn check(text: &str) -> bool {
    match generate_str("models.toml", text) {
        Ok(generated) => {
            for (path, code) in generated.files() {
                syn::parse_file(code)
                    .unwrap_or_else(|error| panic!("{path}: {error}\n{code}\n--- from\n{text}"));
            }
            true
        }
        Err(error) => {
            let report =
                error.report().unwrap_or_else(|| panic!("an error without a report: {error}\n{text}"));
            assert!(report.errors() > 0, "{text}");
            false
        }
    }
}

#[test]
fn random_bytes_yield_a_diagnostic_or_code_that_parses() {
    let mut rng = Rng::with_seed(number("DYNAMORM_SEED", 1));
    for _ in 0..number("DYNAMORM_FUZZ", 2_000) {
        let bytes: Vec<u8> = (0..rng.usize(..200)).map(|_| rng.u8(..)).collect();
        check(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn damaged_declarations_yield_a_diagnostic_or_code_that_parses() {
    let mut rng = Rng::with_seed(number("DYNAMORM_SEED", 1));
    let corpus = corpus();
    let tokens = [
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        "=",
        ",",
        ".",
        "\n",
        "?",
        "<",
        ">",
        "#",
        "\\",
        "\u{202e}",
        "\0",
        "type",
        "self",
        "list<",
        "set<",
        "map<",
        "rust:",
        "string",
        "u8",
        "default = ",
        "[model.",
        "[table.",
        "[enum.",
        "99999999999999999999",
        "-1",
        "1e400",
        "true",
        "é",
        "🦀",
        "\"\"\"",
        "attribute = ",
        "partition_key = ",
    ];
    for _ in 0..number("DYNAMORM_FUZZ", 2_000) {
        let mut bytes = corpus[rng.usize(..corpus.len())].clone();
        for _ in 0..rng.usize(1..6) {
            let at = rng.usize(..=bytes.len());
            let end = (at + rng.usize(..12)).min(bytes.len());
            match rng.u8(..5) {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..end, tokens[rng.usize(..tokens.len())].bytes())),
                2 => drop(bytes.splice(at..at, tokens[rng.usize(..tokens.len())].bytes())),
                3 => {
                    let copy = bytes[at..end].to_vec();
                    let to = rng.usize(..=bytes.len());
                    drop(bytes.splice(to..to, copy));
                }
                _ => {
                    let other = &corpus[rng.usize(..corpus.len())];
                    let from = rng.usize(..=other.len());
                    let to = (from + rng.usize(..80)).min(other.len());
                    drop(bytes.splice(at..end, other[from..to].to_vec()));
                }
            }
        }
        check(&String::from_utf8_lossy(&bytes));
    }
}

/// Declarations of the right shape, filled with any words: most are wrong in some way, and many in none.
#[test]
fn shuffled_declarations_yield_a_diagnostic_or_code_that_parses() {
    let mut rng = Rng::with_seed(number("DYNAMORM_SEED", 1));
    let names = [
        "a", "b", "type", "Self", "self_", "Option", "x y", "", "1", "é", "\u{200b}", "k", "build", "items",
        "fooBar",
    ];
    let types = [
        "string",
        "u8",
        "i128",
        "f64",
        "decimal",
        "bytes",
        "timestamp",
        "date",
        "uuid",
        "ulid",
        "json",
        "bool",
        "list<string>",
        "set<u8>",
        "map<list<u8?>>",
        "T",
        "E",
        "rust:a::B<C>",
        "rust:",
        "string?",
        "uuid?",
        "list<",
        "set<T>",
        "T?",
        "rust:fn()",
    ];
    let extras = [
        "",
        ", default = 1",
        ", default = \"\"",
        ", default = []",
        ", doc = \"*/ \\\"\"",
        ", validate = { length = { min = 1 } }",
        ", validate = { custom = \"crate::f\" }",
        ", validate = { pattern = \"(\" }",
        ", attribute = \"b\"",
        ", default_expression = \"crate::f()\"",
        ", default_expression = \"}\"",
        ", generate = \"version\"",
        ", generate = \"write-id\"",
        ", unique = true",
        ", generate = \"uuid-v7\"",
        ", generate = { expires_in = \"1 day\" }",
        ", stored_as = \"epoch-seconds\"",
        ", rust_name = \"other\"",
        ", validate = { one_of = [1, \"a\"] }",
    ];
    let mut accepted = 0;
    for _ in 0..number("DYNAMORM_FUZZ", 2_000) {
        let one = |rng: &mut Rng, of: &[&'static str]| of[rng.usize(..of.len())];
        let field = |rng: &mut Rng| {
            // Most extras fit few types: with one in every field, hardly any declarations would be accepted.
            let extra = if rng.u8(..4) == 0 { one(rng, &extras) } else { "" };
            format!("{:?} = {{ type = {:?}{extra} }}\n", one(rng, &names), one(rng, &types))
        };
        let fields: String = (0..rng.usize(..5)).map(|_| field(&mut rng)).collect();
        let nested: String = (0..rng.usize(1..3)).map(|_| field(&mut rng)).collect();
        let model = one(&mut rng, &["Book", "Option", "user", "T", "A b", "Ä"]);
        let text = format!(
            "[table.things]\npartition_key = \"k\"\n[model.{model:?}]\ntable = \"things\"\n[model.{model:?}.schema]\nk = \"{}\"\n\
             {fields}\n[type.T]\n{nested}\n[enum.E]\nvariants = [\"x\", {{ name = {:?}, fields = {{ {} }} }}]\n",
            one(&mut rng, &types),
            one(&mut rng, &names),
            field(&mut rng).trim_end(),
        );
        accepted += u64::from(check(&text));
    }
    assert!(accepted > 0, "none was accepted");
}

/// Found by the above.
#[test]
fn a_field_named_self_may_have_a_type_of_the_users() {
    assert!(check(
        "[table.things]\npartition_key = \"k\"\n[model.Book]\ntable = \"things\"\n[model.Book.schema]\nk = \"u8\"\n\
         self = { type = \"rust:a::B<C>\" }\n"
    ));
}
