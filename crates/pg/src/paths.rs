//! Where things live on this machine. The only module of the crate that reads the environment.
#![allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]

use std::{env, path::PathBuf};

/// Where downloaded binaries are kept: `MAGFIN_CACHE_DIR`, under root `/var/cache/magfin` (the home of root cannot be
/// entered by the unprivileged user who runs PostgreSQL), else the XDG cache home.
pub fn cache_dir() -> PathBuf {
    if let Some(dir) = variable("MAGFIN_CACHE_DIR") {
        return dir;
    }
    if rustix::process::geteuid().is_root() {
        return PathBuf::from("/var/cache/magfin");
    }
    xdg("XDG_CACHE_HOME", ".cache")
}

/// Where the product keeps its data unless told otherwise: under root `/var/lib/magfin`, else the XDG data home.
/// The cluster goes into a directory of its own below, e.g. `default_data_dir().join("postgres")`.
pub fn default_data_dir() -> PathBuf {
    if rustix::process::geteuid().is_root() {
        return PathBuf::from("/var/lib/magfin");
    }
    xdg("XDG_DATA_HOME", ".local/share")
}

/// The installation that `MAGFIN_PG_DIR` names, for machines that can reach no package registry.
pub(crate) fn named_installation() -> Option<PathBuf> {
    variable("MAGFIN_PG_DIR")
}

/// The directories of `PATH`.
pub(crate) fn search_path() -> Vec<PathBuf> {
    variable("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// The XDG rule: the variable when absolute, else the default below the home directory.
fn xdg(name: &str, below_home: &str) -> PathBuf {
    let base = variable(name).filter(|dir| dir.is_absolute());
    let home = || variable("HOME").unwrap_or_else(env::temp_dir).join(below_home);
    base.unwrap_or_else(home).join("magfin")
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
