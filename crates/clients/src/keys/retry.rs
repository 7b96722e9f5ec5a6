//! Trying again: what for, how often and how long. A writer waits meanwhile, so there is an end to it soon.
//!
//! Clock and waiting are given from outside. Must not be used for what may not be done twice.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::RETRY_AFTER;
use jiff::{SignedDuration, Timestamp};
use magfin_vault::key::{Entropy, SystemEntropy};

use super::KeyServiceError;
use crate::http::{Client, FetchError};

/// A call is made this often at most: once, and three times again.
pub const TRIES: u32 = 4;
/// No try begins later than this after the first one began.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// The shortest wait between two tries, and what the longest one is doubled from.
const SHORTEST: Duration = Duration::from_millis(500);
/// Longest time for one call, answer included.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer: a wrapped key, or what is known of a key, takes a few kilobytes.
pub const ANSWER_MAX_BYTES: usize = 64 << 10;

/// The clock and the patience of a key service.
#[async_trait]
pub trait Time: fmt::Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Returns after `time`.
    async fn sleep(&self, time: Duration);
}

/// A clock beside the runtime's timer: what runs outside tests.
#[derive(Clone)]
pub struct RuntimeTime(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl RuntimeTime {
    /// Waits for real, and asks this clock what time it is.
    pub fn new(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }
}

impl fmt::Debug for RuntimeTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RuntimeTime")
    }
}

#[async_trait]
impl Time for RuntimeTime {
    fn now(&self) -> Timestamp {
        (self.0)()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

/// How a try failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// The same may succeed later; after this long, where the service said so.
    Again(Option<Duration>),
    /// It was understood and refused.
    Refused,
}

impl From<FetchError> for Failed {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Unreachable | FetchError::TimedOut | FetchError::TooLarge => Self::Again(None),
            FetchError::NotPermitted => Self::Refused,
        }
    }
}

/// Makes a call until it succeeds, is refused, or patience ends.
pub(super) async fn persist<T, F>(time: &dyn Time, mut call: impl FnMut() -> F + Send) -> Result<T, KeyServiceError>
where
    T: Send,
    F: Future<Output = Result<T, Failed>> + Send,
{
    let began = time.now();
    for tried in 1..=TRIES {
        let asked = match call().await {
            Ok(done) => return Ok(done),
            Err(Failed::Refused) => return Err(KeyServiceError::Refused),
            Err(Failed::Again(asked)) => asked,
        };
        let wait = asked.unwrap_or_else(|| back_off(tried));
        let spent = Duration::try_from(time.now().duration_since(began)).unwrap_or_default();
        if tried == TRIES || spent + wait > PATIENCE {
            break;
        }
        time.sleep(wait).await;
    }
    Err(KeyServiceError::Unavailable)
}

/// Half a second to twice as much each time, drawn evenly, so that those who failed together do not come back together.
fn back_off(tried: u32) -> Duration {
    let mut drawn = [0; 2];
    // Without randomness the wait is the shortest.
    let _ = SystemEntropy.fill(&mut drawn);
    let room = SHORTEST * 2u32.pow(tried.min(4)) - SHORTEST;
    SHORTEST + room.mul_f64(f64::from(u16::from_le_bytes(drawn)) / f64::from(u16::MAX))
}

/// How long the service asks to be left alone: seconds or a date (RFC 9110 §10.2.3). Nothing when it says nothing, something
/// unreadable, or a moment that is over.
pub(super) fn asked_wait(headers: &http::HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp().duration_since(now),
    };
    Duration::try_from(wait).ok().filter(|wait| !wait.is_zero())
}

/// Makes one call within the limits of this module.
pub(super) async fn call(client: &Client, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Failed> {
    Ok(client.exchange(request, CALL_TIMEOUT, ANSWER_MAX_BYTES).await?)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::*;

    #[test]
    fn br_6_a_wait_that_is_asked_for_is_read_and_one_that_is_over_is_not() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let read = |text: &str| asked_wait(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(text).unwrap())]), now);
        assert_eq!(read("2"), Some(Duration::from_secs(2)));
        assert_eq!(read("Tue, 24 Nov 2026 12:00:07 GMT"), Some(Duration::from_secs(7)));
        for bad in ["0", "-1", "", "soon", "99999999999", "Tue, 24 Nov 2026 11:59:00 GMT"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(asked_wait(&HeaderMap::new(), now), None);
    }

    #[test]
    fn br_6_waits_grow_and_are_never_nothing() {
        for (tried, longest) in [(1, 1), (2, 2), (3, 4), (9, 8)] {
            for _ in 0..200 {
                let wait = back_off(tried);
                assert!(wait >= SHORTEST && wait <= Duration::from_secs(longest), "{tried}: {wait:?}");
            }
        }
    }
}
