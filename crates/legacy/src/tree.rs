//! Where a tree is read from and written to: a directory or memory. The only module that touches the file system.
//!
//! Paths are relative to the tree, with forward slashes. Symbolic links are not followed. Must not interpret contents.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use crate::localstorage::ReadSeek;

/// A tree that can be read.
pub trait Tree {
    /// Opens a file; `None` when it is not there.
    ///
    /// # Errors
    /// When it is there but cannot be opened.
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek>>>;

    /// Calls `found` with path and size of every file under a folder, sorted by path within each folder.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    fn walk(&self, folder: &str, found: &mut dyn FnMut(&str, u64)) -> io::Result<()>;
}

/// A tree that can be written.
pub trait TreeWriter {
    /// Makes a file with its folders; an existing file is replaced.
    ///
    /// # Errors
    /// When it cannot be made.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>>;
}

/// The whole file if it is there and at most `limit` bytes long.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] beyond the limit, and what reading gives.
pub fn read_small(tree: &dyn Tree, path: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = tree.open(path)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    let size = file.take(limit + 1).read_to_end(&mut bytes)?;
    if u64::try_from(size).unwrap_or(u64::MAX) > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(Some(bytes))
}

/// Whether it is the file that cannot be read, and not the tree as a whole that is gone.
pub(crate) fn is_of_the_file(error: &io::Error) -> bool {
    error.kind() != io::ErrorKind::Other
}

/// A tree in a directory.
#[derive(Debug, Clone)]
pub struct DirTree {
    root: PathBuf,
}

impl DirTree {
    /// The tree below `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Tree for DirTree {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek>>> {
        let path = self.root.join(path);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => Ok(Some(Box::new(fs::File::open(path)?))),
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn walk(&self, folder: &str, found: &mut dyn FnMut(&str, u64)) -> io::Result<()> {
        let mut pending = vec![folder.to_owned()];
        while let Some(folder) = pending.pop() {
            let path = self.root.join(&folder);
            if !is_folder(&path)? {
                continue;
            }
            let mut names = Vec::new();
            for entry in fs::read_dir(path)? {
                let entry = entry?;
                // A name that is not UTF-8 cannot be the name of anything in the layout.
                if let Ok(name) = entry.file_name().into_string() {
                    names.push((name, entry.metadata()?));
                }
            }
            names.sort_by(|a, b| a.0.cmp(&b.0));
            let mut folders = Vec::new();
            for (name, meta) in names {
                let path = format!("{folder}/{name}");
                if meta.is_dir() {
                    folders.push(path);
                } else if meta.is_file() {
                    found(&path, meta.len());
                }
            }
            pending.extend(folders.into_iter().rev());
        }
        Ok(())
    }
}

fn is_folder(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(found.is_dir()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl TreeWriter for DirTree {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Box::new(BufWriter::with_capacity(64 * 1024, fs::File::create(path)?)))
    }
}

/// A tree in memory, for tests and previews.
#[derive(Debug, Clone, Default)]
pub struct MemTree {
    /// Contents by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Tree for MemTree {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek>>> {
        Ok(self.files.get(path).map(|bytes| -> Box<dyn ReadSeek> { Box::new(Cursor::new(bytes.clone())) }))
    }

    fn walk(&self, folder: &str, found: &mut dyn FnMut(&str, u64)) -> io::Result<()> {
        let prefix = format!("{folder}/");
        for (path, bytes) in self.files.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix)) {
            found(path, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        Ok(())
    }
}

impl TreeWriter for MemTree {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        let bytes = self.files.entry(path.to_owned()).or_default();
        bytes.clear();
        Ok(Box::new(bytes))
    }
}
