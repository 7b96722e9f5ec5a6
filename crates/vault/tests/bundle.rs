//! Bundles: what Rust writes, Rust and Python check; whatever was changed is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::python::python;
use crate::common::{Random, mutated};
use magfin_vault::bundle::{Fault, Parts, RECORDS, Record, Writer, verify};
use magfin_vault::file::{CHUNK, Context, encrypt};
use magfin_vault::key::{DataKey, RecipientKey};
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::{Purpose, SigningKey};
use magfin_vault::log::leaf::{Leaf, Source, commit};
use magfin_vault::log::proof::{MemoryStore, prove_inclusion};
use magfin_vault::log::{Frontier, leaf_hash};
use magfin_vault::token::sha256;

const CONTEXT: Context<'static> =
    Context { firm: &[1; 16], object: &[2; 16], path: "clients/zoë/brain \"1\".md", version: 3, content_type: "text/markdown" };

fn signing_key() -> SigningKey {
    SigningKey::generate("audit.example/firm-7", Purpose::Text, &mut Random(4)).unwrap()
}

fn recipient() -> RecipientKey {
    RecipientKey::from_bytes([3; 32])
}

fn plain() -> [Vec<u8>; 2] {
    [b"# Zo\xc3\xab\n\nLikes sailing.\n".to_vec(), vec![b'x'; 2 * CHUNK + 77]]
}

/// Two files with their leaves, in a log of 1,000.
fn bundle() -> Parts {
    let keys = [DataKey::from_bytes([8; 32]), DataKey::from_bytes([9; 32])];
    let contexts = [CONTEXT, Context { object: &[5; 16], path: "recordings/1.vtt", version: 1, ..CONTEXT }];
    let sealed: Vec<_> = (0..2).map(|n| encrypt(&keys[n], &contexts[n], &plain()[n], &mut Random(6)).unwrap()).collect();
    let (mut store, mut frontier) = (MemoryStore::default(), Frontier::new());
    let leaf = |index: u64| match index {
        500 => format!("{{\"seq\":500,\"sha256\":\"{}\"}}", hex::encode(sha256(&sealed[0]))),
        999 => format!("{{\"seq\":999,\"sha256\":\"{}\"}}", hex::encode(sha256(&sealed[1]))),
        other => format!("{{\"seq\":{other}}}"),
    };
    (0..1000).for_each(|index| frontier.append(leaf_hash(leaf(index).as_bytes()), |n, h| store.keep(n, h)).unwrap());
    let origin = signing_key().public().name().to_owned();
    let checkpoint = Checkpoint { origin, size: 1000, root: frontier.root(), extensions: vec![] };
    let mut writer = Writer::new(checkpoint.sign(&signing_key()).unwrap());
    for (n, index) in [500, 999].into_iter().enumerate() {
        writer.add_file(&recipient(), &keys[n], &contexts[n], sealed[n].clone(), Some(index)).unwrap();
        writer.add_leaf(index, leaf(index).into_bytes(), prove_inclusion(index, 1000, &store).unwrap());
    }
    writer.add_leaf(0, leaf(0).into_bytes(), prove_inclusion(0, 1000, &store).unwrap());
    writer.finish()
}

fn trust() -> Trust {
    Trust::log(signing_key().public().clone())
}

fn check(parts: &Parts) -> Result<Checkpoint, magfin_vault::bundle::BundleError> {
    verify(parts, &trust(), &recipient(), |_, _| ())
}

/// The parts that may be named for a change in one: what the manifest says is checked against the others.
fn may_name(changed: &str, named: &str) -> bool {
    let proof = changed.strip_prefix("leaves/").map(|index| format!("proofs/{index}.tlog-proof"));
    named == changed || changed == "manifest.json" || proof.is_some_and(|proof| proof == named)
}

#[test]
fn br_3_a_bundle_gives_its_files_to_its_recipient_only() {
    let parts = bundle();
    let mut files = Vec::new();
    let checkpoint = verify(&parts, &trust(), &recipient(), |entry, plain| files.push((entry.context().path.to_owned(), plain)));
    assert_eq!(checkpoint.unwrap().size, 1000);
    assert_eq!(files[0].0, CONTEXT.path);
    assert!(files.iter().zip(plain()).all(|((_, found), written)| **found == written));
    let other = verify(&parts, &trust(), &RecipientKey::from_bytes([4; 32]), |_, _| ()).unwrap_err();
    assert_eq!((other.name.as_str(), matches!(other.fault, Fault::Key(_))), ("files/0000", true));
}

#[test]
fn br_3_the_changed_part_of_a_bundle_is_named() {
    let parts = bundle();
    let mut random = Random(11);
    for name in parts.keys() {
        for _ in 0..20 {
            let mut changed = parts.clone();
            changed.insert(name.clone(), mutated(&parts[name], &mut random));
            let error = check(&changed).expect_err(name);
            assert!(may_name(name, &error.name), "{name} was changed, {error}");
        }
    }
}

#[test]
fn br_3_a_missing_or_foreign_part_of_a_bundle_is_named() {
    let parts = bundle();
    for name in parts.keys() {
        let mut without = parts.clone();
        without.remove(name);
        let error = check(&without).unwrap_err();
        assert_eq!((&error.name, error.fault), (name, Fault::Missing));
    }
    let mut more = parts.clone();
    more.insert("files/0002".to_owned(), vec![]);
    assert_eq!(check(&more).unwrap_err().to_string(), "files/0002: is not in the manifest");
}

#[test]
fn br_3_a_leaf_that_does_not_name_the_file_is_noticed() {
    let mut parts = bundle();
    let manifest = String::from_utf8(parts["manifest.json"].clone()).unwrap();
    parts.insert("manifest.json".to_owned(), manifest.replace("\"leaf\":500", "\"leaf\":0").into_bytes());
    assert_eq!(check(&parts).unwrap_err().fault, Fault::NotLogged);
}

/// A bundle with a brain file of this text. A leaf of this kind stands for the writing of "as written"; the record of it, changed by
/// `record`, is there as well.
fn brain_bundle(text: &str, kind: &str, record: impl FnOnce(&mut Record)) -> Parts {
    let key = DataKey::from_bytes([8; 32]);
    let seal = |context: &Context<'_>, text: &[u8]| encrypt(&key, context, text, &mut Random(6)).unwrap();
    let written = hex::encode(sha256(&seal(&CONTEXT, b"as written")));
    let content = format!(
        "{{\"detail\": {{\"reason\": \"{}\", \"sealed_sha256\": \"{written}\"}}}}",
        hex::encode(sha256(&seal(&CONTEXT, b"by name")))
    );
    let (commitment, salt) = (commit(&[7; 16], &content), Some(hex::encode([7; 16])));
    let (firm, row, kind) = ([1; 16], [3; 16], kind.to_owned());
    let leaf =
        Leaf { source: Source::Events, firm, row, at_us: 0, kind, actor: None, household: None, entity: None, entity_id: None, commitment };
    let (leaf, mut frontier) = (leaf.encode().unwrap(), Frontier::new());
    frontier.append(leaf_hash(&leaf), |_, _| ()).unwrap();
    let origin = signing_key().public().name().to_owned();
    let checkpoint = Checkpoint { origin, size: 1, root: frontier.root(), extensions: vec![] };
    let mut writer = Writer::new(checkpoint.sign(&signing_key()).unwrap());
    writer.add_leaf(0, leaf, vec![]);
    let mut told = Record { leaf: 0, salt, content };
    record(&mut told);
    let records = Context { path: "records.jsonl", content_type: RECORDS, ..CONTEXT };
    let lines = [serde_json::to_vec(&told).unwrap(), b"\n".to_vec()].concat();
    writer.add_file(&recipient(), &key, &records, seal(&records, &lines), None).unwrap();
    writer.add_file(&recipient(), &key, &CONTEXT, seal(&CONTEXT, text.as_bytes()), None).unwrap();
    writer.finish()
}

#[test]
fn br_3_a_file_that_no_record_of_the_log_names_is_noticed_by_rust_and_python() {
    let salted = |_: &mut Record| ();
    let written = brain_bundle("as written", "brain.written", salted);
    assert_eq!(check(&written).unwrap().size, 1);
    let forged = [
        ("another text", brain_bundle("another text", "brain.written", salted)),
        ("what somebody wrote into a reason", brain_bundle("by name", "brain.written", salted)),
        ("what no writing tells of", brain_bundle("as written", "note.written", salted)),
        ("what a record without salt says", brain_bundle("as written", "brain.written", |record| record.salt = None)),
    ];
    for (what, parts) in &forged {
        let error = check(parts).expect_err(what);
        assert_eq!((error.name.as_str(), error.fault), ("files/0001", Fault::NotLogged), "{what}");
    }
    let Some(python) = python() else { return };
    let folder = folder("bundle-forged");
    write(&folder, &written);
    assert_eq!(read(python, &folder), Ok("verified: 2 files, 1 leaves, log of 1".to_owned()));
    for (what, parts) in &forged {
        write(&folder, parts);
        assert_eq!(read(python, &folder), Err("files/0001: not in the log: nothing there names it".to_owned()), "{what}");
    }
}

/// A folder of its own for each test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("out")).unwrap();
    folder
}

fn write(folder: &Path, parts: &Parts) {
    for (name, bytes) in parts {
        let path = folder.join("bundle").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.join("key"), hex::encode(recipient().expose())).unwrap();
}

/// What the reader says: on success its one line, else its complaint.
fn read(python: &Path, folder: &Path) -> Result<String, String> {
    let mut reader = Command::new(python);
    reader.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("reader/verify_bundle.py")).arg(folder.join("bundle"));
    reader.arg(signing_key().public().to_string()).args([folder.join("key"), folder.join("out")]);
    let output = reader.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn br_3_python_reads_a_bundle_and_names_the_changed_part() {
    let Some(python) = python() else { return };
    let (folder, parts) = (folder("bundle-python"), bundle());
    write(&folder, &parts);
    assert_eq!(read(python, &folder), Ok("verified: 2 files, 3 leaves, log of 1000".to_owned()));
    for (n, plain) in plain().iter().enumerate() {
        assert_eq!(&fs::read(folder.join(format!("out/{n:04}"))).unwrap(), plain);
    }
    let mut random = Random(12);
    for name in parts.keys() {
        for _ in 0..2 {
            let mut changed = parts.clone();
            let at = random.below(parts[name].len());
            changed.get_mut(name).unwrap()[at] ^= 1;
            write(&folder, &changed);
            let complaint = read(python, &folder).expect_err(name);
            let named = complaint.split(": ").next().unwrap();
            assert!(may_name(name, named), "byte {at} of {name} was changed: {complaint}");
        }
    }
}
