//! A clock that stands still, and jumps where somebody would wait.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use magfin_clients::keys::Time;

#[derive(Debug)]
pub struct Clock {
    now: Mutex<Timestamp>,
    waits: Mutex<Vec<Duration>>,
}

impl Clock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { now: Mutex::new("2026-11-24T12:00:00Z".parse().unwrap()), waits: Mutex::default() })
    }

    pub fn advance(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    /// What was waited since this was asked last.
    pub fn waits(&self) -> Vec<Duration> {
        std::mem::take(&mut self.waits.lock().unwrap())
    }

    /// Fails unless so many waits were of the lengths that nobody asked for.
    pub fn waited_by_itself(&self, times: usize) {
        let waits = self.waits();
        assert_eq!(waits.len(), times, "{waits:?}");
        for (wait, longest) in waits.iter().zip([1, 2, 4]) {
            assert!(*wait >= Duration::from_millis(500) && *wait <= Duration::from_secs(longest), "{waits:?}");
        }
    }
}

#[async_trait]
impl Time for Clock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        self.waits.lock().unwrap().push(time);
        self.advance(time);
    }
}
