//! Shared by the tests: directories that go away, queries through psql, a process that holds a cluster.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use magfin_pg::{Config, Installation, Server};
use rustix::process::{Pid, Signal};
use secrecy::ExposeSecret;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A directory of this test alone, removed at its end.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new() -> Self {
        let name = format!("magfin-pg-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Where the test's cluster goes.
    pub fn cluster(&self) -> PathBuf {
        self.0.join("postgres")
    }

    /// Durable, as a user's cluster: what survives a crash is under test.
    pub fn config(&self) -> Config {
        Config::new(self.cluster())
    }

    pub fn start(&self) -> Server {
        Server::start(&self.config()).unwrap()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Runs SQL as superuser and returns what it answers, unaligned.
pub fn query(server: &Server, sql: &str) -> String {
    let output = psql(server.superuser_url("postgres").expose_secret(), sql).output().unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub fn psql(url: &str, sql: &str) -> Command {
    let mut command = Command::new(program("psql"));
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", sql, url]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn program(name: &str) -> PathBuf {
    Installation::find_or_fetch().unwrap().bin_dir().join(name)
}

/// What `pg_controldata` says of the cluster's state.
pub fn state(cluster: &Path) -> String {
    let output = Command::new(program("pg_controldata")).env("LC_ALL", "C").arg(cluster.join("data")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Database cluster state:")).unwrap();
    line.trim().to_owned()
}

/// Another process that holds a cluster.
pub struct Holder {
    pub child: Child,
    pub postmaster: Pid,
}

impl Holder {
    pub fn start(cluster: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_magfin-pg"));
        let mut child = command.arg(cluster).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let pid = line.split(' ').nth(1).expect("the holder starts").parse().unwrap();
        Self { child, postmaster: Pid::from_raw(pid).unwrap() }
    }

    /// Sends the process, not its PostgreSQL, a signal and waits for its end.
    pub fn end(&mut self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        // It still writes for a moment, into a directory that the test is about to remove.
        while runs(self.postmaster) {
            std::thread::yield_now();
        }
    }
}

/// Whether a process runs; a zombie does not.
pub fn runs(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    stat.is_ok_and(|stat| !stat.rsplit(") ").next().unwrap_or_default().starts_with('Z'))
}

/// Waits until something holds; fails after half a minute.
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        std::thread::yield_now();
    }
}
