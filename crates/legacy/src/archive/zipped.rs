//! Zip. What its directory claims is checked before anything is unpacked, and held against what comes out.

use std::cell::Cell;
use std::io::{Read, Seek, Write};
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use super::gauge::Budget;
use super::intake::{Admitted, Intake, Kind, judge};
use super::{Refused, UnpackError, broken};

/// Bytes of the directory for one entry that may be: a header and a path of some length.
const DIRECTORY_BYTES: u64 = 256;

pub(super) fn read<R: Read + Seek, W: Write>(source: R, intake: &mut Intake<W>) -> Result<(), UnpackError> {
    let limits = intake.limits;
    let many = Refused::new("too_many_entries", None, format!("the archive has more than {} entries, which is the limit", limits.entries));
    // The library holds the whole directory, so what it may read for it is bounded; afterwards the bound is lifted.
    let left = Rc::new(Cell::new(limits.entries.saturating_mul(DIRECTORY_BYTES)));
    let source = Budget { inner: source, left: Rc::clone(&left), refusal: many.clone() };
    let mut archive = ZipArchive::new(source).map_err(|error| refused(error, None))?;
    left.set(u64::MAX);
    if u64::try_from(archive.len()).unwrap_or(u64::MAX) > limits.entries {
        return Err(many.into());
    }
    if archive.has_duplicate_names() {
        return Err(Refused::new("duplicate", None, "two entries have the same name, and nothing says which one counts").into());
    }
    let (mut stated, mut kept) = (0_u64, 0_u64);
    for number in 0..archive.len() {
        let (admitted, size, packed) = header(&mut archive, number, intake)?;
        stated = stated.saturating_add(size);
        match admitted {
            Admitted::Passed => {}
            Admitted::Named(path) => {
                judge(stated, u64::MAX, &limits, &path)?;
                intake.name(&path, size);
            }
            Admitted::Kept(path) => {
                judge(stated, u64::MAX, &limits, &path)?;
                judge(size, packed, &limits, &path)?;
                let entry = archive.by_index(number).map_err(|error| refused(error, Some(&path)))?;
                // One byte more than stated: whoever states too little is found out, and no more is unpacked than that.
                let unpacked = intake.keep(&path, &mut entry.take(size.saturating_add(1)))?;
                if unpacked != size {
                    return Err(broken(std::io::ErrorKind::InvalidData.into(), Some(&path)));
                }
                kept = kept.saturating_add(unpacked);
                judge(kept, u64::MAX, &limits, &path)?;
            }
        }
    }
    Ok(())
}

/// Judges an entry by what the directory says: what to do with it, its size, its packed size.
fn header<R: Read + Seek, W: Write>(
    archive: &mut ZipArchive<R>,
    number: usize,
    intake: &mut Intake<W>,
) -> Result<(Admitted, u64, u64), UnpackError> {
    let entry = archive.by_index_raw(number).map_err(|error| refused(error, None))?;
    let kind = match entry.unix_mode().unwrap_or_default() & 0o170_000 {
        0o120_000 => Kind::Link,
        _ if entry.is_symlink() => Kind::Link,
        _ if entry.is_dir() => Kind::Folder,
        0 | 0o100_000 => Kind::File,
        _ => Kind::Special,
    };
    let raw = entry.name_raw().to_vec();
    let admitted = intake.admit(&raw, kind)?;
    if entry.encrypted() {
        let path = String::from_utf8_lossy(&raw);
        return Err(Refused::new("encrypted", Some(&path), "it is protected by a password; make the archive without one").into());
    }
    Ok((admitted, entry.size(), entry.compressed_size()))
}

fn refused(error: ZipError, path: Option<&str>) -> UnpackError {
    match error {
        ZipError::Io(error) => broken(error, path),
        ZipError::UnsupportedArchive(_) => {
            Refused::new("unsupported", path, "it is packed in a way that is not read here; make a plain .zip or .tar.gz").into()
        }
        _ => broken(std::io::ErrorKind::InvalidData.into(), path),
    }
}
