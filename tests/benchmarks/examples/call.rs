//! Makes one call of the benchmark `calls` again and again, for a profiler:
//!
//! ```console
//! $ cargo build --profile bench -p benchmarks --example call
//! $ valgrind --tool=callgrind target/release/examples/call BatchWriteItem ours 100
//! ```

use benchmarks::calls::CALLS;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let usage = || {
        let calls: Vec<_> = CALLS.iter().map(|call| call.what).collect();
        format!(
            "usage: call NAME ours|theirs TIMES, where NAME is the beginning of one of: {}",
            calls.join("; ")
        )
    };
    let [name, side, times] = arguments.as_slice() else { return Err(usage()) };
    let call = CALLS.iter().find(|call| call.what.starts_with(name.as_str())).ok_or_else(usage)?;
    let times: usize = times.parse().map_err(|_| usage())?;
    let sides = call.sides();
    let make = match side.as_str() {
        "ours" => sides.ours,
        "theirs" => sides.theirs,
        _ => return Err(usage()),
    };
    (0..times).for_each(|_| make());
    Ok(())
}
