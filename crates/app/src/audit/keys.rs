//! Who signs the heads of firms' logs.
//!
//! The secret half is kept sealed under the master key; a key service would sign without handing it out. Must not know what
//! is signed.

use std::future::Future;

use magfin_db::audit::Key;
use magfin_domain::ids::FirmId;
use magfin_vault::column::{MasterKey, Place};
use magfin_vault::key::SystemEntropy;
use magfin_vault::log::key::{Purpose, SigningKey, VerifierKey};
use magfin_vault::log::note::Signature;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::AppError;

/// Makes keys of logs and signs with them.
pub trait LogKeys {
    /// Makes a key of that name. Gives the public half and what is to be kept with it.
    fn make(&self, firm: FirmId, id: Uuid, name: &str) -> impl Future<Output = Result<(VerifierKey, Vec<u8>), AppError>> + Send;
    /// Signs `text` with a key that [`Self::make`] made.
    fn sign(&self, firm: FirmId, key: &Key, text: &str) -> impl Future<Output = Result<Signature, AppError>> + Send;
}

fn failed(what: &str) -> AppError {
    AppError::Internal(format!("audit key: {what}"))
}

impl LogKeys for MasterKey {
    async fn make(&self, firm: FirmId, id: Uuid, name: &str) -> Result<(VerifierKey, Vec<u8>), AppError> {
        let key = SigningKey::generate(name, Purpose::Text, &mut SystemEntropy).map_err(|e| failed(&e.to_string()))?;
        let secret = key.to_secret();
        let sealed = self.seal(place(firm, id).at(), secret.expose_secret().as_bytes()).map_err(|e| failed(&e.to_string()))?;
        Ok((key.public().clone(), sealed))
    }

    async fn sign(&self, firm: FirmId, key: &Key, text: &str) -> Result<Signature, AppError> {
        let secret = SecretString::from(self.open(place(firm, key.id).at(), &key.sealed).map_err(|e| failed(&e.to_string()))?);
        let pair = SigningKey::parse(&secret).map_err(|e| failed(&e.to_string()))?;
        if pair.public().to_string() != key.verifier {
            return Err(failed("the public half that is kept is not that of the secret half"));
        }
        Ok(Signature::sign(text, &pair, 0))
    }
}

/// Where a key is kept.
struct Kept {
    firm: [u8; 16],
    id: [u8; 16],
}

fn place(firm: FirmId, id: Uuid) -> Kept {
    Kept { firm: *firm.0.as_bytes(), id: *id.as_bytes() }
}

impl Kept {
    fn at(&self) -> Place<'_> {
        Place { firm: &self.firm, table: "audit_keys", column: "sealed", row: &self.id }
    }
}
