//! Entry bundles: the leaves' data as static files, each entry after its length as two bytes, big-endian.

use super::tile::WIDTH;

/// Bytes that one entry may have.
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// The entries cannot be written, or the bytes are not such entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntriesError {
    /// A bundle has 1 to 256 entries.
    #[error("a bundle of entries has 1 to 256 of them, this has {0}")]
    Count(usize),
    /// An entry that the length does not hold.
    #[error("an entry has {found} bytes, {MAX_ENTRY} is the limit")]
    TooLong {
        /// Its bytes.
        found: usize,
    },
    /// The last entry or its length is cut off.
    #[error("the bundle of entries is cut off")]
    Truncated,
}

/// Writes a bundle.
///
/// # Errors
/// [`EntriesError::Count`], [`EntriesError::TooLong`].
pub fn encode<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, EntriesError> {
    count(entries.len())?;
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let len = u16::try_from(entry.len()).map_err(|_| EntriesError::TooLong { found: entry.len() })?;
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// Reads a bundle. How many entries there must be is said by the width of its [`super::tile::Tile`].
///
/// # Errors
/// [`EntriesError::Count`], [`EntriesError::Truncated`].
pub fn decode(mut bytes: &[u8]) -> Result<Vec<&[u8]>, EntriesError> {
    let mut entries = Vec::new();
    while !bytes.is_empty() && entries.len() <= usize::from(WIDTH) {
        let (len, rest) = bytes.split_first_chunk::<2>().ok_or(EntriesError::Truncated)?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len))).ok_or(EntriesError::Truncated)?;
        entries.push(entry);
        bytes = rest;
    }
    count(entries.len())?;
    Ok(entries)
}

fn count(entries: usize) -> Result<(), EntriesError> {
    if (1..=usize::from(WIDTH)).contains(&entries) { Ok(()) } else { Err(EntriesError::Count(entries)) }
}
