//! PostgreSQL clusters for development: one kept between runs, one thrown away with the test run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use magfin_pg::{Config, PgError, Server};

use crate::root;

const MEMORY: &str = "/dev/shm";
/// Bytes, several times what the databases of one run take at one moment.
const ROOM: u64 = 4 << 30;

/// The kept cluster, and the lock that has other commands wait for their turn.
pub(crate) struct Kept {
    pub(crate) server: Server,
    _turn: fs::File,
}

/// Starts the cluster that is kept below the target directory, to spare each run the initialisation.
pub(crate) fn kept() -> anyhow::Result<Kept> {
    let path = root::target().join("dev-pg.lock");
    fs::create_dir_all(root::target())?;
    let turn = fs::File::create(&path).with_context(|| format!("create {}", path.display()))?;
    turn.lock().with_context(|| format!("lock {}", path.display()))?;
    let server = start("dev-pg")?;
    Ok(Kept { server, _turn: turn })
}

/// A cluster that is removed when this is dropped.
pub(crate) struct Throwaway {
    pub(crate) server: Server,
    dir: PathBuf,
}

/// Starts a cluster for one test run: in memory where there is room, because most of making a database for every test is work of
/// the file system.
pub(crate) fn throwaway() -> anyhow::Result<Throwaway> {
    let name = format!("test-pg-{}", std::process::id());
    let server = match memory() {
        Some(memory) => start_in(memory.join(format!("magfin-{name}"))).context("start PostgreSQL in memory")?,
        None => start(&name)?,
    };
    let dir = server.data_dir().to_path_buf();
    Ok(Throwaway { server, dir })
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        self.server.stop();
        remove(&self.dir);
    }
}

/// Starts a cluster below the target directory, or below the system's temporary directory where the unprivileged user
/// cannot enter the target directory (a checkout in the home of root).
fn start(name: &str) -> anyhow::Result<Server> {
    let started = match start_in(root::target().join(name)) {
        Err(PgError::NotTraversable { .. }) => {
            remove(&root::target().join(name));
            start_in(std::env::temp_dir().join(format!("magfin-{name}")))
        }
        other => other,
    };
    started.context("start PostgreSQL")
}

fn start_in(dir: PathBuf) -> Result<Server, PgError> {
    remove_abandoned();
    Server::start(&config(dir))
}

/// The directory in memory, if it may hold all that a run's databases take at one moment, and the machine has that to spare.
fn memory() -> Option<&'static Path> {
    let room = rustix::fs::statvfs(MEMORY).ok()?;
    let spare = fs::read_to_string("/proc/meminfo").ok()?.lines().find_map(|line| {
        let kilobytes = line.strip_prefix("MemAvailable:")?.strip_suffix("kB")?;
        kilobytes.trim().parse::<u64>().ok()
    })?;
    (room.f_bavail * room.f_frsize >= ROOM && spare * 1024 >= 2 * ROOM).then_some(Path::new(MEMORY))
}

fn config(dir: PathBuf) -> Config {
    Config::new(dir).throwaway().set("max_connections", "300").set("log_min_messages", "warning")
}

/// Removes the clusters of test runs that were killed.
fn remove_abandoned() {
    for parent in [root::target(), std::env::temp_dir(), MEMORY.into()] {
        let Ok(entries) = fs::read_dir(&parent) else {
            continue;
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let pid = name.strip_prefix("magfin-").unwrap_or(name).strip_prefix("test-pg-");
            if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                remove(&path);
            }
        }
    }
}

fn remove(dir: &Path) {
    if let Err(error) = fs::remove_dir_all(dir)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        eprintln!("cannot remove {}: {error}", dir.display());
    }
}
