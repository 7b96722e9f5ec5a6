//! Where the vendors' published cases are, and how their verdicts are compared.
#![allow(clippy::disallowed_methods)] // Test settings come from the environment.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// The file of contract cases at `path`, or nothing (and one line saying so) when the folder is absent.
pub fn contract<T: DeserializeOwned>(path: &str) -> Option<T> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("MAGFIN_CONTRACTS").map_or_else(|| PathBuf::from("../shared/contracts"), PathBuf::from);
    let folder = repository.join(folder);
    if !folder.is_dir() {
        println!("SKIP: {path}: no contract cases at {} (set MAGFIN_CONTRACTS)", folder.display());
        return None;
    }
    let text = std::fs::read_to_string(folder.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    Some(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: case of unknown shape: {e}")))
}

/// What a case demands.
#[derive(serde::Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Accept,
    Reject,
}

/// Fails naming every case whose verdict differs.
pub fn compare(cases: impl IntoIterator<Item = (String, Verdict, Result<(), String>)>) {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for (id, wanted, got) in cases {
        checked += 1;
        let verdict = if got.is_ok() { Verdict::Accept } else { Verdict::Reject };
        if verdict != wanted {
            wrong.push(format!("{id}: wanted {wanted:?}, got {got:?}"));
        }
    }
    assert!(checked > 0, "no cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
