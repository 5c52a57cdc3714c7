//! What may be given where a value is wanted.

use std::collections::{BTreeMap, BTreeSet};

use crate::kind::Decimal;

/// A value that can be given where a `T` is wanted: a `T`, a reference to one, text for a `String`.
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

#[diagnostic::do_not_recommend]
impl<T, U: Argument<T>, const N: usize> Argument<Vec<T>> for [U; N] {
    fn into_argument(self) -> Vec<T> {
        self.into_iter().map(U::into_argument).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Ord, U: Argument<T>, const N: usize> Argument<BTreeSet<T>> for [U; N] {
    fn into_argument(self) -> BTreeSet<T> {
        self.into_iter().map(U::into_argument).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<T, U: Argument<T>, const N: usize> Argument<BTreeMap<String, T>> for [(&str, U); N] {
    fn into_argument(self) -> BTreeMap<String, T> {
        self.into_iter().map(|(name, value)| (name.to_owned(), value.into_argument())).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<T, U: Argument<T>, const N: usize> Argument<Option<Vec<T>>> for [U; N] {
    fn into_argument(self) -> Option<Vec<T>> {
        Some(self.into_argument())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Ord, U: Argument<T>, const N: usize> Argument<Option<BTreeSet<T>>> for [U; N] {
    fn into_argument(self) -> Option<BTreeSet<T>> {
        Some(self.into_argument())
    }
}
