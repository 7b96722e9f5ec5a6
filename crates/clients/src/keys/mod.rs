//! The key service: keeps the firms' keys and wraps the households' keys under them. A file of this machine by default.
//!
//! A wrapped key is bound to its firm: under another firm's name it does not open. Must not keep what it unwraps, know where wrapped
//! keys are stored, or log a key in any form.

mod file;

pub use file::{FileKeys, KeyFileError};

use async_trait::async_trait;
use magfin_vault::key::HouseholdKey;
use uuid::Uuid;

/// A household's key as it is stored, and which key of the service opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedBy {
    /// The name of the service's key, with its version. Not secret; at most 500 characters.
    pub name: String,
    /// The wrapped key; at most 4,096 bytes.
    pub bytes: Vec<u8>,
}

/// Why the service gave no answer. Says nothing about any key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyServiceError {
    /// The service cannot be reached, or is busy: the same may succeed later.
    #[error("the key service is not available")]
    Unavailable,
    /// It is there and says no: another firm's key, changed bytes, a key that was disabled or destroyed.
    #[error("the key service refused: the key does not open, or was disabled")]
    Refused,
}

/// What keeps the firms' keys.
#[async_trait]
pub trait KeyService: std::fmt::Debug + Send + Sync {
    /// The name of the key that wraps for this firm now. What carries another name is behind a rotation.
    ///
    /// # Errors
    /// [`KeyServiceError`].
    async fn current(&self, firm: Uuid) -> Result<String, KeyServiceError>;

    /// Wraps a household's key under the firm's present key.
    ///
    /// # Errors
    /// [`KeyServiceError`].
    async fn wrap(&self, firm: Uuid, key: &HouseholdKey) -> Result<WrappedBy, KeyServiceError>;

    /// Opens what [`Self::wrap`] made for the same firm, also under an earlier key.
    ///
    /// # Errors
    /// [`KeyServiceError`].
    async fn unwrap(&self, firm: Uuid, wrapped: &WrappedBy) -> Result<HouseholdKey, KeyServiceError>;
}
