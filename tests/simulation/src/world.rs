//! A world: an engine, a network, a clock, and what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::config::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::rt::sleep::Sleep;
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use dynamorm::testing::Environment;
use dynamorm::{Client, Timestamp};
use fastrand::Rng;
use serde_json::Value;
use tokio::time::Instant;

use crate::fault::{Fault, Weather};
use crate::history::{Entry, History, OperationId, Order};
use crate::item::ItemKey;
use crate::models;
use crate::network::{Delivery, Network, Reply, Slot, Storage};

/// How often the SDK sends a request at the most.
pub const ATTEMPTS: u32 = 3;
/// How long a request may take at the most.
const DEADLINE: Duration = Duration::from_secs(20);
/// When every world begins: 2026-01-01.
const BEGINNING: u64 = 1_767_225_600;

/// One world.
#[derive(Clone)]
pub struct World(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    ready: Arc<Ready>,
}

/// Everything that changes in a world.
pub struct State {
    /// Microseconds since the beginning.
    pub now: u64,
    pub random: Rng,
    pub weather: Weather,
    pub history: History,
    /// While it is so, requests are carried out at once.
    pub is_calm: bool,
    /// The operation that is polled.
    pub polled: Option<OperationId>,
    /// How many requests each operation has sent.
    pub sent: BTreeMap<OperationId, usize>,
    /// Every item as it is stored.
    pub items: BTreeMap<ItemKey, Value>,
    /// The tokens of transactions that were carried out.
    pub tokens: BTreeSet<String>,
    pub engine: Storage,
    /// Requests that wait until they are let go on.
    pub held: Vec<Delivery>,
    queue: BTreeMap<(u64, u64), Event>,
    scheduled: u64,
}

/// What happens at an instant.
pub enum Event {
    Wake(Arc<Mutex<Timer>>),
    Deliver(Delivery),
    Answer(Slot, Reply),
    /// A client begins its next operation.
    Begin(usize),
    /// A client drops its operation, if it is still this one.
    Drop(usize, OperationId),
}

/// A sleeper.
#[derive(Default)]
pub struct Timer {
    is_over: bool,
    waker: Option<Waker>,
}

/// The tasks that can go on.
#[derive(Default)]
pub struct Ready(Mutex<BTreeSet<usize>>);

impl Ready {
    pub fn set(&self) -> MutexGuard<'_, BTreeSet<usize>> {
        locked(&self.0)
    }
}

/// What wakes one task.
pub struct TaskWaker {
    pub task: usize,
    pub ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.ready.set().insert(self.task);
    }
}

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// A world with empty tables, and the client of all its clients.
    pub fn new(seed: u64, weather: Weather) -> (Self, Client) {
        // The SDK and the library take their chances from this thread's generator.
        fastrand::seed(seed);
        let embedded = Client::embedded().expect("the embedded engine starts");
        let state = State {
            now: 0,
            random: Rng::with_seed(seed),
            weather,
            history: History::default(),
            is_calm: true,
            polled: None,
            sent: BTreeMap::new(),
            items: BTreeMap::new(),
            tokens: BTreeSet::new(),
            engine: Storage::new(&embedded),
            held: Vec::new(),
            queue: BTreeMap::new(),
            scheduled: 0,
        };
        let world = World(Arc::new(Shared { state: Mutex::new(state), ready: Arc::default() }));
        let client = client(&world, &embedded, seed);
        world.finish(client.create_tables(models::TABLES)).expect("the tables are created");
        (world, client)
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.0.state)
    }

    pub fn ready(&self) -> &Arc<Ready> {
        &self.0.ready
    }

    /// Waits in this world's time.
    pub fn pause(&self, duration: Duration) -> VirtualSleep {
        let timer = Arc::<Mutex<Timer>>::default();
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX / 2);
        self.state().schedule(micros, Event::Wake(timer.clone()));
        VirtualSleep(timer)
    }

    /// Carries a future out with nothing beside it.
    pub fn finish<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            let event = self.state().next_event().expect("what is waited for will happen");
            self.happen(event);
        }
    }

    /// Lets something happen that is no client's own.
    ///
    /// # Panics
    /// It is one.
    pub fn happen(&self, event: Event) {
        match event {
            Event::Wake(timer) => wake(&timer),
            Event::Deliver(delivery) => crate::network::deliver(self, delivery),
            Event::Answer(slot, reply) => crate::network::answer(self, &slot, reply),
            Event::Begin(_) | Event::Drop(..) => panic!("there are no clients yet"),
        }
    }

    /// Lets the waiting requests go on.
    pub fn release(&self) {
        let mut state = self.state();
        for delivery in std::mem::take(&mut state.held) {
            state.schedule(0, Event::Deliver(delivery));
        }
    }

    pub fn log(&self, entry: Entry) -> Order {
        self.state().log(entry)
    }

    /// Gives up everything but the history: the engine and what is under way hold on to the world themselves.
    pub fn end(&self) {
        let (engine, queue, held) = {
            let mut state = self.state();
            (state.engine.take(), std::mem::take(&mut state.queue), std::mem::take(&mut state.held))
        };
        drop((engine, queue, held));
    }
}

fn wake(timer: &Mutex<Timer>) {
    let mut timer = locked(timer);
    timer.is_over = true;
    if let Some(waker) = timer.waker.take() {
        waker.wake();
    }
}

impl State {
    /// Lets something happen in so many microseconds.
    pub fn schedule(&mut self, delay: u64, event: Event) {
        self.scheduled += 1;
        self.queue.insert((self.now.saturating_add(delay), self.scheduled), event);
    }

    /// Whether something happens without that time passes.
    pub fn is_due(&self) -> bool {
        self.queue.first_key_value().is_some_and(|((at, _), _)| *at <= self.now)
    }

    /// What happens next. Nobody waits for what sleepers have given up.
    pub fn next_event(&mut self) -> Option<Event> {
        loop {
            let ((at, _), event) = self.queue.pop_first()?;
            if let Event::Wake(timer) = &event
                && Arc::strong_count(timer) == 1
            {
                continue;
            }
            self.now = self.now.max(at);
            return Some(event);
        }
    }

    pub fn log(&mut self, entry: Entry) -> Order {
        self.history.entries.push((self.now, entry));
        self.history.entries.len() - 1
    }

    /// What becomes of the next request of an operation.
    pub fn fate(&mut self, operation: Option<OperationId>) -> Fault {
        let Some(operation) = operation else { return Fault::None };
        let number = self.sent.entry(operation).or_default();
        let this = *number;
        *number += 1;
        let fault = match &self.weather {
            Weather::Random(rates) => rates.choose(&mut self.random),
            Weather::Scripted(script) => script.get(&(operation, this)).copied().unwrap_or(Fault::None),
        };
        self.history.faults += usize::from(fault != Fault::None);
        fault
    }
}

/// The client of a world's clients.
///
/// This is where everything that the library takes from its surroundings is put into its place: both clocks, sleep, jitter and
/// ids.
fn client(world: &World, embedded: &Client, seed: u64) -> Client {
    // The buckets of retries would be shared by all worlds of the process otherwise.
    let bucket =
        RetryPartition::custom(format!("world {seed}")).token_bucket(TokenBucket::unlimited()).build();
    let config = embedded
        .sdk()
        .config()
        .to_builder()
        .http_client(Network::new(world, embedded))
        .sleep_impl(SharedAsyncSleep::new(Sleeper(world.clone())))
        .time_source(SharedTimeSource::new(Clock(world.clone())))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .retry_partition(bucket)
        .build();
    Client::new(aws_sdk_dynamodb::Client::from_conf(config))
        .with_deadline(DEADLINE)
        .without_consumed_capacity()
        .with_environment(&environment(world, seed))
}

/// A world's time, and the random numbers of its seed.
fn environment(world: &World, seed: u64) -> Environment {
    let wall = Clock(world.clone());
    let (monotonic, start) = (world.clone(), Instant::now());
    // The library's ids are no part of what the world decides, so that a change of theirs does not make other worlds.
    let random = Mutex::new(Rng::with_seed(!seed));
    Environment::with(
        move || Timestamp::try_from(wall.now()).expect("the world does not last for so long"),
        move || start + Duration::from_micros(monotonic.state().now),
        move || locked(&random).u64(..),
    )
}

#[derive(Clone)]
struct Sleeper(World);

impl fmt::Debug for Sleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}

impl AsyncSleep for Sleeper {
    fn sleep(&self, duration: Duration) -> Sleep {
        Sleep::new(self.0.pause(duration))
    }
}

/// A sleep in a world's time.
pub struct VirtualSleep(Arc<Mutex<Timer>>);

impl Future for VirtualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut timer = locked(&self.0);
        if timer.is_over {
            return Poll::Ready(());
        }
        timer.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

#[derive(Clone)]
struct Clock(World);

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(BEGINNING) + Duration::from_micros(self.0.state().now)
    }
}
