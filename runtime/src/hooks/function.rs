//! The functions that run before and after writes.

use std::future::Future;
use std::pin::Pin;

/// The result of a hook before a write. An error refuses the write, and becomes the source of [the write's
/// error](crate::Error::is_refused).
pub type HookResult = Result<(), Box<dyn std::error::Error + Send + Sync + 'static>>;

/// What an asynchronous hook returns: `Box::pin(async move { … })`.
pub type HookFuture<'a, T = HookResult> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A hook that may change what it sees, and refuse it.
pub(crate) enum BeforeValue<T> {
    Sync(Box<dyn Fn(&mut T) -> HookResult + Send + Sync>),
    Async(Box<dyn for<'a> Fn(&'a mut T) -> HookFuture<'a> + Send + Sync>),
}

/// A hook that may refuse what it sees.
pub(crate) enum Before<T> {
    Sync(Box<dyn Fn(&T) -> HookResult + Send + Sync>),
    Async(Box<dyn for<'a> Fn(&'a T) -> HookFuture<'a> + Send + Sync>),
}

/// A hook that sees the completed write.
pub(crate) enum After<T> {
    Sync(Box<dyn Fn(&T) + Send + Sync>),
    Async(Box<AfterAsync<T>>),
}

type AfterAsync<T> = dyn for<'a> Fn(&'a T) -> HookFuture<'a, ()> + Send + Sync;
