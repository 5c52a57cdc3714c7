//! Two sides measured by turns, so that what else the machine does falls on both.

use std::hint::black_box;
use std::time::Instant;

/// How often the sides take turns.
const ROUNDS: usize = 201;

/// What one call takes on each side, in seconds: the medians, and that of the rounds' ratios.
#[derive(Clone, Copy, Debug)]
pub struct Medians {
    pub ours: f64,
    pub theirs: f64,
    pub ratio: f64,
}

/// Calls both sides by turns, `calls` times each in a round. Who begins changes from round to round.
pub fn measure(calls: usize, mut ours: impl FnMut(), mut theirs: impl FnMut()) -> Medians {
    by_turns(|| time(calls, || (), |()| ours()), || time(calls, || (), |()| theirs()))
}

/// As [`measure`], with an input for every call. Neither making inputs nor dropping outputs counts.
pub fn measure_with<A, B, C, D>(
    calls: usize,
    (our_input, ours): (impl Fn() -> A, impl Fn(A) -> B),
    (their_input, theirs): (impl Fn() -> C, impl Fn(C) -> D),
) -> Medians {
    by_turns(|| time(calls, &our_input, &ours), || time(calls, &their_input, &theirs))
}

fn by_turns(mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> Medians {
    let (mut our_times, mut their_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (our_time, their_time) = if round % 2 == 0 {
            let our_time = ours();
            (our_time, theirs())
        } else {
            let their_time = theirs();
            (ours(), their_time)
        };
        our_times.push(our_time);
        their_times.push(their_time);
        ratios.push(our_time / their_time);
    }
    Medians { ours: median(our_times), theirs: median(their_times), ratio: median(ratios) }
}

/// The median of some measurements; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// What a call takes, in seconds.
fn time<I, O>(calls: usize, input: impl Fn() -> I, mut call: impl FnMut(I) -> O) -> f64 {
    let inputs: Vec<I> = (0..calls).map(|_| input()).collect();
    let mut outputs = Vec::with_capacity(calls);
    let start = Instant::now();
    for input in inputs {
        outputs.push(call(input));
    }
    let time = start.elapsed();
    black_box(outputs);
    time.as_secs_f64() / calls as f64
}
