//! Where things are on this machine. The only module that reads the environment.
#![allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]

use std::{
    env,
    path::{Path, PathBuf},
};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    const MANIFEST: &str = env!("CARGO_MANIFEST_DIR");
    Path::new(MANIFEST).parent().unwrap_or(Path::new(MANIFEST))
}

/// A path below the root.
pub(crate) fn at(path: impl AsRef<Path>) -> PathBuf {
    root().join(path)
}

/// Cargo's target directory.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => root().join(dir),
        None => at("target"),
    }
}

/// The product's binary, as `cargo build` leaves it.
pub(crate) fn magfin() -> PathBuf {
    target().join("debug/magfin")
}

/// A program on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|program| program.is_file())
}

/// `PATH` with a directory in front.
pub(crate) fn path_with(first: &Path) -> anyhow::Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(first.to_path_buf()).chain(env::split_paths(&path));
    Ok(env::join_paths(all)?)
}
