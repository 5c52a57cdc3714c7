//! The explorations within a bounded budget, and that the simulation is what it says: the same seed, the same world.

use simulation::explore::{cuts, pairs, seeds, sweeps};
use simulation::finding::Summary;
use simulation::mutations;

/// How many random worlds there are. A longer run is `cargo run --release -p simulation -- seeds --count 100000`.
const SEEDS: usize = 2000;
/// One cut point and one pair of so many.
const CUTS_OF: usize = 24;
const PAIRS_OF: usize = 48;
/// How many worlds have a sweep, and one kill of so many.
const SWEEPS: usize = 30;
const KILLS_OF: usize = 12;

fn assert_sound(summary: &Summary) {
    println!("{summary}");
    if let Some(finding) = summary.findings.first() {
        panic!("{summary}\n\n{finding}");
    }
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in 1..=30 {
        let [first, second] = [(), ()].map(|()| seeds::run(seed).0.state().history.to_string());
        assert!(first.contains("begins operation"), "{first}");
        assert_eq!(first, second);
    }
}

#[test]
fn what_is_said_of_writes_is_true_in_random_worlds() {
    assert_sound(&seeds::explore(1, SEEDS));
}

#[test]
fn what_is_said_of_writes_is_true_at_cut_points() {
    assert_sound(&cuts::explore(0, CUTS_OF));
}

#[test]
fn two_operations_are_as_if_one_came_after_the_other() {
    assert_sound(&pairs::explore(0, PAIRS_OF));
}

#[test]
fn a_sweep_that_is_killed_anywhere_makes_the_same_table() {
    assert_sound(&sweeps::explore_kills(0, KILLS_OF));
}

#[test]
fn a_sweep_beside_writers_changes_nothing_of_theirs() {
    assert_sound(&sweeps::explore(1, SWEEPS));
}

#[test]
fn every_planted_bug_can_be_planted() {
    let all = mutations::all().unwrap();
    assert!(all.len() >= 10);
    for mutation in all {
        let planted = mutation.planted(&mutations::workspace()).unwrap_or_else(|error| panic!("{error}"));
        assert!(planted.contains(&mutation.replace), "{}", mutation.name);
    }
}
