//! That the log holds what was written in one brain version, in a tree that is signed.

use magfin_db::audit;
use magfin_domain::ids::FirmId;
use magfin_domain::time::Ts;
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::VerifierKey;
use magfin_vault::log::leaf::commit;
use magfin_vault::log::leaf_hash;
use magfin_vault::log::proof::verify_inclusion;
use serde_json::Value;
use uuid::Uuid;

use super::{encoded, number, proofs};
use crate::{App, AppError};

/// Where the log holds it.
pub(crate) enum Included {
    /// The log has not taken it up, or has not signed since.
    NotYet(Option<i64>),
    /// In the tree of this checkpoint, checked.
    Yes { leaf: i64, checkpoint: i64, at: Ts, detail: Value },
    /// Something about it is wrong, in words.
    No(&'static str),
}

impl App {
    /// What the log says of a version, checked against the newest signed head: signature, inclusion, and that the row is the one
    /// that was logged.
    pub(crate) async fn included(&self, firm: FirmId, version: Uuid) -> Result<Included, AppError> {
        let mut tx = self.db.sequencer(firm).await?;
        let Some(leaf) = audit::leaf_of_brain_version(&mut tx, version).await? else { return Ok(Included::NotYet(None)) };
        let Some(head) = audit::last_checkpoint(&mut tx).await?.filter(|head| head.size > leaf) else {
            return Ok(Included::NotYet(Some(leaf)));
        };
        let Some(entry) = audit::checked(&mut tx, leaf, leaf + 1, None, 1).await?.pop() else {
            return Ok(Included::No("its leaf is not there"));
        };
        let keys = audit::keys(&mut tx).await?;
        let key = keys.iter().find(|key| key.id == head.key_id).and_then(|key| key.verifier.parse::<VerifierKey>().ok());
        let signed = key.and_then(|key| Checkpoint::open(head.note.as_bytes(), &Trust::log(key)).ok());
        let Some(signed) = signed else { return Ok(Included::No("the newest checkpoint is not signed by the log's key")) };
        let proof = proofs::Tiles::of_leaves(&mut tx, number(head.size)?, &[number(leaf)?]).await?.inclusion(number(leaf)?)?;
        let Some(bytes) = encoded(firm, &entry.leaf) else { return Ok(Included::No("its leaf is none")) };
        if verify_inclusion(number(leaf)?, signed.size, &leaf_hash(&bytes), &proof, &signed.root).is_err() {
            return Ok(Included::No("its leaf is not in the signed tree"));
        }
        let Some((_, content)) = entry.row else { return Ok(Included::No("its row in the log was removed")) };
        let salt: Option<[u8; 16]> = entry.salt.as_deref().and_then(|salt| salt.try_into().ok());
        if salt.is_none_or(|salt| commit(&salt, &content) != entry.leaf.commitment[..]) {
            return Ok(Included::No("its row in the log was changed"));
        }
        let content: Value = serde_json::from_str(&content).unwrap_or_default();
        Ok(Included::Yes { leaf, checkpoint: head.number, at: head.at, detail: content["detail"].clone() })
    }
}
