//! An OpenID Connect provider that signs in whoever is picked from a list: the demo's sign-in and the counterpart of tests.
//!
//! It is strict where a real provider is: exact redirect URI, PKCE S256, client secret, one-time codes. It asks for no password, says so on its page,
//! and listens on loopback alone. Must not be reachable in any deployment that holds real data.

mod authorize;
mod endpoints;
mod page;
mod token;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;

use crate::keys::SigningKey;
use crate::server::{Clock, Server, SimError, loopback_address};

/// Lifetime of an authorization code, in seconds.
const CODE_LIFETIME_S: i64 = 60;
/// How long ago somebody signed in who says on the page that they have been signed in for a while, in seconds.
const REMEMBERED_S: i64 = 3_600;
/// Codes kept at a time; the oldest go first.
const CODES_MAX: usize = 1_000;

/// A person who can be picked.
#[derive(Debug, Clone)]
pub struct Person {
    /// `sub`.
    pub sub: String,
    /// `name`.
    pub name: String,
    /// `email`, reported as verified.
    pub email: String,
    /// One line for the page: what this person may see, say.
    pub note: String,
}

/// What the provider knows.
#[derive(Clone)]
pub struct Config {
    /// Id of the one registered client.
    pub client_id: String,
    /// Its secret (`client_secret_basic`).
    pub client_secret: String,
    /// Where it may be sent back to, compared exactly.
    pub redirect_uris: Vec<String>,
    /// Where it may be sent back to after signing out, compared exactly.
    pub post_logout_redirect_uris: Vec<String>,
    /// The people to pick from, in the order of the page.
    pub people: Vec<Person>,
    /// Where the time comes from.
    pub clock: Clock,
    /// Opens `POST /test/rotate` and `POST /test/outage/{none|jwks|everything}`. For tests; never in the demo.
    pub test_controls: bool,
}

/// What the provider does not answer (with 503).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// It answers everything.
    None,
    /// The key set is down.
    Jwks,
    /// Everything is down.
    Everything,
}

/// How the provider remembers people, as one does that many applications share.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Everybody proved who they are so many seconds ago, unless they are asked to do it again.
    pub signed_in_ago_s: i64,
    /// Does not ask again, whatever `prompt` and `max_age` say: what a provider must not do.
    pub deaf: bool,
}

/// A running provider; ends when dropped.
pub struct Handle {
    /// Issuer: `http://` and the listener's address, without a slash at the end.
    pub issuer: String,
    provider: Arc<Provider>,
    _server: Server,
}

/// Starts on a loopback listener.
///
/// # Errors
/// [`SimError`] when the listener is not on loopback or no key can be made.
pub fn start(listener: TcpListener, config: Config) -> Result<Handle, SimError> {
    let issuer = format!("http://{}", loopback_address(&listener)?);
    let inner = Inner {
        keys: vec![SigningKey::generate("sim-1")?],
        made: 1,
        grants: HashMap::new(),
        outage: Outage::None,
        memory: Memory::default(),
    };
    let provider = Arc::new(Provider { issuer: issuer.clone(), config, inner: Mutex::new(inner), jwks_requests: AtomicUsize::new(0) });
    let router = endpoints::router(Arc::clone(&provider));
    Ok(Handle { issuer, provider, _server: Server::start(listener, router) })
}

impl Handle {
    /// Signs with a new key from now on. The key before it stays in the key set; older ones leave it.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when no key can be made.
    pub fn rotate_keys(&self) -> Result<(), SimError> {
        self.provider.rotate_keys()
    }

    /// Takes endpoints down, or brings them back.
    pub fn set_outage(&self, outage: Outage) {
        self.provider.inner().outage = outage;
    }

    /// From now on the provider remembers people like this.
    pub fn set_memory(&self, memory: Memory) {
        self.provider.inner().memory = memory;
    }

    /// How often the key set was asked for, answered or not.
    #[must_use]
    pub fn jwks_requests(&self) -> usize {
        self.provider.jwks_requests.load(Ordering::SeqCst)
    }
}

struct Provider {
    issuer: String,
    config: Config,
    inner: Mutex<Inner>,
    jwks_requests: AtomicUsize,
}

struct Inner {
    /// The key that signs, then the one before it.
    keys: Vec<SigningKey>,
    made: usize,
    grants: HashMap<String, Grant>,
    outage: Outage,
    memory: Memory,
}

/// What a code stands for.
struct Grant {
    redirect_uri: String,
    code_challenge: String,
    nonce: Option<String>,
    person: Person,
    authenticated_at_s: i64,
    expires_at_s: i64,
}

impl Provider {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_s(&self) -> i64 {
        (self.config.clock)().as_second()
    }

    fn rotate_keys(&self) -> Result<(), SimError> {
        let number = {
            let mut inner = self.inner();
            inner.made += 1;
            inner.made
        };
        // Outside the lock: making a key takes a while.
        let key = SigningKey::generate(&format!("sim-{number}"))?;
        let mut inner = self.inner();
        inner.keys.insert(0, key);
        inner.keys.truncate(2);
        Ok(())
    }

    /// When somebody who comes with these parameters proved who they are.
    fn authenticated_at_s(&self, parameters: &HashMap<String, String>) -> i64 {
        let Memory { mut signed_in_ago_s, deaf } = self.inner().memory;
        if parameters.contains_key("remembered") {
            signed_in_ago_s = signed_in_ago_s.max(REMEMBERED_S);
        }
        let get = |name: &str| parameters.get(name).map(String::as_str).unwrap_or_default();
        let too_old = get("max_age").parse().is_ok_and(|most: i64| signed_in_ago_s > most);
        let again = !deaf && (too_old || get("prompt").split(' ').any(|word| word == "login"));
        self.now_s() - if again { 0 } else { signed_in_ago_s }
    }

    fn keep(&self, code: String, grant: Grant) {
        let now_s = self.now_s();
        let mut inner = self.inner();
        inner.grants.retain(|_, grant| grant.expires_at_s > now_s);
        if inner.grants.len() >= CODES_MAX
            && let Some(oldest) = inner.grants.iter().min_by_key(|(_, g)| g.expires_at_s).map(|(c, _)| c.clone())
        {
            inner.grants.remove(&oldest);
        }
        inner.grants.insert(code, grant);
    }
}
