//! PostgreSQL clusters for development: one kept between runs, one thrown away with the test run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use magfin_pg::{Config, PgError, Server};

use crate::root;

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

/// Starts a cluster for one test run.
pub(crate) fn throwaway() -> anyhow::Result<Throwaway> {
    let name = format!("test-pg-{}", std::process::id());
    let server = start(&name)?;
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
    remove_abandoned();
    let started = Server::start(&config(root::target().join(name)));
    let started = match started {
        Err(PgError::NotTraversable { .. }) => {
            remove(&root::target().join(name));
            Server::start(&config(std::env::temp_dir().join(format!("magfin-{name}"))))
        }
        other => other,
    };
    started.context("start PostgreSQL")
}

fn config(dir: PathBuf) -> Config {
    Config::new(dir).throwaway().set("max_connections", "300").set("log_min_messages", "warning")
}

/// Removes the clusters of test runs that were killed.
fn remove_abandoned() {
    for parent in [root::target(), std::env::temp_dir()] {
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
