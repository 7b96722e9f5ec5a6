//! Objects: bytes kept under a key in a local directory, in S3 or in Azure Blob Storage, by configuration.
//!
//! An object is written once and never changed; a new version is a new key. Every write is read back and compared before it
//! counts, so that a store that answers "done" to half a body has refused a write and not lost a version. Must not know what
//! the bytes mean (they are ciphertext), and must not log keys or answers.

mod config;
mod connector;
mod key;

pub use config::{AzureAccount, ConfigError, Location, S3Bucket};
pub use key::{KeyError, ObjectKey};

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use uuid::Uuid;

/// Largest object, in bytes (64 MiB): the largest document (50 MiB) with what encryption adds.
pub const OBJECT_MAX_BYTES: usize = 64 << 20;

/// Why an object could not be written, read or removed. Names neither key nor address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The key holds other bytes. They were left as they are.
    #[error("the object exists with other content")]
    Exists,
    /// There is no such object.
    #[error("there is no such object")]
    NotFound,
    /// Longer than [`OBJECT_MAX_BYTES`].
    #[error("an object has at most 64 MiB")]
    TooLarge,
    /// The store did not answer, refused our credentials, or did not keep what it was given. Nothing is known to be stored.
    #[error("the object store is not available")]
    Unavailable,
}

impl From<object_store::Error> for ObjectError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            // S3 answers 412 and Azure 409 to a create-only write that lost.
            object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. } => Self::Exists,
            _ => Self::Unavailable,
        }
    }
}

/// A store of objects.
#[derive(Clone, Debug)]
pub struct Objects(Arc<dyn ObjectStore>);

impl Objects {
    /// Opens the store at `location`. Calls nobody yet.
    ///
    /// # Errors
    /// [`ConfigError`] when the location cannot be one.
    pub fn open(location: &Location) -> Result<Self, ConfigError> {
        Ok(Self(config::open(location)?))
    }

    /// Stores `bytes` under a key that nothing was stored under before, and returns once they were read back. Sending the same
    /// bytes again is no error: a first answer may have been lost on its way.
    ///
    /// # Errors
    /// [`ObjectError::Exists`] when the key holds other bytes, [`ObjectError::TooLarge`], [`ObjectError::Unavailable`].
    pub async fn put_new(&self, key: &ObjectKey, bytes: Bytes) -> Result<(), ObjectError> {
        if bytes.len() > OBJECT_MAX_BYTES {
            return Err(ObjectError::TooLarge);
        }
        let options = PutOptions::from(PutMode::Create);
        match self.0.put_opts(&key.path(), bytes.clone().into(), options).await.map_err(ObjectError::from) {
            Ok(_) => match self.get(key).await {
                Ok(kept) if kept == bytes => Ok(()),
                _ => Err(ObjectError::Unavailable),
            },
            // Ours, when an earlier answer was lost; somebody else's otherwise.
            Err(ObjectError::Exists) => match self.get(key).await {
                Ok(kept) if kept == bytes => Ok(()),
                Ok(_) => Err(ObjectError::Exists),
                Err(_) => Err(ObjectError::Unavailable),
            },
            Err(error) => Err(error),
        }
    }

    /// The bytes of an object.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`], [`ObjectError::TooLarge`], [`ObjectError::Unavailable`].
    pub async fn get(&self, key: &ObjectKey) -> Result<Bytes, ObjectError> {
        let found = self.0.get(&key.path()).await?;
        let size = found.meta.size;
        if size > OBJECT_MAX_BYTES as u64 {
            return Err(ObjectError::TooLarge);
        }
        let bytes = found.bytes().await?;
        // A connection that ends early can look like an end.
        if bytes.len() as u64 == size { Ok(bytes) } else { Err(ObjectError::Unavailable) }
    }

    /// Removes an object; nothing happens when there is none.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`].
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        match self.0.delete(&key.path()).await.map_err(ObjectError::from) {
            Ok(()) | Err(ObjectError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Up to `limit` keys of a firm in ascending order, those after `after`. What is no key of ours is left out. A list may be
    /// stale: it serves to find what nothing points to, never to say that something is there.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`].
    pub async fn list(&self, firm: Uuid, after: Option<&ObjectKey>, limit: usize) -> Result<Vec<ObjectKey>, ObjectError> {
        let prefix = ObjectKey::folder(firm);
        let found = match after {
            Some(after) => self.0.list_with_offset(Some(&prefix), &after.path()),
            None => self.0.list(Some(&prefix)),
        };
        let metas: Vec<_> = found.try_collect().await?;
        let mut keys: Vec<ObjectKey> = metas.iter().filter_map(|meta| meta.location.as_ref().parse().ok()).collect();
        // The offset spares pages; not every server honours it.
        keys.retain(|key| after.is_none_or(|after| key > after));
        keys.sort_unstable();
        keys.truncate(limit);
        Ok(keys)
    }

    /// Whether the store answers a harmless question.
    pub async fn answers(&self) -> bool {
        !matches!(self.0.list(Some(&ObjectKey::folder(Uuid::nil()))).next().await, Some(Err(_)))
    }
}
