//! What a batch takes: it has no conditions and is no transaction, so that neither a version nor a guard could be kept.
//!
//! What it does not take does not compile. The compiler's words list other models, so that they are no expectation.

use std::marker::PhantomData;

use dynamorm::{BatchDelete, BatchPut};

use crate::models::{Account, Counter, Member, Note};

/// What every type answers that does not implement the trait.
trait Otherwise {
    const IS_SO: bool = false;
}

impl<T> Otherwise for T {}

/// Whether a type implements a trait: the constant of the type itself, if it has one, comes before that of the trait.
macro_rules! implements {
    ($type:ty: $trait:ident) => {{
        struct Asked<T>(PhantomData<T>);
        #[allow(dead_code)]
        impl<T: $trait> Asked<T> {
            const IS_SO: bool = true;
        }
        Asked::<$type>::IS_SO
    }};
}

#[test]
fn a_batch_puts_what_has_neither_a_version_nor_unique_fields() {
    let puts = [
        implements!(Note: BatchPut),
        implements!(Counter: BatchPut),
        implements!(Member: BatchPut),
        implements!(Account: BatchPut),
    ];
    assert_eq!(puts, [true, false, false, false]);
}

#[test]
fn a_batch_deletes_what_has_no_unique_fields() {
    let deletes = [
        implements!(Note: BatchDelete),
        implements!(Counter: BatchDelete),
        implements!(Member: BatchDelete),
        implements!(Account: BatchDelete),
    ];
    assert_eq!(deletes, [true, true, false, false]);
}
