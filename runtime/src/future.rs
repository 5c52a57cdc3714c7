//! Boxed futures, which are cheap to compile for every model.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::error::Result;

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The future of an operation. Nothing is sent before it is awaited.
///
/// It holds a box, so an application's own futures stay small, and the compiler does not examine this crate's futures in every
/// function that awaits an operation. It is a type of its own, because the compiler needs several steps at every `await` to
/// answer its questions about a pinned box.
#[must_use = "nothing is sent until it is awaited"]
pub struct ResponseFuture<'a, T>(BoxFuture<'a, Result<T>>);

impl<'a, T> ResponseFuture<'a, T> {
    pub(crate) fn new(future: impl Future<Output = Result<T>> + Send + 'a) -> Self {
        ResponseFuture(Box::pin(future))
    }
}

impl<T> Future for ResponseFuture<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for ResponseFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}

/// The response of an operation that is not generic over the model, decoded as a `T`.
pub(crate) fn decoded<'a, R, T>(
    raw: BoxFuture<'a, Result<R>>,
    decode: impl FnOnce(R) -> Result<T> + Send + 'a,
) -> ResponseFuture<'a, T>
where
    R: 'a,
    T: 'a,
{
    ResponseFuture::new(Decoded { raw, decode: Some(decode) })
}

/// Written by hand, because it is compiled for every model and operation, and an `async` block costs several times as much.
struct Decoded<'a, R, F> {
    raw: BoxFuture<'a, Result<R>>,
    decode: Option<F>,
}

impl<R, F> Unpin for Decoded<'_, R, F> {}

impl<R, T, F: FnOnce(R) -> Result<T>> Future for Decoded<'_, R, F> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let raw = ready!(self.raw.as_mut().poll(context));
        match (raw, self.decode.take()) {
            (Ok(raw), Some(decode)) => Poll::Ready(decode(raw)),
            (Err(error), _) => Poll::Ready(Err(error)),
            // Reached only if a finished future is polled again.
            (Ok(_), None) => Poll::Pending,
        }
    }
}
