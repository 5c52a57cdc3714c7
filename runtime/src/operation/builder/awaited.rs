//! The compiler's message about an awaited builder or stream, which has sent nothing yet.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::model::Model;
use crate::operation::builder::batch_get::{BatchGet, SelectedBatchGet};
use crate::operation::builder::delete::Delete;
use crate::operation::builder::exactly_once::ExactlyOnce;
use crate::operation::builder::get::{Get, SelectedGet};
use crate::operation::builder::parallel::Parallel;
use crate::operation::builder::put::{Put, PutOrGet};
use crate::operation::builder::query::{Query, Selected};
use crate::operation::builder::read_transaction::ReadTransaction;
use crate::operation::builder::related::{PartnerSlot, SaveRelated};
use crate::operation::builder::revise::Revise;
use crate::operation::builder::save::Save;
use crate::operation::builder::through::Through;
use crate::operation::builder::transaction::Transaction;
use crate::operation::builder::update::Update;
use crate::operation::builder::update_into::UpdateInto;
use crate::operation::builder::upsert::Upsert;
use crate::operation::read::items::Items;
use crate::operation::write::batch::BatchWrite;
use crate::operation::write::prepared::PreparedTransaction;

/// No type implements this. It exists for the compiler's message about it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "nothing is sent yet that could be awaited",
    label = "send it first: `.send(&db).await`"
)]
pub trait Sent<Builder> {}

/// No type implements this. It exists for the compiler's message about it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a stream of items is no single value that could be awaited",
    label = "await all of them, `.all().await`, or one after the other: `while let Some(item) = items.next().await`"
)]
pub trait Gathered<Stream> {}

/// No type implements this. It exists for the compiler's message about it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "nothing is sent yet that could be awaited",
    label = "a parallel scan gives a stream, `.items(&db)`, or a number, `.count(&db).await`"
)]
pub trait Begun<Scan> {}

/// Implements `Future` under a bound that nothing satisfies. Where a value is awaited, the compiler names that bound; `for<'a>`
/// keeps it from checking the bound earlier. Implementing `IntoFuture` would not do, because the compiler would have two
/// implementations to choose from and would mention neither.
macro_rules! not_awaited {
    ($($bound:ident: [$($generics:tt)*] $type:ty;)+) => { $(
        #[doc(hidden)]
        impl<$($generics)*> Future for $type
        where
            for<'a> &'a (): $bound<$type>,
        {
            type Output = Infallible;

            fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Infallible> {
                Poll::Pending
            }
        }
    )+ };
}

not_awaited! {
    Sent: [M] Get<M>;
    Sent: [T] SelectedGet<T>;
    Sent: [M, W] Put<M, W>;
    Sent: [M, W] PutOrGet<M, W>;
    Sent: [M: Model, R] Update<M, R>;
    Sent: ['u, M: Model] UpdateInto<'u, M>;
    Sent: [M: Model, R] Upsert<M, R>;
    Sent: [M, R] Delete<M, R>;
    Sent: ['s, M] Save<'s, M>;
    Sent: ['s, M: Model, S: PartnerSlot] SaveRelated<'s, M, S>;
    Sent: [M, F] Revise<M, F>;
    Sent: [O] ExactlyOnce<O>;
    Sent: [R, S, K] Query<R, S, K>;
    Sent: [T, S] Selected<T, S>;
    Sent: [R, S, M: Model] Through<R, S, M>;
    Sent: [M] BatchGet<M>;
    Sent: [T] SelectedBatchGet<T>;
    Sent: [] BatchWrite;
    Sent: ['t] Transaction<'t>;
    Sent: [] PreparedTransaction;
    Sent: [T] ReadTransaction<T>;
    Gathered: [T] Items<T>;
    Begun: [T] Parallel<T>;
}
