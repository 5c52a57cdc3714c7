//! One benchmark, run in several copies of its executable.
//!
//! Between two calls the SDK runs more code than the innermost caches hold, so that where code lies in memory decides by
//! some percent what a call takes. Physical memory counts, too, and all runs of one file share its own: each copy has
//! another, and a heap of its own. What is said of a call is the median over the copies, with their range.

use std::error::Error;
use std::process::Command;

use crate::interleaved::Medians;

/// How many copies are measured.
const COPIES: usize = 9;
/// Set for the copies, which measure and print.
const COPY: &str = "DYNAMORM_BENCHMARK_COPY";

/// What each of these measurements says in each copy of this executable, which is to call this function with the same ones.
/// Nothing in a copy, which has printed what they say then.
///
/// # Errors
/// A copy cannot be made or run, or says something else.
pub fn measured(measurements: &[&dyn Fn() -> Medians]) -> Result<Vec<Vec<Medians>>, Box<dyn Error>> {
    if is_copy() {
        for measure in measurements {
            let Medians { ours, theirs, ratio } = measure();
            println!("{ours} {theirs} {ratio}");
        }
        return Ok(Vec::new());
    }
    let directory = tempfile::tempdir()?;
    let mut measured = vec![Vec::new(); measurements.len()];
    for number in 0..COPIES {
        let copy = directory.path().join(number.to_string());
        std::fs::copy(std::env::current_exe()?, &copy)?;
        let output = Command::new(&copy).env(COPY, "").output()?;
        let text = String::from_utf8(output.stdout)?;
        if !output.status.success() || text.lines().count() != measured.len() {
            return Err(
                format!("{}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)).into()
            );
        }
        for (medians, line) in measured.iter_mut().zip(text.lines()) {
            medians.push(parsed(line)?);
        }
    }
    Ok(measured)
}

/// Whether this is a copy, which measures for the benchmark.
pub fn is_copy() -> bool {
    std::env::var_os(COPY).is_some()
}

fn parsed(line: &str) -> Result<Medians, Box<dyn Error>> {
    let figures: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    match *figures {
        [ours, theirs, ratio] => Ok(Medians { ours, theirs, ratio }),
        _ => Err(format!("three figures are expected: {line}").into()),
    }
}
