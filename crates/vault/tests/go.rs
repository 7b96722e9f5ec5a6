//! Go's `sumdb/note` and `sumdb/tlog` read what this crate writes, and write the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::Random;
use crate::common::golang::verifier;
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
