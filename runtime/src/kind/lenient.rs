//! Reading the forms that ordinary reads refuse.

use std::cell::Cell;

thread_local! {
    /// Whether this thread reads every form of a value that is compared as it is stored.
    static LENIENT: Cell<bool> = const { Cell::new(false) };
}

/// Lets `read` take every form of a value that is compared as it is stored, and not only the one that writes use: for what
/// brings stored items into that form.
pub(crate) fn leniently<T>(read: impl FnOnce() -> T) -> T {
    struct Restored(bool);
    impl Drop for Restored {
        fn drop(&mut self) {
            LENIENT.set(self.0);
        }
    }
    let _restored = Restored(LENIENT.replace(true));
    read()
}

/// Whether this thread is within [`leniently`].
pub(super) fn is_lenient() -> bool {
    LENIENT.get()
}
