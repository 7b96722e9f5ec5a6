//! PostgreSQL processes that an earlier, killed run left behind.
//!
//! `postmaster.pid` alone is no proof: its process may be a zombie, or its number may belong to somebody else by now;
//! and with the postmaster killed its children can still be writing. What counts is which processes stand in the data
//! directory, which is where every PostgreSQL process stays. Must only be called with the cluster's lock held.

use std::{
    fs,
    io::ErrorKind,
    path::Path,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal};

use crate::{PgError, cluster::Cluster, error::io};

/// For a postmaster to finish its fast shutdown, checkpoint included.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(30);
/// For children to notice that their postmaster is gone.
const ORPHAN_LIMIT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);

/// Ends what is left of an earlier run, so that a new postmaster can start.
pub(crate) fn clear(cluster: &Cluster) -> Result<(), PgError> {
    let pid_file = cluster.pid_file();
    let text = match fs::read_to_string(&pid_file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io("read", &pid_file)(error)),
    };
    let recorded = text.lines().next().and_then(|line| line.trim().parse().ok()).and_then(Pid::from_raw);
    let postmaster = recorded.filter(|pid| stands_in(*pid, &cluster.data));
    if let Some(pid) = postmaster {
        tracing::info!(pid = pid.as_raw_nonzero().get(), "stopping the PostgreSQL of an earlier run");
        signal(pid, Signal::INT);
        wait_gone(&cluster.data, SHUTDOWN_LIMIT, Some(pid))?;
    }
    wait_gone(&cluster.data, ORPHAN_LIMIT, None)?;
    // Nobody is in the directory, so nobody can be attached to its shared memory either: the file is a mere record.
    match fs::remove_file(&pid_file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io("remove", &pid_file)(error)),
        _ => Ok(()),
    }
}

/// Waits until `only` (or everybody) has left the data directory. Children without a postmaster are killed at the
/// limit: crash recovery makes good whatever they were doing. A postmaster is never killed, it may still be writing.
fn wait_gone(data: &Path, limit: Duration, only: Option<Pid>) -> Result<(), PgError> {
    let start = Instant::now();
    let mut killed = false;
    loop {
        let present = match only {
            Some(pid) if stands_in(pid, data) => vec![pid],
            Some(_) => Vec::new(),
            None => inhabitants(data)?,
        };
        let Some(first) = present.first() else {
            return Ok(());
        };
        if start.elapsed() > limit {
            if only.is_some() || killed && start.elapsed() > limit * 2 {
                let pid = first.as_raw_nonzero().get().unsigned_abs();
                return Err(PgError::Leftover { path: data.to_path_buf(), pid });
            }
            present.iter().for_each(|pid| signal(*pid, Signal::KILL));
            killed = true;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Every PostgreSQL process whose working directory is this data directory.
fn inhabitants(data: &Path) -> Result<Vec<Pid>, PgError> {
    let proc = Path::new("/proc");
    let entries = fs::read_dir(proc).map_err(io("read", proc))?;
    let pids = entries.filter_map(|entry| Pid::from_raw(entry.ok()?.file_name().to_str()?.parse().ok()?));
    Ok(pids.filter(|pid| stands_in(*pid, data)).collect())
}

/// Whether this is a running PostgreSQL process in the data directory. A zombie has no working directory, and a reused
/// number belongs to a process elsewhere; a shell that someone opened in the directory is not PostgreSQL.
fn stands_in(pid: Pid, data: &Path) -> bool {
    let proc = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
    fs::read_link(proc.join("cwd")).is_ok_and(|cwd| cwd == data)
        && fs::read_to_string(proc.join("comm")).is_ok_and(|name| name.trim() == "postgres")
}

fn signal(pid: Pid, signal: Signal) {
    // It may have ended in the meantime, which is what we want.
    if let Err(error) = rustix::process::kill_process(pid, signal) {
        tracing::debug!(pid = pid.as_raw_nonzero().get(), %error, "cannot signal a leftover process");
    }
}
