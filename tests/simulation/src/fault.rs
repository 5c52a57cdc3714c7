//! What becomes of requests on their way.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::history::OperationId;

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is answered.
    None,
    /// It never arrives, and the connection breaks.
    RequestLost,
    /// It is carried out, and then the connection breaks.
    ResponseLost,
    /// The connection breaks at once, and the request arrives later, maybe after a retry of it.
    Late,
    /// The connection breaks at once, and the request arrives twice.
    Duplicate,
    /// No connection is made.
    Unconnected,
    /// The service refuses it for its rate.
    Throttled,
    /// The service fails before it is carried out.
    Failed,
    /// The service fails after it was carried out.
    FailedAfterwards,
    /// A transaction is at work on the item.
    Conflict,
    /// The service refuses an update as invalid, since another client has changed the item: it would be too large, or a path
    /// leads nowhere.
    Refused,
    /// A batch is carried out in part; the service says which.
    Partly,
    /// It is carried out, and half of the answer arrives.
    Cut,
    /// It never arrives, and no answer ever comes.
    Silence,
    /// It is carried out, and no answer ever comes.
    SilenceAfterwards,
    /// It waits until the exploration lets it go on.
    Held,
    /// As `Held`, and then the connection breaks.
    HeldAndLost,
}

impl Fault {
    /// Every fault that a request can meet, apart from waiting.
    pub const ALL: [Fault; 14] = [
        Fault::RequestLost,
        Fault::ResponseLost,
        Fault::Late,
        Fault::Duplicate,
        Fault::Unconnected,
        Fault::Throttled,
        Fault::Failed,
        Fault::FailedAfterwards,
        Fault::Conflict,
        Fault::Refused,
        Fault::Partly,
        Fault::Cut,
        Fault::Silence,
        Fault::SilenceAfterwards,
    ];

    /// Whether the client has no definite answer then.
    pub fn is_unanswered(self) -> bool {
        !matches!(
            self,
            Fault::None
                | Fault::Unconnected
                | Fault::Throttled
                | Fault::Conflict
                | Fault::Refused
                | Fault::Partly
                | Fault::Held
        )
    }
}

/// How the network treats requests.
#[derive(Clone, Debug)]
pub enum Weather {
    /// By chance.
    Random(Rates),
    /// Each request of an operation as the script says by its number; all others are answered.
    Scripted(BTreeMap<(OperationId, usize), Fault>),
}

/// How likely faults are, and how long requests take.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Of a thousand requests.
    pub faulty: u32,
    /// The faults that occur.
    pub faults: Vec<Fault>,
    /// The most microseconds that a request or a response takes.
    pub longest: u64,
    /// The most microseconds after which a late request arrives.
    pub latest: u64,
    /// Of a thousand operations, those that are dropped.
    pub dropped: u32,
}

impl Rates {
    /// Those of one world: some are calm, some stormy, and some have one kind of fault alone.
    pub fn random(random: &mut Rng) -> Self {
        let faulty = [0, 50, 150, 300, 500][random.usize(0..5)];
        let mut faults = Fault::ALL.to_vec();
        if random.u8(0..3) > 0 {
            random.shuffle(&mut faults);
            faults.truncate(random.usize(1..5));
        }
        // What takes seconds to be noticed is rarer.
        if random.bool() {
            faults.retain(|fault| !matches!(fault, Fault::Silence | Fault::SilenceAfterwards));
        }
        let longest = [500, 20_000, 2_000_000][random.usize(0..3)];
        let latest = [5_000, 200_000, 5_000_000][random.usize(0..3)];
        let dropped = [0, 0, 50, 200][random.usize(0..4)];
        Rates { faulty: if faults.is_empty() { 0 } else { faulty }, faults, longest, latest, dropped }
    }

    pub fn choose(&self, random: &mut Rng) -> Fault {
        if random.u32(0..1000) < self.faulty {
            self.faults[random.usize(0..self.faults.len())]
        } else {
            Fault::None
        }
    }
}
