//! The published vectors of RFC 6962 and of the C2SP formats, every case.

use std::collections::BTreeMap;

use crate::common::{Hex, Tally, vectors};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::{SigningKey, VerifierKey};
use magfin_vault::log::note::{Malformed, Note, NoteError, Signature};
use magfin_vault::log::proof::{verify_consistency, verify_inclusion};
use magfin_vault::log::tile::{Kind, LevelPlan, Tile, WIDTH, plan};
use magfin_vault::log::{Frontier, Hash, leaf_hash};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases<T> {
    cases: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Inclusion {
    id: String,
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    #[serde(rename = "desc")]
    _desc: String,
    want_err: bool,
}

/// Hashes of a case; some are of a wrong length on purpose, which is a refusal already.
fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}

#[test]
fn br_3_inclusion_proofs_are_judged_as_published() {
    let Some(file) = vectors::<Cases<Inclusion>>("merkle/inclusion.json") else { return };
    let mut tally = Tally::new("inclusion");
    for case in file.cases {
        let parsed = hashes(&case.proof.unwrap_or_default()).zip(hashes(&[case.leaf_hash, case.root]));
        let holds = parsed.is_some_and(|(proof, ends)| verify_inclusion(case.leaf_idx, case.tree_size, &ends[0], &proof, &ends[1]).is_ok());
        tally.check(case.id, holds != case.want_err);
    }
    tally.finish(None);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Consistency {
    id: String,
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    #[serde(rename = "desc")]
    _desc: String,
    want_err: bool,
}

/// A root, or something as long in place of the few whose bytes do not matter to the case and are no hash at all: equal
/// for equal texts, and the root of nothing.
fn stand_in(text: &str) -> Hash {
    text.parse().unwrap_or_else(|_| leaf_hash(text.as_bytes()))
}

#[test]
fn br_3_consistency_proofs_are_judged_as_published() {
    let Some(file) = vectors::<Cases<Consistency>>("merkle/consistency.json") else { return };
    let mut tally = Tally::new("consistency");
    for case in file.cases {
        let holds = hashes(&case.proof.unwrap_or_default()).is_some_and(|proof| {
            verify_consistency(case.size1, case.size2, &stand_in(&case.root1), &stand_in(&case.root2), &proof).is_ok()
        });
        tally.check(case.id, holds != case.want_err);
    }
    tally.finish(None);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roots {
    #[serde(rename = "description")]
    _description: String,
    leaves_hex: Vec<Hex>,
    leaf_hashes: Vec<Hex>,
    roots: Vec<Hex>,
}

#[test]
fn br_3_roots_are_those_of_the_published_trees() {
    let Some(file) = vectors::<Roots>("merkle/roots.json") else { return };
    let mut tally = Tally::new("roots");
    let mut frontier = Frontier::new();
    tally.check("root 0", frontier.root().0 == file.roots[0].0[..]);
    for (n, leaf) in file.leaves_hex.iter().enumerate() {
        let hash = leaf_hash(&leaf.0);
        tally.check(format!("leaf {n}"), hash.0 == file.leaf_hashes[n].0[..]);
        frontier.append(hash, |_, _| ()).unwrap();
        tally.check(format!("root {}", n + 1), frontier.root().0 == file.roots[n + 1].0[..]);
    }
    tally.finish(Some(file.roots.len() + file.leaves_hex.len()));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CounterRoots {
    #[serde(rename = "description")]
    _description: String,
    roots: BTreeMap<String, Hex>,
}

#[test]
fn br_3_roots_of_counted_leaves_are_as_published() {
    let Some(file) = vectors::<CounterRoots>("merkle/roots-counter.json") else { return };
    let mut tally = Tally::new("roots-counter");
    for (size, root) in file.roots {
        let mut frontier = Frontier::new();
        for leaf in 0..size.parse::<u64>().unwrap() {
            frontier.append(leaf_hash(leaf.to_string().as_bytes()), |_, _| ()).unwrap();
        }
        tally.check(size, frontier.root().0 == root.0[..]);
    }
    tally.finish(None);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tiles {
    #[serde(rename = "description")]
    _description: String,
    paths: Vec<TilePath>,
    bad_paths: Vec<String>,
    plans: Vec<TilePlan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TilePath {
    level: u8,
    index: u64,
    width: Option<u16>,
    path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TilePlan {
    size: u64,
    tiles: Vec<PlannedTile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedTile {
    level: u8,
    full: u64,
    partial_width: u16,
}

#[test]
fn br_3_tiles_are_named_and_planned_as_published() {
    let Some(file) = vectors::<Tiles>("merkle/tiles.json") else { return };
    let mut tally = Tally::new("tiles");
    let expected = file.paths.len() + file.bad_paths.len() + file.plans.len();
    for case in file.paths {
        let tile = Tile::new(Kind::Hashes { level: case.level }, case.index, case.width.unwrap_or(WIDTH)).unwrap();
        tally.check(&case.path, tile.to_string() == case.path && case.path.parse() == Ok(tile));
    }
    for path in file.bad_paths {
        tally.check(&path, path.parse::<Tile>().is_err());
    }
    for case in file.plans {
        let levels = case.tiles.iter().map(|tile| LevelPlan { level: tile.level, full: tile.full, partial: tile.partial_width });
        tally.check(case.size, plan(case.size) == levels.collect::<Vec<_>>());
    }
    tally.finish(Some(expected));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notes {
    #[serde(rename = "description")]
    _description: String,
    cases: Vec<NoteCase>,
    verifier_keys: Vec<KeyCase>,
    signing: Signing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteCase {
    id: String,
    note_b64: String,
    verifier_keys: Vec<String>,
    result: NoteResult,
    #[serde(default)]
    verified: Vec<String>,
    #[serde(default)]
    unverified: Vec<String>,
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum NoteResult {
    Ok,
    Unverified,
    Invalid,
    Malformed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyCase {
    key: String,
    valid: bool,
    #[serde(default, rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signing {
    signer_key: String,
    text: String,
    signed_note: String,
    #[serde(rename = "comment")]
    _comment: String,
}

fn judge(case: &NoteCase) -> bool {
    let keys: Vec<VerifierKey> = case.verifier_keys.iter().map(|key| key.parse().unwrap()).collect();
    let bytes = STANDARD.decode(&case.note_b64).unwrap();
    let note = match Note::parse(&bytes) {
        Ok(note) => note,
        Err(_) => return case.result == NoteResult::Malformed,
    };
    match note.verify(&keys) {
        Ok(verified) => {
            let names: Vec<&str> = verified.iter().map(|signature| signature.key.name()).collect();
            let others = note.signatures().iter().map(Signature::name).filter(|name| !names.contains(name));
            let same = names == case.verified && others.collect::<Vec<_>>() == case.unverified;
            case.result == NoteResult::Ok && same && note.to_string().as_bytes() == bytes
        }
        Err(NoteError::Unverified) => case.result == NoteResult::Unverified,
        Err(NoteError::WrongSignature { .. }) => case.result == NoteResult::Invalid,
        Err(NoteError::Malformed(_)) => false,
    }
}

#[test]
fn br_3_signed_notes_and_keys_are_judged_as_published() {
    let Some(file) = vectors::<Notes>("note/signed-notes.json") else { return };
    let mut tally = Tally::new("signed-notes");
    for case in &file.cases {
        tally.check(&case.id, judge(case));
    }
    for case in &file.verifier_keys {
        let parsed = case.key.parse::<VerifierKey>();
        tally.check(&case.key, parsed.is_ok() == case.valid && parsed.is_ok_and(|key| key.to_string() == case.key) == case.valid);
    }
    let key = SigningKey::parse(&file.signing.signer_key.into()).unwrap();
    let mut note = Note::new(&file.signing.text).unwrap();
    note.add(Signature::sign(&file.signing.text, &key, 0)).unwrap();
    tally.check("signing", note.to_string() == file.signing.signed_note);
    tally.finish(Some(file.cases.len() + file.verifier_keys.len() + 1));
}

#[test]
fn br_3_one_signature_more_than_the_limit_is_too_many_even_of_different_keys() {
    let line = |n: u32| format!("\u{2014} key{n} {}\n", STANDARD.encode([&n.to_be_bytes()[..], &[1; 64]].concat()));
    let note = |signatures| format!("text\n\n{}", (0..signatures).map(line).collect::<String>());
    assert!(Note::parse(note(100).as_bytes()).is_ok());
    assert_eq!(Note::parse(note(101).as_bytes()), Err(Malformed::TooManySignatures));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointCase {
    id: String,
    vkey: String,
    checkpoint: String,
    result: CheckpointResult,
    origin: Option<String>,
    size: Option<u64>,
    root_b64: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum CheckpointResult {
    Ok,
    Reject,
}

#[test]
fn br_3_checkpoints_are_judged_as_published() {
    let Some(file) = vectors::<Cases<CheckpointCase>>("note/checkpoints.json") else { return };
    let mut tally = Tally::new("checkpoints");
    for case in file.cases {
        let opened = Checkpoint::open(case.checkpoint.as_bytes(), &Trust::log(case.vkey.parse().unwrap()));
        let right = match (case.result, opened) {
            (CheckpointResult::Ok, Ok(found)) => {
                let mut tree = Frontier::new();
                (0..found.size).for_each(|leaf| tree.append(leaf_hash(leaf.to_string().as_bytes()), |_, _| ()).unwrap());
                let named = Some(&found.origin) == case.origin.as_ref() && Some(found.size) == case.size;
                // The leaves are counted, so the root can be had a second way.
                named && Some(found.root.to_string()) == case.root_b64 && tree.root() == found.root
            }
            (CheckpointResult::Reject, Err(_)) => true,
            _ => false,
        };
        tally.check(case.id, right);
    }
    tally.finish(None);
}
