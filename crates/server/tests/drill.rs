//! The drill: a backup of a server that is being written to, restored to an empty machine; and everything that must refuse.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Instant;

use crate::common::server::{Server, book};
use crate::common::{Dir, magfin, outcome, sample_book, stdout};
use serde_json::{Value, json};

/// Files that are written to while the backup is taken.
const WRITERS: usize = 2;
/// How long the drill may take with the sample book.
const LIMIT_S: f64 = 300.0;

/// `magfin` on a data directory, with checkpoints that go outside.
fn with_outside(data: &Path, outside: &Path, arguments: &[&str]) -> Command {
    let mut command = magfin(data, arguments);
    fs::create_dir_all(outside).unwrap();
    command.env("MAGFIN_CHECKPOINT_DIR", outside);
    command
}

/// What a writer writes as a version of its file.
fn body(writer: usize, version: i64) -> String {
    format!("Version {version} by writer {writer}: {}", "as agreed ".repeat(writer * 700))
}

/// Files with how many versions of them were answered, written to until told to stop.
struct Writers<'a> {
    server: &'a Server,
    key: &'a str,
    files: String,
    answered: [AtomicI64; WRITERS],
    stop: AtomicBool,
}

impl<'a> Writers<'a> {
    fn new(server: &'a Server, key: &'a str) -> Self {
        let home = server.get(key, "/api/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
        let files = format!("/api/households/{home}/brain");
        Self { server, key, files, answered: Default::default(), stop: AtomicBool::new(false) }
    }

    fn write(&self, writer: usize) {
        while !self.stop.load(Ordering::SeqCst) {
            let seen = self.answered[writer].load(Ordering::SeqCst);
            let write = json!({"path": format!("drill-{writer}.md"), "body": body(writer, seen + 1), "seen": (seen > 0).then_some(seen)});
            let (status, made) = self.server.ask(self.key, "PUT", &self.files, Some(&write)).unwrap();
            assert_eq!(status, 200, "{made}");
            self.answered[writer].store(made["version"].as_i64().unwrap(), Ordering::SeqCst);
        }
    }

    fn answered(&self) -> Vec<i64> {
        self.answered.iter().map(|n| n.load(Ordering::SeqCst)).collect()
    }

    /// Until every writer has had so many answers more.
    fn wait(&self, more: i64) {
        let wanted: Vec<i64> = self.answered().iter().map(|n| n + more).collect();
        while self.answered().iter().zip(&wanted).any(|(now, wanted)| now < wanted) {
            std::thread::yield_now();
        }
    }
}

/// The text of every version of every brain file, by file and version; and the files by path.
fn texts(server: &Server, key: &str) -> (BTreeMap<(String, i64), String>, BTreeMap<String, String>) {
    let (mut texts, mut paths) = (BTreeMap::new(), BTreeMap::new());
    let string = |value: &Value| value.as_str().unwrap().to_owned();
    for home in server.get(key, "/api/households?limit=200")["items"].as_array().unwrap() {
        for file in server.get(key, &format!("/api/households/{}/brain", string(&home["id"])))["items"].as_array().unwrap() {
            let id = string(&file["id"]);
            for version in server.get(key, &format!("/api/brain/{id}/versions"))["items"].as_array().unwrap() {
                let number = version["version"].as_i64().unwrap();
                let text = server.get(key, &format!("/api/brain/{id}?version={number}"));
                texts.insert((id.clone(), number), string(&text["body"]));
            }
            paths.insert(string(&file["path"]), id);
        }
    }
    (texts, paths)
}

/// Everything that is in a directory; empty when it is not there.
fn listing(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(dir).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(listing(&path));
        }
        found.push(path);
    }
    found
}

/// The objects of a backup or data directory, in order.
fn objects(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = listing(&dir.join("objects")).into_iter().filter(|path| path.is_file()).collect();
    found.sort();
    found
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn sv_4_a_backup_of_a_busy_server_is_restored_to_an_empty_machine_with_everything_that_was_answered() {
    let Some(book) = sample_book() else { return };
    let dir = Dir::new("drill");
    let (data, outside, backup) = (dir.at("old/data"), dir.at("outside"), dir.at("backup"));
    stdout(magfin(&data, &["import", "legacy", text(&book), "--commit"]));
    stdout(magfin(&data, &["import", "brain", text(&book), "--firm", "Harborlane Wealth"]));
    let key = |email| stdout(magfin(&data, &["token", "create", "--user", email])).trim().to_owned();
    let (will, priya) = (key("will@harborlane.example"), key("priya@harborlane.example"));
    let server = Server::begin(with_outside(&data, &outside, &[]));
    let before = texts(&server, &priya).0;
    assert!(before.len() > 100, "{} versions", before.len());

    let writers = Writers::new(&server, &will);
    let (answered, began, said) = std::thread::scope(|scope| {
        (0..WRITERS).for_each(|n| {
            drop(scope.spawn({
                let writers = &writers;
                move || writers.write(n)
            }))
        });
        writers.wait(3);
        let (answered, began) = (writers.answered(), Instant::now());
        let said = outcome(with_outside(&data, &outside, &["backup", text(&backup)]));
        // There is more than the backup has, and a checkpoint outside that knows of it.
        writers.wait(1);
        writers.stop.store(true, Ordering::SeqCst);
        (answered, began, said)
    });
    let backed_up = began.elapsed().as_secs_f64();
    assert!(said.0 && said.1.contains("Keys are not part of it"), "{}", said.1);
    stdout(with_outside(&data, &outside, &["backup", text(&dir.at("later"))]));
    drop(writers);
    server.kill();

    // The other machine has the backup, and what was kept elsewhere: keys and checkpoints.
    fs::rename(data.join("keys"), dir.at("keys")).unwrap();
    fs::remove_dir_all(&data).unwrap();
    let new = dir.at("new/data");
    let restore = ["restore", text(&backup), "--keys", text(&dir.at("keys")), "--no-erasures"].map(str::to_owned);
    let restore: Vec<&str> = restore.iter().map(String::as_str).collect();
    let (good, said) = outcome(with_outside(&new, &outside, &restore));
    assert!(!good && said.contains("outside are later than this backup") && !new.exists(), "{said}");
    let began = Instant::now();
    let said = stdout(with_outside(&new, &outside, &[&restore[..], &["--accept-loss"]].concat()));
    assert!(said.contains("each with its object") && said.contains(": verified") && said.contains("is lost"), "{said}");
    let verified = stdout(magfin(&new, &["verify"]));
    assert!(verified.contains(": verified"), "{verified}");
    let seconds = backed_up + began.elapsed().as_secs_f64();

    let server = Server::start(&new);
    let (after, paths) = texts(&server, &priya);
    for (version, text) in &before {
        assert_eq!(after.get(version), Some(text), "{version:?}");
    }
    for (writer, answered) in answered.iter().enumerate() {
        let file = &paths[&format!("drill-{writer}.md")];
        let kept: Vec<(i64, &String)> = after.iter().filter(|((id, _), _)| id == file).map(|((_, n), text)| (*n, text)).collect();
        assert!(kept.len() as i64 >= *answered, "writer {writer}: {} versions of {answered} that were answered", kept.len());
        kept.iter().for_each(|(n, text)| assert_eq!(**text, body(writer, *n)));
    }
    println!("drill: backup {backed_up:.1} s, backup to green verify {seconds:.1} s, {} versions read back", after.len());
    assert!(seconds < LIMIT_S, "{seconds:.1} s");
}

/// A restore that is tried into a place where nothing was, and must leave nothing.
struct Attempt {
    dir: Dir,
    data: PathBuf,
    backup: PathBuf,
    keys: PathBuf,
}

impl Attempt {
    /// A backup of a small book.
    fn new(name: &str) -> Self {
        let dir = Dir::new(name);
        let data = dir.at("data");
        book(&data, &dir.at("tree"));
        let (backup, keys) = (dir.at("backup"), data.join("keys"));
        // The server does not run: the command starts the database and stops it.
        stdout(with_outside(&data, &dir.at("outside"), &["backup", text(&backup)]));
        Self { dir, data, backup, keys }
    }

    fn restore(&self, to: &Path, more: &[&str]) -> Command {
        let erasures: &[&str] = if more.contains(&"--erasures") { &[] } else { &["--no-erasures"] };
        let keys: &[&str] = if more.contains(&"--keys") { &[] } else { &["--keys", text(&self.keys)] };
        magfin(to, &[&["restore", text(&self.backup)], keys, erasures, more].concat())
    }

    /// Tries it and expects to be told why not.
    fn refused(&self, more: &[&str], why: &str) {
        let to = self.dir.at("refused");
        let (good, said) = outcome(self.restore(&to, more));
        assert!(!good && said.contains(why), "expected {why:?}: {said}");
        assert!(!to.exists(), "something is left after {why:?}: {:?}", listing(&to));
    }

    /// Expects `why` while a file has one bit changed.
    fn refused_flipped(&self, file: &Path, at: usize, why: &str) {
        let bytes = fs::read(file).unwrap();
        let mut flipped = bytes.clone();
        flipped[at % bytes.len()] ^= 1;
        fs::write(file, flipped).unwrap();
        self.refused(&[], why);
        fs::write(file, bytes).unwrap();
    }
}

#[test]
fn sv_4_what_is_wrong_with_a_backup_is_named_and_nothing_is_half_restored() {
    let a = Attempt::new("refusals");
    let object = objects(&a.backup).remove(0);
    let name = text(object.strip_prefix(&a.backup).unwrap()).to_owned();
    let mut tables: Vec<PathBuf> = listing(&a.backup.join("database/base")).into_iter().filter(|path| path.is_file()).collect();
    tables.sort_by_key(|path| fs::metadata(path).unwrap().len());
    let wal = listing(&a.backup.join("database/pg_wal")).into_iter().find(|path| path.is_file()).unwrap();
    for (file, at) in [(&object, 20), (tables.last().unwrap(), 70_000), (&wal, 5_000)] {
        a.refused_flipped(file, at, "was changed since the backup");
    }
    a.refused_flipped(&a.backup.join("manifest.json"), 40, "manifest.json was changed since the backup");
    fs::rename(&object, a.dir.at("object")).unwrap();
    a.refused(&[], &format!("{name} is missing from this backup"));
    fs::rename(a.dir.at("object"), &object).unwrap();
    fs::write(a.backup.join("more"), "x").unwrap();
    a.refused(&[], "more is not part of this backup");
    fs::remove_file(a.backup.join("more")).unwrap();
    fs::rename(a.backup.join("manifest.sha256"), a.dir.at("seal")).unwrap();
    a.refused(&[], "unfinished backup");
    fs::rename(a.dir.at("seal"), a.backup.join("manifest.sha256")).unwrap();
    a.refused(&["--keys", text(&a.dir.at("tree"))], "master.key is not there");
}

#[test]
fn sv_4_other_keys_an_object_that_no_manifest_names_and_a_log_from_elsewhere_are_refused() {
    let a = Attempt::new("contents");
    let wrong = a.dir.at("wrong");
    fs::create_dir_all(&wrong).unwrap();
    for (copied, other, made) in
        [("firm.keys", "master.key", "00".repeat(32)), ("master.key", "firm.keys", format!("file/1 {}\n", "00".repeat(32)))]
    {
        fs::copy(a.keys.join(copied), wrong.join(copied)).unwrap();
        fs::write(wrong.join(other), made).unwrap();
        a.refused(
            &["--keys", text(&wrong)],
            &format!("{} not the key", if other == "master.key" { "master.key is" } else { "firm.keys are" }),
        );
    }
    // A backup whose manifest is whole and whose rows point to an object that it never had.
    let object = objects(&a.backup).remove(0);
    let named = text(object.strip_prefix(&a.backup).unwrap()).to_owned();
    let mut manifest: Value = serde_json::from_slice(&fs::read(a.backup.join("manifest.json")).unwrap()).unwrap();
    let good = manifest.clone();
    manifest["files"].as_array_mut().unwrap().retain(|file| file["path"] != json!(named));
    fs::rename(&object, a.dir.at("object")).unwrap();
    seal(&a.backup, &manifest);
    a.refused(&[], "1 versions of brain files have no whole object");
    fs::rename(a.dir.at("object"), &object).unwrap();
    let mut manifest = good.clone();
    manifest["logs"][0]["number"] = json!(9);
    seal(&a.backup, &manifest);
    a.refused(&[], "has no checkpoint 9");
    seal(&a.backup, &good);
    // With checkpoints that were kept outside; nothing was recorded since.
    let to = a.dir.at("to");
    let mut restore = a.restore(&to, &["--erasures", text(&a.dir.at("outside"))]);
    let said = stdout({
        restore.env("MAGFIN_CHECKPOINT_DIR", a.dir.at("outside"));
        restore
    });
    assert!(said.contains("1 checkpoint is kept outside and the same") && said.contains("0 households were erased again"), "{said}");
    assert_eq!(objects(&to).len(), objects(&a.backup).len());
}

/// Writes a manifest that agrees with its own hash.
fn seal(backup: &Path, manifest: &Value) {
    let text = manifest.to_string();
    fs::write(backup.join("manifest.json"), &text).unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    fs::write(backup.join("manifest.sha256"), format!("{}  manifest.json\n", hex::encode(hash))).unwrap();
}

#[test]
fn sv_4_a_directory_in_use_erasures_and_what_is_elsewhere_are_refused_with_what_to_do() {
    let a = Attempt::new("places");
    let (good, said) = outcome(a.restore(&a.data, &[]));
    assert!(!good && said.contains("is not empty"), "{said}");
    stdout(magfin(&a.data, &["verify"]));
    let (good, said) = outcome(magfin(&a.data, &["backup", text(&a.backup)]));
    assert!(!good && said.contains("is not empty: a backup needs a directory of its own"), "{said}");
    let (good, said) = outcome(magfin(&a.dir.at("nothing"), &["backup", text(&a.dir.at("b"))]));
    assert!(!good && said.contains("there is no database in") && !a.dir.at("b").exists(), "{said}");

    let (good, said) = outcome(magfin(&a.dir.at("refused"), &["restore", text(&a.backup), "--keys", text(&a.keys)]));
    assert!(!good && said.contains("say --erasures FOLDER"), "{said}");
    a.refused(&["--erasures", text(&a.dir.at("nowhere"))], "nowhere is not there");
    a.refused(&["--erasures", text(&a.dir.at("tree"))], "is not the folder that MAGFIN_CHECKPOINT_DIR named");
    let certificates = a.dir.at("certificates");
    let manifest: Value = serde_json::from_str(&fs::read_to_string(a.backup.join("manifest.json")).unwrap()).unwrap();
    let firm = certificates.join("erasures").join(manifest["logs"][0]["firm"].as_str().unwrap());
    fs::create_dir_all(&firm).unwrap();
    fs::write(firm.join("household.json"), "{}").unwrap();
    a.refused(&["--erasures", text(&certificates)], "household.json: cannot be read as a certificate");

    for command in [["backup", text(&a.dir.at("b"))], ["restore", text(&a.backup)]] {
        let run = |name: &str, value: &str| {
            let mut command = magfin(&a.data, &command);
            outcome({
                command.env(name, value);
                command
            })
        };
        let (good, said) = run("DATABASE_URL", "postgres://x@127.0.0.1/x");
        assert!(!good && said.contains("pg_basebackup"), "{said}");
        let mut elsewhere = magfin(&a.data, &command);
        elsewhere.env("MAGFIN_OBJECTS", "s3://bucket/folder?region=us-east-1").env("MAGFIN_OBJECTS_KEY_ID", "x");
        let (good, said) = outcome({
            elsewhere.env("MAGFIN_OBJECTS_SECRET_FILE", a.keys.join("master.key"));
            elsewhere
        });
        assert!(!good && said.contains("switch on versioning"), "{said}");
    }
}

#[test]
fn sv_4_a_restore_that_is_killed_serves_nobody_and_can_be_made_again() {
    let a = Attempt::new("killed");
    let (to, elsewhere) = (a.dir.at("to"), a.dir.at("objects"));
    // The last one is killed when everything is there and is being checked.
    for until in ["restore.unfinished", "restoring/postgres/data.new", "restoring/postgres/data", "restoring/postgres.json"] {
        let mut restore = a.restore(&to, &[]).env("MAGFIN_OBJECTS", &elsewhere).spawn().unwrap();
        while !to.join(until).exists() {
            assert!(restore.try_wait().unwrap().is_none(), "it ended before {until}");
            std::thread::yield_now();
        }
        restore.kill().unwrap();
        restore.wait().unwrap();
        for command in [["verify"], ["serve"]] {
            let (good, said) = outcome(magfin(&to, &command));
            assert!(!good && said.contains("was not finished"), "after {until}: {said}");
        }
        let (good, said) = outcome(a.restore(&to, &[]));
        assert!(!good && said.contains("remove"), "{said}");
        // Its PostgreSQL may still be stopping, and writing.
        while to.exists() {
            let _ = fs::remove_dir_all(&to);
        }
        let _ = fs::remove_dir_all(&elsewhere);
    }
    stdout({
        let mut restore = a.restore(&to, &[]);
        restore.env("MAGFIN_OBJECTS", &elsewhere);
        restore
    });
    assert_eq!(listing(&elsewhere).into_iter().filter(|path| path.is_file()).count(), objects(&a.backup).len());
    // Verification opens every object, and says so when it is not told where they are.
    let (good, said) = outcome(magfin(&to, &["verify"]));
    assert!(!good && said.contains("things are wrong"), "{said}");
    stdout({
        let mut verify = magfin(&to, &["verify"]);
        verify.env("MAGFIN_OBJECTS", &elsewhere);
        verify
    });
}
