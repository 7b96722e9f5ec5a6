//! That the log holds one leaf, in a tree that is signed, and that its row is the one that was logged.

use magfin_db::audit::{self, Checkpoint};
use magfin_db::tenant::TenantTx;
use magfin_vault::log::checkpoint::{Checkpoint as Head, Trust};
use magfin_vault::log::key::VerifierKey;
use magfin_vault::log::leaf::{SALT_LEN, commit};
use magfin_vault::log::proof::verify_inclusion;
use magfin_vault::log::{Hash, leaf_hash};

use super::{encoded, number, proofs};
use crate::AppError;

/// A leaf with everything that it takes to check it.
pub(crate) struct Proved {
    /// Its place in the log.
    pub leaf: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// With this salt it commits to the content of its row.
    pub salt: [u8; SALT_LEN],
    /// That content, as JSON text.
    pub content: String,
    /// That it is in the tree of the checkpoint.
    pub proof: Vec<Hash>,
    /// The newest checkpoint.
    pub head: Checkpoint,
    /// Who signed that.
    pub key: VerifierKey,
}

/// Whether the log holds it.
pub(crate) enum Included {
    /// The log has not taken it up, or has not signed since.
    NotYet(Option<i64>),
    /// In the tree of the newest checkpoint, checked.
    Yes(Box<Proved>),
    /// Something about it is wrong, in words.
    No(&'static str),
}

/// What the log says of the row that this leaf stands for, checked against the newest signed head: signature, inclusion, and that
/// the row is the one that was logged. `tx` is a transaction of the sequencer.
pub(crate) async fn included(tx: &mut TenantTx, leaf: Option<i64>) -> Result<Included, AppError> {
    let firm = tx.context().firm;
    let Some(leaf) = leaf else { return Ok(Included::NotYet(None)) };
    let Some(head) = audit::last_checkpoint(tx).await?.filter(|head| head.size > leaf) else {
        return Ok(Included::NotYet(Some(leaf)));
    };
    let Some(entry) = audit::checked(tx, leaf, leaf + 1, None, 1).await?.pop() else {
        return Ok(Included::No("its leaf is not there"));
    };
    let keys = audit::keys(tx).await?;
    let key = keys.iter().find(|key| key.id == head.key_id).and_then(|key| key.verifier.parse::<VerifierKey>().ok());
    let signed = key.and_then(|key| Some((Head::open(head.note.as_bytes(), &Trust::log(key.clone())).ok()?, key)));
    let Some((signed, key)) = signed else { return Ok(Included::No("the newest checkpoint is not signed by the log's key")) };
    let proof = proofs::Tiles::of_leaves(tx, number(head.size)?, &[number(leaf)?]).await?.inclusion(number(leaf)?)?;
    let Some(bytes) = encoded(firm, &entry.leaf) else { return Ok(Included::No("its leaf is none")) };
    if verify_inclusion(number(leaf)?, signed.size, &leaf_hash(&bytes), &proof, &signed.root).is_err() {
        return Ok(Included::No("its leaf is not in the signed tree"));
    }
    let Some((_, content)) = entry.row else { return Ok(Included::No("its row in the log was removed")) };
    let salt = entry.salt.as_deref().and_then(|salt| <[u8; SALT_LEN]>::try_from(salt).ok());
    match salt.filter(|salt| commit(salt, &content) == entry.leaf.commitment[..]) {
        Some(salt) => Ok(Included::Yes(Box::new(Proved { leaf, bytes, salt, content, proof, head, key }))),
        None => Ok(Included::No("its row in the log was changed")),
    }
}
