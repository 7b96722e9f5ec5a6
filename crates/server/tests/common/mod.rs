//! Runs the built binary on a data directory of its own.

pub mod mount;
pub mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A data directory that goes with the test.
pub struct Dir(PathBuf);

impl Dir {
    /// A fresh one. Not below the target directory: an unprivileged user has to reach the cluster.
    pub fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("magfin-test-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    /// A path in it.
    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `magfin` with this data directory and nothing of the surrounding environment's configuration.
pub fn magfin(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magfin"));
    command.args(arguments).env_remove("DATABASE_URL").env_remove("RUST_BACKTRACE").env("MAGFIN_DATA_DIR", data);
    command
}

/// Runs it to the end and returns what it printed; fails with its errors when it failed.
pub fn stdout(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Runs it to the end and returns whether it ended well, and all that it printed.
pub fn outcome(mut command: Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

/// The sample book; nothing, and a line that says so, where there is none.
#[allow(clippy::disallowed_methods, reason = "tests find the sample book through the environment")]
pub fn sample_book() -> Option<PathBuf> {
    let default = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/sample-book"));
    let book = std::env::var_os("MAGFIN_BOOK").map_or(default, PathBuf::from);
    if book.join("localstorage.json").exists() {
        return Some(book);
    }
    println!("SKIP: no sample book at {}; set MAGFIN_BOOK", book.display());
    None
}
