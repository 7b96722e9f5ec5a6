//! Notes, checkpoints and proofs: what is believed, and that nothing that was changed is.

use crate::common::{Random, mutated};
use magfin_vault::log::checkpoint::{Checkpoint, CheckpointError, Trust};
use magfin_vault::log::key::{NoteKeyError, Purpose, SigningKey, VerifierKey};
use magfin_vault::log::note::{Malformed, Note, NoteError, Signature};
use magfin_vault::log::proof::{MemoryStore, prove_inclusion};
use magfin_vault::log::sealed::{SealedError, SealedProof};
use magfin_vault::log::{Frontier, Hash, leaf_hash};

const ORIGIN: &str = "audit.example/firm-7";
const TIME: u64 = 1_790_000_000;

fn key(name: &str, purpose: Purpose, seed: u64) -> SigningKey {
    SigningKey::generate(name, purpose, &mut Random(seed)).unwrap()
}

fn log_key() -> SigningKey {
    key(ORIGIN, Purpose::Text, 1)
}

fn witness(n: u64) -> SigningKey {
    key(&format!("witness.example/{n}"), Purpose::Cosignature, 100 + n)
}

fn trust() -> Trust {
    Trust::log(log_key().public().clone()).with_witnesses([1, 2].map(|n| witness(n).public().clone()), 2)
}

fn leaf(index: u64) -> Vec<u8> {
    format!("{{\"seq\":{index}}}").into_bytes()
}

/// A log of 700 leaves: its store, and its checkpoint signed by log and two witnesses.
fn log() -> (MemoryStore, Checkpoint, Note) {
    let (mut store, mut frontier) = (MemoryStore::default(), Frontier::new());
    (0..700).for_each(|index| frontier.append(leaf_hash(&leaf(index)), |node, hash| store.keep(node, hash)).unwrap());
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 700, root: frontier.root(), extensions: vec![] };
    let mut note = checkpoint.sign(&log_key()).unwrap();
    [1, 2].into_iter().for_each(|n| note.add(Signature::sign(&checkpoint.to_string(), &witness(n), TIME)).unwrap());
    (store, checkpoint, note)
}

#[test]
fn br_3_a_checkpoint_is_believed_with_the_log_s_and_enough_witnesses_signatures() {
    let (_, checkpoint, note) = log();
    let signed = note.to_string();
    assert_eq!(Checkpoint::open(signed.as_bytes(), &trust()), Ok(checkpoint.clone()));
    let lines: Vec<&str> = signed.lines().collect();
    let without_last = format!("{}\n", lines[..lines.len() - 1].join("\n"));
    assert_eq!(Checkpoint::open(without_last.as_bytes(), &trust()), Err(CheckpointError::Witnesses { needed: 2, found: 1 }));
    let mut witnesses_only = Note::new(note.text()).unwrap();
    witnesses_only.add(note.signatures()[1].clone()).unwrap();
    assert_eq!(Checkpoint::open(witnesses_only.to_string().as_bytes(), &trust()), Err(CheckpointError::NotSignedByLog));
    let other = Trust::log(key("audit.example/firm-8", Purpose::Text, 5).public().clone());
    assert_eq!(Checkpoint::open(signed.as_bytes(), &other), Err(CheckpointError::Note(NoteError::Unverified)));
}

#[test]
fn br_3_one_witness_under_two_names_counts_once() {
    let (_, checkpoint, _) = log();
    let text = checkpoint.to_string();
    let twins = [key("a", Purpose::Cosignature, 9), key("b", Purpose::Cosignature, 9)];
    let mut note = checkpoint.sign(&log_key()).unwrap();
    twins.iter().for_each(|twin| note.add(Signature::sign(&text, twin, TIME)).unwrap());
    let trust = Trust::log(log_key().public().clone()).with_witnesses(twins.iter().map(|twin| twin.public().clone()), 2);
    let opened = Checkpoint::open(note.to_string().as_bytes(), &trust);
    assert_eq!(opened, Err(CheckpointError::Witnesses { needed: 2, found: 1 }));
}

#[test]
fn br_3_a_cosignature_says_when_and_not_otherwise() {
    let (_, checkpoint, note) = log();
    let keys = [witness(1).public().clone()];
    assert_eq!(note.verify(&keys).unwrap()[0].time, Some(TIME));
    let line = note.signatures()[1].to_string();
    let (name, bytes) = line.rsplit_once(' ').unwrap();
    let mut bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, bytes).unwrap();
    bytes[11] ^= 1;
    let later = format!("{name} {}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes));
    let mut changed = Note::new(&checkpoint.to_string()).unwrap();
    changed.add(later.parse().unwrap()).unwrap();
    assert_eq!(changed.verify(&keys), Err(NoteError::WrongSignature { name: "witness.example/1".to_owned() }));
}

#[test]
fn br_3_a_signature_made_elsewhere_is_checked_before_it_is_taken() {
    let (_, checkpoint, note) = log();
    let text = checkpoint.to_string();
    let public = log_key().public().clone();
    let line = note.signatures()[0].to_string();
    let raw = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, line.rsplit_once(' ').unwrap().1).unwrap();
    assert_eq!(Signature::made(&text, &public, &raw[4..]).unwrap(), note.signatures()[0]);
    assert!(Signature::made("other\n", &public, &raw[4..]).is_err());
}

#[test]
fn br_3_base64_that_is_not_canonical_is_refused() {
    let (_, _, note) = log();
    let line = note.signatures()[0].to_string();
    // 68 bytes leave four bits over in the last digit before the padding.
    let digit = line.len() - 2;
    for other in ['B', 'x', '/'] {
        let mut changed = line.clone();
        changed.replace_range(digit..=digit, &other.to_string());
        assert!(changed == line || changed.parse::<Signature>() == Err(Malformed::Line), "{changed}");
    }
    assert_eq!(line.trim_end_matches('=').parse::<Signature>(), Err(Malformed::Line));
    assert_eq!(format!("{line}=").parse::<Signature>(), Err(Malformed::Line));
    assert_eq!(line.replace('/', "_").replace('+', "-").parse::<Signature>().is_ok(), !line.contains(['/', '+']));
}

#[test]
fn br_3_keys_are_written_one_way_and_do_not_print_their_secret() {
    for purpose in [Purpose::Text, Purpose::Cosignature] {
        let signing = key("a.example", purpose, 3);
        assert_eq!(SigningKey::parse(&signing.to_secret()).unwrap().public(), signing.public());
        let text = signing.public().to_string();
        assert_eq!(text.parse::<VerifierKey>().as_ref(), Ok(signing.public()));
        assert_eq!(text.replace("a.example", "b.example").parse::<VerifierKey>(), Err(NoteKeyError::Id));
        let (name, rest) = text.split_once('+').unwrap();
        let (id, bytes) = rest.split_once('+').unwrap();
        let shouted = format!("{name}+{}+{bytes}", id.to_uppercase());
        assert!(shouted == text || shouted.parse::<VerifierKey>() == Err(NoteKeyError::Id));
        assert_eq!(format!("{signing:?}"), "SigningKey(a.example, …)");
    }
    assert_eq!(VerifierKey::new("a", Purpose::Text, [0; 32]), Err(NoteKeyError::Weak));
    assert_eq!(VerifierKey::new("a b", Purpose::Text, [7; 32]), Err(NoteKeyError::Name));
}

#[test]
fn br_3_a_log_signs_for_itself_and_well_formed_lines_only() {
    let good = Checkpoint { origin: ORIGIN.to_owned(), size: 0, root: Hash::empty(), extensions: vec![] };
    assert!(good.sign(&log_key()).is_ok());
    let other = Checkpoint { origin: "audit.example/firm-8".to_owned(), ..good.clone() };
    assert_eq!(other.sign(&log_key()), Err(CheckpointError::OtherLog));
    for line in ["", "two\nlines"] {
        let bad = Checkpoint { extensions: vec![line.to_owned()], ..good.clone() };
        assert_eq!(bad.sign(&log_key()), Err(CheckpointError::Form));
    }
}

fn sealed(index: u64, extra: Option<Vec<u8>>) -> SealedProof {
    let (store, checkpoint, note) = log();
    let hashes = prove_inclusion(index, checkpoint.size, &store).unwrap();
    SealedProof { index, hashes, checkpoint: note, extra }
}

#[test]
fn br_3_a_proof_in_one_file_is_believed_for_its_leaf_only() {
    for extra in [None, Some(vec![]), Some(b"more".to_vec())] {
        let proof = sealed(233, extra);
        assert_eq!(SealedProof::parse(proof.to_string().as_bytes()).unwrap(), proof);
        assert_eq!(proof.verify(&leaf(233), &trust()).unwrap().size, 700);
        assert!(matches!(proof.verify(&leaf(234), &trust()), Err(SealedError::Proof(_))));
    }
}

#[test]
fn br_3_none_of_ten_thousand_mutated_proofs_is_accepted() {
    let mut random = Random(2027);
    let proofs: Vec<_> = [0, 233, 698, 699].map(|index| (index, sealed(index, None).to_string())).into();
    let accepted = |bytes: &[u8], index| SealedProof::parse(bytes).is_ok_and(|proof| proof.verify(&leaf(index), &trust()).is_ok());
    for n in 0..10_000 {
        let (index, original) = &proofs[n % proofs.len()];
        assert!(n >= proofs.len() || accepted(original.as_bytes(), *index), "the control is accepted");
        let changed = mutated(original.as_bytes(), &mut random);
        assert!(!accepted(&changed, *index), "mutation {n} was accepted:\n{}", String::from_utf8_lossy(&changed));
    }
}

#[test]
fn br_3_none_of_ten_thousand_mutated_notes_is_accepted() {
    let mut random = Random(2028);
    let (_, _, note) = log();
    let original = note.to_string();
    assert!(Checkpoint::open(original.as_bytes(), &trust()).is_ok(), "the control is accepted");
    for n in 0..10_000 {
        let changed = mutated(original.as_bytes(), &mut random);
        let opened = Checkpoint::open(&changed, &trust());
        assert!(opened.is_err(), "mutation {n} was accepted:\n{}", String::from_utf8_lossy(&changed));
    }
}
