//! A household's part of the log leaves the product and is checked without it: by Rust, by Python, by Go.

#[path = "../../vault/tests/common/golang.rs"]
mod golang;
#[path = "../../vault/tests/common/python.rs"]
mod python;

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use magfin_app::audit::bundle::recipient;
use magfin_app::{AppError, Caller, Op};
use magfin_db::sign_in::Via;
use magfin_domain::brain::{BrainRemove, BrainWrite};
use magfin_domain::text::{BrainBody, BrainPath, Reason};
use magfin_testkit::book::Household;
use magfin_testkit::{TestApp, Who};
use magfin_vault::bundle::{Parts, RECORDS, Record, verify};
use magfin_vault::log::checkpoint::Trust;
use serde_json::{Value, json};

const KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";

/// Somebody at the machine, where nobody is asked to sign in again.
fn at_the_machine(t: &TestApp, who: Who) -> Caller {
    let mut caller = t.caller(&t.a, who);
    caller.principal.via = Via::Operator;
    caller
}

/// The entries of a ZIP.
fn entries(zip: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut entries = Parts::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        entries.insert(file.name().unwrap().into_owned(), bytes);
    }
    entries
}

/// The records of a bundle that Rust has checked.
fn checked_records(zip: &[u8]) -> Vec<Record> {
    let entries = entries(zip);
    let key = String::from_utf8(entries["log.key"].clone()).unwrap();
    let parts: Parts = entries.into_iter().filter_map(|(name, bytes)| Some((name.strip_prefix("bundle/")?.to_owned(), bytes))).collect();
    let mut records = Vec::new();
    let trust = Trust::log(key.trim().parse().unwrap());
    let found = verify(&parts, &trust, &recipient(KEY).unwrap(), |entry, plain| {
        if entry.context().content_type == RECORDS {
            records.extend(plain.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice::<Record>(l).unwrap()));
        }
    });
    found.unwrap();
    records
}

/// A firm with two households, and the bundle of one.
async fn bundle() -> (TestApp, Household, Vec<u8>) {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    t.household(&t.a, Who::Evan, "evan").await;
    let write = BrainWrite {
        path: BrainPath::new("facts.md").unwrap(),
        body: BrainBody::new("# Facts\n\nThe mill is sold.\n").unwrap(),
        seen: None,
        reason: None,
    };
    Op::new(&t.app, &t.caller(&t.a, Who::Will)).write_brain(home.id, &write).await.unwrap();
    let caller = at_the_machine(&t, Who::Cleo);
    let zip = Op::new(&t.app, &caller).audit_bundle(home.id, &recipient(KEY).unwrap()).await.unwrap();
    (t, home, zip)
}

/// Unpacks a bundle into a folder of the test's own.
fn unpack(test: &str, zip: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    for (name, bytes) in entries(zip) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.join("recipient.key"), KEY).unwrap();
    fs::create_dir_all(folder.join("out")).unwrap();
    folder
}

/// What the reader in the bundle says.
fn read(python: &Path, folder: &Path) -> Result<String, String> {
    let key = fs::read_to_string(folder.join("log.key")).unwrap();
    let mut reader = Command::new(python);
    reader.arg(folder.join("verify_bundle.py")).arg(folder.join("bundle")).arg(key.trim());
    reader.args([folder.join("recipient.key"), folder.join("out")]);
    let output = reader.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// The records of an unpacked bundle that Python has read.
fn records(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("out/0000")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn br_3_a_household_is_exported_with_proofs_that_plain_python_checks() {
    let (t, home, zip) = bundle().await;
    let Some(python) = python::python() else { return };
    let folder = unpack("audit-python", &zip);
    let rows = |kind: &str| format!("select count(*) from audit_leaves where household_id = '{}' and kind like '{kind}'", home.id);
    let all = t.db.value(&rows("%")).await.as_u64().unwrap();
    let said = read(python, &folder).unwrap();
    assert!(said.starts_with(&format!("verified: 2 files, {all} leaves, log of ")), "{said}");
    let records = records(&folder);
    assert_eq!(records.len() as u64, all);
    let text = records.iter().map(|record| record["content"].as_str().unwrap()).collect::<String>();
    assert!(
        text.contains("Whitfield Revocable Trust") && !text.contains("123-45-6789"),
        "the records are there, sealed values stay sealed"
    );
    assert_eq!(fs::read_to_string(folder.join("out/0001")).unwrap(), "# Facts\n\nThe mill is sold.\n");
    let object = hex::encode(magfin_vault::token::sha256(&fs::read(folder.join("bundle/files/0001")).unwrap()));
    assert!(text.contains(&object), "the log holds the very object");
    assert_eq!(t.db.value(&rows("audit.exported")).await, 1, "that it was taken out is recorded");
    // One byte of any part, and the part is named.
    for part in ["checkpoint", "files/0000", "files/0001", "manifest.json", "leaves/", "proofs/"] {
        let path = if part.ends_with('/') {
            let mut names: Vec<PathBuf> = fs::read_dir(folder.join("bundle").join(part)).unwrap().map(|e| e.unwrap().path()).collect();
            names.sort();
            names.pop().unwrap()
        } else {
            folder.join("bundle").join(part)
        };
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        let middle = bad.len() / 2;
        bad[middle] ^= 1;
        fs::write(&path, &bad).unwrap();
        let complaint = read(python, &folder).expect_err(part);
        let index = path.file_name().unwrap().to_string_lossy().into_owned();
        let named = complaint.starts_with(part)
            || (part == "leaves/" && complaint.starts_with(&format!("proofs/{index}")))
            || part == "manifest.json";
        assert!(named, "{part}: {complaint}");
        fs::write(&path, good).unwrap();
    }
}

#[tokio::test]
async fn br_3_python_notices_a_record_that_its_leaf_does_not_commit_to() {
    let (t, home, _) = bundle().await;
    let Some(python) = python::python() else { return };
    // Somebody changes a record in the database: our own check before handing out refuses, and so does the reader.
    let leaf = format!("select row_id from audit_leaves where household_id = '{}' and kind = 'edit.create' limit 1", home.id);
    t.db.execute(format!("update edits set new = '{{}}' where id = ({leaf})")).await;
    let caller = at_the_machine(&t, Who::Cleo);
    let refused = Op::new(&t.app, &caller).audit_bundle(home.id, &recipient(KEY).unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("a record that its leaf does not commit to"), "{refused}");
    let source = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../vault/reader/verify_bundle.py")).unwrap();
    let program = format!(
        "{}\nleaf = bytes.fromhex('{}')\ncheck_records(b'{{\"leaf\":0,\"salt\":\"{}\",\"content\":\"x\"}}\\n', {{0: leaf}})",
        source.split("if __name__").next().unwrap(),
        hex::encode(fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../vault/fuzz/seeds/leaf")).unwrap()),
        "00".repeat(16)
    );
    let output = Command::new(python).args(["-c", &program]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("the record in line 1 is not what leaf 0 commits to"));
}

#[tokio::test]
async fn br_3_go_checks_the_leaves_of_a_bundle() {
    let (_t, _, zip) = bundle().await;
    let Some(verifier) = golang::verifier() else { return };
    let folder = unpack("audit-go", &zip);
    let key = fs::read_to_string(folder.join("log.key")).unwrap();
    let run = || Command::new(&verifier).arg("bundle").arg(folder.join("bundle")).arg(key.trim()).output().unwrap();
    let output = run();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("verified: "), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let leaf = fs::read_dir(folder.join("bundle/leaves")).unwrap().next().unwrap().unwrap().path();
    fs::write(&leaf, "another leaf").unwrap();
    let output = run();
    assert!(
        String::from_utf8_lossy(&output.stderr).contains(&format!("inclusion of leaf {}", leaf.file_name().unwrap().to_string_lossy()))
    );
}

#[tokio::test]
async fn br_3_only_who_may_read_the_log_exports_and_only_of_their_own_firm() {
    let (t, home, _) = bundle().await;
    let key = recipient(KEY).unwrap();
    let advisor = t.caller(&t.a, Who::Will);
    assert!(matches!(Op::new(&t.app, &advisor).audit_bundle(home.id, &key).await, Err(AppError::Forbidden(_))));
    let mut stranger = t.caller(&t.b, Who::Cleo);
    stranger.principal.via = Via::Operator;
    assert!(matches!(Op::new(&t.app, &stranger).audit_bundle(home.id, &key).await, Err(AppError::NotFound)));
}

#[tokio::test]
async fn br_3_a_bundle_holds_each_brain_file_in_the_version_that_the_log_names_last() {
    let (t, home, _) = bundle().await;
    let will = t.caller(&t.a, Who::Will);
    let op = Op::new(&t.app, &will);
    let text = |path: &str, body: &str, seen| BrainWrite {
        path: BrainPath::new(path).unwrap(),
        body: BrainBody::new(body).unwrap(),
        seen,
        reason: None,
    };
    op.write_brain(home.id, &text("facts.md", "The second", Some(1))).await.unwrap();
    let gone = op.write_brain(home.id, &text("gone.md", "Not for long", None)).await.unwrap();
    op.remove_brain(gone.id, &BrainRemove { seen: 1, reason: Reason::new("Filed twice").unwrap() }).await.unwrap();
    let zip = Op::new(&t.app, &at_the_machine(&t, Who::Cleo)).audit_bundle(home.id, &recipient(KEY).unwrap()).await.unwrap();
    let manifest: Value = serde_json::from_slice(&entries(&zip)["bundle/manifest.json"]).unwrap();
    let files: Vec<_> = manifest["files"].as_array().unwrap().iter().map(|f| json!([f["path"], f["version"]])).collect();
    assert_eq!(files, [json!(["records.jsonl", 1]), json!(["facts.md", 2])]);
}

#[tokio::test]
async fn br_3_a_bundle_tells_a_firm_admin_nothing_of_a_private_note_and_compliance_all_of_it() {
    let (t, home, _) = bundle().await;
    let will = t.caller(&t.a, Who::Will);
    let note = serde_json::from_value(json!({"body": "They may divorce", "privacy": "private"})).unwrap();
    let note = Op::new(&t.app, &will).create_note(home.id, &note, None).await.unwrap();
    // One that was everybody's first is hidden from its beginning.
    let team = serde_json::from_value(json!({"body": "Between us: the mill is lost"})).unwrap();
    let team = Op::new(&t.app, &will).create_note(home.id, &team, None).await.unwrap();
    t.tamper(&format!("update notes set privacy = 'private' where id = '{}'", team.id)).await;
    let told = async |who| {
        let caller = at_the_machine(&t, who);
        let zip = Op::new(&t.app, &caller).audit_bundle(home.id, &recipient(KEY).unwrap()).await.unwrap();
        let records = checked_records(&zip);
        let silent = records.iter().filter(|record| record.salt.is_none()).count();
        assert!(records.iter().all(|record| record.salt.is_some() || record.content.is_empty()));
        (records.iter().map(|record| record.content.as_str()).collect::<String>(), silent)
    };
    let (text, silent) = told(Who::Priya).await;
    assert!(!text.contains("divorce") && !text.contains("mill is lost") && text.contains("Whitfield"), "{text}");
    let edits = format!("select count(*) from edits where entity_id in ('{}', '{}')", note.id, team.id);
    assert_eq!(t.db.value(&edits).await, silent, "their leaves are there, without salt");
    let (text, silent) = told(Who::Cleo).await;
    assert!(text.contains("divorce") && text.contains("mill is lost") && silent == 0, "{text}");
}
