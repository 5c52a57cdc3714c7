//! What whole calls take, against the same ones written by hand on the SDK.

use benchmarks::calls::{CALLS, Sides};
use benchmarks::copies;
use benchmarks::interleaved::{Medians, measure};
use benchmarks::report::Report;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let floors = CALLS.iter().filter(|call| call.has_floor);
    let calls = || CALLS.iter().map(|call| (call, false)).chain(floors.clone().map(|call| (call, true)));
    let measurements: Vec<Box<dyn Fn() -> Medians>> = calls()
        .map(|(call, is_floor)| -> Box<dyn Fn() -> Medians> {
            Box::new(move || {
                let Sides { ours, theirs } = if is_floor { call.floor() } else { call.sides() };
                measure(call.times, ours, theirs)
            })
        })
        .collect();
    let measurements: Vec<_> = measurements.iter().map(AsRef::as_ref).collect();
    let measured = copies::measured(&measurements)?;
    let mut report = Report::default();
    for ((call, is_floor), medians) in calls().zip(measured) {
        if is_floor {
            let what = format!("the SDK's put of one text, in place of {}", call.what);
            report.repeated(&what, "by hand on the SDK", medians, None);
        } else {
            report.repeated(call.what, "by hand on the SDK", medians, Some(call.time));
        }
    }
    if !copies::is_copy() {
        print!("{report}");
    }
    Ok(())
}
