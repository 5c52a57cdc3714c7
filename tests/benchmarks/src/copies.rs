//! One benchmark, run in several copies of its executable.
//!
//! Between two calls the SDK runs more code than the innermost caches hold, so that where code lies in memory decides by
//! some percent what a call takes. Physical memory is what counts, and all runs of one file share its own: each copy has
//! another. What is said of a call is the median over the copies, with their range.

use std::error::Error;
use std::process::Command;

use crate::interleaved::Medians;

/// How many copies are measured.
const COPIES: usize = 9;
/// Set for the copies, which measure and print.
const COPY: &str = "DYNAMORM_BENCHMARK_COPY";

/// What is measured, and how.
pub type Measurement<'a> = (&'a str, &'a dyn Fn() -> Medians);

/// What was measured, once in each copy.
#[derive(Debug)]
pub struct Measured {
    pub what: String,
    pub medians: Vec<Medians>,
}

/// What each of these takes: a measurement for each copy of this executable, which is to call this function as well.
/// Nothing in a copy, which has printed its measurements then.
///
/// # Errors
/// A copy cannot be made or run, or says something else.
pub fn measured(measurements: &[Measurement<'_>]) -> Result<Vec<Measured>, Box<dyn Error>> {
    if std::env::var_os(COPY).is_some() {
        for (_, measure) in measurements {
            let Medians { ours, theirs, ratio } = measure();
            println!("{ours} {theirs} {ratio}");
        }
        return Ok(Vec::new());
    }
    let directory = tempfile::tempdir()?;
    let measured = measurements.iter().map(|(what, _)| (*what).to_owned());
    let mut measured: Vec<_> = measured.map(|what| Measured { what, medians: Vec::new() }).collect();
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
        for (measured, line) in measured.iter_mut().zip(text.lines()) {
            measured.medians.push(medians(line)?);
        }
    }
    Ok(measured)
}

fn medians(line: &str) -> Result<Medians, Box<dyn Error>> {
    let figures: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    match *figures {
        [ours, theirs, ratio] => Ok(Medians { ours, theirs, ratio }),
        _ => Err(format!("three figures are expected: {line}").into()),
    }
}
