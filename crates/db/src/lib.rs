//! All SQL of magfin. Must not know HTTP, and authorises nothing: it runs inside a [`tenant::TenantTx`], whose context
//! the database itself enforces.

pub mod api_keys;
pub mod audit;
pub mod brain;
pub mod cluster;
pub mod directory;
mod door;
pub mod drafts;
pub mod edits;
pub mod error;
pub mod events;
pub mod facts;
pub mod feedback;
pub mod filter;
pub mod households;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod live;
pub mod note_templates;
pub mod notes;
pub mod notifications;
pub mod open_loops;
pub mod profiles;
pub mod record;
pub mod retention;
pub mod reverts;
pub mod search;
pub mod sign_in;
pub mod tasks;
pub mod teams;
pub mod tenant;
pub mod tiers;
pub mod today;
pub mod upload_lines;
pub mod uploads;
pub mod users;
pub mod views;

pub use error::DbError;
