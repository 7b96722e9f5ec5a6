//! The brain files of a tree: which clients have a folder, what opens, what the signed manifests and the old log say of each.
//!
//! A file that cannot be read or opened is refused by its path and stops nothing else. Must not know where files go.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use magfin_vault::token::sha256;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

use crate::brain::{self, FILE_LIMIT, Key, MAGIC, OpenError};
use crate::manifest::Manifest;
use crate::report::FileRefusal;
use crate::tree::{self, Tree};

/// The name of the old log in a client's folder.
pub const AUDIT_LOG: &str = "audit_log.md";

/// A client's folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Client {
    /// The advisor's legacy id.
    pub advisor: String,
    /// The household's slug.
    pub slug: String,
}

/// A line of the old log: what was written, when, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// When, as it stands there.
    pub at: String,
    /// The advisor's word.
    pub who: String,
    /// Of the plaintext, in hexadecimal.
    pub sha256: String,
    /// Length of the plaintext, as it stands there: some say less than nothing.
    pub bytes: i64,
}

/// A file that opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its path in the client's folder, such as `meetings/2026-05-12-zoom.md`.
    pub path: String,
    /// Its path relative to `brain/`.
    pub source: String,
    /// SHA-256 of the encrypted file.
    pub source_sha256: [u8; 32],
    /// The plaintext.
    pub text: Zeroizing<String>,
    /// What is odd about it: `not_in_manifest`, `manifest_mismatch` or `log_mismatch`.
    pub flags: Vec<&'static str>,
    /// The lines of the old log that speak of it, oldest first.
    pub log: Vec<LogLine>,
}

/// What a client's folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// Files that opened, by path.
    pub files: Vec<Opened>,
    /// Files that did not, and files that the manifest names and that are not there. Reasons are those of the report, and `missing`,
    /// `unreadable`, and `not_markdown` for one that opened under another name.
    pub refused: Vec<FileRefusal>,
    /// Lines of the old log.
    pub log_lines: u64,
}

/// The clients that have a folder, with the paths in it, and the advisors of the tree.
#[derive(Debug, Default)]
pub struct Survey {
    /// By advisor and slug; paths are relative to the tree.
    pub clients: BTreeMap<Client, BTreeSet<String>>,
    /// By legacy id: every advisor with a folder, with their manifest.
    pub manifests: BTreeMap<String, Manifest>,
    /// Files beside the clients' folders: `not_encrypted`, or `no_client`.
    pub strays: Vec<FileRefusal>,
}

/// Looks what is there, and reads and checks the manifests.
///
/// # Errors
/// When the tree cannot be read.
pub fn survey(tree: &dyn Tree) -> io::Result<Survey> {
    let mut survey = Survey::default();
    let (mut advisors, mut strays) = (BTreeSet::new(), Vec::new());
    tree.walk("brain", &mut |path, _| {
        let mut parts = path.splitn(5, '/').skip(1);
        let Some(advisor) = parts.next().and_then(|folder| folder.strip_prefix("advisor_")) else { return };
        advisors.insert(advisor.to_owned());
        match (parts.next(), parts.next(), parts.next()) {
            (Some("clients"), Some(slug), Some(_)) => {
                let client = Client { advisor: advisor.to_owned(), slug: slug.to_owned() };
                survey.clients.entry(client).or_default().insert(path.to_owned());
            }
            (Some("clients"), Some(_), None) => strays.push(path.to_owned()),
            _ => {}
        }
    })?;
    survey.strays = strays.iter().map(|path| stray(tree, path)).collect();
    for advisor in advisors {
        let manifest = Manifest::read(tree, &advisor);
        let own = format!("advisor_{advisor}/clients/");
        for path in manifest.paths().filter(|path| path.split('/').all(|part| !matches!(part, "" | "." | ".."))) {
            // A file that is gone is told of with its client, who may have no other.
            if let Some((slug, _)) = path.strip_prefix(&own).and_then(|rest| rest.split_once('/')) {
                let client = Client { advisor: advisor.clone(), slug: slug.to_owned() };
                survey.clients.entry(client).or_default().insert(format!("brain/{path}"));
            }
        }
        survey.manifests.insert(advisor, manifest);
    }
    Ok(survey)
}

fn relative(path: &str) -> &str {
    path.strip_prefix("brain/").unwrap_or(path)
}

/// A file that lies in no client's folder.
fn stray(tree: &dyn Tree, path: &str) -> FileRefusal {
    let reason = match content(tree, path) {
        Ok(file) if file.starts_with(MAGIC) => "no_client",
        Ok(_) => OpenError::NotEncrypted.reason(),
        Err(reason) => reason,
    };
    FileRefusal { path: relative(path).to_owned(), reason }
}

/// Reads a client's folder.
#[must_use]
pub fn read(tree: &dyn Tree, key: Option<&Key>, client: &Client, paths: &BTreeSet<String>, manifest: &Manifest) -> Folder {
    let mut folder = Folder::default();
    let prefix = format!("brain/advisor_{}/clients/{}/", client.advisor, client.slug);
    for path in paths {
        let source = relative(path).to_owned();
        let name = path.strip_prefix(&prefix).unwrap_or(path).to_owned();
        match open(tree, key, path, &source) {
            Err(reason) => folder.refused.push(FileRefusal { path: source, reason }),
            Ok(_) if !path.ends_with(".md") => folder.refused.push(FileRefusal { path: source, reason: "not_markdown" }),
            Ok((text, source_sha256)) => {
                let flags = manifest.flag(&source, text.as_bytes()).into_iter().collect();
                folder.files.push(Opened { path: name, source, source_sha256, text, flags, log: Vec::new() });
            }
        }
    }
    let log = folder.files.iter().find(|file| file.path == AUDIT_LOG).map(|file| lines(&file.text)).unwrap_or_default();
    folder.log_lines = log.len() as u64;
    for file in &mut folder.files {
        file.log = log.iter().filter(|(path, _)| *path == file.path).map(|(_, line)| line.clone()).collect();
        if file.log.last().is_some_and(|last| last.sha256 != hex::encode(sha256(file.text.as_bytes()))) {
            file.flags.push("log_mismatch");
        }
    }
    folder
}

type Text = (Zeroizing<String>, [u8; 32]);

fn content(tree: &dyn Tree, path: &str) -> Result<Vec<u8>, &'static str> {
    match tree::read_small(tree, path, FILE_LIMIT) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err("missing"),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err("too_large"),
        Err(_) => Err("unreadable"),
    }
}

fn open(tree: &dyn Tree, key: Option<&Key>, path: &str, source: &str) -> Result<Text, &'static str> {
    let file = content(tree, path)?;
    if !file.starts_with(MAGIC) {
        return Err(OpenError::NotEncrypted.reason());
    }
    let key = key.ok_or("key_missing")?;
    let text = brain::open(key, source, &file).map_err(OpenError::reason)?;
    let text = String::from_utf8(text).map_err(|_| "not_utf8")?;
    Ok((Zeroizing::new(text), sha256(&file)))
}

/// The lines of an old log with the path that each speaks of. A line that is none is passed over.
fn lines(text: &str) -> Vec<(String, LogLine)> {
    text.lines().filter_map(line).collect()
}

fn line(text: &str) -> Option<(String, LogLine)> {
    let words: Vec<&str> = text.trim_end().strip_prefix("- ")?.split(' ').collect();
    let [at, who, "write", path, digest, bytes] = words[..] else { return None };
    let line = LogLine {
        at: at.to_owned(),
        who: who.to_owned(),
        sha256: digest.strip_prefix("sha256=")?.to_owned(),
        bytes: bytes.strip_prefix("bytes=")?.parse().ok()?,
    };
    Some((path.to_owned(), line))
}
