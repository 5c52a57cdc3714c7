//! What generating costs as declarations grow: 1 to 1,000 models of ten fields, for a build script, for one that finds its
//! output up to date, and as a formatted tree.
//!
//! Time per model must not grow with their number. A build script runs unoptimised:
//! `cargo bench -p benchmarks --bench generating --profile dev` measures that.

use std::process::Command;
use std::time::Instant;
use std::{env, fs, io};

use benchmarks::report::Report;
use dynamorm_generator::{Generator, generate_str};

const MODELS: [usize; 4] = [1, 10, 100, 1000];
const ROUNDS: usize = 5;

/// How much longer a model may take among the most models than among a hundred.
const MARK: f64 = 1.25;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `compile` takes its directory from the environment, as cargo gives it to a build script.
    if env::var_os("OUT_DIR").is_none() || env::var_os("BENCHMARKS_CHILD").is_none() {
        return run_with_output_directory();
    }
    let directory = env::var("OUT_DIR")?;
    let mut results = Vec::new();
    for models in MODELS {
        let declarations = declarations(models);
        let (mut tree, mut build_script, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let start = Instant::now();
            generate_str("models.toml", &declarations)?;
            tree.push(start.elapsed().as_secs_f64());

            // Written to a new directory in each round: a file system may be slow after files were removed.
            let file = format!("{directory}/models-{models}-{round}.toml");
            fs::write(&file, &declarations)?;
            let start = Instant::now();
            Generator::new(&file).compile()?;
            build_script.push(start.elapsed().as_secs_f64());

            let start = Instant::now();
            Generator::new(&file).compile()?;
            unchanged.push(start.elapsed().as_secs_f64());
        }
        results.push((models, least(&build_script), least(&unchanged), least(&tree)));
    }
    let mut report = Report::default();
    let (base, base_build_script, base_unchanged, base_tree) = results[2];
    for (models, build_script, unchanged, tree) in results {
        let mark = (models > base).then_some(MARK);
        let per_model = |time: f64, models: usize| time / models as f64;
        let mut row = |what: &str, time: f64, base_time: f64| {
            let what = format!("{what}, {models} models: {:.1} ms, per model", time * 1e3);
            report.times(&what, "of 100", per_model(time, models), per_model(base_time, base), mark);
        };
        row("build script", build_script, base_build_script);
        row("build script, output up to date", unchanged, base_unchanged);
        row("formatted tree", tree, base_tree);
    }
    eprint!("{report}");
    Ok(())
}

/// Runs this program again, with a directory for its output; what `compile` tells cargo is thrown away.
fn run_with_output_directory() -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let output = Command::new(env::current_exe()?)
        .env("OUT_DIR", directory.path())
        .env("BENCHMARKS_CHILD", "1")
        .output()?;
    print!("{}", String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(()) } else { Err(io::Error::other("generating failed").into()) }
}

/// What generating takes where nothing disturbs it.
fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

fn declarations(models: usize) -> String {
    let model = include_str!("../builds/dynamorm.toml");
    (0..models).map(|index| model.replace("INDEX", &index.to_string())).collect()
}
