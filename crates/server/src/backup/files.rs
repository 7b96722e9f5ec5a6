//! Files of a backup: found, hashed, copied, flushed. Must not follow links, and must not know what the files mean.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;
/// What a new file system has in its root.
const LOST_AND_FOUND: &str = "lost+found";

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Where it is, from the directory of the backup.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, in hex.
    pub sha256: String,
}

/// The paths of every file below a directory, from it, in order; none when it is not there. What vanishes meanwhile is left out.
///
/// # Errors
/// When a directory cannot be read, a name is no text, or something is neither a file nor a directory.
pub fn walk(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    descend(root, "", &mut found)?;
    found.sort_unstable();
    Ok(found)
}

fn descend(dir: &Path, prefix: &str, found: &mut Vec<String>) -> anyhow::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| dir.display().to_string())?,
    };
    for entry in entries {
        let entry = entry.with_context(|| dir.display().to_string())?;
        let path = entry.path();
        let name = entry.file_name().into_string().ok().with_context(|| format!("{} has a name that is no text", path.display()))?;
        let kind = match entry.file_type() {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            kind => kind.with_context(|| path.display().to_string())?,
        };
        if kind.is_dir() {
            descend(&path, &format!("{prefix}{name}/"), found)?;
        } else if kind.is_file() {
            found.push(format!("{prefix}{name}"));
        } else {
            bail!("{} is neither a file nor a directory", path.display());
        }
    }
    Ok(())
}

/// Size and hash of the file at `path` below `root`.
///
/// # Errors
/// When it cannot be read.
pub fn hash(root: &Path, path: &str) -> std::io::Result<Entry> {
    through(path, &mut File::open(root.join(path))?, &mut std::io::sink())
}

/// Copies a file to a place where there is none, for its owner alone, and gives size and hash of what was copied. Not flushed:
/// [`flush`] does that for all of them.
///
/// # Errors
/// When one cannot be read or the other written.
pub fn copy(from: &Path, root: &Path, path: &str) -> std::io::Result<Entry> {
    let mut source = File::open(from)?;
    let target = root.join(path);
    if let Some(parent) = target.parent() {
        private_dir(parent)?;
    }
    let mut target = OpenOptions::new().write(true).create_new(true).mode(0o600).open(target)?;
    through(path, &mut source, &mut target)
}

fn through(path: &str, from: &mut impl Read, to: &mut impl Write) -> std::io::Result<Entry> {
    let (mut hash, mut size, mut chunk) = (digest::Context::new(&digest::SHA256), 0, vec![0; CHUNK]);
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            return Ok(Entry { path: path.to_owned(), size, sha256: hex::encode(hash.finish()) });
        }
        hash.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
        size += read as u64;
    }
}

/// Makes a directory with those above it, for its owner alone; nothing happens when it is there.
///
/// # Errors
/// When it cannot be made.
pub fn private_dir(dir: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Removes everything in a directory that was empty before, and leaves the directory.
///
/// # Errors
/// When something cannot be removed.
pub fn clear(dir: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name != LOST_AND_FOUND) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

/// Whether a directory is absent or has nothing in it but what a new file system has.
///
/// # Errors
/// When it cannot be read.
pub fn is_empty(dir: &Path) -> anyhow::Result<bool> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        entries => entries.with_context(|| dir.display().to_string())?,
    };
    for entry in entries {
        if entry?.file_name() != LOST_AND_FOUND {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Has everything that was written to the file system of `dir` on the disk, contents and names.
///
/// # Errors
/// When the disk says that it could not.
pub fn flush(dir: &Path) -> anyhow::Result<()> {
    let flushed = File::open(dir).and_then(|dir| rustix::fs::syncfs(&dir).map_err(Into::into));
    flushed.with_context(|| format!("{} cannot be flushed", dir.display()))
}

/// Writes a file whole or not at all, on the disk before it counts.
///
/// # Errors
/// When it cannot be written.
pub fn write_durable(path: &Path, text: &str) -> anyhow::Result<()> {
    let part: PathBuf = path.with_extension("part");
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    };
    write().with_context(|| path.display().to_string())
}
