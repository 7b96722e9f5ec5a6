//! The power is cut while brain files are written: database and objects lie on a file system that loses everything that was not
//! flushed. Every version that was answered is there afterwards, and every file has its old or its new version.
//!
//! The harness has controls: where commits, the database or the objects are not flushed, it has to report loss, or it could see none.
//! `MAGFIN_POWER_ROUNDS` says how often the power is cut; 3 times when it does not.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::common::mount::Mount;
use crate::common::server::{Server, book};
use crate::common::{Dir, magfin};
use serde_json::json;

const WRITERS: usize = 4;
const MEBIBYTES: u64 = 500;

/// Answers "flushed" and flushes nothing.
const SHIM: &str = "int fsync(int f) { (void)f; return 0; } int fdatasync(int f) { (void)f; return 0; }";

/// What a machine is that loses its power again and again.
struct Machine {
    mount: Mount,
    data: PathBuf,
    key: String,
    files: String,
    /// Stands in for the C library's flushing, in the server alone; PostgreSQL gets a clean environment.
    preload: Option<PathBuf>,
    /// The last version of each file that is known to be there.
    versions: [i64; WRITERS],
    round: usize,
}

/// What the power has taken.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// Versions that were answered.
    answered: i64,
    /// Those of them that are not there, or say something else.
    lost: i64,
    /// Files whose present version is neither the last answered one nor the one after it, or cannot be read.
    torn: i64,
    /// Whether the server did not start again.
    dead: bool,
}

impl Found {
    fn anything(&self) -> bool {
        self.lost > 0 || self.torn > 0 || self.dead
    }
}

/// As long as a page, or a hundred of them.
fn body(writer: usize, version: i64) -> String {
    format!("Version {version} by writer {writer}: {}", "power ".repeat(10 + (version as usize * 37 % 100) * 100 * (writer % 2)))
}

fn name(writer: usize) -> String {
    format!("power-{writer}.md")
}

impl Machine {
    fn serve(&self) -> Option<Server> {
        let mut command = magfin(&self.data, &[]);
        if let Some(shim) = &self.preload {
            command.env("LD_PRELOAD", shim);
        }
        Server::try_begin(command)
    }

    /// Writes with everybody until the power is gone, and says what is left of it.
    fn round(mut self) -> (Self, Found) {
        self.round += 1;
        let server = self.serve().expect("it started before the power was cut");
        let answered: [AtomicI64; WRITERS] = std::array::from_fn(|n| AtomicI64::new(self.versions[n]));
        std::thread::scope(|scope| {
            for (writer, answered) in answered.iter().enumerate() {
                let (server, machine) = (&server, &self);
                scope.spawn(move || machine.write(server, writer, answered));
            }
            // Each time a little further; a writer that waits for its answer is in the middle of something.
            let enough = |n: usize| answered[n].load(Ordering::SeqCst) >= self.versions[n] + 2 + (self.round * 3 % 11) as i64;
            while !(0..WRITERS).all(enough) {
                std::thread::yield_now();
            }
            self.mount.cut();
        });
        drop(server);
        self.mount = self.mount.power_up();
        let answered = answered.map(AtomicI64::into_inner);
        let Some(server) = self.serve() else {
            let lost = answered.iter().zip(self.versions).map(|(now, before)| now - before).sum();
            return (self, Found { answered: lost, lost, torn: 0, dead: true });
        };
        let found = self.look(&server, answered);
        drop(server);
        (self, found)
    }

    /// One version after the other, until one is not answered well.
    fn write(&self, server: &Server, writer: usize, answered: &AtomicI64) {
        loop {
            let seen = answered.load(Ordering::SeqCst);
            let write = json!({"path": name(writer), "body": body(writer, seen + 1), "seen": (seen > 0).then_some(seen)});
            match server.ask(&self.key, "PUT", &self.files, Some(&write)) {
                Some((200, made)) => answered.store(made["version"].as_i64().unwrap(), Ordering::SeqCst),
                _ => return,
            }
        }
    }

    fn look(&mut self, server: &Server, answered: [i64; WRITERS]) -> Found {
        let mut found = Found::default();
        let listed = server.get(&self.key, &self.files);
        for (writer, answered) in answered.into_iter().enumerate() {
            found.answered += answered - self.versions[writer];
            let file = listed["items"].as_array().unwrap().iter().find(|file| file["path"] == json!(name(writer)));
            let present = file.map_or(0, |file| file["version"].as_i64().unwrap());
            let reads = |version: i64| {
                let path = format!("/api/brain/{}?version={version}", file.map_or("", |file| file["id"].as_str().unwrap()));
                let read = server.ask(&self.key, "GET", &path, None);
                matches!(read, Some((200, text)) if text["body"] == json!(body(writer, version)))
            };
            found.lost += (self.versions[writer] + 1..=answered).filter(|version| !reads(*version)).count() as i64;
            found.torn += i64::from(!(answered..=answered + 1).contains(&present) || present > 0 && !reads(present));
            self.versions[writer] = present;
        }
        found
    }
}

#[allow(clippy::disallowed_methods, reason = "a longer run is asked for through the environment")]
fn rounds() -> usize {
    std::env::var("MAGFIN_POWER_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

/// A disk with a small book on it; nothing where there can be none.
fn disk(dir: &Dir) -> Option<(PathBuf, String, String)> {
    let (image, mounted) = (dir.at("image"), dir.at("mounted"));
    let mount = Mount::new(&image, &mounted, MEBIBYTES)?;
    let data = mounted.join("data");
    let key = book(&data, &dir.at("tree"));
    let server = Server::start(&data);
    let home = server.get(&key, "/api/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
    drop(server);
    drop(mount);
    Some((image, key, format!("/api/households/{home}/brain")))
}

fn machine(dir: &Dir, made: &(PathBuf, String, String), kind: &str) -> Machine {
    let image = dir.at(&format!("image-{kind}"));
    assert!(Command::new("cp").arg("--sparse=always").arg(&made.0).arg(&image).status().unwrap().success());
    let mount = Mount::of(&image, &dir.at("mounted")).unwrap();
    let data = dir.at("mounted/data");
    Machine { mount, data, key: made.1.clone(), files: made.2.clone(), preload: None, versions: [0; WRITERS], round: 0 }
}

fn shim(dir: &Dir) -> PathBuf {
    let (source, library) = (dir.at("shim.c"), dir.at("shim.so"));
    fs::write(&source, SHIM).unwrap();
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap().success());
    library
}

fn configure(data: &Path, settings: &str) {
    let config = data.join("postgres/data/postgresql.conf");
    let mut file = fs::OpenOptions::new().append(true).open(config).unwrap();
    file.write_all(settings.as_bytes()).unwrap();
    file.sync_all().unwrap();
}

#[test]
fn br_2_after_a_power_cut_every_answered_version_is_there_and_the_harness_sees_loss_where_nothing_is_flushed() {
    let dir = Dir::new("power");
    let Some(made) = disk(&dir) else { return };
    for control in ["commits", "database", "objects"] {
        let mut machine = machine(&dir, &made, control);
        match control {
            "commits" => configure(&machine.data, "\nsynchronous_commit = off\nwal_writer_delay = 10s\n"),
            "database" => configure(&machine.data, "\nfsync = off\n"),
            _ => machine.preload = Some(shim(&dir)),
        }
        // The kernel may have flushed by itself just before; not three times.
        let mut seen = Vec::new();
        while seen.len() < 3 && !seen.iter().any(Found::anything) {
            let (next, found) = machine.round();
            machine = next;
            println!("control, {control} not flushed: {found:?}");
            seen.push(found);
        }
        assert!(seen.iter().any(Found::anything), "{control} not flushed, and the harness sees no loss: {seen:?}");
    }
    let mut machine = machine(&dir, &made, "flushed");
    let mut answered = 0;
    for round in 1..=rounds() {
        let (next, found) = machine.round();
        machine = next;
        println!("power cut {round}: {found:?}");
        assert!(!found.anything(), "round {round}: {found:?}");
        answered += found.answered;
    }
    println!("{} power cuts, {answered} versions answered, none lost", rounds());
}
