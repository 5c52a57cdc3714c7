//! What callers may pass for a value.

use std::collections::{BTreeMap, BTreeSet};

use crate::kind::Decimal;

/// A value that can be passed for a `T`: a `T`, a reference to one, text for a `String`, or an array of at most 32 elements for a
/// list, a set or a map.
#[diagnostic::on_unimplemented(
    message = "expected a value of type `{T}`, found `{Self}`",
    label = "not a `{T}`"
)]
pub trait Argument<T> {
    /// Converts the value.
    fn into_argument(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> Argument<T> for T {
    #[inline]
    fn into_argument(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> Argument<Option<T>> for T {
    #[inline]
    fn into_argument(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Argument<T> for &T {
    #[inline]
    fn into_argument(self) -> T {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl Argument<String> for &str {
    #[inline]
    fn into_argument(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl Argument<Option<String>> for &str {
    #[inline]
    fn into_argument(self) -> Option<String> {
        Some(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl Argument<Vec<u8>> for &[u8] {
    fn into_argument(self) -> Vec<u8> {
        self.to_vec()
    }
}

#[diagnostic::do_not_recommend]
impl Argument<Decimal> for i64 {
    fn into_argument(self) -> Decimal {
        Decimal::from(self)
    }
}

/// Each length has an implementation of its own. A generic one would leave the element type of `[]` ambiguous.
macro_rules! arrays {
    ($($length:literal)+) => { $(
        #[diagnostic::do_not_recommend]
        impl<T, U: Argument<T>> Argument<Vec<T>> for [U; $length] {
            fn into_argument(self) -> Vec<T> {
                self.into_iter().map(U::into_argument).collect()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Ord, U: Argument<T>> Argument<BTreeSet<T>> for [U; $length] {
            fn into_argument(self) -> BTreeSet<T> {
                self.into_iter().map(U::into_argument).collect()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T, U: Argument<T>> Argument<BTreeMap<String, T>> for [(&str, U); $length] {
            fn into_argument(self) -> BTreeMap<String, T> {
                self.into_iter().map(|(name, value)| (name.to_owned(), value.into_argument())).collect()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T, U: Argument<T>> Argument<Option<Vec<T>>> for [U; $length] {
            fn into_argument(self) -> Option<Vec<T>> {
                Some(self.into_argument())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Ord, U: Argument<T>> Argument<Option<BTreeSet<T>>> for [U; $length] {
            fn into_argument(self) -> Option<BTreeSet<T>> {
                Some(self.into_argument())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T, U: Argument<T>> Argument<Option<BTreeMap<String, T>>> for [(&str, U); $length] {
            fn into_argument(self) -> Option<BTreeMap<String, T>> {
                Some(self.into_argument())
            }
        }
    )+ };
}

arrays! { 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 }

macro_rules! empty_arrays {
    ($([$($generics:tt)*] $element:ty => $collection:ty;)+) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Argument<$collection> for [$element; 0] {
            fn into_argument(self) -> $collection {
                <$collection>::new()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Argument<Option<$collection>> for [$element; 0] {
            fn into_argument(self) -> Option<$collection> {
                Some(<$collection>::new())
            }
        }
    )+ };
}

empty_arrays! {
    [T] T => Vec<T>;
    [T: Ord] T => BTreeSet<T>;
    ['a, T] (&'a str, T) => BTreeMap<String, T>;
}
