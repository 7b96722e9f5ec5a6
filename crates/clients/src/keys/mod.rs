//! The key service: keeps the firms' keys and wraps the households' keys under them. A file of this machine by default, AWS KMS or Azure
//! Key Vault by configuration.
//!
//! A wrapped key is bound to its firm: under another firm's name it does not open. Must not keep what it unwraps, know where wrapped
//! keys are stored, or log a key in any form.

mod file;
mod key_vault;
mod kms;
mod moved;
mod retry;
mod sign;

pub use file::{FileKeys, KeyFileError};
pub use key_vault::{KeyVault, VaultKey};
pub use kms::{Kms, KmsKey};
pub use moved::Moved;
pub use retry::{ANSWER_MAX_BYTES, PATIENCE, RuntimeTime, TRIES, Time};

use async_trait::async_trait;
use magfin_vault::key::HouseholdKey;
use uuid::Uuid;

use crate::http::BuildError;

/// Largest wrapped key, in bytes.
pub const WRAPPED_MAX_BYTES: usize = 4096;

/// A key service cannot be what the configuration says. Names no secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The address may not be called.
    #[error("the endpoint of the key service must be https, or http on loopback")]
    Endpoint,
    /// No region.
    #[error("a region of AWS has letters, digits and hyphens, 40 at most")]
    Region,
    /// No name of a key.
    #[error("the key must be an ARN, an id or an alias: letters, digits and : / _ -, 400 at most")]
    Key,
    /// No vault.
    #[error("a vault is named as in crm-prod.vault.azure.net: one label before the name of a cloud that is known")]
    Vault,
    /// No name of a key of a vault.
    #[error("the key of a vault has letters, digits and hyphens, 127 at most")]
    VaultKey,
    /// The HTTP library does not work here.
    #[error(transparent)]
    Http(#[from] BuildError),
}

/// A household's key as it is stored, and which key of the service opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedBy {
    /// The name of the service's key, with its version. Not secret; at most 500 characters.
    pub name: String,
    /// The wrapped key; at most [`WRAPPED_MAX_BYTES`].
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
