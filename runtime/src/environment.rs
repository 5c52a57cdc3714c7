//! Where time, randomness and ids come from: one place, so that a test can decide all of them.

#[cfg(feature = "testing")]
use std::cell::RefCell;

use std::fmt;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use tokio::time::Instant;
use ulid::Ulid;
use uuid::{Builder, Uuid};

/// What tells an operation the time, and gives it random numbers and ids.
#[derive(Clone)]
pub(crate) struct Environment {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    monotonic: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Random bits from a test. Without it, ids come from bits that nobody can guess.
    random: Option<Arc<dyn Fn() -> u64 + Send + Sync>>,
}

impl Default for Environment {
    /// The machine's environment. Its monotonic time is tokio's, which a test can pause.
    fn default() -> Self {
        Environment { wall: Arc::new(crate::now), monotonic: Arc::new(Instant::now), random: None }
    }
}

impl Environment {
    /// An environment that a test decides.
    #[cfg(feature = "testing")]
    pub fn new(
        wall: impl Fn() -> Timestamp + Send + Sync + 'static,
        monotonic: impl Fn() -> Instant + Send + Sync + 'static,
        random: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        Environment { wall: Arc::new(wall), monotonic: Arc::new(monotonic), random: Some(Arc::new(random)) }
    }

    /// The same environment with another clock.
    pub fn with_wall_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.wall = Arc::new(clock);
        self
    }

    /// The current instant, by the clock on the wall.
    pub fn now(&self) -> Timestamp {
        (self.wall)()
    }

    /// The current moment of a clock that never goes back.
    pub fn moment(&self) -> Instant {
        (self.monotonic)()
    }

    /// A random number from 0 up to, and without, 1.
    pub fn fraction(&self) -> f64 {
        /// A double holds 53 bits.
        const UNIT: f64 = 1.0 / (1_u64 << 53) as f64;
        match &self.random {
            Some(random) => (random() >> 11) as f64 * UNIT,
            None => fastrand::f64(),
        }
    }

    /// A random UUID.
    pub fn uuid_v4(&self) -> Uuid {
        match &self.random {
            Some(random) => Builder::from_random_bytes(bits(random).to_be_bytes()).into_uuid(),
            None => Uuid::new_v4(),
        }
    }

    /// A UUID that sorts by the moment at which it was made.
    pub fn uuid_v7(&self) -> Uuid {
        let Some(random) = &self.random else { return Uuid::now_v7() };
        let mut tail = [0; 10];
        tail.copy_from_slice(&bits(random).to_be_bytes()[..10]);
        Builder::from_unix_timestamp_millis(self.milliseconds(), &tail).into_uuid()
    }

    /// A ULID of this moment.
    pub fn ulid(&self) -> Ulid {
        match &self.random {
            Some(random) => Ulid::from_parts(self.milliseconds(), bits(random)),
            None => Ulid::generate(),
        }
    }

    /// Milliseconds since 1970; 0 before.
    fn milliseconds(&self) -> u64 {
        self.now().as_millisecond().try_into().unwrap_or_default()
    }
}

/// The environment for builders, which know no client: the one that this thread is in, or else the machine's.
pub(crate) fn current<T>(read: impl FnOnce(&Environment) -> T) -> T {
    static MACHINE: LazyLock<Environment> = LazyLock::new(Environment::default);
    #[cfg(feature = "testing")]
    if let Some(entered) = ENTERED.with_borrow(Clone::clone) {
        return read(&entered);
    }
    read(&MACHINE)
}

#[cfg(feature = "testing")]
thread_local! {
    /// The environment that this thread is in.
    static ENTERED: RefCell<Option<Environment>> = const { RefCell::new(None) };
}

/// Makes this thread enter an environment, or none, and returns the previous one.
#[cfg(feature = "testing")]
pub(crate) fn enter(environment: Option<Environment>) -> Option<Environment> {
    ENTERED.replace(environment)
}

fn bits(random: &Arc<dyn Fn() -> u64 + Send + Sync>) -> u128 {
    u128::from(random()) << 64 | u128::from(random())
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}
