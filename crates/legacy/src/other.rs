//! Counts of what is not imported yet: brain files, documents, recordings, tokens. Looks at names only, never at contents.
//!
//! The rows of `documents.db` and of the token store are not counted: that needs a reader of SQLite, which this crate
//! does not carry; the presence of the files and the number of stored documents are.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Serialize;

use crate::tree::Tree;

const NOT_YET: &str = "not yet imported";

/// Section `files`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct FilesCount {
    pub status: &'static str,
    pub markdown: u64,
    pub by_advisor: BTreeMap<String, u64>,
    pub manifests: BTreeMap<String, bool>,
    pub feedback_files: u64,
}

/// Section `documents`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentsCount {
    /// Always `not yet imported`.
    pub status: &'static str,
    /// `documents.db` is there.
    pub database_present: bool,
    /// `documents.db-wal` is there; it must be copied together with the database.
    pub wal_present: bool,
    /// Files in the documents folders.
    pub stored_files: u64,
}

/// Section `recordings`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct RecordingsCount {
    pub status: &'static str,
    pub sidecars: u64,
    pub vtt: u64,
    pub missing_vtt: Vec<String>,
    pub orphan_vtt: Vec<String>,
}

/// Section `tokens`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct TokensCount {
    /// Always `not yet imported`.
    pub status: &'static str,
    /// The token store is there.
    pub store_present: bool,
}

/// All four sections.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct Others {
    pub files: FilesCount,
    pub documents: DocumentsCount,
    pub recordings: RecordingsCount,
    pub tokens: TokensCount,
}

/// Counts by name; the second result are the paths of all `profile.md` files, sorted.
///
/// # Errors
/// When a folder cannot be listed.
pub fn count(tree: &dyn Tree) -> io::Result<(Others, Vec<String>)> {
    let mut others = Others::default();
    others.files.status = NOT_YET;
    others.documents.status = NOT_YET;
    others.recordings.status = NOT_YET;
    others.tokens.status = NOT_YET;
    let mut profiles = Vec::new();
    tree.walk("brain", &mut |path, _| {
        if brain_file(&mut others, path) {
            profiles.push(path.to_owned());
        }
    })?;
    let mut bases: BTreeMap<bool, BTreeSet<String>> = BTreeMap::new();
    tree.walk("recordings", &mut |path, _| {
        for (suffix, is_vtt) in [(".json", false), (".vtt", true)] {
            if let Some(base) = path.strip_suffix(suffix) {
                bases.entry(is_vtt).or_default().insert(base.to_owned());
            }
        }
    })?;
    let sidecars = bases.remove(&false).unwrap_or_default();
    let vtt = bases.remove(&true).unwrap_or_default();
    others.recordings.sidecars = u64::try_from(sidecars.len()).unwrap_or(u64::MAX);
    others.recordings.vtt = u64::try_from(vtt.len()).unwrap_or(u64::MAX);
    others.recordings.missing_vtt = sidecars.difference(&vtt).map(|base| format!("{base}.json")).collect();
    others.recordings.orphan_vtt = vtt.difference(&sidecars).map(|base| format!("{base}.vtt")).collect();
    others.tokens.store_present = tree.open(".local/zoom_tokens.sqlite")?.is_some();
    profiles.sort();
    Ok((others, profiles))
}

/// Counts one file of the brain; true when it is a client's profile.
fn brain_file(others: &mut Others, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["brain", "documents.db"] => others.documents.database_present = true,
        ["brain", "documents.db-wal"] => others.documents.wal_present = true,
        ["brain", "_feedback", ..] => others.files.feedback_files += u64::from(path.ends_with(".md")),
        ["brain", advisor, rest @ ..] => {
            let Some(advisor) = advisor.strip_prefix("advisor_") else {
                return false;
            };
            match rest {
                ["manifest.json"] => {
                    others.files.manifests.insert(advisor.to_owned(), true);
                }
                ["documents", ..] => others.documents.stored_files += 1,
                [.., name] if name.ends_with(".md") => {
                    others.files.markdown += 1;
                    *others.files.by_advisor.entry(advisor.to_owned()).or_default() += 1;
                    return matches!(rest, ["clients", _, "profile.md"]);
                }
                _ => {}
            }
        }
        _ => {}
    }
    false
}
