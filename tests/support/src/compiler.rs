//! Which compiler the tests are built with.

use std::env;
use std::process::Command;

/// The minor version of the compiler in use, such as `1.95`.
///
/// # Panics
///
/// If the compiler does not say its version.
pub fn compiler() -> String {
    let command = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(command).arg("--version").output().expect("the compiler runs");
    let text = String::from_utf8(output.stdout).expect("a version is text");
    minor(&text).unwrap_or_else(|| panic!("the compiler does not say its version: {text}")).to_owned()
}

/// `1.95` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn minor(text: &str) -> Option<&str> {
    let version = text.strip_prefix("rustc ")?.split_whitespace().next()?;
    version.rsplit_once('.').map(|(minor, _)| minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minor_version_is_read_from_what_the_compiler_says() {
        assert_eq!(minor("rustc 1.95.0 (59807616e 2026-04-14)\n"), Some("1.95"));
        assert_eq!(minor("gcc 14"), None);
    }

    #[test]
    fn the_compiler_in_use_says_its_version() {
        assert!(compiler().starts_with("1."), "{}", compiler());
    }
}
