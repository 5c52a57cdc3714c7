//! The one list of the tests that cannot run everywhere.

use std::fmt;

use crate::compiler::compiler;
use crate::engine::{Engine, engine};

/// A test that cannot run everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// The name of the test function.
    pub test: &'static str,
    /// Where it cannot run.
    pub obstacle: Obstacle,
    /// What is lacking there.
    pub reason: &'static str,
}

/// Where a test cannot run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// On this engine.
    Engine(Engine),
    /// On a compiler of another minor version.
    CompilerOtherThan(&'static str),
}

impl Obstacle {
    /// Whether it is in the way of this run.
    fn is_in_the_way(self) -> bool {
        match self {
            Obstacle::Engine(one) => one == engine(),
            Obstacle::CompilerOtherThan(version) => version != compiler(),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Engine(engine) => engine.fmt(formatter),
            Obstacle::CompilerOtherThan(version) => write!(formatter, "a compiler other than {version}"),
        }
    }
}

/// Every test that cannot run everywhere.
pub const CANNOT_RUN: &[Exception] = &[
    Exception {
        test: "an_index_of_several_attributes_is_queried_by_its_whole_partition_key",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "an_index_of_several_attributes_is_narrowed_from_left_to_right",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "an_item_that_lacks_a_part_of_an_index_key_is_not_in_the_index",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "an_index_of_plain_attributes_has_the_context_among_them",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "declared_tags_are_set",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no tags",
    },
    Exception {
        test: "a_declared_table_class_is_set",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no table classes",
    },
    Exception {
        test: "a_protected_table_is_not_deleted",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it has no deletion protection",
    },
    Exception {
        test: "settings_are_kept_and_changed_by_an_engine_that_has_them",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "it keeps no encryption and no maximums, and has no backups",
    },
    Exception {
        test: "mistakes_are_one_clear_error_each",
        obstacle: Obstacle::Engine(Engine::DynamodbLocal),
        reason: "nothing is run, and what compiles is the same on every engine",
    },
    Exception {
        test: "mistakes_are_one_clear_error_each",
        obstacle: Obstacle::CompilerOtherThan("1.95"),
        reason: "the expectations are that compiler's words",
    },
    Exception {
        test: "the_server_stops_when_its_command_ends",
        obstacle: Obstacle::Engine(Engine::Embedded),
        reason: "it has no server",
    },
    Exception {
        test: "the_server_stops_when_its_starter_is_killed",
        obstacle: Obstacle::Engine(Engine::Embedded),
        reason: "it has no server",
    },
];

/// Whether the test can run here; prints the reason where it cannot.
///
/// A test that is in [`CANNOT_RUN`] asks before anything else: `if !can_run("its_name") { return; }`.
///
/// # Panics
///
/// If `DYNAMORM_TEST_ENGINE` names no engine.
pub fn can_run(test: &str) -> bool {
    let mut exceptions = CANNOT_RUN.iter().filter(|exception| exception.test == test);
    let exception = exceptions.find(|exception| exception.obstacle.is_in_the_way());
    if let Some(Exception { obstacle, reason, .. }) = exception {
        eprintln!("{test} cannot run on {obstacle}: {reason}");
    }
    exception.is_none()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn exceptions_are_listed() {
        let sources: String = sources().into_iter().map(|(_, text)| text).collect();
        let mut obstacles: Vec<Obstacle> = CANNOT_RUN.iter().map(|exception| exception.obstacle).collect();
        obstacles.dedup();
        while let Some(obstacle) = obstacles.pop() {
            obstacles.retain(|other| *other != obstacle);
            let exceptions: Vec<_> =
                CANNOT_RUN.iter().filter(|exception| exception.obstacle == obstacle).collect();
            println!("{} tests cannot run on {obstacle}", exceptions.len());
            for Exception { test, reason, .. } in exceptions {
                println!("  {test}: {reason}");
                assert!(sources.contains(&format!("fn {test}(")), "there is no test {test} under tests/");
                assert!(
                    sources.contains(&format!("can_run(\"{test}\")")),
                    "{test} does not ask whether it can run"
                );
            }
        }
    }

    #[test]
    fn each_exception_is_listed_once() {
        for (position, exception) in CANNOT_RUN.iter().enumerate() {
            let again = CANNOT_RUN[..position]
                .iter()
                .any(|earlier| earlier.test == exception.test && earlier.obstacle == exception.obstacle);
            assert!(!again, "{} is listed twice for {}", exception.test, exception.obstacle);
        }
    }

    #[test]
    fn no_test_asks_for_the_engine_but_by_this_list() {
        let sources = sources();
        assert!(sources.len() > 100, "the sources of the tests are not where they were: {}", sources.len());
        for (path, text) in sources {
            let asks =
                ["test_support::engine", " engine()", "Engine::"].iter().any(|name| text.contains(name));
            let is_support = path.starts_with(folder().join("support/src"));
            assert!(is_support || !asks, "{} compares engines itself: use can_run", path.display());
        }
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the tests").to_owned()
    }

    /// The Rust sources under tests/, by path.
    fn sources() -> Vec<(PathBuf, String)> {
        let mut sources = Vec::new();
        read_sources(&folder(), &mut sources);
        sources
    }

    fn read_sources(folder: &Path, sources: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("the folder of the tests can be read") {
            let path = entry.expect("the folder of the tests can be read").path();
            if path.is_dir() {
                read_sources(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source is text");
                sources.push((path, text));
            }
        }
    }
}
