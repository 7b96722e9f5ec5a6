//! What an upload holds of clients, sealed before it is stored: pieces of files, the decisions of its uploader, what a dry run tells.

use magfin_db::tenant::TenantTx;
use magfin_db::uploads;
use magfin_domain::ids::UploadId;
use magfin_vault::column::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{AppError, Op};

/// Bytes of a piece of what was unpacked.
pub(super) const BLOCK: usize = 1024 * 1024;

fn place<'a>(firm: &'a uuid::Uuid, table: &'static str, column: &'a str, id: &'a UploadId) -> Place<'a> {
    Place { firm: firm.as_bytes(), table, column, row: id.0.as_bytes() }
}

impl Op<'_> {
    /// Seals a document of an upload.
    pub(super) fn seal_document<T: Serialize>(&self, id: UploadId, column: &str, document: &T) -> Result<Vec<u8>, AppError> {
        let plain = serde_json::to_vec(document).map_err(|_| AppError::Internal("document".to_owned()))?;
        self.seal_bytes(id, "uploads", column, &plain)
    }

    /// Opens a document of an upload.
    pub(super) fn open_document<T: DeserializeOwned>(&self, id: UploadId, column: &str, sealed: &[u8]) -> Result<T, AppError> {
        let plain = self.open_bytes(id, "uploads", column, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| AppError::Internal("document".to_owned()))
    }

    pub(super) fn seal_bytes(&self, id: UploadId, table: &'static str, column: &str, plain: &[u8]) -> Result<Vec<u8>, AppError> {
        let firm = self.caller.principal.firm.0;
        self.app.key.seal(place(&firm, table, column, &id), plain).map_err(|error| AppError::Internal(error.to_string()))
    }

    pub(super) fn open_bytes(&self, id: UploadId, table: &'static str, column: &str, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        let firm = self.caller.principal.firm.0;
        self.app.key.open_bytes(place(&firm, table, column, &id), sealed).map_err(|error| AppError::Internal(error.to_string()))
    }

    /// Seals and keeps a piece of a file. A piece opens in its own place alone, so pieces cannot be swapped.
    pub(super) async fn put_block(&self, tx: &mut TenantTx, id: UploadId, file: i16, number: i32, plain: &[u8]) -> Result<(), AppError> {
        let sealed = self.seal_bytes(id, "upload_blocks", &format!("{file}/{number}"), plain)?;
        Ok(uploads::put_block(tx, id, file, number, &sealed).await?)
    }

    /// Opens a piece of a file.
    pub(super) async fn block(&self, tx: &mut TenantTx, id: UploadId, file: i16, number: i32) -> Result<Vec<u8>, AppError> {
        let sealed = uploads::block(tx, id, file, number).await?;
        self.open_bytes(id, "upload_blocks", &format!("{file}/{number}"), &sealed)
    }
}
