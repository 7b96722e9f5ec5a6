//! Use cases of magfin: authorise, open one transaction, orchestrate. Must not know HTTP or SQL.
//!
//! Every use case is a method of [`Op`], which proves who asks; there is no other way to the book.

pub mod access;
pub mod api_keys;
pub mod audit;
pub mod brain;
pub mod bulk;
pub mod caller;
pub mod columns;
pub mod directory;
pub mod drafts;
pub mod edits;
pub mod erasure;
pub mod error;
pub mod export;
pub mod facts;
pub mod families;
pub mod family_events;
pub mod feedback;
pub mod firm;
pub mod hints;
pub mod households;
pub mod imports;
pub mod jobs;
pub mod live;
pub mod note_templates;
pub mod notes;
pub mod notifications;
pub mod open_loops;
pub mod people;
pub mod profile;
pub mod quick_add;
pub mod record;
pub mod recovery;
pub mod retention;
pub mod reveal;
pub mod search;
pub mod sign_in;
pub mod step_up;
pub mod tasks;
pub mod teams;
pub mod tiers;
pub mod today;
pub mod totals;
pub mod users;
pub mod views;
mod work;

use std::sync::Arc;

use magfin_db::sign_in::Rate;
use magfin_db::tenant::Db;
use magfin_domain::time::Ts;
use magfin_vault::column::MasterKey;
use uuid::Uuid;

pub use caller::{Caller, Op};
pub use error::{AppError, FieldError};

/// Tells the time; tests give their own.
pub type Clock = Arc<dyn Fn() -> Ts + Send + Sync>;

/// What every use case needs.
pub struct App {
    /// The database, as the role that serves.
    pub db: Db,
    /// The key from which column keys are derived.
    pub key: MasterKey,
    /// The time.
    pub clock: Clock,
    /// What one user may ask for.
    pub rate: Rate,
    /// The ways to sign in.
    pub sign_in: sign_in::Providers,
    /// The streams of live updates.
    pub live: live::Live,
    /// The store of brain files.
    pub brain: brain::store::BrainStore,
    /// The audit log.
    pub audit: audit::Settings,
    /// What an uploaded archive may be at most.
    pub uploads: imports::uploads::Limits,
}

impl App {
    /// A new id, made now.
    pub(crate) fn new_id(&self) -> Uuid {
        let now = self.now().0;
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Ts {
        (self.clock)()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
