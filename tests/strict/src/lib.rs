//! Generated code in a crate that denies what crates may deny, and that calls the runtime `ddb`. What its declarations document is
//! no code of this crate: `cargo test --doc` and `cargo doc` pass.

#![deny(
    warnings,
    missing_copy_implementations,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    rustdoc::all
)]

/// Models whose documentation is hard to keep from rustdoc, and a table called by a keyword.
pub mod models {
    ddb::include_models!();
}

/// Models that nobody else sees.
mod internal {
    ddb::include_models!("internal");
}

/// Models with sensitive fields.
pub mod sensitive {
    ddb::include_models!("sensitive");
}

/// The models of a library that nobody outside can name.
pub fn is_valid(id: &str) -> bool {
    internal::Session::builder().id(id).build().is_ok()
}

/// Refuses bad passwords, and says which one it was: what no library should do.
///
/// # Errors
/// The password is bad.
pub fn refuse_password(password: &str) -> Result<(), String> {
    if password.contains("bad") { Err(format!("{password} is not good enough")) } else { Ok(()) }
}
