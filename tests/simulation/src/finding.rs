//! What an exploration has found.

use std::fmt;
use std::time::Duration;

use crate::check::Violation;

/// A world in which something was not as it should be.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How it is run again: the arguments of the binary.
    pub replay: String,
    pub violations: Vec<Violation>,
    pub trace: String,
}

/// How a line of a list of findings begins.
pub const LINE: &str = "finding: ";

impl Finding {
    /// In one line: how it is run again, and the rules that were broken.
    pub fn line(&self) -> String {
        let mut rules: Vec<_> = self.violations.iter().map(|violation| violation.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        format!("{LINE}{} ({})", self.replay, rules.join("; "))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "FINDING, replayed by: cargo run -p simulation -- {}", self.replay)?;
        for violation in &self.violations {
            writeln!(f, "  {}: {}", violation.rule, violation.what)?;
        }
        write!(f, "{}", self.trace)
    }
}

/// What explorations went through.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub worlds: usize,
    pub operations: usize,
    pub requests: usize,
    pub faults: usize,
    pub findings: Vec<Finding>,
    pub time: Duration,
}

impl Summary {
    pub fn add(&mut self, other: Summary) {
        self.worlds += other.worlds;
        self.operations += other.operations;
        self.requests += other.requests;
        self.faults += other.faults;
        self.findings.extend(other.findings);
    }

    /// How many worlds broke each rule.
    pub fn by_rule(&self) -> Vec<(&'static str, usize, &str)> {
        let mut rules: Vec<(&'static str, usize, &str)> = Vec::new();
        for finding in &self.findings {
            let mut seen = Vec::new();
            for violation in &finding.violations {
                if seen.contains(&violation.rule) {
                    continue;
                }
                seen.push(violation.rule);
                match rules.iter_mut().find(|(rule, ..)| *rule == violation.rule) {
                    Some((_, count, _)) => *count += 1,
                    None => rules.push((violation.rule, 1, &finding.replay)),
                }
            }
        }
        rules
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.time.as_secs_f64();
        write!(
            f,
            "{} worlds, {} operations, {} requests, {} faults, {} findings, {seconds:.1} s ({:.0} worlds a second)",
            self.worlds,
            self.operations,
            self.requests,
            self.faults,
            self.findings.len(),
            self.worlds as f64 / seconds.max(0.001),
        )?;
        for (rule, count, replay) in self.by_rule() {
            write!(f, "\n  {count} broke \"{rule}\", as: {replay}")?;
        }
        Ok(())
    }
}
