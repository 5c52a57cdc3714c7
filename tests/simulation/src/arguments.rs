//! What an operation is about.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

/// What an operation is about. Few keys and few values make clients meet.
#[derive(Clone, Debug)]
pub struct Arguments {
    pub key: &'static str,
    /// Another key.
    pub other: &'static str,
    pub text: String,
    pub number: i64,
    /// How long a client thinks between a read and a write.
    pub pause: Duration,
}

/// The keys of every model.
pub const KEYS: [&str; 2] = ["a", "b"];

impl Arguments {
    /// About the first key.
    pub fn fixed(text: &str) -> Self {
        Arguments { key: "a", other: "b", text: text.to_owned(), number: 3, pause: Duration::from_millis(5) }
    }

    /// About the first key and one value, at any moment.
    pub fn narrow(random: &mut Rng) -> Self {
        Arguments {
            key: KEYS[0],
            other: KEYS[1],
            text: "x".to_owned(),
            number: random.i64(1..3),
            pause: pause(random),
        }
    }

    pub fn random(random: &mut Rng, serial: usize) -> Self {
        let key = random.usize(0..KEYS.len());
        // Equal values of several clients, and values that tell who wrote them.
        let text =
            if random.bool() { ["x", "y"][random.usize(0..2)].to_owned() } else { format!("t{serial}") };
        let number = random.i64(1..4);
        Arguments { key: KEYS[key], other: KEYS[1 - key], text, number, pause: pause(random) }
    }
}

fn pause(random: &mut Rng) -> Duration {
    Duration::from_micros([0, 3_000, 300_000][random.usize(0..3)])
}

impl fmt::Display for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Arguments { key, other, text, number, pause } = self;
        write!(f, "key {key}, other {other}, text {text:?}, number {number}, pause {pause:?}")
    }
}
