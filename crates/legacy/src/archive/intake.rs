//! What every entry must stand: its name, its kind, its size. Then it is kept, noted, or the archive is refused.

use std::io::{Read, Write};

use super::{Limits, Refused, UnpackError, broken, gauge};
use crate::pack::{Index, PackWriter, Span};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Special,
}

/// What is to be done with an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    /// Nothing; it is a folder, or what an operating system adds.
    Passed,
    /// Its name is to be noted.
    Named(String),
    /// Its contents are to be kept.
    Kept(String),
}

pub(super) struct Intake<W> {
    pub(super) limits: Limits,
    pack: PackWriter<W>,
    entries: u64,
}

impl<W: Write> Intake<W> {
    pub(super) fn new(limits: Limits, out: W) -> Self {
        Self { limits, pack: PackWriter::new(out), entries: 0 }
    }

    /// Judges one entry by its header.
    pub(super) fn admit(&mut self, raw: &[u8], kind: Kind) -> Result<Admitted, Refused> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            let detail = format!("the archive has more than {} entries, which is the limit", self.limits.entries);
            return Err(Refused::new("too_many_entries", None, detail));
        }
        let path = clean(raw, &self.limits)?;
        match kind {
            Kind::Link => {
                Err(Refused::new("link", Some(&path), "it is a link to another file; an archive may hold plain files and folders only"))
            }
            Kind::Special => {
                Err(Refused::new("special_file", Some(&path), "it is no plain file; an archive may hold plain files and folders only"))
            }
            Kind::Folder => Ok(Admitted::Passed),
            Kind::File if path.is_empty() || is_clutter(&path) => Ok(Admitted::Passed),
            Kind::File if self.pack.holds(&path) => {
                Err(Refused::new("duplicate", Some(&path), "it is in the archive twice, and nothing says which one counts"))
            }
            Kind::File if is_read(&path) => Ok(Admitted::Kept(path)),
            Kind::File => Ok(Admitted::Named(path)),
        }
    }

    pub(super) fn name(&mut self, path: &str, size: u64) {
        self.pack.name(path, size);
    }

    pub(super) fn keep(&mut self, path: &str, contents: &mut dyn Read) -> Result<u64, UnpackError> {
        self.pack.keep(path, contents).map_err(|error| broken(error, Some(path)))
    }

    /// Finds the folder that holds the export and makes it the root.
    pub(super) fn finish(self) -> Result<(Index, W), UnpackError> {
        let (index, out) = self.pack.finish().map_err(UnpackError::Io)?;
        let root = root(&index)?;
        let files = index.files.into_iter().filter_map(|(path, span): (String, Span)| {
            let inside = path.strip_prefix(&root)?;
            Some((inside.to_owned(), span))
        });
        Ok((Index { files: files.collect(), size: index.size }, out))
    }
}

/// The path of an entry, or why it cannot be one. A leading `./` and doubled slashes are what tools write; they are taken off.
fn clean(raw: &[u8], limits: &Limits) -> Result<String, Refused> {
    let shown = String::from_utf8_lossy(raw);
    let bad =
        |why: &str| Refused::new("bad_path", Some(&shown), format!("the name of an entry {why}; an archive may hold relative paths only"));
    if raw.len() > limits.path {
        let detail = format!("the path has {} bytes; the limit is {}", raw.len(), limits.path);
        return Err(Refused::new("path_too_long", Some(&shown), detail));
    }
    let text = std::str::from_utf8(raw).map_err(|_| bad("is not UTF-8"))?;
    if text.contains(['\0', '\\']) || text.chars().any(char::is_control) {
        return Err(bad("holds a control character or a backslash"));
    }
    if text.starts_with('/') || text.get(1..2) == Some(":") {
        return Err(bad("is an absolute path"));
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return Err(bad("leads out of the archive"));
    }
    if parts.len() > limits.depth + 1 {
        let detail = format!("the path has {} folders; the limit is {}", parts.len() - 1, limits.depth);
        return Err(Refused::new("too_deep", Some(&shown), detail));
    }
    Ok(parts.join("/"))
}

/// What operating systems add to archives of their own.
fn is_clutter(path: &str) -> bool {
    path.split('/').any(|part| part == "__MACOSX" || part == ".DS_Store" || part == "Thumbs.db" || part.starts_with("._"))
}

/// Whether an import reads this file, wherever in the archive the tree begins.
#[must_use]
fn is_read(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [.., "localstorage.json" | "identities.json" | "brain.key"] => true,
        [.., "brain", advisor, "clients", _, "profile.md"] => advisor.starts_with("advisor_"),
        _ => false,
    }
}

/// The folder that holds the export, with its slash: the one nearest to the top.
fn root(index: &Index) -> Result<String, Refused> {
    const EXPORT: &str = "localstorage.json";
    let homes = index.files.keys().filter_map(|path| path.strip_suffix(EXPORT)).filter(|home| home.is_empty() || home.ends_with('/'));
    let depth = |home: &str| home.matches('/').count();
    let mut homes: Vec<&str> = homes.collect();
    homes.sort_by_key(|home| depth(home));
    match homes.as_slice() {
        [] => Err(Refused::new(
            "no_export",
            None,
            "there is no localstorage.json in it; choose the folder that holds that file, or an archive of that folder",
        )),
        [first, second, ..] if depth(first) == depth(second) => {
            let path = format!("{second}{EXPORT}");
            Err(Refused::new("several_exports", Some(&path), format!("{first}{EXPORT} is there as well; put one book into an archive")))
        }
        [first, ..] => Ok((*first).to_owned()),
    }
}

/// Refuses sizes that a header states beyond the limits, before anything is unpacked.
pub(super) fn judge(unpacked: u64, packed: u64, limits: &Limits, path: &str) -> Result<(), Refused> {
    gauge::judge(unpacked, packed, limits, Some(path))
}
