//! One document of a provider (metadata, key set), fetched when needed and kept.
//!
//! Must not know what the document is, nor read a clock. Readers never wait for a fetch as long as what they want is at
//! hand and not too old.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::jwks::Outage;

/// How long a document is used and how often it may be asked for, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// Used without asking again.
    pub(crate) max_age_s: i64,
    /// Between two requests, successful or not.
    pub(crate) min_pause_s: i64,
    /// Used at most, when asking again fails.
    pub(crate) max_stale_s: i64,
}

struct Held<T> {
    good: Option<(Arc<T>, Timestamp)>,
    tried_at: Option<Timestamp>,
    /// How the last attempt failed; nothing when it succeeded.
    failure: Option<Outage>,
}

enum Step<T> {
    Serve(Arc<T>),
    Fail(Outage),
    /// Ask the provider; the document at hand, if it has what is wanted, serves when that fails.
    Fetch(Option<Arc<T>>),
}

pub(crate) struct Cache<T> {
    policy: Policy,
    held: RwLock<Held<T>>,
    flight: Mutex<()>,
}

impl<T> Cache<T> {
    pub(crate) fn new(policy: Policy) -> Self {
        let held = Held { good: None, tried_at: None, failure: None };
        Self { policy, held: RwLock::new(held), flight: Mutex::new(()) }
    }

    /// The document: one that has what is `wanted`, else the newest the provider gave us.
    ///
    /// `fetch` is awaited at most once, and only by the one caller whose turn it is.
    pub(crate) async fn get(
        &self,
        now: Timestamp,
        wanted: impl Fn(&T) -> bool,
        fetch: impl Future<Output = Result<T, Outage>>,
    ) -> Result<Arc<T>, Outage> {
        let _turn = match self.fitting(now, &wanted) {
            Some((document, true)) => return Ok(document),
            // Old but fitting: if somebody else is asking already, it will do.
            Some((document, false)) => match self.flight.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(document),
            },
            None => self.flight.lock().await,
        };
        // Whoever held the turn before may have settled it.
        let fallback = match self.step(now, &wanted) {
            Step::Serve(document) => return Ok(document),
            Step::Fail(outage) => return Err(outage),
            Step::Fetch(fallback) => fallback,
        };
        // Recorded before asking, so that a caller who goes away in the middle still counts as an attempt.
        self.record(now, Err(Outage::Interrupted));
        let fetched = fetch.await.map(Arc::new);
        self.record(now, fetched.clone());
        fetched.or_else(|outage| fallback.ok_or(outage))
    }

    /// The document at hand, if it has what is wanted and is not too old to use, and whether it is fresh.
    fn fitting(&self, now: Timestamp, wanted: &impl Fn(&T) -> bool) -> Option<(Arc<T>, bool)> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let (document, at) = held.good.as_ref()?;
        let age_s = distance_s(now, *at);
        (age_s < self.policy.max_stale_s && wanted(document)).then(|| (Arc::clone(document), age_s < self.policy.max_age_s))
    }

    /// What the caller whose turn it is has to do.
    fn step(&self, now: Timestamp, wanted: &impl Fn(&T) -> bool) -> Step<T> {
        let fitting = match self.fitting(now, wanted) {
            Some((document, true)) => return Step::Serve(document),
            Some((document, false)) => Some(document),
            None => None,
        };
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        if held.tried_at.is_none_or(|at| distance_s(now, at) >= self.policy.min_pause_s) {
            return Step::Fetch(fitting);
        }
        match (fitting, held.failure, &held.good) {
            (Some(document), _, _) => Step::Serve(document),
            (None, Some(outage), _) => Step::Fail(outage),
            // Asked a moment ago, with success: what is wanted does not exist.
            (None, None, Some((document, _))) => Step::Serve(Arc::clone(document)),
            (None, None, None) => Step::Fail(Outage::Interrupted),
        }
    }

    fn record(&self, now: Timestamp, outcome: Result<Arc<T>, Outage>) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.tried_at = Some(now);
        held.failure = outcome.as_ref().err().copied();
        if let Ok(document) = outcome {
            held.good = Some((document, now));
        }
    }
}

/// Seconds between two moments, whichever is first: a clock set back must not stop us from asking.
fn distance_s(a: Timestamp, b: Timestamp) -> i64 {
    a.as_second().saturating_sub(b.as_second()).saturating_abs()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const POLICY: Policy = Policy { max_age_s: 300, min_pause_s: 10, max_stale_s: 3600 };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    /// A provider whose document is the number of requests it got, or which is down.
    #[derive(Default)]
    struct Source {
        asked: AtomicUsize,
        down: std::sync::atomic::AtomicBool,
    }

    impl Source {
        async fn fetch(&self) -> Result<usize, Outage> {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::task::yield_now().await;
            if self.down.load(Ordering::SeqCst) { Err(Outage::Status(503)) } else { Ok(asked) }
        }
        fn asked(&self) -> usize {
            self.asked.load(Ordering::SeqCst)
        }
    }

    async fn get(cache: &Cache<usize>, source: &Source, second: i64, wanted: usize) -> Result<usize, Outage> {
        cache.get(at(second), |document| *document >= wanted, source.fetch()).await.map(|document| *document)
    }

    #[tokio::test]
    async fn document_is_asked_for_once_while_it_is_fresh() {
        let (cache, source) = (Cache::new(POLICY), Source::default());
        for second in [0, 1, 299] {
            assert_eq!(get(&cache, &source, second, 0).await, Ok(1));
        }
        assert_eq!(get(&cache, &source, 300, 0).await, Ok(2));
    }

    #[tokio::test]
    async fn unknown_key_asks_again_once_and_then_waits_for_the_pause() {
        let (cache, source) = (Cache::new(POLICY), Source::default());
        assert_eq!(get(&cache, &source, 0, 0).await, Ok(1));
        assert_eq!(get(&cache, &source, 9, 99).await, Ok(1), "within the pause: served without what is wanted");
        for second in [10, 11, 19] {
            assert_eq!(get(&cache, &source, second, 99).await, Ok(2));
        }
        assert_eq!(source.asked(), 2);
        assert_eq!(get(&cache, &source, 20, 99).await, Ok(3));
    }

    #[tokio::test]
    async fn many_callers_at_once_make_one_request() {
        let (cache, source) = (Cache::new(POLICY), Source::default());
        let ask = || get(&cache, &source, 0, 0);
        let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
        assert_eq!([a, b, c, d], [Ok(1), Ok(1), Ok(1), Ok(1)]);
        assert_eq!(source.asked(), 1);
        let newer = || get(&cache, &source, 60, 2);
        let (a, b, c, d) = tokio::join!(newer(), newer(), newer(), newer());
        assert_eq!([a, b, c, d], [Ok(2), Ok(2), Ok(2), Ok(2)], "a key that is new to all of them");
        assert_eq!(source.asked(), 2);
    }

    #[tokio::test]
    async fn last_good_document_stays_in_use_during_an_outage_and_not_for_ever() {
        let (cache, source) = (Cache::new(POLICY), Source::default());
        assert_eq!(get(&cache, &source, 0, 0).await, Ok(1));
        source.down.store(true, Ordering::SeqCst);
        assert_eq!(get(&cache, &source, 400, 0).await, Ok(1));
        assert_eq!(get(&cache, &source, 401, 0).await, Ok(1));
        assert_eq!(source.asked(), 2, "a failed attempt counts for the pause");
        assert_eq!(get(&cache, &source, 402, 99).await, Err(Outage::Status(503)), "cannot tell: not a refusal");
        assert_eq!(get(&cache, &source, 3600, 0).await, Err(Outage::Status(503)));
        source.down.store(false, Ordering::SeqCst);
        assert_eq!(get(&cache, &source, 3609, 0).await, Err(Outage::Status(503)));
        assert_eq!(get(&cache, &source, 3610, 0).await, Ok(4));
    }

    #[tokio::test]
    async fn caller_who_goes_away_in_the_middle_counts_as_an_attempt() {
        let (cache, source) = (Cache::new(POLICY), Source::default());
        let never = std::future::pending::<Result<usize, Outage>>();
        {
            let mut cut_off = std::pin::pin!(cache.get(at(0), |_| true, never));
            let poll = std::future::poll_fn(|context| std::task::Poll::Ready(cut_off.as_mut().poll(context).is_pending()));
            assert!(poll.await);
        }
        assert_eq!(get(&cache, &source, 1, 0).await, Err(Outage::Interrupted));
        assert_eq!(get(&cache, &source, 10, 0).await, Ok(1));
    }

    #[tokio::test]
    async fn clock_set_back_does_not_stop_us_from_asking() {
        let (cache, source) = (Cache::new(POLICY), Source::default());
        assert_eq!(get(&cache, &source, 1000, 0).await, Ok(1));
        assert_eq!(get(&cache, &source, 0, 0).await, Ok(2));
    }

    #[tokio::test]
    async fn reader_does_not_wait_for_a_refresh_while_the_old_document_will_do() {
        let cache = Cache::new(POLICY);
        let source = Source::default();
        assert_eq!(get(&cache, &source, 0, 0).await, Ok(1));
        let _busy = cache.flight.lock().await;
        assert_eq!(get(&cache, &source, 300, 0).await, Ok(1));
        assert_eq!(source.asked(), 1);
    }
}
