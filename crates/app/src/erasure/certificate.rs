//! The certificate of an erasure: what the log says of it, with the proof that the log says so. It is written to the folder outside,
//! because a database that is restored from a backup has forgotten what was erased since, and must not serve before it has erased
//! it again. Only what the log's own key vouches for is repeated: the folder is not ours.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use magfin_db::audit;
use magfin_db::retention::{self, Done, Repeated};
use magfin_domain::ids::{ErasureId, FirmId, HouseholdId, UserId};
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::VerifierKey;
use magfin_vault::log::leaf::{Leaf, SALT_LEN, Source, commit};
use magfin_vault::log::leaf_hash;
use magfin_vault::log::proof::verify_inclusion;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::audit::outside::keep;
use crate::audit::sequence::Sign;
use crate::audit::{Included, Proved, included, origin};
use crate::{App, AppError, Op};

/// The folder of a firm's certificates within the folder outside.
const FOLDER: &str = "erasures";
/// The largest certificate, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// What the log says of an erasure, and how to check that it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The household that was erased.
    pub household_id: HouseholdId,
    /// Its place in the log.
    pub index: u64,
    /// The leaf, in hexadecimal (its layout: `vault::log::leaf`).
    pub leaf: String,
    /// The salt with which the leaf commits to the content, in hexadecimal.
    pub salt: String,
    /// The content: what was removed, who asked and why, under which class.
    pub content: String,
    /// Who approved it; nobody where a restored database repeated it.
    pub approved_by: Option<UserId>,
    /// When it was carried out.
    pub at: Ts,
    /// The inclusion proof (RFC 6962), hashes in base64.
    pub inclusion: Vec<String>,
    /// The signed checkpoint that it leads to (C2SP tlog-checkpoint).
    pub checkpoint: String,
    /// The verifier key of the log.
    pub key: String,
}

/// What a certificate that is good says.
#[derive(Debug)]
struct Says {
    erasure: ErasureId,
    household: HouseholdId,
    reason: String,
    requested_by: UserId,
    requested_at: Ts,
}

fn failed(what: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("certificate of an erasure: {what}"))
}

impl Certificate {
    fn of(done: &Done, proved: &Proved) -> Result<Self, AppError> {
        let leaf = Leaf::decode(&proved.bytes).map_err(failed)?;
        Ok(Self {
            household_id: done.household,
            index: u64::try_from(proved.leaf).map_err(failed)?,
            leaf: hex::encode(&proved.bytes),
            salt: hex::encode(proved.salt),
            content: proved.content.clone(),
            approved_by: leaf.actor.map(|id| UserId(Uuid::from_bytes(id))),
            at: Ts(jiff::Timestamp::from_microsecond(leaf.at_us).map_err(failed)?),
            inclusion: proved.proof.iter().map(ToString::to_string).collect(),
            checkpoint: proved.head.note.clone(),
            key: proved.key.to_string(),
        })
    }

    /// What it says, if one of these keys signed it for this firm.
    fn check(&self, firm: FirmId, keys: &[VerifierKey]) -> Option<Says> {
        let bytes = hex::decode(&self.leaf).ok()?;
        let leaf = Leaf::decode(&bytes).ok()?;
        let salt = <[u8; SALT_LEN]>::try_from(hex::decode(&self.salt).ok()?).ok()?;
        let about = leaf.source == Source::Events && leaf.kind == "household.erased" && leaf.firm == *firm.0.as_bytes();
        let says_so = commit(&salt, &self.content) == leaf.commitment && leaf.household == Some(*self.household_id.0.as_bytes());
        let head = keys.iter().find_map(|key| Checkpoint::open(self.checkpoint.as_bytes(), &Trust::log(key.clone())).ok())?;
        let proof = self.inclusion.iter().map(|hash| hash.parse().ok()).collect::<Option<Vec<_>>>()?;
        if !about || !says_so || verify_inclusion(self.index, head.size, &leaf_hash(&bytes), &proof, &head.root).is_err() {
            return None;
        }
        let content: Value = serde_json::from_str(&self.content).ok()?;
        let detail = &content["detail"];
        Some(Says {
            erasure: ErasureId(Uuid::from_bytes(leaf.entity_id?)),
            household: self.household_id,
            reason: detail["reason"].as_str()?.to_owned(),
            requested_by: serde_json::from_value(detail["requested_by"].clone()).ok()?,
            requested_at: serde_json::from_value(detail["requested_at"].clone()).ok()?,
        })
    }
}

impl Op<'_> {
    /// The certificate of an erasure that is done.
    ///
    /// # Errors
    /// `NotFound` for one that is not done; `Unavailable` when the log has not signed it yet.
    pub async fn erasure_certificate(&self, id: ErasureId) -> Result<Certificate, AppError> {
        let mut tx = self.read(Permission::RetentionManage).await?;
        let done = retention::done(&mut tx).await?.into_iter().find(|done| done.id == id).ok_or(AppError::NotFound)?;
        tx.commit().await?;
        let firm = self.caller.principal.firm;
        self.app.sequence(firm, Sign::Now).await?;
        let mut tx = self.app.db.sequencer(firm).await?;
        let leaf = audit::leaf_of_event(&mut tx, done.event).await?;
        match included(&mut tx, leaf).await? {
            Included::Yes(proved) => Certificate::of(&done, &proved),
            Included::NotYet(_) => Err(AppError::Unavailable("the audit log")),
            Included::No(what) => Err(failed(what)),
        }
    }
}

impl App {
    /// Writes the certificates that the folder outside has not yet. One that the log has not signed is written with the next
    /// checkpoint.
    pub(crate) async fn export_certificates(&self, firm: FirmId, outside: &Path) -> Result<(), AppError> {
        let mut tx = self.db.sequencer(firm).await?;
        let folder = firm_folder(outside, firm);
        for done in retention::done(&mut tx).await? {
            let name = format!("{}.json", done.id);
            if tokio::fs::try_exists(folder.join(&name)).await.unwrap_or(false) {
                continue;
            }
            let leaf = audit::leaf_of_event(&mut tx, done.event).await?;
            let Included::Yes(proved) = included(&mut tx, leaf).await? else { continue };
            let text = serde_json::to_vec_pretty(&Certificate::of(&done, &proved)?).map_err(failed)?;
            let folder = folder.clone();
            let kept = tokio::task::spawn_blocking(move || keep(&folder, &name, &text)).await.map_err(failed)?;
            kept.map_err(|e| failed(e.kind()))?;
        }
        Ok(())
    }

    /// Carries out the erasures whose certificates lie in this folder outside and which the database does not know: what a restored
    /// backup does before it serves. Gives how many it carried out.
    ///
    /// # Errors
    /// `Invalid`, naming the file, for a folder that is not the one outside or cannot be read, and for a certificate that the log's key
    /// does not vouch for; nothing after it is carried out then.
    pub async fn replay_erasures(&self, outside: &Path) -> Result<usize, AppError> {
        let firms = self.db.audit_firms().await?;
        // A folder of another name would look like one without certificates.
        if !firms.iter().any(|firm| outside.join(origin(*firm)).is_dir()) && !outside.join(FOLDER).is_dir() {
            let why = "is not the folder that MAGFIN_CHECKPOINT_DIR named: it has neither checkpoints of this firm nor certificates";
            return Err(unfit(outside, why));
        }
        self.replay_all(firms, outside).await
    }

    /// Carries out the erasures of the folder outside that is configured, as [`Self::replay_erasures`] does, where there are any: what a
    /// database that somebody else restored does before it serves.
    ///
    /// # Errors
    /// `Invalid`, naming the file, for what cannot be read and for a certificate that the log's key does not vouch for.
    pub async fn replay_configured_erasures(&self) -> Result<usize, AppError> {
        let Some(outside) = &self.audit.outside else { return Ok(0) };
        self.replay_all(self.db.audit_firms().await?, outside).await
    }

    async fn replay_all(&self, firms: Vec<FirmId>, outside: &Path) -> Result<usize, AppError> {
        let mut repeated = 0;
        for firm in firms {
            let folder = firm_folder(outside, firm);
            let mut paths = certificates(&folder).map_err(|_| unfit(&folder, "cannot be read"))?;
            let mut tx = self.db.sequencer(firm).await?;
            let done: HashSet<String> = retention::done(&mut tx).await?.iter().map(|done| done.id.to_string()).collect();
            tx.commit().await?;
            // What is done is not done again, whatever stands in the file of its name.
            paths.retain(|path| !path.file_stem().is_some_and(|stem| done.contains(&*stem.to_string_lossy())));
            for path in paths {
                repeated += usize::from(self.replay(firm, &path).await?);
            }
        }
        Ok(repeated)
    }

    async fn replay(&self, firm: FirmId, path: &Path) -> Result<bool, AppError> {
        let mut tx = self.db.sequencer(firm).await?;
        let keys: Vec<VerifierKey> = audit::keys(&mut tx).await?.iter().filter_map(|key| key.verifier.parse().ok()).collect();
        let done = retention::done(&mut tx).await?;
        tx.commit().await?;
        let certificate = read(path).ok_or_else(|| unfit(path, "cannot be read as a certificate"))?;
        let says = certificate.check(firm, &keys).ok_or_else(|| unfit(path, "the log's key does not vouch for this certificate"))?;
        if done.iter().any(|done| done.id == says.erasure) {
            return Ok(false);
        }
        self.sequence(firm, Sign::Now).await?;
        let mut tx = self.db.eraser(firm, self.new_id()).await?;
        let (id, household) = (says.erasure, says.household);
        let erasure = Repeated { id, household, reason: &says.reason, requested_by: says.requested_by, requested_at: says.requested_at };
        if !retention::take_up(&mut tx, &erasure).await? {
            return Err(unfit(path, "this erasure was declined here: the two do not belong together"));
        }
        let objects = retention::objects(&mut tx, household).await?;
        let before = json!({"objects": objects.len(), "repeats": {"index": certificate.index, "leaf": certificate.leaf}});
        retention::erase(&mut tx, id, self.now(), &before).await?;
        tx.commit().await?;
        self.forget(firm, &objects).await;
        self.sequence(firm, Sign::Now).await?;
        Ok(true)
    }
}

fn firm_folder(outside: &Path, firm: FirmId) -> PathBuf {
    outside.join(FOLDER).join(firm.to_string())
}

fn unfit(path: &Path, why: &str) -> AppError {
    AppError::field("/erasures", format!("{}: {why}", path.display()))
}

/// The certificates of a folder by name; none when it is not there.
fn certificates(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Option<Certificate> {
    if std::fs::metadata(path).ok()?.len() > MAX_BYTES {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
