//! Encrypted brain files: the magic, the key and opening of one file. Format in section 2 of the layout.
//!
//! Must not write brain files of the product; [`seal`] exists for the sample generator alone. Errors never hold content.

use std::io;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret, SecretSlice};

use crate::profile::Profile;
use crate::report::FileRefusal;
use crate::tree::{self, Tree};

/// First bytes of an encrypted file.
pub const MAGIC: &[u8; 5] = b"MAGB1";

/// The largest brain file that is read, in bytes.
pub const FILE_LIMIT: u64 = 4 * 1024 * 1024;

/// The key of all brain files of a tree.
pub struct Key(SecretSlice<u8>);

/// Why a brain file cannot be read. The words are those of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// The magic is missing; such a file is never taken as text.
    NotEncrypted,
    /// Wrong key, wrong path or changed bytes.
    DecryptFailed,
}

impl OpenError {
    /// The reason as the report names it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotEncrypted => "not_encrypted",
            Self::DecryptFailed => "decrypt_failed",
        }
    }
}

impl Key {
    /// A key of 32 bytes; `None` for any other length.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() == 32).then(|| Self(SecretSlice::from(bytes)))
    }

    /// Reads `brain.key`: 64 hex digits and a line end. `None` when it is missing, no key or cannot be read.
    ///
    /// # Errors
    /// When the tree is gone.
    pub fn read(tree: &dyn Tree) -> io::Result<Option<Self>> {
        let text = match tree::read_small(tree, "brain.key", 4096) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(None),
            Err(error) if tree::is_of_the_file(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(hex::decode(text.trim_ascii()).ok().and_then(Self::new))
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.0.expose_secret()).ok().map(LessSafeKey::new)
    }
}

/// Decrypts a file; `path` is relative to `brain/`.
///
/// # Errors
/// [`OpenError`].
pub fn open(key: &Key, path: &str, file: &[u8]) -> Result<Vec<u8>, OpenError> {
    let body = file.strip_prefix(MAGIC).ok_or(OpenError::NotEncrypted)?;
    let (nonce, sealed) = body.split_at_checked(NONCE_LEN).ok_or(OpenError::DecryptFailed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError::DecryptFailed)?;
    let cipher = key.cipher().ok_or(OpenError::DecryptFailed)?;
    let mut buffer = sealed.to_vec();
    let length = cipher.open_in_place(nonce, Aad::from(path.as_bytes()), &mut buffer).map_err(|_| OpenError::DecryptFailed)?.len();
    buffer.truncate(length);
    Ok(buffer)
}

/// Encrypts a file of a generated tree. A nonce must never be used twice with one key.
#[must_use]
pub fn seal(key: &Key, path: &str, nonce: [u8; NONCE_LEN], text: &[u8]) -> Option<Vec<u8>> {
    let mut sealed = text.to_vec();
    key.cipher()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(path.as_bytes()), &mut sealed).ok()?;
    Some([MAGIC.as_slice(), &nonce, &sealed].concat())
}

/// Reads the profile at a path of the tree (`brain/advisor_…/clients/…/profile.md`).
///
/// # Errors
/// Only when the tree is gone; a file that cannot be read or decrypted is a refusal.
pub fn profile(tree: &dyn Tree, key: Option<&Key>, path: &str) -> io::Result<Result<Profile, FileRefusal>> {
    let refuse = |reason| Ok(Err(FileRefusal { path: path.to_owned(), reason }));
    let file = match tree::read_small(tree, path, FILE_LIMIT) {
        Ok(Some(file)) => file,
        Ok(None) => return refuse("missing"),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => return refuse("too_large"),
        Err(error) if tree::is_of_the_file(&error) => return refuse("unreadable"),
        Err(error) => return Err(error),
    };
    if !file.starts_with(MAGIC) {
        return refuse(OpenError::NotEncrypted.reason());
    }
    let Some(key) = key else {
        return refuse("key_missing");
    };
    let relative = path.strip_prefix("brain/").unwrap_or(path);
    match open(key, relative, &file).map(String::from_utf8) {
        Err(error) => refuse(error.reason()),
        Ok(Err(_)) => refuse("not_utf8"),
        Ok(Ok(text)) => Ok(Ok(Profile::parse(relative, &text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemTree;

    const PATH: &str = "brain/advisor_will/clients/hale-robert/profile.md";
    const RELATIVE: &str = "advisor_will/clients/hale-robert/profile.md";

    fn tree(file: Vec<u8>) -> MemTree {
        let mut tree = MemTree::default();
        tree.files.insert(PATH.to_owned(), file);
        tree.files.insert("brain.key".to_owned(), format!("{}\r\n", "ab".repeat(32)).into_bytes());
        tree
    }

    fn read(file: Vec<u8>) -> Result<Profile, &'static str> {
        let tree = tree(file);
        let key = Key::read(&tree).unwrap();
        profile(&tree, key.as_ref(), PATH).unwrap().map_err(|refusal| refusal.reason)
    }

    #[test]
    fn st_3_a_profile_opens_with_its_path_and_no_other() {
        let key = Key::new(vec![0xab; 32]).unwrap();
        let sealed = seal(&key, RELATIVE, [1; 12], b"---\r\nslug: hale-robert\r\n---\r\n").unwrap();
        assert_eq!(read(sealed.clone()).unwrap().slug.as_deref(), Some("hale-robert"));
        let moved = seal(&key, "advisor_matt/clients/hale-robert/profile.md", [2; 12], b"x").unwrap();
        assert_eq!(read(moved), Err("decrypt_failed"));
        for at in 5..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(read(changed), Err("decrypt_failed"));
        }
        for cut in 5..sealed.len() {
            assert_eq!(read(sealed[..cut].to_vec()), Err("decrypt_failed"));
        }
    }

    #[test]
    fn st_3_plain_text_is_never_taken_for_a_profile() {
        assert_eq!(read(b"---\nslug: a\n---\n".to_vec()), Err("not_encrypted"));
        assert_eq!(read(Vec::new()), Err("not_encrypted"));
        let key = Key::new(vec![0xab; 32]).unwrap();
        assert_eq!(read(seal(&key, RELATIVE, [1; 12], b"\xff\xfe").unwrap()), Err("not_utf8"));
        assert!(Key::new(vec![0; 31]).is_none());
    }

    #[test]
    fn st_3_without_a_key_nothing_is_read() {
        let key = Key::new(vec![0xab; 32]).unwrap();
        let mut tree = tree(seal(&key, RELATIVE, [1; 12], b"x").unwrap());
        tree.files.insert("brain.key".to_owned(), b"not hex".to_vec());
        let none = Key::read(&tree).unwrap();
        assert!(none.is_none());
        assert_eq!(profile(&tree, none.as_ref(), PATH).unwrap().unwrap_err().reason, "key_missing");
    }
}
