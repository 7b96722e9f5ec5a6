//! Files at rest: C2SP chunked-encryption (<https://c2sp.org/chunked-encryption>) as Cobblestone-256.
//!
//! A ciphertext is `salt (24) ‖ commitment (32) ‖ chunks`. Each chunk is AES-256-GCM of 16 KiB of plaintext and its tag;
//! the last one is shorter, possibly empty, so that a cut is noticed. Key, base nonce and commitment come from
//! HKDF-Expand-SHA-512 over the data key, the salt and the [`Context`], so a file opens under one key, in one place, as one
//! version. Python `cryptography` ≥ 50 reads it. Must not know where files are kept or who may read them.

mod context;
mod stream;

pub use context::Context;
pub use stream::{Decryptor, Encryptor, decrypt_copy, encrypt_copy};

use secrecy::zeroize::Zeroizing;

use crate::key::{DataKey, Entropy, KeyError};
use crate::primitive::{Gcm, NONCE_LEN, Refused, TAG_LEN, hkdf_expand_sha512};

/// Bytes of plaintext in every chunk but the last.
pub const CHUNK: usize = 16 * 1024;
/// Bytes of salt and commitment before the first chunk.
pub const HEADER: usize = SALT + COMMITMENT;
/// Chunks that one file may have (4 PiB).
pub const MAX_CHUNKS: u64 = 1 << 38;

const SALT: usize = 24;
const COMMITMENT: usize = 32;
const SEALED_CHUNK: usize = CHUNK + TAG_LEN;
const LABEL: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";

/// Why a file could not be encrypted or decrypted. Says nothing about key or content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Encrypted under another key or for another place, or the first 56 bytes were changed.
    #[error("the file does not open: wrong key, or made for another firm, object, path, version or content type")]
    WrongKeyOrContext,
    /// A chunk was changed, moved or belongs to another file.
    #[error("the file was changed: chunk {chunk} is not authentic (16 KiB chunks, from 0)")]
    Changed {
        /// Which chunk, from 0.
        chunk: u64,
    },
    /// The end is missing.
    #[error("the file was cut off: its last chunk is missing")]
    Truncated,
    /// More than [`MAX_CHUNKS`] chunks.
    #[error("the file is too long: 4 PiB is the limit")]
    TooLong,
    /// Used again after an error or after the end.
    #[error("the file failed already; start again with a new reader")]
    Failed,
    /// The cryptographic library refused; there is no randomness, say.
    #[error("the file could not be encrypted")]
    Unavailable,
    /// The source could not be read.
    #[error("the file could not be read: {0}")]
    Read(std::io::ErrorKind),
    /// The destination could not be written.
    #[error("the file could not be written: {0}")]
    Write(std::io::ErrorKind),
}

impl From<KeyError> for FileError {
    fn from(_: KeyError) -> Self {
        Self::Unavailable
    }
}

impl From<Refused> for FileError {
    fn from(_: Refused) -> Self {
        Self::Unavailable
    }
}

/// Encrypts a whole file in memory.
///
/// # Errors
/// [`FileError::Unavailable`].
pub fn encrypt(key: &DataKey, context: &Context<'_>, plain: &[u8], entropy: &mut impl Entropy) -> Result<Vec<u8>, FileError> {
    let mut out = Vec::with_capacity(HEADER + plain.len() + (plain.len() / CHUNK + 1) * TAG_LEN);
    let mut encryptor = Encryptor::new(key, context, entropy)?;
    encryptor.update(plain, &mut out)?;
    encryptor.finish(&mut out)?;
    Ok(out)
}

/// Decrypts a whole file in memory; nothing comes back unless all of it is authentic.
///
/// # Errors
/// [`FileError`], with what failed.
pub fn decrypt(key: &DataKey, context: &Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let mut out = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let mut decryptor = Decryptor::new(key, context);
    decryptor.update(sealed, &mut out)?;
    decryptor.finish(&mut out)?;
    Ok(out)
}

/// Bytes of the ciphertext of a file of `plain` bytes.
#[must_use]
pub fn sealed_len(plain: u64) -> u64 {
    HEADER as u64 + plain + (plain / CHUNK as u64 + 1) * TAG_LEN as u64
}

/// What is derived for one file.
struct Derived {
    gcm: Gcm,
    base_nonce: [u8; NONCE_LEN],
    commitment: [u8; COMMITMENT],
}

impl Derived {
    fn new(key: &DataKey, salt: &[u8], context: &[u8]) -> Result<Self, Refused> {
        let info = [LABEL, salt, context].concat();
        let mut okm = Zeroizing::new([0; 32 + NONCE_LEN + COMMITMENT]);
        hkdf_expand_sha512(key.expose(), &info, &mut okm[..])?;
        let (chunk_key, rest) = okm.split_first_chunk::<32>().ok_or(Refused)?;
        let (base_nonce, commitment) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Refused)?;
        Ok(Self { gcm: Gcm::new(chunk_key)?, base_nonce: *base_nonce, commitment: commitment.try_into().map_err(|_| Refused)? })
    }

    /// The base nonce with the chunk's number exclusive-ored into its end.
    fn nonce(&self, chunk: u64) -> [u8; NONCE_LEN] {
        let mut nonce = self.base_nonce;
        for (byte, number) in nonce[4..].iter_mut().zip(chunk.to_be_bytes()) {
            *byte ^= number;
        }
        nonce
    }
}
