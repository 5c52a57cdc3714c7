//! The values that builders generate for fields that were not given, from the current thread's environment.

use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;
use uuid::Uuid;

use crate::environment::{Environment, current};
use crate::kind::{Instant, Kind};

/// The current instant, truncated to the stored form: for generated code.
#[doc(hidden)]
pub fn now<K: Instant>() -> Timestamp {
    K::floor(current(Environment::now))
}

/// The instant so many seconds from now, truncated to the stored form: for generated code.
#[doc(hidden)]
pub fn expires_in<K: Instant>(seconds: i64) -> Timestamp {
    let now = current(Environment::now);
    K::floor(now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX))
}

/// A random UUID: for generated code.
#[doc(hidden)]
pub fn uuid_v4() -> Uuid {
    current(Environment::uuid_v4)
}

/// A UUID that sorts by its creation time: for generated code.
#[doc(hidden)]
pub fn uuid_v7() -> Uuid {
    current(Environment::uuid_v7)
}

/// A ULID of this moment: for generated code.
#[doc(hidden)]
pub fn ulid() -> Ulid {
    current(Environment::ulid)
}

/// A kind of instants, such as `Timestamp` or `Option<Timestamp>`.
#[diagnostic::on_unimplemented(message = "`{Self}` is no kind of instants", label = "not an instant")]
pub trait FromInstant: Kind {
    /// The value that is this instant.
    #[doc(hidden)]
    fn from_instant(instant: Timestamp) -> Self::Value;
}

#[diagnostic::do_not_recommend]
impl<K: Instant> FromInstant for K {
    fn from_instant(instant: Timestamp) -> Timestamp {
        instant
    }
}

#[diagnostic::do_not_recommend]
impl<K: Instant + Kind<Present = K>> FromInstant for Option<K> {
    fn from_instant(instant: Timestamp) -> Option<Timestamp> {
        Some(instant)
    }
}
