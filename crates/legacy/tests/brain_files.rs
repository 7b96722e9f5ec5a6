//! The brain of a tree: every file opens, agrees with its manifest and its log, and what is damaged is refused by path and stops
//! nothing else.

use std::collections::BTreeMap;

use crate::common;
use magfin_legacy::brain::Key;
use magfin_legacy::brain_files::{self, Folder};
use magfin_legacy::generate::{Plan, generate};
use magfin_legacy::{DirTree, MemTree, Tree};
use serde_json::{Value, json};

/// What a tree's brain comes to, in the shape of the truth.
fn told(tree: &dyn Tree) -> Value {
    let key = Key::read(tree).unwrap();
    let survey = brain_files::survey(tree).unwrap();
    let (mut by_advisor, mut flagged, mut lines) = (BTreeMap::<&str, u64>::new(), Vec::new(), 0);
    let mut failed: Vec<Value> = survey.strays.iter().map(|r| json!([r.path, r.reason])).collect();
    for (client, paths) in &survey.clients {
        let Folder { files, refused, log_lines } = brain_files::read(tree, key.as_ref(), client, paths, &survey.manifests[&client.advisor]);
        *by_advisor.entry(&client.advisor).or_default() += files.len() as u64;
        failed.extend(refused.into_iter().map(|r| json!([r.path, r.reason])));
        flagged.extend(files.iter().flat_map(|f| f.flags.iter().map(|flag| json!([f.source, flag]))));
        lines += log_lines;
    }
    let manifests: BTreeMap<_, _> =
        survey.manifests.iter().map(|(id, m)| (id, json!({"tree_size": m.tree_size, "root": m.root, "fault": m.fault}))).collect();
    json!({"markdown": by_advisor.values().sum::<u64>(), "audit_lines": lines, "by_advisor": by_advisor, "failed": failed, "flagged": flagged, "manifests": manifests})
}

#[test]
fn br_7_the_brain_of_the_sample_book_is_read_exactly_as_its_truth_says() {
    let Some(folder) = common::book() else { return };
    let mut found = told(&DirTree::new(&folder));
    for manifest in found["manifests"].as_object_mut().unwrap().values_mut() {
        assert_eq!(manifest.as_object_mut().unwrap().remove("fault"), Some(Value::Null));
    }
    let truth: Value = serde_json::from_slice(&std::fs::read(folder.join("truth/expected_import.json")).unwrap()).unwrap();
    let mut truth = truth["files"].clone();
    truth.as_object_mut().unwrap().remove("feedback_files");
    assert_eq!(found, truth);
}

fn generated() -> MemTree {
    let mut tree = MemTree::default();
    generate(Plan { seed: 3, households: 25, more_files: 0 }, &mut tree).unwrap();
    tree
}

/// A file of a client of the tree.
fn a_file(tree: &MemTree, ends: &str) -> String {
    tree.files.keys().find(|path| path.contains("/clients/") && path.ends_with(ends)).unwrap().clone()
}

#[test]
fn br_7_a_flipped_byte_a_missing_file_and_plain_text_are_refused_by_path_and_the_rest_is_read() {
    let mut tree = generated();
    let whole = told(&tree);
    assert_eq!((&whole["failed"], &whole["flagged"]), (&json!([]), &json!([])));
    let paths: Vec<String> = tree.files.keys().filter(|path| path.ends_with("/profile.md")).take(3).cloned().collect();
    let last = tree.files[&paths[0]].len() - 1;
    tree.files.get_mut(&paths[0]).unwrap()[last] ^= 1;
    tree.files.remove(&paths[1]);
    tree.files.insert(paths[2].clone(), b"# plain".to_vec());
    let found = told(&tree);
    let relative = |n: usize| paths[n].strip_prefix("brain/").unwrap().to_owned();
    let mut failed = vec![json!([relative(0), "decrypt_failed"]), json!([relative(1), "missing"]), json!([relative(2), "not_encrypted"])];
    failed.sort_by_key(Value::to_string);
    let mut told_failed = found["failed"].as_array().unwrap().clone();
    told_failed.sort_by_key(Value::to_string);
    assert_eq!(told_failed, failed);
    assert_eq!(found["markdown"].as_u64().unwrap(), whole["markdown"].as_u64().unwrap() - 3);
}

#[test]
fn br_7_a_wrong_key_or_none_refuses_every_file_and_names_each() {
    let mut tree = generated();
    let markdown = told(&tree)["markdown"].as_u64().unwrap() as usize;
    tree.files.insert("brain.key".into(), format!("{}\n", "00".repeat(32)).into_bytes());
    let found = told(&tree);
    assert_eq!((found["markdown"].as_u64(), found["failed"].as_array().unwrap().len()), (Some(0), markdown));
    assert!(found["failed"].as_array().unwrap().iter().all(|f| f[1] == "decrypt_failed"));
    tree.files.remove("brain.key");
    assert!(told(&tree)["failed"].as_array().unwrap().iter().all(|f| f[1] == "key_missing"));
}

#[test]
fn br_3_whatever_is_changed_in_a_manifest_is_named() {
    let tree = generated();
    let path = a_file_of(&tree, "manifest.json");
    let advisor = path.strip_prefix("brain/advisor_").unwrap().split('/').next().unwrap().to_owned();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut tree = tree.clone();
        let mut manifest: Value = serde_json::from_slice(&tree.files[&path]).unwrap();
        change(&mut manifest);
        tree.files.insert(path.clone(), serde_json::to_vec(&manifest).unwrap());
        told(&tree)["manifests"][&advisor]["fault"].clone()
    };
    assert_eq!(changed(&|_| {}), Value::Null);
    assert_eq!(changed(&|m| m["generated_at"] = json!("2026-06-12T06:00:01Z")), "bad_signature");
    assert_eq!(changed(&|m| m["leaves"][0]["leaf"] = json!("00".repeat(32))), "bad_root");
    assert_eq!(changed(&|m| m["leaves"][0]["path"] = json!("advisor_a/clients/a/a.md")), "bad_paths");
    assert_eq!(changed(&|m| drop(m["leaves"].as_array_mut().unwrap().pop())), "bad_size");
    assert_eq!(changed(&|m| m["leaves"].as_array_mut().unwrap().swap(0, 1)), "bad_size");
    assert_eq!(changed(&|m| m["signature"] = json!("00".repeat(64))), "bad_signature");
    assert_eq!(changed(&|m| *m = json!([])), "unreadable");
}

fn a_file_of(tree: &MemTree, name: &str) -> String {
    tree.files.iter().filter(|(path, _)| path.ends_with(name)).max_by_key(|(_, text)| text.len()).unwrap().0.clone()
}

#[test]
fn br_7_a_file_that_is_newer_than_the_manifest_is_read_and_flagged() {
    let mut tree = generated();
    let key = Key::read(&tree).unwrap().unwrap();
    let path = a_file(&tree, "/profile.md");
    let relative = path.strip_prefix("brain/").unwrap().to_owned();
    let new = relative.replace("profile.md", "zz-new.md");
    tree.files.insert(format!("brain/{new}"), magfin_legacy::brain::seal(&key, &new, [7; 12], b"# New\n").unwrap());
    tree.files.insert(path, magfin_legacy::brain::seal(&key, &relative, [8; 12], b"# Changed\n").unwrap());
    let found = told(&tree);
    assert_eq!(found["failed"], json!([]));
    let mut flagged = found["flagged"].as_array().unwrap().clone();
    flagged.sort_by_key(Value::to_string);
    assert_eq!(flagged, [json!([relative, "log_mismatch"]), json!([relative, "manifest_mismatch"]), json!([new, "not_in_manifest"])]);
}

/// A tree in which these paths are there and cannot be read.
struct Unreadable<'a>(&'a MemTree, [&'a str; 2]);

impl Tree for Unreadable<'_> {
    fn open(&self, path: &str) -> std::io::Result<Option<Box<dyn magfin_legacy::localstorage::ReadSeek>>> {
        if self.1.contains(&path) { Err(std::io::ErrorKind::PermissionDenied.into()) } else { self.0.open(path) }
    }

    fn walk(&self, folder: &str, found: &mut dyn FnMut(&str, u64)) -> std::io::Result<()> {
        self.0.walk(folder, found)
    }
}

#[test]
fn br_7_a_file_or_manifest_that_cannot_be_read_is_named_and_stops_nothing_else() {
    let tree = generated();
    let whole = told(&tree)["markdown"].as_u64().unwrap();
    let (file, manifest) = (a_file(&tree, "/profile.md"), a_file_of(&tree, "manifest.json"));
    let found = told(&Unreadable(&tree, [&file, &manifest]));
    assert_eq!(found["failed"], json!([[file.strip_prefix("brain/").unwrap(), "unreadable"]]));
    assert_eq!(found["markdown"], whole - 1);
    let advisor = manifest.strip_prefix("brain/advisor_").unwrap().split('/').next().unwrap();
    assert_eq!(found["manifests"][advisor]["fault"], "unreadable");
}

#[test]
fn br_7_a_name_that_only_a_manifest_without_a_signature_knows_is_no_file() {
    let mut tree = generated();
    let path = a_file_of(&tree, "manifest.json");
    let whole = told(&tree);
    for name in ["advisor_will/clients/a\0b/profile.md", "advisor_other/clients/a/profile.md", "advisor_will/clients/../../../a/b.md"] {
        let mut manifest: Value = serde_json::from_slice(&tree.files[&path]).unwrap();
        manifest["leaves"].as_array_mut().unwrap().push(json!({"path": name, "bytes": 1, "leaf": "00".repeat(32)}));
        let mut changed = tree.clone();
        changed.files.insert(path.clone(), serde_json::to_vec(&manifest).unwrap());
        let found = told(&changed);
        assert_eq!((&found["failed"], &found["markdown"]), (&json!([]), &whole["markdown"]), "{name}");
    }
    // Whom it is signed by, it may name what is gone, and below that advisor's clients alone.
    let gone = a_file(&tree, "/profile.md");
    tree.files.remove(&gone);
    assert_eq!(told(&tree)["failed"], json!([[gone.strip_prefix("brain/").unwrap(), "missing"]]));
}

#[test]
fn br_7_whatever_lies_below_clients_and_is_no_encrypted_markdown_is_refused_by_path() {
    let mut tree = generated();
    let key = Key::read(&tree).unwrap().unwrap();
    let folder = a_file(&tree, "/profile.md").strip_suffix("profile.md").unwrap().to_owned();
    let relative = folder.strip_prefix("brain/").unwrap().to_owned();
    let clients = relative.split_inclusive('/').take(2).collect::<String>();
    tree.files.insert(format!("{folder}letter.txt"), b"Dear Ellen".to_vec());
    tree.files.insert(format!("brain/{clients}list.txt"), b"Everybody".to_vec());
    for (at, name) in [(&relative, "scan.bin"), (&clients, "loose.md")] {
        let name = format!("{at}{name}");
        tree.files.insert(format!("brain/{name}"), magfin_legacy::brain::seal(&key, &name, [9; 12], b"sealed").unwrap());
    }
    let mut failed = told(&tree)["failed"].as_array().unwrap().clone();
    failed.sort_by_key(Value::to_string);
    let mut wanted = [
        json!([format!("{clients}list.txt"), "not_encrypted"]),
        json!([format!("{clients}loose.md"), "no_client"]),
        json!([format!("{relative}letter.txt"), "not_encrypted"]),
        json!([format!("{relative}scan.bin"), "not_markdown"]),
    ];
    wanted.sort_by_key(Value::to_string);
    assert_eq!(failed, wanted);
}
