//! The product in process: the real router over a database of its own, with a clock that stands still.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use magfin_api::{Api, Settings};
use magfin_app::brain::keyring::Keyring;
use magfin_app::brain::store::BrainStore;
use magfin_app::imports::uploads::Limits;
use magfin_app::live::Live;
use magfin_app::{App, Caller, Clock, Op};
use magfin_clients::keys::{FileKeys, KeyService};
use magfin_clients::objects::{Location, Objects};
use magfin_db::sign_in::{Principal, Rate, Via};
use magfin_domain::ids::SessionId;
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use magfin_vault::column::MasterKey;
use magfin_vault::token;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::call::Call;
use crate::firms::{Firm, ISSUER, Who};
use crate::{TestDb, book};

/// The moment at which every test begins: 2026-03-14 09:26:53 UTC.
pub const START_S: i64 = 1_773_480_413;

/// So much a minute that nobody meets the limit.
pub const UNLIMITED: Rate = Rate { per_minute: 1_000_000, burst: 1_000_000 };

/// The product with two firms.
pub struct TestApp {
    /// Firm A, where most things happen.
    pub a: Firm,
    /// Firm B, the stranger.
    pub b: Firm,
    /// The use cases.
    pub app: Arc<App>,
    /// The whole HTTP side.
    pub router: Router,
    /// Settings of the HTTP side.
    pub settings: Settings,
    clock: Arc<AtomicI64>,
    /// The folder with the objects and the firms' keys.
    pub vault: tempfile::TempDir,
    // Last, so that the pool is gone before its database.
    /// The database.
    pub db: TestDb,
}

impl std::fmt::Debug for TestApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestApp").finish_non_exhaustive()
    }
}

fn clock(seconds: &Arc<AtomicI64>) -> Clock {
    let seconds = Arc::clone(seconds);
    Arc::new(move || Ts(jiff::Timestamp::from_second(seconds.load(Ordering::Relaxed)).expect("a moment")))
}

impl TestApp {
    /// The product without a rate limit.
    pub async fn start() -> Self {
        Self::with_rate(UNLIMITED).await
    }

    /// The product with this rate limit.
    pub async fn with_rate(rate: Rate) -> Self {
        let db = TestDb::create().await;
        let serving = db.serving(8).await;
        let (a, b) = (Firm::found(&db, &serving, "a").await, Firm::found(&db, &serving, "b").await);
        let seconds = Arc::new(AtomicI64::new(START_S));
        let vault = tempfile::tempdir().expect("a folder");
        let app = listening(assemble(serving, clock(&seconds), rate, brain(vault.path())));
        let settings = Settings { secure: true, allowed_origins: vec!["https://portal.example".to_owned()], trusted_proxies: 1 };
        let router = router(&app, &settings);
        Self { a, b, app, router, settings, clock: seconds, vault, db }
    }

    /// Another process of the same product: its own pool, the same database.
    pub async fn second(&self) -> (Arc<App>, Router) {
        let app = listening(assemble(self.db.serving(8).await, clock(&self.clock), self.app.rate, brain(self.vault.path())));
        let router = router(&app, &self.settings);
        (app, router)
    }

    /// Another process of the same product, whose audit log is configured so.
    pub async fn configured(&self, audit: magfin_app::audit::Settings) -> App {
        App { audit, ..assemble(self.db.serving(4).await, clock(&self.clock), self.app.rate, brain(self.vault.path())) }
    }

    /// Another process of the same product, whose brain files are kept elsewhere or under other keys.
    pub async fn storing(&self, brain: BrainStore) -> App {
        assemble(self.db.serving(4).await, clock(&self.clock), self.app.rate, brain)
    }

    /// Logs and signs everything that has happened in a firm.
    pub async fn log(&self, firm: &Firm) {
        self.app.sequence(firm.id, magfin_app::audit::sequence::Sign::Now).await.expect("the log goes on");
    }

    /// Changes rows as somebody does who holds the database: no trigger fires, no policy asks.
    pub async fn tamper(&self, sql: &str) {
        self.db.execute(format!("set session_replication_role = replica; {sql}; set session_replication_role = origin")).await;
    }

    /// The files in which objects lie.
    #[must_use]
    pub fn object_files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.vault.path().join("objects")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
            }
        }
        found.sort();
        found
    }

    /// Moves the clock forward.
    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Signs a user in and returns the session's token.
    pub async fn sign_in(&self, firm: &Firm, who: Who) -> SecretString {
        let session = token::generate("mfs_").expect("randomness");
        let now = self.app.now();
        let expires = Ts(now.0.saturating_add(jiff::SignedDuration::from_hours(12)).expect("a moment"));
        let opened =
            self.app.db.open_session((ISSUER, &firm.subject(who)), &token::hash(&session), now, expires, Some(now), "sign-in").await;
        assert!(opened.expect("the database answers").is_some(), "{who:?} is known");
        session
    }

    /// What the database knows a session or key by.
    #[must_use]
    pub fn hash(token: &SecretString) -> [u8; 32] {
        token::hash(token)
    }

    /// An API key of a user, in their role or another.
    pub async fn api_key(&self, firm: &Firm, who: Who, role: Option<Role>) -> SecretString {
        let caller = self.caller(firm, who);
        Op::new(&self.app, &caller).create_api_key("test", role).await.expect("a key")
    }

    /// A call as a signed-in browser, from a page of our own.
    pub async fn browser(&self, firm: &Firm, who: Who) -> Call {
        let session = self.sign_in(firm, who).await;
        self.with_session(&session)
    }

    /// A call with this session, from a page of our own.
    #[must_use]
    pub fn with_session(&self, session: &SecretString) -> Call {
        let cookie = format!("{}={}", self.settings.session_cookie(), session.expose_secret());
        self.stranger().header("cookie", &cookie).header("origin", "https://crm.example")
    }

    /// A call of nobody.
    #[must_use]
    pub fn stranger(&self) -> Call {
        Call::new(self.router.clone()).header("host", "crm.example")
    }

    /// A user as the use cases know them, without the way through HTTP.
    #[must_use]
    pub fn caller(&self, firm: &Firm, who: Who) -> Caller {
        let principal = Principal {
            firm: firm.id,
            user: firm.user(who),
            role: who.role(),
            session: SessionId(Uuid::nil()),
            via: Via::Session,
            admitted: Ok(()),
        };
        Caller { principal, request_id: Uuid::now_v7() }
    }

    /// A household of this team with a row of every kind of fact.
    pub async fn household(&self, firm: &Firm, who: Who, team: &str) -> book::Household {
        let caller = self.caller(firm, who);
        book::fill(&Op::new(&self.app, &caller), firm.team(team)).await
    }
}

/// A process that hears of changes as a serving one does.
fn listening(app: App) -> Arc<App> {
    let app = Arc::new(app);
    let weak = Arc::downgrade(&app);
    tokio::spawn(async move {
        if let Some(app) = weak.upgrade() {
            app.listen().await;
        }
    });
    app
}

/// A store in a folder, with the keys in a file beside the objects.
fn brain(folder: &Path) -> BrainStore {
    let keys = FileKeys::open(&folder.join("firm.keys")).expect("a key file");
    stored(&Location::Directory(folder.join("objects")), Arc::new(keys))
}

/// A store of brain files at a location, whose keys this service opens.
#[must_use]
pub fn stored(location: &Location, keys: Arc<dyn KeyService>) -> BrainStore {
    BrainStore::new(Objects::open(location).expect("a store"), Keyring::new(keys))
}

fn assemble(db: magfin_db::tenant::Db, clock: Clock, rate: Rate, brain: BrainStore) -> App {
    App {
        db,
        key: MasterKey::new([7; 32]),
        clock,
        rate,
        sign_in: magfin_app::sign_in::Providers::default(),
        live: Live::checking(Duration::from_millis(50)),
        brain,
        audit: magfin_app::audit::Settings::default(),
        uploads: Limits { bytes: 8 * 1024 * 1024, ..Limits::default() },
    }
}

fn router(app: &Arc<App>, settings: &Settings) -> Router {
    magfin_api::router(Api { app: Arc::clone(app), settings: Arc::new(settings.clone()) })
}
