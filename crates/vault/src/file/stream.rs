//! Encryption and decryption piece by piece, with one chunk in memory.

use std::io::{Read, Write};

use secrecy::zeroize::{Zeroize, Zeroizing};

use super::{CHUNK, Context, Derived, FileError, HEADER, MAX_CHUNKS, SALT, SEALED_CHUNK};
use crate::key::{DataKey, Entropy};
use crate::primitive::{TAG_LEN, equal};

/// Encrypts one file piece by piece: [`Self::update`] any number of times, then [`Self::finish`].
pub struct Encryptor {
    derived: Derived,
    header: Option<[u8; HEADER]>,
    next: u64,
    chunk: Zeroizing<Vec<u8>>,
}

impl Encryptor {
    /// Draws the salt and derives the file's keys.
    ///
    /// # Errors
    /// [`FileError::Unavailable`] when there is no randomness.
    pub fn new(key: &DataKey, context: &Context<'_>, entropy: &mut impl Entropy) -> Result<Self, FileError> {
        let mut header = [0; HEADER];
        let (salt, commitment) = header.split_at_mut(SALT);
        entropy.fill(salt)?;
        let derived = Derived::new(key, salt, &context.bytes())?;
        commitment.copy_from_slice(&derived.commitment);
        Ok(Self { derived, header: Some(header), next: 0, chunk: Zeroizing::new(Vec::with_capacity(SEALED_CHUNK)) })
    }

    /// Takes plaintext and appends what ciphertext is ready to `out`.
    ///
    /// # Errors
    /// [`FileError::TooLong`].
    pub fn update(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), FileError> {
        out.extend(self.header.take().into_iter().flatten());
        while !plain.is_empty() {
            let (now, later) = plain.split_at(plain.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend_from_slice(now);
            plain = later;
            if self.chunk.len() == CHUNK {
                self.seal(out)?;
            }
        }
        Ok(())
    }

    /// Appends the last chunk. Without it the file counts as cut off.
    ///
    /// # Errors
    /// [`FileError::TooLong`].
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), FileError> {
        self.update(&[], out)?;
        self.seal(out)
    }

    fn seal(&mut self, out: &mut Vec<u8>) -> Result<(), FileError> {
        if self.next >= MAX_CHUNKS {
            return Err(FileError::TooLong);
        }
        let tag = self.derived.gcm.seal(&self.derived.nonce(self.next), &[], &mut self.chunk)?;
        out.extend_from_slice(&self.chunk);
        out.extend_from_slice(&tag);
        self.chunk.clear();
        self.next += 1;
        Ok(())
    }
}

enum State {
    Header { key: DataKey, context: Vec<u8> },
    Chunks { derived: Derived, next: u64 },
    Failed,
}

/// Decrypts one file piece by piece: [`Self::update`] any number of times, then [`Self::finish`].
///
/// What comes out before `finish` is authentic, but may be the front of a file that was cut off: act on none of it, and
/// discard it when a later call fails.
pub struct Decryptor {
    state: State,
    pending: Vec<u8>,
}

impl Decryptor {
    /// Expects a file made under this key for this context.
    #[must_use]
    pub fn new(key: &DataKey, context: &Context<'_>) -> Self {
        let state = State::Header { key: key.clone(), context: context.bytes() };
        Self { state, pending: Vec::with_capacity(SEALED_CHUNK) }
    }

    /// Takes ciphertext and appends what plaintext is ready to `out`.
    ///
    /// # Errors
    /// [`FileError::WrongKeyOrContext`], [`FileError::Changed`], [`FileError::TooLong`]; [`FileError::Failed`] ever after.
    pub fn update(&mut self, mut sealed: &[u8], out: &mut Vec<u8>) -> Result<(), FileError> {
        loop {
            let wanted = match self.state {
                State::Header { .. } => HEADER,
                State::Chunks { .. } => SEALED_CHUNK,
                State::Failed => return Err(FileError::Failed),
            };
            let (now, later) = sealed.split_at(sealed.len().min(wanted - self.pending.len()));
            self.pending.extend_from_slice(now);
            sealed = later;
            if self.pending.len() < wanted {
                return Ok(());
            }
            self.advance(out)?;
        }
    }

    /// Takes the last chunk. Only now is the plaintext known to be whole.
    ///
    /// # Errors
    /// [`FileError::Truncated`], [`FileError::Changed`], [`FileError::Failed`].
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), FileError> {
        match self.state {
            State::Failed => Err(FileError::Failed),
            State::Header { .. } => Err(FileError::Truncated),
            State::Chunks { .. } if self.pending.len() < TAG_LEN => Err(FileError::Truncated),
            State::Chunks { .. } => self.advance(out),
        }
    }

    /// Takes what is pending as header or chunk. Whoever fails stays failed.
    fn advance(&mut self, out: &mut Vec<u8>) -> Result<(), FileError> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Header { key, context } => {
                let (salt, commitment) = self.pending.split_at(SALT);
                let derived = Derived::new(&key, salt, &context)?;
                if !equal(&derived.commitment, commitment) {
                    return Err(FileError::WrongKeyOrContext);
                }
                self.state = State::Chunks { derived, next: 0 };
            }
            State::Chunks { derived, next } => {
                if next >= MAX_CHUNKS {
                    return Err(FileError::TooLong);
                }
                let opened = derived.gcm.open(&derived.nonce(next), &[], &mut self.pending);
                out.extend_from_slice(opened.map_err(|_| FileError::Changed { chunk: next })?);
                self.state = State::Chunks { derived, next: next + 1 };
            }
            State::Failed => return Err(FileError::Failed),
        }
        self.pending.clear();
        Ok(())
    }
}

impl Drop for Decryptor {
    fn drop(&mut self) {
        // It was decrypted in place.
        self.pending.zeroize();
    }
}

/// Encrypts everything that `from` has into `to`, one chunk at a time. Returns the number of bytes read.
///
/// # Errors
/// [`FileError`]; what was written by then is of no use.
pub fn encrypt_copy(
    key: &DataKey,
    context: &Context<'_>,
    entropy: &mut impl Entropy,
    from: &mut impl Read,
    to: &mut impl Write,
) -> Result<u64, FileError> {
    let mut encryptor = Encryptor::new(key, context, entropy)?;
    let read = pump(from, to, |piece, out| encryptor.update(piece, out))?;
    let mut out = Vec::with_capacity(SEALED_CHUNK);
    encryptor.finish(&mut out)?;
    to.write_all(&out).map_err(|e| FileError::Write(e.kind()))?;
    Ok(read)
}

/// Decrypts everything that `from` has into `to`, one chunk at a time. Returns the number of bytes read.
///
/// # Errors
/// [`FileError`]; discard what was written by then, because the file may have been cut off.
pub fn decrypt_copy(key: &DataKey, context: &Context<'_>, from: &mut impl Read, to: &mut impl Write) -> Result<u64, FileError> {
    let mut decryptor = Decryptor::new(key, context);
    let read = pump(from, to, |piece, out| decryptor.update(piece, out))?;
    let mut out = Zeroizing::new(Vec::with_capacity(CHUNK));
    decryptor.finish(&mut out)?;
    to.write_all(&out).map_err(|e| FileError::Write(e.kind()))?;
    Ok(read)
}

fn pump(
    from: &mut impl Read,
    to: &mut impl Write,
    mut step: impl FnMut(&[u8], &mut Vec<u8>) -> Result<(), FileError>,
) -> Result<u64, FileError> {
    let mut piece = Zeroizing::new(vec![0; CHUNK]);
    let mut out = Zeroizing::new(Vec::with_capacity(2 * SEALED_CHUNK));
    let mut total = 0;
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(total),
            Ok(read) => read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(FileError::Read(e.kind())),
        };
        total += read as u64;
        step(&piece[..read], &mut out)?;
        to.write_all(&out).map_err(|e| FileError::Write(e.kind()))?;
        out.clear();
    }
}
