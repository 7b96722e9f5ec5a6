//! What a backup says of itself: `manifest.json`, and beside it `manifest.sha256`, which comes last. A directory without the
//! second is a backup that was not finished.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path};

use anyhow::{Context, bail};
use magfin_app::recovery::LogHead;
use magfin_domain::time::Ts;
use serde::{Deserialize, Serialize};

use super::files::{self, Entry};

/// The folder of the base backup.
pub const DATABASE: &str = "database";
/// The folder of the objects.
pub const OBJECTS: &str = "objects";

const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.sha256";

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of this layout.
    pub format: u32,
    /// The version of the product that wrote it.
    pub magfin: String,
    /// The major version of PostgreSQL.
    pub postgresql: u32,
    /// When the backup began: it holds everything that was answered before.
    pub at: Ts,
    /// Where every firm's log stood then.
    pub logs: Vec<LogHead>,
    /// Every file but the manifest itself, by path.
    pub files: Vec<Entry>,
}

impl Manifest {
    /// Hashes every file of the database's folder and puts them beside the objects', which were hashed when they were copied.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn of(dir: &Path, at: Ts, logs: Vec<LogHead>, objects: Vec<Entry>) -> anyhow::Result<Self> {
        let mut files = objects;
        for path in files::walk(&dir.join(DATABASE))? {
            let path = format!("{DATABASE}/{path}");
            files.push(files::hash(dir, &path).with_context(|| path.clone())?);
        }
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { format: FORMAT, magfin: env!("CARGO_PKG_VERSION").to_owned(), postgresql: magfin_pg::MAJOR, at, logs, files })
    }

    /// Writes it, which makes the backup a finished one. Gives its SHA-256.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, dir: &Path) -> anyhow::Result<String> {
        files::write_durable(&dir.join(MANIFEST), &(serde_json::to_string_pretty(self)? + "\n"))?;
        let sha256 = files::hash(dir, MANIFEST)?.sha256;
        files::write_durable(&dir.join(SEAL), &format!("{sha256}  {MANIFEST}\n"))?;
        Ok(sha256)
    }

    /// The manifest of a backup whose every file is what it was, and which has no other.
    ///
    /// # Errors
    /// Names what is missing, changed or too much, or why it is no backup that this version can restore.
    pub fn verified(dir: &Path) -> anyhow::Result<Self> {
        let manifest = Self::read(dir)?;
        if manifest.format != FORMAT || manifest.postgresql != magfin_pg::MAJOR {
            bail!("this backup was written by magfin {} in a form that this version cannot restore: use that one", manifest.magfin);
        }
        let mut expected = BTreeMap::new();
        for entry in &manifest.files {
            if !Path::new(&entry.path).components().all(|part| matches!(part, Component::Normal(_))) {
                bail!("{MANIFEST} names {:?}, which lies elsewhere", entry.path);
            }
            expected.insert(entry.path.as_str(), entry);
        }
        for path in files::walk(dir)?.iter().filter(|path| ![MANIFEST, SEAL].contains(&path.as_str())) {
            let Some(entry) = expected.remove(path.as_str()) else { bail!("{path} is not part of this backup") };
            if files::hash(dir, path).with_context(|| path.clone())? != *entry {
                bail!("{path} was changed since the backup");
            }
        }
        match expected.first_key_value() {
            Some((path, _)) => bail!("{path} is missing from this backup"),
            None => Ok(manifest),
        }
    }

    fn read(dir: &Path) -> anyhow::Result<Self> {
        let sealed = match fs::read_to_string(dir.join(SEAL)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("{} is an unfinished backup, or none: {SEAL} is not there", dir.display())
            }
            text => text.context(SEAL)?,
        };
        let found = files::hash(dir, MANIFEST).context(MANIFEST)?.sha256;
        if sealed.split_whitespace().next() != Some(found.as_str()) {
            bail!("{MANIFEST} was changed since the backup: {SEAL} says otherwise");
        }
        serde_json::from_slice(&fs::read(dir.join(MANIFEST))?).context(MANIFEST)
    }

    /// The entries below a folder, and their paths from it.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.files.iter().filter_map(move |entry| Some((entry.path.strip_prefix(folder)?.strip_prefix('/')?, entry)))
    }
}
