//! Generates both generations of every change, from the example in its explanation, and a test for each.

use dynamorm_generator::breaking::{self, ChangeKind, Severity};
use dynamorm_generator::{Error, Generator};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Error> {
    let mut cases = String::new();
    for kind in ChangeKind::ALL {
        let [before, after] = generations(*kind);
        let code = kind.code().to_lowercase();
        for (name, text) in [("old", &before), ("new", &after)] {
            // Nothing lies where the text would: it is the explanation's.
            Generator::new(format!("{code}_{name}.toml")).text(text.as_str()).compile()?;
        }
        let changes = breaking::between(&before, &after)?;
        let worst = |answer: fn(breaking::Verdict) -> Severity| {
            changes.iter().map(|change| answer(change.verdict())).max().unwrap_or_default()
        };
        let verdict = [
            worst(|verdict| verdict.new_reads_old),
            worst(|verdict| verdict.old_reads_new),
            worst(|verdict| verdict.both_write),
        ];
        let verdict = verdict.map(|severity| format!("Severity::{severity:?}")).join(", ");
        // Writing to a string does not fail.
        let _ = writeln!(
            cases,
            "case! {{ {code} \"{code}_old\" ({}) \"{code}_new\" ({}) [{verdict}] }}",
            models(&before),
            models(&after)
        );
    }
    for release in ["names_1", "names_2", "names_3"] {
        Generator::new(format!("models/{release}.toml")).deny_warnings(true).compile()?;
    }
    let path = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("cases.rs");
    fs::write(&path, cases).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Ok(())
}

/// The declarations before and after the change.
fn generations(kind: ChangeKind) -> [String; 2] {
    let blocks: Vec<&str> = kind.explanation().split("```toml\n").skip(1).collect();
    let block = |number: usize| {
        let block = blocks.get(number).unwrap_or_else(|| panic!("{kind} has no example"));
        block.split("```").next().unwrap_or_default().to_owned()
    };
    [block(0), block(1)]
}

/// The names of the declared models: the one that the change is about comes first.
fn models(declarations: &str) -> String {
    let names = declarations.lines().filter_map(|line| line.strip_prefix("[model.")?.strip_suffix(']'));
    names.filter(|name| !name.contains('.')).collect::<Vec<_>>().join(" ")
}
