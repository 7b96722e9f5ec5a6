//! What can be said for a version today: its object is the one that was written, and the audit log says so.

use magfin_db::{audit, brain};
use magfin_domain::brain::BrainProof;
use magfin_domain::ids::BrainFileId;
use magfin_domain::role::Permission;
use serde_json::{Value, json};

use crate::audit::{Included, included};
use crate::{AppError, Op};

impl Op<'_> {
    /// Reads, opens and checks a version against the log.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` when store or key service does not answer. What is wrong with the version is no error: it is in
    /// the answer.
    pub async fn brain_proof(&self, id: BrainFileId, version: Option<i32>) -> Result<BrainProof, AppError> {
        let firm = self.caller.principal.firm;
        let mut tx = self.read(Permission::BookRead).await?;
        let current = brain::file(&mut tx, id).await?.version.version;
        let (file, object) = brain::sealed(&mut tx, id, version.unwrap_or(current)).await?;
        tx.commit().await?;
        let mut proof =
            BrainProof { version_id: file.version.version_id, intact: true, leaf: None, checkpoint: None, signed_at: None, fault: None };
        match self.app.brain.open(firm, &object, self.app.now()).await {
            Ok(_) => {}
            Err(AppError::Internal(_)) => {
                proof.intact = false;
                proof.fault = Some("its object is missing, or is not the one that was written".to_owned());
            }
            Err(error) => return Err(error),
        }
        let logged = json!({"version": object.version, "sealed_sha256": hex::encode(&object.sealed_sha256)});
        let mut log = self.app.db.sequencer(firm).await?;
        let leaf = audit::leaf_of_brain_version(&mut log, file.version.version_id.0).await?;
        match included(&mut log, leaf).await? {
            Included::NotYet(leaf) => proof.leaf = leaf,
            Included::No(what) => proof.fault = Some(what.to_owned()),
            Included::Yes(proved) => {
                (proof.leaf, proof.checkpoint, proof.signed_at) = (Some(proved.leaf), Some(proved.head.number), Some(proved.head.at));
                let content: Value = serde_json::from_str(&proved.content).unwrap_or_default();
                let detail = &content["detail"];
                if detail["version"] != logged["version"] || detail["sealed_sha256"] != logged["sealed_sha256"] {
                    proof.fault = Some("the log holds another object for it".to_owned());
                }
            }
        }
        Ok(proof)
    }
}
