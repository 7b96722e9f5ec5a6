//! Readers that measure: how much went through, and whether that is still within the limits.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::{Limits, Refused};

/// Below this many unpacked bytes no ratio is judged: small files pack well.
pub(super) const RATIO_FROM: u64 = 16 * 1024 * 1024;

/// Marks an error of the source itself, as against one that its bytes cause.
#[derive(Debug, thiserror::Error)]
#[error("what was uploaded cannot be read")]
pub(super) struct SourceFailed;

/// The source; its own failures are marked.
pub(super) struct Source<R>(pub(super) R);

fn mark(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::Interrupted { error } else { io::Error::other(SourceFailed) }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(mark)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        // A place that cannot be is what broken bytes ask for; it is not the source that fails.
        self.0.seek(to)
    }
}

/// Counts the bytes that went through, for whoever holds the other end.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.count.set(self.count.get() + u64::try_from(n).unwrap_or_default());
        Ok(n)
    }
}

/// Gives no more than a budget of bytes; more is a refusal.
pub(super) struct Budget<R> {
    pub(super) inner: R,
    pub(super) left: Rc<Cell<u64>>,
    pub(super) refusal: Refused,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        match self.left.get().checked_sub(u64::try_from(n).unwrap_or_default()) {
            Some(left) => self.left.set(left),
            None => return Err(self.refusal.clone().into()),
        }
        Ok(n)
    }
}

impl<R: Seek> Seek for Budget<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Unpacked bytes, held against the total and against the packed bytes they came from.
pub(super) struct Unpacked<R> {
    pub(super) inner: R,
    pub(super) limits: Limits,
    pub(super) packed: Rc<Cell<u64>>,
    pub(super) count: u64,
    /// Whether the last 512 bytes were all zero: how a whole tar ends.
    pub(super) zeros: usize,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.count += u64::try_from(n).unwrap_or_default();
        let read = out.get(..n).unwrap_or_default();
        self.zeros = match read.iter().rposition(|byte| *byte != 0) {
            Some(last) => n - last - 1,
            None => self.zeros.saturating_add(n),
        };
        judge(self.count, self.packed.get(), &self.limits, None)?;
        Ok(n)
    }
}

/// Refuses unpacked bytes beyond the total or the ratio.
pub(super) fn judge(unpacked: u64, packed: u64, limits: &Limits, path: Option<&str>) -> Result<(), Refused> {
    if unpacked > limits.bytes {
        let detail = format!("what is in the archive is larger than {} bytes once unpacked, which is the limit", limits.bytes);
        return Err(Refused::new("too_large", path, detail));
    }
    if unpacked > RATIO_FROM && unpacked / packed.max(1) > limits.ratio {
        let detail = format!(
            "it unpacks to more than {} times its size, which is the limit: this looks like an archive made to fill a disk",
            limits.ratio
        );
        return Err(Refused::new("bomb", path, detail));
    }
    Ok(())
}
