//! The machine of a sweep: what its segments share, and how each of them goes on.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as TaskContext, Poll};

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;

use crate::client::Client;
use crate::error::{Context, Error, Result};
use crate::future::BoxFuture;
use crate::item::Item;
use crate::sweep::error::SweepError;
use crate::sweep::event::SweepEvent;
use crate::sweep::keeper::Keeper;
use crate::sweep::rate::UnitRate;
use crate::sweep::report::{SweepReport, Tally};
use crate::sweep::settings::SweepSettings;
use crate::sweep::state::{SegmentPosition, SweepState};
use crate::validation::Violation;

/// A sweep on its way.
pub(crate) struct SweepEngine {
    pub db: Client,
    /// What scans and looks at guards, outside of any scope. What the scope does not admit is passed by.
    pub unheld: Client,
    pub table: String,
    pub sweep: SweepSettings,
    /// Whether nothing is written.
    pub is_dry: bool,
    pub reads: UnitRate,
    pub writes: UnitRate,
    keeper: Option<Keeper>,
    state: Mutex<SweepState>,
    /// What was kept before, where single items are swept.
    kept: Mutex<String>,
    events: Mutex<VecDeque<SweepEvent>>,
    is_stopped: AtomicBool,
}

impl SweepEngine {
    pub fn new(sweep: SweepSettings, is_dry: bool, db: &Client) -> Arc<Self> {
        // It keeps to rates, and reports what it consumed.
        let db = db.with_consumed_capacity();
        let table = sweep.facts().map(|facts| db.table_name(facts.table)).unwrap_or_default();
        let state = SweepState::begun(sweep.digest(&db), db.now(), sweep.segments);
        let keeper = if is_dry { None } else { sweep.keeper(&db) };
        Arc::new(SweepEngine {
            unheld: db.without_scopes(),
            db,
            table,
            reads: UnitRate::new(sweep.read_units),
            writes: UnitRate::new(sweep.write_units),
            sweep,
            is_dry,
            keeper,
            state: Mutex::new(state),
            kept: Mutex::default(),
            events: Mutex::default(),
            is_stopped: AtomicBool::new(false),
        })
    }

    /// Ends the sweep behind the pages that are under way.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    pub fn state<T>(&self, with: impl FnOnce(&mut SweepState) -> T) -> T {
        with(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn tell(&self, event: SweepEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
    }

    /// The next event that nobody has been told.
    pub fn told(&self) -> Option<SweepEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Takes over what became of a page, together with where the segment goes on.
    pub fn dealt_with(&self, segment: u32, tally: Tally, next: SegmentPosition) {
        let failures = tally.failures.clone();
        let is_end = next == SegmentPosition::End;
        let (counts, segments) = self.state(|state| {
            state.add(tally);
            state.go_on(segment, next);
            (state.tally.counts, state.segments())
        });
        failures.into_iter().for_each(|failure| self.tell(SweepEvent::Failed(failure)));
        self.tell(SweepEvent::Progress(counts));
        if is_end {
            self.tell(SweepEvent::SegmentEnded { segment, segments });
        }
    }

    /// Goes slower from now on.
    pub fn throttled(&self, rate: &UnitRate) {
        rate.throttled(&self.db);
        self.state(|state| state.tally.counts.throttled += 1);
        self.tell(SweepEvent::Throttled { reads: self.reads.current(), writes: self.writes.current() });
    }

    fn check(&self) -> Result<()> {
        let found = self.sweep.contradictions(&self.db);
        if found.is_empty() {
            return Ok(());
        }
        let model = self.sweep.facts().map(|facts| facts.model);
        let context = Context { model, table: Some(self.table.clone()), ..Context::default() };
        let violations = found.into_iter().map(|message| Violation::new("", message));
        Err(Error::validation(context, violations.collect()))
    }

    /// What it did so far.
    pub fn report(&self) -> SweepReport {
        self.state(|state| state.report())
    }
}

/// Sweeps, to the end or until it is stopped.
pub(crate) fn run(engine: Arc<SweepEngine>) -> BoxFuture<'static, Result<SweepReport, SweepError>> {
    Box::pin(async move {
        engine.check()?;
        engine.acquire().await?;
        let outcome = sweep(&engine).await;
        // Whoever has the lease now has the checkpoint too.
        if !matches!(outcome, Err(SweepError::LeaseLost)) {
            let released = engine.release().await;
            outcome?;
            released?;
        } else {
            outcome?;
        }
        let report = engine.report();
        engine.tell(SweepEvent::Ended(report.clone()));
        Ok(report)
    })
}

/// Sweeps, and prolongs the lease meanwhile.
async fn sweep(engine: &Arc<SweepEngine>) -> Result<(), SweepError> {
    let work = async {
        match engine.sweep.only.clone() {
            Some(keys) => engine.keys(keys).await,
            None => segments(engine).await,
        }
    };
    match select(pin!(work), pin!(engine.prolong())).await {
        Either::Left((outcome, _)) => outcome?,
        Either::Right((error, _)) => return Err(error),
    }
    let is_at_end = match engine.sweep.only {
        Some(_) => !engine.is_stopped(),
        None => engine.state(|state| state.is_at_end()),
    };
    if is_at_end {
        let now = engine.db.now();
        engine.state(|state| state.ended = Some(now));
    }
    Ok(())
}

async fn segments(engine: &Arc<SweepEngine>) -> Result<(), SweepError> {
    let segments = engine.state(|state| state.segments());
    let mut under_way: FuturesUnordered<_> =
        (0..segments).map(|segment| SweepEngine::segment(engine.clone(), segment)).collect();
    while let Some(ended) = under_way.next().await {
        ended?;
    }
    Ok(())
}

/// The lease, and the checkpoints.
impl SweepEngine {
    /// Takes the lease, and goes on where the last run of this sweep was.
    async fn acquire(&self) -> Result<(), SweepError> {
        let Some(keeper) = &self.keeper else { return Ok(()) };
        let text = keeper.acquire(&self.db).await?.unwrap_or_default();
        let taken_over = self.take_over_state(text);
        if taken_over.is_err() {
            // What is kept stays as it is. The lease runs out by itself where this fails.
            let _ = keeper.release(&self.db).await;
        }
        taken_over
    }

    fn take_over_state(&self, text: String) -> Result<(), SweepError> {
        if self.sweep.only.is_some() {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = text;
            return Ok(());
        }
        if text.is_empty() || self.sweep.is_afresh {
            return Ok(());
        }
        let last = SweepState::read(&text)?;
        self.state(|state| match last.ended {
            Some(_) => Ok(()),
            None if last.digest == state.digest => {
                *state = last;
                Ok(())
            }
            None => Err(SweepError::OtherSweep { began: last.began }),
        })
    }

    /// Keeps how far the sweep has come.
    async fn save(&self, keeper: &Keeper) -> Result<(), SweepError> {
        // What is swept by keys has no place in the table, and leaves that of a run over all of it.
        let text = || match self.sweep.only {
            Some(_) => self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            None => self.state(|state| state.text()),
        };
        keeper.save(&text, &self.db).await?;
        self.tell(SweepEvent::Checkpoint);
        Ok(())
    }

    /// Keeps how far the sweep has come, and gives the lease back.
    async fn release(&self) -> Result<(), SweepError> {
        let Some(keeper) = &self.keeper else { return Ok(()) };
        self.save(keeper).await?;
        keeper.release(&self.db).await
    }

    /// Prolongs the lease again and again, until that fails.
    async fn prolong(&self) -> SweepError {
        let Some(keeper) = &self.keeper else { return pending().await };
        loop {
            keeper.wait(&self.db).await;
            if let Err(error) = self.save(keeper).await {
                return error;
            }
        }
    }

    /// Makes sure, before a write, that nobody else has the lease by now.
    pub async fn confirm(&self) -> Result<(), SweepError> {
        match &self.keeper {
            Some(keeper) if !keeper.is_held(&self.db) => self.save(keeper).await,
            _ => Ok(()),
        }
    }

    async fn save_if_due(&self) -> Result<(), SweepError> {
        match &self.keeper {
            Some(keeper) if keeper.is_due(&self.db) => self.save(keeper).await,
            _ => Ok(()),
        }
    }
}

impl SweepEngine {
    /// Reads a segment page by page, and deals with each.
    fn segment(self: Arc<Self>, segment: u32) -> BoxFuture<'static, Result<(), SweepError>> {
        Box::pin(async move {
            loop {
                let start = match self.state(|state| state.position(segment)) {
                    SegmentPosition::Start => None,
                    SegmentPosition::After(key) => Some(key),
                    SegmentPosition::End => return Ok(()),
                };
                if self.is_stopped() {
                    return Ok(());
                }
                let page = self.page(segment, start).await?;
                let next = page.next.map_or(SegmentPosition::End, SegmentPosition::After);
                let tally = self.deal_with(page.found, page.tally).await?;
                self.dealt_with(segment, tally, next);
                self.save_if_due().await?;
                Yield(false).await;
            }
        })
    }

    /// Reads single items, and deals with them.
    async fn keys(&self, keys: Vec<Item>) -> Result<(), SweepError> {
        for keys in keys.chunks(KEYS_AT_ONCE) {
            if self.is_stopped() {
                return Ok(());
            }
            let (found, tally) = self.read(keys).await?;
            let tally = self.deal_with(found, tally).await?;
            self.dealt_with(0, tally, SegmentPosition::Start);
            Yield(false).await;
        }
        Ok(())
    }
}

/// How many items are read before they are dealt with, where keys are given.
const KEYS_AT_ONCE: usize = 100;

/// Lets others go on once: an engine in this process answers without a pause.
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
