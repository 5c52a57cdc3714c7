//! The one list of the tests that an engine cannot run.

use crate::engine::{Engine, engine};

/// A test that an engine cannot run, because the engine lacks what it tests.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// The name of the test function.
    pub test: &'static str,
    /// The engine that cannot run it.
    pub engine: Engine,
    /// What the engine lacks.
    pub reason: &'static str,
}

/// Every test that an engine cannot run.
pub const CANNOT_RUN: &[Exception] = &[
    Exception {
        test: "an_index_of_several_attributes_is_queried_by_its_whole_partition_key",
        engine: Engine::DynamodbLocal,
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "an_index_of_several_attributes_is_narrowed_from_left_to_right",
        engine: Engine::DynamodbLocal,
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "an_item_that_lacks_a_part_of_an_index_key_is_not_in_the_index",
        engine: Engine::DynamodbLocal,
        reason: "it has no index keys of several attributes",
    },
    Exception {
        test: "an_index_of_plain_attributes_has_the_context_among_them",
        engine: Engine::DynamodbLocal,
        reason: "it has no index keys of several attributes",
    },
    Exception { test: "declared_tags_are_set", engine: Engine::DynamodbLocal, reason: "it has no tags" },
    Exception {
        test: "a_declared_table_class_is_set",
        engine: Engine::DynamodbLocal,
        reason: "it has no table classes",
    },
    Exception {
        test: "a_protected_table_is_not_deleted",
        engine: Engine::DynamodbLocal,
        reason: "it has no deletion protection",
    },
];

/// Whether the engine in use can run the test; prints the reason where it cannot.
///
/// A test that is in [`CANNOT_RUN`] asks before anything else: `if !can_run("its_name") { return; }`.
///
/// # Panics
///
/// If `DYNAMORM_TEST_ENGINE` names no engine.
pub fn can_run(test: &str) -> bool {
    let engine = engine();
    let exception = CANNOT_RUN.iter().find(|exception| exception.test == test && exception.engine == engine);
    if let Some(Exception { reason, .. }) = exception {
        eprintln!("{test} cannot run on {engine}: {reason}");
    }
    exception.is_none()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn exceptions_are_listed() {
        for engine in Engine::ALL {
            let exceptions: Vec<_> =
                CANNOT_RUN.iter().filter(|exception| exception.engine == engine).collect();
            println!("{} tests cannot run on {engine}", exceptions.len());
            for Exception { test, reason, .. } in exceptions {
                println!("  {test}: {reason}");
            }
        }
    }

    #[test]
    fn each_exception_is_listed_once() {
        for (position, exception) in CANNOT_RUN.iter().enumerate() {
            let again = CANNOT_RUN[..position]
                .iter()
                .any(|earlier| earlier.test == exception.test && earlier.engine == exception.engine);
            assert!(!again, "{} is listed twice for {}", exception.test, exception.engine);
        }
    }

    #[test]
    fn each_exception_names_a_test_that_asks() {
        let mut sources = String::new();
        read_sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")), &mut sources);
        for Exception { test, .. } in CANNOT_RUN {
            assert!(sources.contains(&format!("fn {test}(")), "there is no test {test} under tests/");
            assert!(
                sources.contains(&format!("can_run(\"{test}\")")),
                "{test} does not ask whether it can run"
            );
        }
    }

    fn read_sources(folder: &Path, sources: &mut String) {
        for entry in fs::read_dir(folder).expect("the folder of the tests can be read") {
            let path = entry.expect("the folder of the tests can be read").path();
            if path.is_dir() {
                read_sources(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push_str(&fs::read_to_string(&path).expect("a source is text"));
            }
        }
    }
}
