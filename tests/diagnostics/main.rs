//! Every diagnostic as a user sees it.
//!
//! `generator/diagnostics/` has a file for each code, which is its explanation and shows an example. Where one example does not
//! show all that a code is given for, further declarations lie beside it, each with a snapshot of what is found.

mod example;
mod explanations;
mod files;
mod findings;

use dynamorm_generator::{Report, generate_str};

/// What a user sees, whether or not it stops generation.
fn report(text: &str) -> Report {
    match generate_str("models.toml", text) {
        Ok(generated) => generated.warnings().clone(),
        Err(error) => error.report().expect("a report").clone(),
    }
}
