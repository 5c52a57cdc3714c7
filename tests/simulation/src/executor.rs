//! Lets clients and the network go on, one step of one of them at a time.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use dynamorm::Client;

use crate::arguments::Arguments;
use crate::history::{Begun, Entry, OperationId};
use crate::operation::{Call, Operation, Report};
use crate::world::{Event, TaskWaker, World};

/// An operation that a client will carry out.
#[derive(Clone)]
pub struct Planned {
    pub operation: &'static Operation,
    pub arguments: Arguments,
    /// How many microseconds the client waits before it.
    pub after: u64,
    pub dropped: Option<Dropped>,
}

/// When an operation is dropped.
#[derive(Clone, Copy, Debug)]
pub enum Dropped {
    /// In place of its poll of this number, counted from 0.
    AtPoll(usize),
    /// After so many microseconds.
    After(u64),
}

struct Running {
    id: OperationId,
    future: Pin<Box<dyn Future<Output = Report>>>,
    polls: usize,
    dropped: Option<Dropped>,
}

/// The clients of a world.
pub struct Executor {
    world: World,
    db: Client,
    plans: Vec<VecDeque<Planned>>,
    running: Vec<Option<Running>>,
    /// How often each operation was polled.
    pub polls: BTreeMap<OperationId, usize>,
}

impl Executor {
    pub fn new(world: &World, db: &Client) -> Self {
        Executor {
            world: world.clone(),
            db: db.clone(),
            plans: Vec::new(),
            running: Vec::new(),
            polls: BTreeMap::new(),
        }
    }

    /// Adds a client, which begins at once.
    pub fn client(&mut self, plan: impl IntoIterator<Item = Planned>) {
        self.plans.push(plan.into_iter().collect());
        self.running.push(None);
        self.next_of(self.plans.len() - 1);
    }

    /// Goes on until nothing happens any more, and says whether every operation has ended.
    pub fn run(&mut self) -> bool {
        while self.step() {}
        self.running.iter().all(Option::is_none) && self.plans.iter().all(VecDeque::is_empty)
    }

    /// Lets one thing happen, and says whether there was any.
    pub fn step(&mut self) -> bool {
        let ready = self.world.ready().set().len();
        let event = {
            let mut state = self.world.state();
            let choices = ready + usize::from(state.is_due());
            match choices {
                0 => state.next_event(),
                _ => {
                    let choice = state.random.usize(0..choices);
                    if choice < ready {
                        drop(state);
                        self.poll_ready(choice);
                        return true;
                    }
                    state.next_event()
                }
            }
        };
        match event {
            // What was due may have been given up, while tasks are ready.
            None => return ready > 0,
            Some(Event::Begin(client)) => self.begin(client),
            Some(Event::Drop(client, operation)) => {
                if self.running[client].as_ref().is_some_and(|running| running.id == operation) {
                    self.drop_operation(client);
                }
            }
            Some(event) => self.world.happen(event),
        }
        true
    }

    fn next_of(&self, client: usize) {
        if let Some(planned) = self.plans[client].front() {
            self.world.state().schedule(planned.after, Event::Begin(client));
        }
    }

    fn begin(&mut self, client: usize) {
        let Some(Planned { operation, arguments, dropped, .. }) = self.plans[client].pop_front() else {
            return;
        };
        let id = {
            let mut state = self.world.state();
            let id = state.history.operations.len();
            let at = state.log(Entry::Begun(id));
            state.history.operations.push(Begun { operation, client, arguments: arguments.clone(), at });
            if let Some(Dropped::After(delay)) = dropped {
                state.schedule(delay, Event::Drop(client, id));
            }
            id
        };
        let call = Call { db: self.db.clone(), world: self.world.clone(), arguments };
        self.running[client] = Some(Running { id, future: (operation.run)(call), polls: 0, dropped });
        self.world.ready().set().insert(client);
    }

    fn poll_ready(&mut self, choice: usize) {
        let client = {
            let mut ready = self.world.ready().set();
            let Some(client) = ready.iter().nth(choice).copied() else { return };
            ready.remove(&client);
            client
        };
        let Some(running) = &mut self.running[client] else { return };
        if matches!(running.dropped, Some(Dropped::AtPoll(poll)) if poll == running.polls) {
            return self.drop_operation(client);
        }
        running.polls += 1;
        self.polls.insert(running.id, running.polls);
        self.world.state().polled = Some(running.id);
        let waker = Waker::from(Arc::new(TaskWaker { task: client, ready: self.world.ready().clone() }));
        let polled = running.future.as_mut().poll(&mut Context::from_waker(&waker));
        self.world.state().polled = None;
        if let Poll::Ready(report) = polled {
            let operation = running.id;
            self.world.log(Entry::Ended { operation, report });
            self.running[client] = None;
            self.next_of(client);
        }
    }

    fn drop_operation(&mut self, client: usize) {
        if let Some(running) = self.running[client].take() {
            self.world.log(Entry::Dropped(running.id));
            self.next_of(client);
        }
    }
}
