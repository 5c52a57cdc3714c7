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
        let (earlier, [before, after]) = generations(*kind);
        let code = kind.code().to_lowercase();
        // Where there is an earlier generation, the old one was generated beside its lock.
        let known = earlier.as_deref().map(|earlier| breaking::lock(&[], earlier)).transpose()?;
        compile(&format!("{code}_old"), &before, known.as_deref())?;
        let mut generations: Vec<&str> = earlier.as_deref().into_iter().collect();
        // What goes back to a shape knows of none above it.
        if *kind != ChangeKind::ShapeGone {
            generations.push(&before);
        }
        let lock = generations.split_last().map(|(last, known)| breaking::lock(known, last)).transpose()?;
        compile(&format!("{code}_new"), &after, lock.as_deref())?;
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
    // A shape is written by the release after the one that knows it first.
    releases(&["shapes_1", "shapes_2", "shapes_3_early", "shapes_3"])?;
    releases(&["shapes_0"])?;
    releases(&["former_1", "former_2"])?;
    releases(&["wide_1", "wide_2_early", "wide_2"])?;
    let path = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("cases.rs");
    fs::write(&path, cases).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Ok(())
}

/// Generates each release beside the lock that knows those before it.
fn releases(names: &[&str]) -> Result<(), Error> {
    let read = |name: &&str| {
        let path = format!("models/{name}.toml");
        println!("cargo::rerun-if-changed={path}");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let texts: Vec<String> = names.iter().map(read).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (number, (name, text)) in names.iter().zip(&texts).enumerate() {
        let lock = breaking::lock(&texts[..number], text)?;
        compile(name, text, Some(&lock))?;
    }
    Ok(())
}

/// Generates from a text, beside a lock.
fn compile(name: &str, text: &str, lock: Option<&str>) -> Result<(), Error> {
    let folder = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("declarations");
    let write = |ending: &str, text: &str| {
        let path = folder.join(format!("{name}.{ending}"));
        // Cargo watches what the generator reads: a file that is written again would be new each time.
        if fs::read_to_string(&path).is_ok_and(|found| found == text) {
            return path;
        }
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, text))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    };
    if let Some(lock) = lock {
        write("lock", lock);
    }
    Generator::new(write("toml", text)).compile()
}

/// The declarations before and after the change, and what a lock knows of earlier ones.
fn generations(kind: ChangeKind) -> (Option<String>, [String; 2]) {
    let block = |heading: &str| {
        let (_, rest) = kind.explanation().split_once(&format!("\n{heading}:\n"))?;
        let (_, block) = rest.split_once("```toml\n")?;
        Some(block.split("```").next().unwrap_or_default().to_owned())
    };
    let example = |heading| block(heading).unwrap_or_else(|| panic!("{kind} has no example"));
    (block("Earlier"), [example("Before"), example("After")])
}

/// The names of the declared models: the one that the change is about comes first.
fn models(declarations: &str) -> String {
    let names = declarations.lines().filter_map(|line| line.strip_prefix("[model.")?.strip_suffix(']'));
    names.filter(|name| !name.contains('.')).collect::<Vec<_>>().join(" ")
}
