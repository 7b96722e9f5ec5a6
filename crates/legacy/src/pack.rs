//! A tree as one stream of bytes and an index of names: what is kept of an archive once it was looked through.
//!
//! Only files whose contents an import reads are in the stream; of the others the index holds the name alone.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::blocks::{BlockReader, Blocks};
use crate::localstorage::ReadSeek;
use crate::tree::Tree;

/// Where a file lies in the stream; nothing for a file of which only the name is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte in the stream; absent for a file whose contents are not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// Bytes.
    pub size: u64,
}

/// The names of a tree and where their contents lie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// By path.
    pub files: BTreeMap<String, Span>,
    /// Bytes of the stream.
    pub size: u64,
}

/// Writes the stream and notes the index.
pub struct PackWriter<W> {
    out: W,
    index: Index,
}

impl<W: Write> PackWriter<W> {
    /// An empty pack.
    pub fn new(out: W) -> Self {
        Self { out, index: Index::default() }
    }

    /// True when a file of this path was noted before.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        self.index.files.contains_key(path)
    }

    /// Notes a file without its contents.
    pub fn name(&mut self, path: &str, size: u64) {
        self.index.files.insert(path.to_owned(), Span { at: None, size });
    }

    /// Notes a file and keeps its contents. Returns its size.
    ///
    /// # Errors
    /// What reading or writing gives.
    pub fn keep(&mut self, path: &str, contents: &mut dyn Read) -> io::Result<u64> {
        let at = self.index.size;
        let size = io::copy(contents, &mut self.out)?;
        self.index.size += size;
        self.index.files.insert(path.to_owned(), Span { at: Some(at), size });
        Ok(size)
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// What writing gives.
    pub fn finish(mut self) -> io::Result<(Index, W)> {
        self.out.flush()?;
        Ok((self.index, self.out))
    }
}

/// A tree that is read from a pack.
pub struct PackTree {
    index: Index,
    blocks: Arc<dyn Blocks>,
}

impl PackTree {
    /// The tree of this index, whose stream is in `blocks`.
    #[must_use]
    pub fn new(index: Index, blocks: Arc<dyn Blocks>) -> Self {
        Self { index, blocks }
    }
}

impl Tree for PackTree {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek>>> {
        Ok(self.index.files.get(path).map(|span| -> Box<dyn ReadSeek> {
            match span.at {
                Some(at) => Box::new(BlockReader::window(Arc::clone(&self.blocks), at, span.size)),
                None => Box::new(Cursor::new(Vec::new())),
            }
        }))
    }

    fn walk(&self, folder: &str, found: &mut dyn FnMut(&str, u64)) -> io::Result<()> {
        let prefix = format!("{folder}/");
        for (path, span) in self.index.files.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix)) {
            found(path, span.size);
        }
        Ok(())
    }
}
