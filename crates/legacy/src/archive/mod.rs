//! Unpacks what somebody uploaded: a `.zip`, `.tar.gz` or `.tar`, from bytes that nobody vouches for.
//!
//! Everything is bounded before it is believed: bytes, entries, names, ratio. The first thing that breaks a rule refuses the
//! whole archive and is named; half a book is never read. Writes to no file system, so a path can lead nowhere.

mod gauge;
mod intake;
mod tarball;
mod zipped;

use std::io::{self, Read, Seek, SeekFrom, Write};

use serde::{Deserialize, Serialize};

use crate::pack::Index;
use intake::Intake;

/// What an archive may be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes, packed and unpacked alike.
    pub bytes: u64,
    /// Entries, folders included.
    pub entries: u64,
    /// Bytes of one path.
    pub path: usize,
    /// Folders above a file.
    pub depth: usize,
    /// Unpacked bytes for one packed byte.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 2 * 1024 * 1024 * 1024, entries: 200_000, path: 1024, depth: 32, ratio: 200 }
    }
}

/// Why an archive was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// One word: `not_an_archive`, `broken`, `too_large`, `too_many_entries`, `bomb`, `bad_path`, `path_too_long`, `too_deep`, `link`,
    /// `special_file`, `duplicate`, `encrypted`, `unsupported`, `no_export`, `several_exports`.
    pub code: String,
    /// The entry it is about, as far as it can be shown.
    pub path: Option<String>,
    /// What is wrong, the limit, and the remedy.
    pub detail: String,
}

impl Refused {
    pub(crate) fn new(code: &str, path: Option<&str>, detail: impl Into<String>) -> Self {
        // A path can be as hostile as its archive: shown short, and without what a terminal or page would obey.
        let shown = path.map(|path| path.chars().filter(|c| !c.is_control()).take(200).collect());
        Self { code: code.to_owned(), path: shown, detail: detail.into() }
    }
}

/// Why unpacking ended.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The archive was refused.
    #[error("{}", .0.detail)]
    Refused(Refused),
    /// The source or the receiver failed; the archive itself may be fine.
    #[error(transparent)]
    Io(io::Error),
}

impl From<Refused> for UnpackError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// How a refusal travels through a reader of a library.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.detail)]
struct Carried(Refused);

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        io::Error::other(Carried(refused))
    }
}

/// An error of reading: a refusal that travelled in it, a failure of the source, or else broken bytes.
pub(crate) fn broken(error: io::Error, path: Option<&str>) -> UnpackError {
    if let Some(Carried(refused)) = error.get_ref().and_then(|inner| inner.downcast_ref::<Carried>()) {
        let mut refused = refused.clone();
        refused.path = refused.path.or_else(|| Refused::new("", path, "").path);
        return UnpackError::Refused(refused);
    }
    if error.get_ref().is_some_and(|inner| inner.is::<gauge::SourceFailed>()) {
        return UnpackError::Io(error);
    }
    Refused::new("broken", path, "the archive is cut off or damaged here; make it again and upload it anew").into()
}

/// Unpacks an archive: names and the contents that an import reads go to `out`, the index comes back.
///
/// # Errors
/// [`UnpackError::Refused`] names the first thing that breaks a rule.
pub fn unpack<R: Read + Seek, W: Write>(source: R, limits: &Limits, out: W) -> Result<(Index, W), UnpackError> {
    let mut source = gauge::Source(source);
    let packed = source.seek(SeekFrom::End(0)).map_err(UnpackError::Io)?;
    if packed > limits.bytes {
        return Err(Refused::new("too_large", None, format!("the archive has {packed} bytes; the limit is {}", limits.bytes)).into());
    }
    let head = head(&mut source).map_err(UnpackError::Io)?;
    let mut intake = Intake::new(*limits, out);
    match head.as_slice() {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zipped::read(source, &mut intake)?,
        [0x1f, 0x8b, ..] => tarball::read_gz(source, &mut intake)?,
        tar if tar.get(257..262) == Some(b"ustar") => tarball::read(source, packed, &mut intake)?,
        _ => {
            let detail = "this is no .zip, .tar.gz or .tar archive; choose the folder itself, or an archive of it";
            return Err(Refused::new("not_an_archive", None, detail).into());
        }
    }
    intake.finish()
}

/// The first bytes, with the source set back to its beginning.
fn head<R: Read + Seek>(source: &mut R) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.by_ref().take(512).read_to_end(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    Ok(head)
}
