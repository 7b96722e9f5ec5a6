//! Tar, packed with gzip or plain. Extension headers are read here with a bound: the library would hold them whole.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType, PaxExtensions};

use super::gauge::{Counted, Unpacked};
use super::intake::{Admitted, Intake, Kind};
use super::{Refused, UnpackError, broken};

/// The largest extension header that is read, in bytes.
const EXTENSION_LIMIT: u64 = 64 * 1024;

pub(super) fn read_gz<R: Read, W: Write>(source: R, intake: &mut Intake<W>) -> Result<(), UnpackError> {
    let packed = Rc::new(Cell::new(0));
    let counted = Counted { inner: source, count: Rc::clone(&packed) };
    entries(Unpacked { inner: MultiGzDecoder::new(counted), limits: intake.limits, packed, count: 0, zeros: 0 }, intake)
}

pub(super) fn read<R: Read, W: Write>(source: R, size: u64, intake: &mut Intake<W>) -> Result<(), UnpackError> {
    let packed = Rc::new(Cell::new(size));
    entries(Unpacked { inner: source, limits: intake.limits, packed, count: 0, zeros: 0 }, intake)
}

fn entries<R: Read, W: Write>(source: Unpacked<R>, intake: &mut Intake<W>) -> Result<(), UnpackError> {
    let mut archive = Archive::new(source);
    let mut last: Option<String> = None;
    let mut long: Option<Vec<u8>> = None;
    for entry in archive.entries().map_err(|error| broken(error, None))?.raw(true) {
        let mut entry = entry.map_err(|error| broken(error, last.as_deref()))?;
        let (kind, size) = (entry.header().entry_type(), entry.size());
        match kind {
            EntryType::GNULongName => {
                long = Some(extension(&mut entry, size)?.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
                continue;
            }
            EntryType::XHeader => {
                long = path_of(&extension(&mut entry, size)?)?.or(long);
                continue;
            }
            EntryType::XGlobalHeader | EntryType::GNULongLink => continue,
            _ => {}
        }
        let raw = long.take().unwrap_or_else(|| entry.header().path_bytes().into_owned());
        let admitted = intake.admit(&raw, kind_of(kind))?;
        last = Some(String::from_utf8_lossy(&raw).into_owned());
        match admitted {
            Admitted::Passed => {}
            Admitted::Named(path) => intake.name(&path, size),
            Admitted::Kept(path) => {
                let kept = intake.keep(&path, &mut entry)?;
                if kept != size {
                    return Err(broken(io::ErrorKind::UnexpectedEof.into(), Some(&path)));
                }
            }
        }
    }
    let mut rest = archive.into_inner();
    let ended = rest.zeros >= 512;
    // To the end, so that a checksum after it is looked at.
    io::copy(&mut rest, &mut io::sink()).map_err(|error| broken(error, last.as_deref()))?;
    if ended { Ok(()) } else { Err(broken(io::ErrorKind::UnexpectedEof.into(), last.as_deref())) }
}

fn kind_of(kind: EntryType) -> Kind {
    match kind {
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Directory => Kind::Folder,
        EntryType::Symlink | EntryType::Link => Kind::Link,
        _ => Kind::Special,
    }
}

fn extension(entry: &mut impl Read, size: u64) -> Result<Vec<u8>, UnpackError> {
    if size > EXTENSION_LIMIT {
        let detail = format!("a header in the archive has {size} bytes; the limit is {EXTENSION_LIMIT}");
        return Err(Refused::new("path_too_long", None, detail).into());
    }
    let mut bytes = Vec::new();
    entry.take(EXTENSION_LIMIT).read_to_end(&mut bytes).map_err(|error| broken(error, None))?;
    Ok(bytes)
}

/// The path that a pax header gives to the next entry.
fn path_of(bytes: &[u8]) -> Result<Option<Vec<u8>>, UnpackError> {
    let mut path = None;
    for field in PaxExtensions::new(bytes) {
        let field = field.map_err(|error| broken(error, None))?;
        match field.key_bytes() {
            b"path" => path = Some(field.value_bytes().to_vec()),
            // Says that the header's own size is not the true one; only files beyond 8 GiB need it.
            b"size" => return Err(Refused::new("unsupported", None, "the archive holds a file larger than a tar header can say").into()),
            _ => {}
        }
    }
    Ok(path)
}
