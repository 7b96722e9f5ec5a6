//! Keys in a file of this machine: one root key a line, `file/<number> <64 hex digits>`, the last one current. A firm's key is derived
//! from a root key (HKDF-SHA-256, RFC 5869) and wraps with AES-256-KWP (RFC 5649).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use async_trait::async_trait;
use magfin_vault::key::{Entropy, FirmKey, HouseholdKey, SystemEntropy};
use magfin_vault::primitive::hkdf_sha256;
use magfin_vault::wrap::WrappedKey;
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroizing};
use uuid::Uuid;

use super::{KeyService, KeyServiceError, WrappedBy};

/// What the names of this service's keys begin with; their number follows.
pub(super) const PREFIX: &str = "file/";
/// The largest file of keys, in bytes: a thousand rotations.
const FILE_MAX_BYTES: u64 = 100_000;

/// The file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the key file cannot be used: {0}")]
    Io(#[from] io::Error),
    /// A line is no key. Names the line, never its text.
    #[error("line {0} of the key file is no key: `file/<number> <64 hex digits>` is, numbers from 1 upwards")]
    Line(usize),
    /// No randomness, so that no key could be made.
    #[error("no randomness: no key was made")]
    NoRandomness,
}

struct Root {
    name: String,
    key: SecretBox<[u8; 32]>,
}

/// The root keys of a file. Another process may add one at any time: an unknown name makes this one read the file again.
pub struct FileKeys {
    path: PathBuf,
    roots: RwLock<Vec<Root>>,
}

impl std::fmt::Debug for FileKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileKeys").field("path", &self.path).finish_non_exhaustive()
    }
}

impl FileKeys {
    /// The keys of this file, which is made with one key when it is not there.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        if !path.try_exists()? {
            append(path, 1)?;
        }
        Ok(Self { path: path.to_owned(), roots: RwLock::new(read(path)?) })
    }

    /// Adds a key, which wraps from now on. The earlier ones stay until nothing is wrapped under them.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn rotate(&self) -> Result<String, KeyFileError> {
        append(&self.path, read(&self.path)?.len() + 1)?;
        self.reload()?;
        Ok(self.newest())
    }

    fn reload(&self) -> Result<(), KeyFileError> {
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = read(&self.path)?;
        Ok(())
    }

    fn newest(&self) -> String {
        let roots = self.roots.read().unwrap_or_else(PoisonError::into_inner);
        roots.last().map_or_else(String::new, |root| root.name.clone())
    }

    fn firm_key(&self, firm: Uuid, name: &str) -> Option<FirmKey> {
        let roots = self.roots.read().unwrap_or_else(PoisonError::into_inner);
        let root = roots.iter().find(|root| root.name == name)?;
        let info = [b"magfin firm key v1 ".as_slice(), firm.as_bytes()].concat();
        let mut bytes = Zeroizing::new([0; 32]);
        hkdf_sha256(&[], root.key.expose_secret(), &info, bytes.as_mut()).ok()?;
        Some(FirmKey::from_bytes(*bytes))
    }
}

#[async_trait]
impl KeyService for FileKeys {
    async fn current(&self, _: Uuid) -> Result<String, KeyServiceError> {
        self.reload().map_err(|_| KeyServiceError::Unavailable)?;
        Ok(self.newest())
    }

    async fn wrap(&self, firm: Uuid, key: &HouseholdKey) -> Result<WrappedBy, KeyServiceError> {
        let name = self.newest();
        let wrapped = self.firm_key(firm, &name).ok_or(KeyServiceError::Unavailable)?.wrap(key).map_err(|_| KeyServiceError::Refused)?;
        Ok(WrappedBy { name, bytes: wrapped.as_bytes().to_vec() })
    }

    async fn unwrap(&self, firm: Uuid, wrapped: &WrappedBy) -> Result<HouseholdKey, KeyServiceError> {
        let known = self.firm_key(firm, &wrapped.name);
        let key = match known {
            Some(key) => key,
            None => {
                self.reload().map_err(|_| KeyServiceError::Unavailable)?;
                self.firm_key(firm, &wrapped.name).ok_or(KeyServiceError::Refused)?
            }
        };
        let bytes = WrappedKey::try_from(wrapped.bytes.as_slice()).map_err(|_| KeyServiceError::Refused)?;
        key.unwrap_key(&bytes).map_err(|_| KeyServiceError::Refused)
    }
}

/// Adds the key of this number to the file, for its owner alone, durable before it counts.
fn append(path: &Path, number: usize) -> Result<(), KeyFileError> {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemEntropy.fill(bytes.as_mut()).map_err(|_| KeyFileError::NoRandomness)?;
    let line = Zeroizing::new(format!("{PREFIX}{number} {}\n", hex::encode(bytes.as_ref())));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Root>, KeyFileError> {
    if fs::metadata(path)?.len() > FILE_MAX_BYTES {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge).into());
    }
    let text = Zeroizing::new(fs::read_to_string(path)?);
    let roots: Vec<Root> =
        text.lines().enumerate().map(|(n, line)| root(line, n + 1).ok_or(KeyFileError::Line(n + 1))).collect::<Result<_, _>>()?;
    if roots.is_empty() { Err(KeyFileError::Line(1)) } else { Ok(roots) }
}

fn root(line: &str, number: usize) -> Option<Root> {
    let (name, digits) = line.split_once(' ')?;
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits.trim_end(), bytes.as_mut()).ok()?;
    let right = name == format!("{PREFIX}{number}");
    right.then(|| Root { name: name.to_owned(), key: SecretBox::new(Box::new(*bytes)) })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const FIRM: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn keys() -> (tempfile::TempDir, FileKeys) {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(&dir.path().join("keys/firm.keys")).unwrap();
        (dir, keys)
    }

    fn household() -> HouseholdKey {
        HouseholdKey::generate(&mut SystemEntropy).unwrap()
    }

    #[tokio::test]
    async fn br_6_a_wrapped_key_opens_for_its_firm_and_no_other() {
        let (_dir, keys) = keys();
        let key = household();
        let wrapped = keys.wrap(FIRM, &key).await.unwrap();
        assert_eq!(keys.unwrap(FIRM, &wrapped).await.unwrap().expose(), key.expose());
        assert_eq!(keys.unwrap(OTHER, &wrapped).await.err(), Some(KeyServiceError::Refused));
        for at in 0..wrapped.bytes.len() {
            let mut changed = wrapped.clone();
            changed.bytes[at] ^= 1;
            assert_eq!(keys.unwrap(FIRM, &changed).await.err(), Some(KeyServiceError::Refused));
        }
        let unknown = WrappedBy { name: "file/9".into(), ..wrapped };
        assert_eq!(keys.unwrap(FIRM, &unknown).await.err(), Some(KeyServiceError::Refused));
    }

    #[tokio::test]
    async fn br_1_after_a_rotation_new_keys_are_wrapped_under_the_new_one_and_old_ones_still_open() {
        let (_dir, keys) = keys();
        let other_process = FileKeys::open(&keys.path).unwrap();
        let key = household();
        let before = keys.wrap(FIRM, &key).await.unwrap();
        assert_eq!((before.name.as_str(), keys.rotate().unwrap().as_str()), ("file/1", "file/2"));
        let after = keys.wrap(FIRM, &key).await.unwrap();
        assert_eq!(after.name, "file/2");
        for wrapped in [&before, &after] {
            assert_eq!(other_process.unwrap(FIRM, wrapped).await.unwrap().expose(), key.expose(), "without a restart");
        }
        assert_eq!(other_process.current(FIRM).await.unwrap(), "file/2");
    }

    #[test]
    fn br_6_the_file_is_its_owners_alone_and_a_damaged_one_is_refused_by_line() {
        let (_dir, keys) = keys();
        assert_eq!(fs::metadata(&keys.path).unwrap().permissions().mode() & 0o777, 0o600);
        let good = fs::read_to_string(&keys.path).unwrap();
        for (bad, line) in [("", 1), ("file/2 00", 1), (good.trim_end().get(..40).unwrap(), 1), (&format!("{good}{good}"), 2)] {
            fs::write(&keys.path, bad).unwrap();
            assert!(matches!(FileKeys::open(&keys.path), Err(KeyFileError::Line(n)) if n == line), "{line}");
        }
    }
}
