//! A stream of bytes that is kept in blocks of one size, read from any place: what was uploaded, and what was unpacked of it.
//!
//! Holds at most one block at a time. Must not know where blocks are kept, nor what they hold.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Where blocks are kept.
pub trait Blocks: Send + Sync {
    /// Bytes in all.
    fn size(&self) -> u64;

    /// Bytes of every block but the last.
    fn block_size(&self) -> u64;

    /// The block with this number, from 0.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn block(&self, number: u64) -> io::Result<Arc<Vec<u8>>>;
}

/// Reads the bytes from `start` to `end` of a stream in blocks.
pub struct BlockReader {
    blocks: Arc<dyn Blocks>,
    start: u64,
    end: u64,
    at: u64,
    held: Option<(u64, Arc<Vec<u8>>)>,
}

impl BlockReader {
    /// Everything.
    #[must_use]
    pub fn new(blocks: Arc<dyn Blocks>) -> Self {
        let end = blocks.size();
        Self { blocks, start: 0, end, at: 0, held: None }
    }

    /// `length` bytes from `start`; less where the stream ends before.
    #[must_use]
    pub fn window(blocks: Arc<dyn Blocks>, start: u64, length: u64) -> Self {
        let end = blocks.size().min(start.saturating_add(length));
        Self { blocks, start: start.min(end), end, at: start.min(end), held: None }
    }

    fn hold(&mut self, number: u64) -> io::Result<Arc<Vec<u8>>> {
        if let Some((held, block)) = &self.held
            && *held == number
        {
            return Ok(Arc::clone(block));
        }
        let block = self.blocks.block(number)?;
        self.held = Some((number, Arc::clone(&block)));
        Ok(block)
    }
}

impl Read for BlockReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let (size, left) = (self.blocks.block_size().max(1), self.end.saturating_sub(self.at));
        if left == 0 || out.is_empty() {
            return Ok(0);
        }
        let block = self.hold(self.at / size)?;
        let within = usize::try_from(self.at % size).unwrap_or(usize::MAX);
        let rest = block.get(within..).unwrap_or_default();
        let wanted = rest.len().min(out.len()).min(usize::try_from(left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a block is shorter than it should be"));
        }
        let (Some(to), Some(from)) = (out.get_mut(..wanted), rest.get(..wanted)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.at += u64::try_from(wanted).unwrap_or_default();
        Ok(wanted)
    }
}

impl Seek for BlockReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => self.start.checked_add(offset),
            SeekFrom::End(offset) => self.end.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        let target = target.filter(|target| *target >= self.start).ok_or(io::ErrorKind::InvalidInput)?;
        self.at = target;
        Ok(target - self.start)
    }
}

/// A stream in memory, cut into blocks; for tests.
#[derive(Debug)]
pub struct MemBlocks {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Bytes of a block.
    pub block_size: usize,
}

impl Blocks for MemBlocks {
    fn size(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or_default()
    }

    fn block_size(&self) -> u64 {
        u64::try_from(self.block_size).unwrap_or_default()
    }

    fn block(&self, number: u64) -> io::Result<Arc<Vec<u8>>> {
        let number = usize::try_from(number).map_err(|_| io::ErrorKind::NotFound)?;
        let block = self.bytes.chunks(self.block_size.max(1)).nth(number).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(block.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    proptest! {
        #[test]
        fn st_3_blocks_read_like_the_bytes_they_were_cut_from(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
            block_size in 1_usize..50,
            (start, length) in (0_u64..420, 0_u64..420),
            seeks in proptest::collection::vec((0_u64..450, 0_usize..60), 0..20),
        ) {
            let end = usize::try_from(start.saturating_add(length)).unwrap().min(bytes.len());
            let begin = usize::try_from(start).unwrap().min(end);
            let mut plain = Cursor::new(bytes[begin..end].to_vec());
            let mut reader = BlockReader::window(Arc::new(MemBlocks { bytes, block_size }), start, length);
            for (to, count) in seeks {
                plain.seek(SeekFrom::Start(to)).unwrap();
                reader.seek(SeekFrom::Start(to)).unwrap();
                let (mut a, mut b) = (Vec::new(), Vec::new());
                plain.by_ref().take(u64::try_from(count).unwrap()).read_to_end(&mut a).unwrap();
                reader.by_ref().take(u64::try_from(count).unwrap()).read_to_end(&mut b).unwrap();
                prop_assert_eq!(a, b);
            }
        }
    }
}
