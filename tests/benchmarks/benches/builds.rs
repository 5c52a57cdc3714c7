//! What models cost to compile: fifty of ten fields each, with a table, an index and all builders in use, against the same
//! models in dynamodb-facade.
//!
//! Writes a workspace of one package per side below the target directory, builds what they depend on, and measures the
//! packages alone. dynamodb-facade's operations demand serde's traits of every model: one side derives them, as its
//! documentation does, the other writes conversions by hand and fulfils the demand with as little as possible.
//!
//! Every side does the same: its query and its scan read every page. Where only a source has changed, our build script does not
//! run; where the declarations have, it does. The sides take turns in who begins.
//!
//! All of it takes most of an hour; `-- check` measures the commands with that word in their names alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};
use std::{env, fs, io};

use benchmarks::interleaved::median;
use benchmarks::report::Report;

const MODELS: usize = 50;

const OURS: &str = "side-dynamorm";
const DERIVED: &str = "side-facade-derived";
const BY_HAND: &str = "side-facade-by-hand";
const SIDES: [&str; 3] = [OURS, DERIVED, BY_HAND];

/// What has changed since the last build: in what words, which of our files, and whether the marks hold for it. The other
/// sides declare in their source.
const CHANGES: [(&str, &str, bool); 2] =
    [("", "src/lib.rs", true), (", declarations touched", "models.toml", false)];

/// Cargo's arguments, in how many rounds they are measured, and what their time may be of the other side's at the most.
/// A check takes two seconds, of which the median of a few rounds is unsteady.
const COMMANDS: [(&str, &[&str], usize, f64); 3] = [
    ("cargo check", &["check"], 15, 1.0),
    ("cargo build", &["build"], 5, 0.6),
    ("cargo build --release", &["build", "--release"], 5, 0.6),
];

fn main() -> io::Result<()> {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("builds");
    write_workspace(&workspace)?;
    let words: Vec<_> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let commands: Vec<_> = COMMANDS.into_iter().filter(|(name, ..)| is_wanted(name)).collect();
    for (name, arguments, ..) in &commands {
        println!("{name}: dependencies");
        for side in SIDES {
            cargo(&workspace, arguments, side)?;
        }
    }
    let mut report = Report::default();
    for (command, arguments, rounds, mark) in commands {
        for (change, file, is_marked) in CHANGES {
            let name = format!("{command}{change}");
            let mark = is_marked.then_some(mark);
            let times = measure(&workspace, arguments, rounds, file)?;
            println!("{name}: {times:.2?}");
            let [ours, derived, by_hand] = times.map(median);
            report.times(&name, "dynamodb-facade, serde derived", ours, derived, mark);
            report.times(&name, "dynamodb-facade, converted by hand", ours, by_hand, mark);
            println!("{name}: {:.1} ms per model", ours * 1e3 / MODELS as f64);
        }
    }
    println!("{:.0} generated lines per model", generated_lines(&workspace)?);
    print!("\n{report}");
    Ok(())
}

/// What each side takes to build after a change, which is one of that file on our side.
fn measure(
    workspace: &Path,
    arguments: &[&str],
    rounds: usize,
    file: &str,
) -> io::Result<[Vec<f64>; SIDES.len()]> {
    let mut times = SIDES.map(|_| Vec::with_capacity(rounds));
    for round in 0..rounds {
        for turn in 0..SIDES.len() {
            let position = (round + turn) % SIDES.len();
            let side = SIDES[position];
            let changed = if side == OURS { file } else { "src/lib.rs" };
            touch(&workspace.join(side).join(changed))?;
            let start = Instant::now();
            cargo(workspace, arguments, side)?;
            times[position].push(start.elapsed().as_secs_f64());
        }
    }
    Ok(times)
}

fn write_workspace(workspace: &Path) -> io::Result<()> {
    let root =
        env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("run this with `cargo bench`"))?;
    let root = Path::new(&root);
    let members = SIDES.map(|side| format!("{side:?}")).join(", ");
    write(workspace.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n"))?;

    let (runtime, generator) = (root.join("../../runtime"), root.join("../.."));
    let dependencies = format!(
        "dynamorm = {{ path = {runtime:?} }}\n\n[build-dependencies]\ndynamorm-generator = {{ path = {generator:?} }}\n"
    );
    package(workspace, OURS, &dependencies, &{
        let module = "pub mod models {\n    dynamorm::include_models!();\n}\n";
        format!("{module}{}", repeated(include_str!("../builds/dynamorm.rs")))
    })?;
    write(workspace.join(OURS).join("models.toml"), &repeated(include_str!("../builds/dynamorm.toml")))?;
    write(
        workspace.join(OURS).join("build.rs"),
        "fn main() -> Result<(), dynamorm_generator::Error> {\n    \
         dynamorm_generator::Generator::new(\"models.toml\").compile()\n}\n",
    )?;

    let facade = "dynamodb-facade = \"0.2\"\nserde = { version = \"1\", features = [\"derive\"] }\n\
                  serde_dynamo = { version = \"4\", features = [\"aws-sdk-dynamodb+1\"] }\n";
    for (side, structure) in [
        (DERIVED, include_str!("../builds/facade_derived.rs")),
        (BY_HAND, include_str!("../builds/facade_by_hand.rs")),
    ] {
        let model = include_str!("../builds/facade_model.rs").replace("    STRUCT\n", structure);
        package(workspace, side, facade, &repeated(&model))?;
    }
    Ok(())
}

/// The SDK is the same for every side, so that it is compiled once.
fn package(workspace: &Path, name: &str, dependencies: &str, library: &str) -> io::Result<()> {
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         aws-sdk-dynamodb = \"1\"\nfutures-util = {{ version = \"0.3\", default-features = false, features = [\"alloc\"] }}\n\
         {dependencies}"
    );
    write(workspace.join(name).join("Cargo.toml"), &manifest)?;
    write(workspace.join(name).join("src/lib.rs"), library)
}

fn repeated(model: &str) -> String {
    (0..MODELS).map(|index| model.replace("INDEX", &index.to_string())).collect()
}

/// Writes a file unless it is there with the same content, so that nothing is built in vain.
fn write(path: PathBuf, content: &str) -> io::Result<()> {
    if fs::read_to_string(&path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(path, content)
}

fn touch(file: &Path) -> io::Result<()> {
    fs::File::options().append(true).open(file)?.set_modified(SystemTime::now())
}

fn cargo(workspace: &Path, arguments: &[&str], package: &str) -> io::Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--quiet", "--package", package])
        .current_dir(workspace)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{package} does not build"))) }
}

/// The lines of the modules that the build script generated last, per model.
fn generated_lines(workspace: &Path) -> io::Result<f64> {
    let mut newest: Option<(SystemTime, PathBuf)> = None;
    for directory in fs::read_dir(workspace.join("target/debug/build"))? {
        let module = directory?.path().join("out/dynamorm/models");
        if let Ok(modified) = fs::metadata(&module).and_then(|metadata| metadata.modified())
            && newest.as_ref().is_none_or(|(time, _)| modified > *time)
        {
            newest = Some((modified, module));
        }
    }
    let Some((_, module)) = newest else { return Ok(0.0) };
    let mut lines = 0;
    for file in fs::read_dir(module)? {
        let path = file?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("model")) {
            lines += fs::read_to_string(path)?.lines().count();
        }
    }
    Ok(lines as f64 / MODELS as f64)
}
