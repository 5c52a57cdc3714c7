//! How many capacity units a sweep consumes in a second.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::client::Client;

/// What throttling does not go below, in units per second.
const LEAST: f64 = 1.0;
/// By what part the rate is left where a request was throttled.
const AFTER_THROTTLING: f64 = 0.5;
/// How much the rate grows in a second in which nothing was throttled.
const GROWTH: f64 = 0.1;
/// Several requests under way are throttled for one reason.
const ONE_REASON: Duration = Duration::from_secs(1);

/// How many items are read first, of which nobody knows the size.
const FIRST_ITEMS: f64 = 100.0;
/// More items than this are no page of DynamoDB's.
const MOST_ITEMS: f64 = 100_000.0;

/// The rate of one kind of units, shared by all segments.
#[derive(Debug)]
pub(crate) struct UnitRate(Mutex<Bucket>);

#[derive(Debug)]
struct Bucket {
    /// What the caller allows; nothing where it is up to DynamoDB.
    allowed: Option<f64>,
    /// What is allowed at present; nothing where everything is.
    current: Option<f64>,
    /// What may be consumed at once; what was consumed ahead, below zero.
    balance: f64,
    refilled: Option<Instant>,
    throttled: Option<Instant>,
    /// What a request consumed lately, on average.
    usual: f64,
    /// How many items a unit was enough for lately, on average.
    items_per_unit: Option<f64>,
    began: Option<Instant>,
    consumed: f64,
}

impl UnitRate {
    /// So many units per second at most.
    pub fn new(allowed: Option<f64>) -> Self {
        UnitRate(Mutex::new(Bucket {
            allowed,
            current: allowed,
            balance: 0.0,
            refilled: None,
            throttled: None,
            usual: 1.0,
            items_per_unit: None,
            began: None,
            consumed: 0.0,
        }))
    }

    /// Waits until another request may be sent, and returns what was taken for it.
    pub async fn take(&self, db: &Client) -> f64 {
        loop {
            match self.bucket(|bucket| bucket.take(db.environment().moment())) {
                Ok(taken) => return taken,
                Err(pause) => db.sleep(pause).await,
            }
        }
    }

    /// Notes what a request consumed for which so much was taken.
    pub fn consumed(&self, taken: f64, units: f64) {
        self.bucket(|bucket| {
            bucket.balance -= units - taken;
            bucket.consumed += units;
            bucket.usual = 0.8 * bucket.usual + 0.2 * units;
        });
    }

    /// Notes for how many items a request consumed its units.
    pub fn saw(&self, items: u64, units: f64) {
        if items > 0 && units > 0.0 {
            let per_unit = items as f64 / units;
            self.bucket(|bucket| {
                let usual = bucket.items_per_unit.unwrap_or(per_unit);
                bucket.items_per_unit = Some(0.8 * usual + 0.2 * per_unit);
            });
        }
    }

    /// How many items a request may read to consume what a second allows, about; nothing where everything is allowed.
    pub fn items_at_once(&self) -> Option<u32> {
        self.bucket(|bucket| {
            let current = bucket.current?;
            let items = bucket.items_per_unit.map_or(FIRST_ITEMS, |per_unit| current * per_unit);
            Some(items.clamp(1.0, MOST_ITEMS) as u32)
        })
    }

    /// Goes slower, since a request was throttled.
    pub fn throttled(&self, db: &Client) {
        let now = db.environment().moment();
        self.bucket(|bucket| bucket.slow_down(now));
    }

    /// The units per second that are allowed at present; nothing where everything is.
    pub fn current(&self) -> Option<f64> {
        self.bucket(|bucket| bucket.current)
    }

    fn bucket<T>(&self, change: impl FnOnce(&mut Bucket) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Bucket {
    fn take(&mut self, now: Instant) -> Result<f64, Duration> {
        self.began.get_or_insert(now);
        let passed = now.saturating_duration_since(self.refilled.replace(now).unwrap_or(now)).as_secs_f64();
        let Some(current) = self.current else { return Ok(0.0) };
        self.balance = (self.balance + passed * current).min(current.max(LEAST));
        self.grow(current, passed, now);
        if self.balance >= 0.0 {
            self.balance -= self.usual;
            return Ok(self.usual);
        }
        Err(Duration::from_secs_f64((-self.balance / current).clamp(0.001, 60.0)))
    }

    fn grow(&mut self, current: f64, passed: f64, now: Instant) {
        let Some(throttled) = self.throttled else { return };
        if now.saturating_duration_since(throttled) < ONE_REASON {
            return;
        }
        let grown = current * (1.0 + GROWTH * passed.min(1.0));
        self.current = Some(self.allowed.map_or(grown, |allowed| grown.min(allowed)));
    }

    fn slow_down(&mut self, now: Instant) {
        if self.throttled.is_some_and(|last| now.saturating_duration_since(last) < ONE_REASON) {
            return;
        }
        self.throttled = Some(now);
        let span = now.saturating_duration_since(self.began.unwrap_or(now)).as_secs_f64().max(1.0);
        let so_far = self.current.unwrap_or(self.consumed / span);
        let least = self.allowed.unwrap_or(LEAST).min(LEAST);
        self.current = Some((so_far * AFTER_THROTTLING).max(least));
        self.refilled = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(allowed: Option<f64>) -> Bucket {
        UnitRate::new(allowed).0.into_inner().unwrap()
    }

    #[test]
    fn over_time_no_more_is_taken_than_is_allowed() {
        let mut bucket = bucket(Some(10.0));
        let start = Instant::now();
        let (mut now, mut consumed) = (start, 0.0);
        while now < start + Duration::from_secs(60) {
            match bucket.take(now) {
                Ok(taken) => {
                    bucket.balance -= 7.0 - taken;
                    consumed += 7.0;
                }
                Err(pause) => now += pause,
            }
        }
        assert!((593.0..=618.0).contains(&consumed), "{consumed}");
    }

    #[test]
    fn throttling_halves_the_rate_once_and_quiet_restores_it() {
        let mut bucket = bucket(Some(100.0));
        let start = Instant::now();
        let _ = bucket.take(start);
        bucket.slow_down(start);
        bucket.slow_down(start + Duration::from_millis(10));
        assert_eq!(bucket.current, Some(50.0));
        let mut now = start;
        for _ in 0..30 {
            now += Duration::from_secs(1);
            let _ = bucket.take(now);
        }
        assert_eq!(bucket.current, Some(100.0));
    }

    #[test]
    fn what_is_not_limited_is_limited_once_it_is_throttled() {
        let mut bucket = bucket(None);
        let start = Instant::now();
        assert_eq!(bucket.take(start), Ok(0.0));
        bucket.consumed = 400.0;
        bucket.slow_down(start + Duration::from_secs(2));
        assert_eq!(bucket.current, Some(100.0));
    }
}
