//! Random valid declarations: what is generated from them compiles without a warning, and keeps every value.
//!
//! `DYNAMORM_SCHEMAS=2000 cargo test --test random_schemas` tries more of them, `DYNAMORM_SEED=7` others.

mod project;
mod schema;

use schema::Schema;

/// How many schemas are compiled as one crate.
const BATCH: u64 = 100;

#[test]
fn generated_code_of_valid_declarations_compiles_without_warnings_and_keeps_every_value() {
    let number = |variable: &str, default: u64| match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")),
        Err(_) => default,
    };
    let first = number("DYNAMORM_SEED", 1) * 1_000_000;
    let count = number("DYNAMORM_SCHEMAS", 300);
    let seeds: Vec<u64> = (first..first + count).collect();
    for batch in seeds.chunks(usize::try_from(BATCH).unwrap()) {
        let schemas: Vec<Schema> = batch.iter().map(|seed| Schema::random(*seed)).collect();
        project::compile_and_run(&schemas);
    }
}
