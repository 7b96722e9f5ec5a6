//! What every decoder must do with any bytes at all: never panic, and read only what it would write itself.
//!
//! Shared by the test `any_bytes` and by the fuzz targets in `fuzz/`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use magfin_vault::bundle::{Manifest, Parts, verify};
use magfin_vault::column::{MasterKey, Place};
use magfin_vault::file::{Context, Decryptor, decrypt};
use magfin_vault::key::{DataKey, RecipientKey};
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::{Purpose, SigningKey, VerifierKey};
use magfin_vault::log::leaf::Leaf;
use magfin_vault::log::note::{Note, Signature};
use magfin_vault::log::proof::{verify_consistency, verify_inclusion};
use magfin_vault::log::sealed::SealedProof;
use magfin_vault::log::tile::{Tile, plan};
use magfin_vault::log::{Frontier, Hash, entries};
use magfin_vault::wrap::{WrappedKey, kwp_unwrap};
use secrecy::ExposeSecret;

/// A decoder under test.
pub type Case = fn(&[u8]);

/// All of them, by the name of their fuzz target.
pub const CASES: [(&str, Case); 14] = [
    ("file", file),
    ("column", column),
    ("wrapped_key", wrapped_key),
    ("hash", hash),
    ("note", note),
    ("note_keys", note_keys),
    ("checkpoint", checkpoint),
    ("sealed_proof", sealed_proof),
    ("proofs", proofs),
    ("tile", tile),
    ("entries", log_entries),
    ("frontier", frontier),
    ("leaf", log_leaf),
    ("bundle", bundle),
];

fn log_key() -> VerifierKey {
    SigningKey::from_seed("log.example", Purpose::Text, &[1; 32]).unwrap().public().clone()
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// The bytes as hashes; what is left over is dropped.
fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<32>().0.iter().copied().map(Hash).collect()
}

/// Two numbers from the front, and the rest.
fn numbers(bytes: &[u8]) -> Option<(u64, u64, &[u8])> {
    let (first, rest) = bytes.split_first_chunk::<8>()?;
    let (second, rest) = rest.split_first_chunk::<8>()?;
    Some((u64::from_le_bytes(*first), u64::from_le_bytes(*second), rest))
}

/// No bytes are a file under a key that encrypted none, whole or in pieces.
pub fn file(bytes: &[u8]) {
    let context = Context { firm: &[1; 16], object: &[2; 16], path: "a", version: 1, content_type: "b" };
    let key = DataKey::from_bytes([3; 32]);
    assert!(decrypt(&key, &context, bytes).is_err());
    let mut decryptor = Decryptor::new(&key, &context);
    let mut out = Vec::new();
    let pieces = bytes.chunks(13).all(|piece| decryptor.update(piece, &mut out).is_ok());
    assert!(!pieces || decryptor.finish(&mut out).is_err());
    assert!(out.is_empty());
}

/// No bytes are a column value under a key that sealed none.
pub fn column(bytes: &[u8]) {
    let place = Place { firm: &[1; 16], table: "t", column: "c", row: &[2; 16] };
    assert!(MasterKey::new([3; 32]).open(place, bytes).is_err());
    let _ = text(bytes).map(MasterKey::from_hex);
}

/// No bytes are a wrapped key under a key that wrapped none.
pub fn wrapped_key(bytes: &[u8]) {
    assert!(kwp_unwrap(&[3; 32], bytes).is_err());
    if let Ok(wrapped) = WrappedKey::try_from(bytes) {
        assert_eq!(wrapped.as_bytes(), bytes);
    }
}

/// Base64 is read in one form.
pub fn hash(bytes: &[u8]) {
    if let Some(Ok(hash)) = text(bytes).map(str::parse::<Hash>) {
        assert_eq!(hash.to_string().as_bytes(), bytes);
    }
}

/// Notes and their lines are read in one form, and nobody signed them.
pub fn note(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        assert!(note.verify(&[log_key()]).is_err());
    }
    if let Some(Ok(signature)) = text(bytes).map(str::parse::<Signature>) {
        assert_eq!(signature.to_string().as_bytes(), bytes);
    }
}

/// Keys are read in one form.
pub fn note_keys(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = SigningKey::parse(&text.to_owned().into()) {
        assert_eq!(key.to_secret().expose_secret(), text);
    }
}

/// Texts of checkpoints are read in one form, and nobody signed them.
pub fn checkpoint(bytes: &[u8]) {
    assert!(Checkpoint::open(bytes, &Trust::log(log_key())).is_err());
    if let Some(Ok(checkpoint)) = text(bytes).map(str::parse::<Checkpoint>) {
        assert_eq!(checkpoint.to_string().as_bytes(), bytes);
    }
}

/// Proofs in one file are read in one form, and nobody signed them.
pub fn sealed_proof(bytes: &[u8]) {
    if let Ok(proof) = SealedProof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
        assert!(proof.verify(b"leaf", &Trust::log(log_key())).is_err());
    }
}

/// Proofs of any numbers and hashes are judged.
pub fn proofs(bytes: &[u8]) {
    let Some((first, second, rest)) = numbers(bytes) else { return };
    let proof = hashes(rest);
    let root = Hash([7; 32]);
    assert!(verify_inclusion(first, second, &Hash([8; 32]), &proof, &root).is_err());
    assert!(verify_consistency(first, second, &Hash([8; 32]), &root, &proof).is_err());
}

/// Names of tiles are read in one form; their bytes have one length.
pub fn tile(bytes: &[u8]) {
    if let Some(Ok(tile)) = text(bytes).map(str::parse::<Tile>) {
        assert_eq!(tile.to_string().as_bytes(), bytes);
        assert!(tile.nodes().len() <= 256);
    }
    let name: Tile = "tile/0/000.p/3".parse().unwrap();
    if let Ok(hashes) = name.decode(bytes) {
        assert_eq!(Tile::encode(&hashes), bytes);
    }
}

/// Bundles of entries are read in one form.
pub fn log_entries(bytes: &[u8]) {
    if let Ok(entries) = entries::decode(bytes) {
        assert_eq!(entries::encode(&entries).unwrap(), bytes);
    }
}

/// A tree continues from any edge that has the right length.
pub fn frontier(bytes: &[u8]) {
    let Some((size, _, rest)) = numbers(bytes) else { return };
    assert!(plan(size).len() <= 8);
    if let Ok(mut frontier) = Frontier::restore(size, hashes(rest)) {
        let _ = frontier.append(Hash([7; 32]), |_, _| ());
        assert_eq!(frontier.peaks().len(), frontier.size().count_ones() as usize);
    }
}

/// Manifests are read in one form, and no bundle is believed.
pub fn bundle(bytes: &[u8]) {
    if let Ok(manifest) = Manifest::parse(bytes) {
        assert_eq!(manifest.to_bytes(), bytes);
    }
    let parts = Parts::from([("manifest.json".to_owned(), bytes.to_vec()), ("checkpoint".to_owned(), bytes.to_vec())]);
    assert!(verify(&parts, &Trust::log(log_key()), &RecipientKey::from_bytes([3; 32]), |_, _| ()).is_err());
}

/// A leaf of a firm's log.
pub fn log_leaf(bytes: &[u8]) {
    if let Ok(leaf) = Leaf::decode(bytes) {
        assert_eq!(leaf.encode().unwrap(), bytes);
    }
}
