//! What whole calls take, against the same ones written by hand on the SDK.

use benchmarks::calls::CALLS;
use benchmarks::copies;
use benchmarks::interleaved::{Medians, measure};
use benchmarks::report::Report;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let measurements = CALLS.map(|call| {
        move || {
            let sides = call.sides();
            measure(call.times, sides.ours, sides.theirs)
        }
    });
    let measured = copies::measured(&measurements.each_ref().map(|measure| measure as &dyn Fn() -> Medians))?;
    let mut report = Report::default();
    for (call, medians) in CALLS.iter().zip(measured) {
        report.repeated(call.what, "by hand on the SDK", medians, Some(call.time));
    }
    if !copies::is_copy() {
        print!("{report}");
    }
    Ok(())
}
