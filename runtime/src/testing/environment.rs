//! Time, randomness and ids that a test decides.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::client::Client;
use crate::environment;
use crate::kind::Instant as Stored;

/// Where time, randomness and ids of clients and builders come from. Clones are the same environment.
///
/// [`Client::with_environment`] gives one to a client. Builders know no client, so they use the environment that the current
/// thread has [entered](Self::enter), or that their future [runs in](Self::scope). Hooks and the application's own code may ask
/// it for the time, too.
///
/// ```
/// use std::time::Duration;
/// use dynamorm::testing::Environment;
///
/// let environment = Environment::seeded(7);
/// assert_eq!(environment.now(), Environment::START);
/// environment.advance(Duration::from_secs(60));
/// assert_eq!(environment.now().to_string(), "2024-01-01T00:01:00Z");
/// ```
///
/// # What it decides
///
/// * **The wall clock**: stored moments, expiry, and the time in UUIDs and ULIDs.
/// * **The monotonic clock**: deadlines, and how long the token of a transaction is valid. It never goes back.
/// * **Randomness**: ids, the tokens of transactions, ids of writes, and the jitter of the library's own pauses.
///
/// It does not decide sleeping: the SDK client sleeps by tokio's clock, unless it is configured otherwise. So the monotonic clock
/// of [`seeded`](Self::seeded) is tokio's as well. `#[tokio::test(start_paused = true)]` pauses that clock: then deadlines and
/// sleeps agree, and no test waits. See [`with_own_monotonic_clock`](Self::with_own_monotonic_clock) for the other choice.
///
/// Nor does it decide the SDK's own time in signatures, and the jitter of its pauses. And `dynamorm::now()` stays the machine's.
///
/// # Seeds
///
/// Two environments with one seed give the same ids and tokens. Clients of one database should share one environment, because
/// DynamoDB does not carry out a transaction whose token it has seen.
///
/// UUIDs (version 7) and ULIDs that are made within one millisecond of the wall clock sort in no particular order. If the order
/// counts, advance the clock between them.
#[derive(Clone)]
pub struct Environment {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    monotonic: Arc<dyn Fn() -> Instant + Send + Sync>,
    random: Arc<dyn Fn() -> u64 + Send + Sync>,
    moved: Arc<Mutex<Moved>>,
}

/// How far the clocks were moved.
#[derive(Default)]
struct Moved {
    wall: SignedDuration,
    monotonic: Duration,
    /// The last moment of the monotonic clock.
    last: Option<Instant>,
}

impl Environment {
    /// The moment at which the wall clock of a seeded environment starts: 2024-01-01T00:00:00Z.
    pub const START: Timestamp = Timestamp::constant(1_704_067_200, 0);

    /// An environment whose ids, tokens and jitter this seed decides. Its wall clock starts at [`START`](Self::START), and moves
    /// only by [`advance`](Self::advance) and [`set`](Self::set). Its monotonic clock is tokio's, and also moves by `advance`.
    ///
    /// The numbers are the same on every machine, but not in every version of this crate.
    pub fn seeded(seed: u64) -> Self {
        let rng = Mutex::new(Rng::with_seed(seed));
        let random = move || rng.lock().unwrap_or_else(PoisonError::into_inner).u64(..);
        Self::with(|| Self::START, Instant::now, random)
    }

    /// An environment for simulations: a wall clock, a monotonic clock, and random bits. Both clocks may run by themselves;
    /// `advance` and `set` move them further.
    pub fn with(
        wall: impl Fn() -> Timestamp + Send + Sync + 'static,
        monotonic: impl Fn() -> Instant + Send + Sync + 'static,
        random: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        Environment {
            wall: Arc::new(wall),
            monotonic: Arc::new(monotonic),
            random: Arc::new(random),
            moved: Arc::default(),
        }
    }

    /// The same environment with a monotonic clock that moves only by [`advance`](Self::advance).
    ///
    /// Deadlines use that clock, but sleeps do not. A wait for an answer still ends by tokio's clock, after the time that was
    /// left when it began. The library repeats what it repeats until `advance` has used up its deadline.
    #[must_use]
    pub fn with_own_monotonic_clock(self) -> Self {
        let start = (self.monotonic)();
        Environment { monotonic: Arc::new(move || start), ..self }
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: Duration) {
        let mut moved = self.moved();
        moved.wall = moved.wall.saturating_add(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX));
        moved.monotonic = moved.monotonic.saturating_add(by);
    }

    /// Sets the wall clock, forward or back. The monotonic clock stays as it is.
    pub fn set(&self, now: Timestamp) {
        let by = now.duration_since((self.wall)());
        self.moved().wall = by;
    }

    /// The current instant, by the wall clock, in microseconds. Finer instants are not stored.
    pub fn now(&self) -> Timestamp {
        let moved = self.moved().wall;
        let limit = if moved.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        <Timestamp as Stored>::floor((self.wall)().checked_add(moved).unwrap_or(limit))
    }

    /// The current moment, by the monotonic clock.
    fn moment(&self) -> Instant {
        let told = (self.monotonic)();
        let mut moved = self.moved();
        let moment = told.checked_add(moved.monotonic).unwrap_or(told);
        let moment = moved.last.map_or(moment, |last| last.max(moment));
        moved.last = Some(moment);
        moment
    }

    /// Makes builders on this thread use this environment, until the returned value is dropped.
    ///
    /// A future that awaits meanwhile may continue on another thread, or let others run on this one. Use [`scope`](Self::scope)
    /// for futures.
    pub fn enter(&self) -> Entered {
        Entered { before: environment::enter(Some(self.inner())), _not_send: PhantomData }
    }

    /// Makes builders use this environment wherever `future` is polled. Tasks that it spawns do not.
    ///
    /// ```
    /// # use dynamorm::testing::Environment;
    /// # async fn example() {
    /// let environment = Environment::seeded(7);
    /// environment.scope(async { /* builds values */ }).await;
    /// # }
    /// ```
    pub fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let environment = self.clone();
        async move {
            let mut future = pin!(future);
            poll_fn(move |context| {
                let _entered = environment.enter();
                future.as_mut().poll(context)
            })
            .await
        }
    }

    fn moved(&self) -> MutexGuard<'_, Moved> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inner(&self) -> environment::Environment {
        let (wall, monotonic, random) = (self.clone(), self.clone(), Arc::clone(&self.random));
        environment::Environment::new(move || wall.now(), move || monotonic.moment(), move || random())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("now", &self.now()).finish_non_exhaustive()
    }
}

/// An environment that this thread is in, until it is dropped.
#[must_use = "the environment is left when this is dropped"]
pub struct Entered {
    before: Option<environment::Environment>,
    /// It must stay on its thread.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        environment::enter(self.before.take());
    }
}

impl fmt::Debug for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entered")
    }
}

impl Client {
    /// The same client, with time, randomness and ids from `environment`. A later [clock](Client::with_clock) replaces the wall
    /// clock for this client.
    ///
    /// Builders use the environment that is [entered](Environment::enter).
    #[must_use]
    pub fn with_environment(self, environment: &Environment) -> Client {
        self.with(|settings| settings.environment = environment.inner())
    }
}
