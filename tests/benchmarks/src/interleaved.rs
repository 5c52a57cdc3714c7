//! Two sides measured by turns, so that what else the machine does falls on both.

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
pub fn measure(calls: u32, mut ours: impl FnMut(), mut theirs: impl FnMut()) -> Medians {
    let (mut our_times, mut their_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (our_time, their_time) = if round % 2 == 0 {
            let our_time = time(calls, &mut ours);
            (our_time, time(calls, &mut theirs))
        } else {
            let their_time = time(calls, &mut theirs);
            (time(calls, &mut ours), their_time)
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

fn time(calls: u32, call: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed().as_secs_f64() / f64::from(calls)
}
