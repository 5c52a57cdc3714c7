//! A sweep while it runs.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::error::Result;
use crate::future::BoxFuture;
use crate::sweep::engine::{SweepEngine, run};
use crate::sweep::error::SweepError;
use crate::sweep::event::SweepEvent;
use crate::sweep::report::SweepReport;

/// A sweep while it runs: [`Sweep::run`](super::Sweep::run).
///
/// Await it for its report, or ask it for its [events](Self::next), of which the last has the report. It goes on while it
/// is polled, and dropping it ends it: what was written is written, and another run goes on from its checkpoint.
///
/// ```
/// # use dynamorm::Operations;
/// # use dynamorm::sweep::SweepEvent;
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let mut sweep = Book::sweep().run(&db);
/// while let Some(event) = sweep.next().await {
///     match event.expect("nobody else sweeps") {
///         SweepEvent::Progress(counts) => println!("{} items", counts.items),
///         SweepEvent::Failed(failure) => eprintln!("{failure}"),
///         SweepEvent::Ended(report) => println!("{report}"),
///         _ => {}
///     }
/// }
/// # Ok(()) });
/// ```
#[must_use = "nothing is swept until it is polled"]
pub struct RunningSweep {
    engine: Arc<SweepEngine>,
    run: BoxFuture<'static, Result<SweepReport, SweepError>>,
    has_ended: bool,
}

impl RunningSweep {
    pub(super) fn new(engine: Arc<SweepEngine>) -> Self {
        RunningSweep { run: run(engine.clone()), engine, has_ended: false }
    }

    #[cfg(feature = "progress")]
    pub(super) fn engine(&self) -> &Arc<SweepEngine> {
        &self.engine
    }

    /// The next event; nothing behind the last, which is [`SweepEvent::Ended`] or an error.
    ///
    /// # Errors
    /// The sweep ended before its end.
    #[expect(clippy::should_implement_trait, reason = "it is the `next` of streams, which is awaited")]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<SweepEvent, SweepError>>> + Send {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
    }

    /// What stops it, from wherever that is decided.
    pub fn stop_handle(&self) -> SweepStop {
        SweepStop(self.engine.clone())
    }
}

impl Stream for RunningSweep {
    type Item = Result<SweepEvent, SweepError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = self.engine.told() {
            return Poll::Ready(Some(Ok(event)));
        }
        if self.has_ended {
            return Poll::Ready(None);
        }
        let polled = self.run.as_mut().poll(context);
        if let Poll::Ready(outcome) = polled {
            self.has_ended = true;
            if let Err(error) = outcome {
                return Poll::Ready(Some(Err(error)));
            }
        }
        match self.engine.told() {
            Some(event) => Poll::Ready(Some(Ok(event))),
            None if self.has_ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

impl IntoFuture for RunningSweep {
    type Output = Result<SweepReport, SweepError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(poll_fn(move |context| {
            let polled = self.run.as_mut().poll(context);
            while self.engine.told().is_some() {}
            polled
        }))
    }
}

impl fmt::Debug for RunningSweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningSweep").field("table", &self.engine.table).finish_non_exhaustive()
    }
}

/// Stops a sweep, say where a program is told to end.
#[derive(Clone)]
pub struct SweepStop(Arc<SweepEngine>);

impl SweepStop {
    /// Ends the sweep behind the pages that are under way. It keeps how far it has come, and gives its lease back; its
    /// report has no end.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl fmt::Debug for SweepStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SweepStop")
    }
}
