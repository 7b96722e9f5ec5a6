//! The embedded PostgreSQL: find or fetch the binaries, initialise a private cluster, run it as a child process, stop it, take
//! its backup and make a cluster of one.
//!
//! PostgreSQL 18 with pgvector is the only database of the product; this crate makes it need no installation.
//! It must not know what is stored: no schema, no role, no query. Linux only (`/proc`, parent-death signal).
//!
//! Everything here blocks. In asynchronous code call it through `spawn_blocking`; the child does not depend on the
//! thread that called [`Server::start`], because it is owned by a thread of its own.

mod account;
mod backup;
mod cluster;
mod config;
mod error;
mod fetch;
mod init;
mod install;
mod leftover;
mod paths;
mod process;
mod server;

pub use backup::{restore, take_backup};
pub use config::Config;
pub use error::PgError;
pub use install::Installation;
pub use paths::{cache_dir, default_data_dir};
pub use server::Server;

/// The only major version of PostgreSQL that a cluster may have.
pub const MAJOR: u32 = 18;
