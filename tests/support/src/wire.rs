//! Which path the items of responses take: from their bytes, or through the SDK's maps.

use std::env::{self, VarError};

/// The environment variable that is `on` or `off`: `off` lets the SDK parse every response.
pub const WIRE_VARIABLE: &str = "DYNAMORM_TEST_WIRE";

/// The same client on the path that `DYNAMORM_TEST_WIRE` names: from the bytes, by default.
///
/// # Panics
///
/// If the variable is neither `on` nor `off`.
pub fn on_path(client: dynamorm::Client) -> dynamorm::Client {
    match env::var(WIRE_VARIABLE).as_deref() {
        Ok("on") | Err(VarError::NotPresent) => client,
        Ok("off") => client.without_wire_decoding(),
        Ok(other) => panic!("{WIRE_VARIABLE} is `{other}`: write `on` or `off`"),
        Err(error @ VarError::NotUnicode(_)) => panic!("{WIRE_VARIABLE}: {error}"),
    }
}
