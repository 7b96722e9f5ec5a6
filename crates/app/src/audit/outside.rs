//! Checkpoints where we cannot change them, and what witnesses say.
//!
//! A log's part of the folder is `<origin>/`: `key`, the verifier key; `<number>.checkpoint`, the signed note; from the second
//! on `<number>.consistency`, that it continues the one before it, one hash in base64 a line; and, written by witnesses,
//! `<number>.cosignature-<id of the key>`, one signature line. Nothing that is there and can be read is ever written over.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use magfin_db::audit::{self, Checkpoint, Cosignature};
use magfin_db::tenant::TenantTx;
use magfin_domain::ids::FirmId;
use magfin_domain::role::Permission;
use magfin_vault::log::checkpoint::Checkpoint as Head;
use magfin_vault::log::note::Note;
use magfin_vault::log::witness::accept;
use tokio::fs;

use super::{origin, proofs};
use crate::{App, AppError, Op};

/// The last checkpoints, which are looked at again: a power cut may have left nothing of one outside, and witnesses come later.
const YOUNG: usize = 100;

/// A checkpoint that was found outside.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its file.
    pub name: String,
    /// The signed note.
    pub bytes: Vec<u8>,
    /// What it says; nothing when it is no checkpoint.
    pub head: Option<Head>,
}

impl Found {
    /// Its leaves.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.head.as_ref().map(|head| head.size)
    }
}

/// The file of a checkpoint, and so on.
#[must_use]
pub fn file(number: i64, ending: &str) -> String {
    format!("{number:010}.{ending}")
}

/// Every checkpoint of the firm in the folder, by name; none when the folder is there and knows nothing of this log.
///
/// # Errors
/// When the folder is not there or cannot be read: a log that nothing is compared with is not one that agrees.
pub fn read(folder: &Path, firm: FirmId) -> io::Result<Vec<Found>> {
    let entries = match std::fs::read_dir(folder.join(origin(firm))) {
        Err(error) if error.kind() == ErrorKind::NotFound => std::fs::read_dir(folder).map(|_| None)?,
        entries => Some(entries?),
    };
    let mut paths = entries.into_iter().flatten().map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "checkpoint"));
    paths.sort();
    let found = |path: PathBuf| {
        let bytes = std::fs::read(&path).unwrap_or_default();
        Found { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), head: head(&bytes), bytes }
    };
    Ok(paths.into_iter().map(found).collect())
}

fn head(bytes: &[u8]) -> Option<Head> {
    Note::parse(bytes).ok()?.text().parse().ok()
}

/// Writes a file whole or not at all, so that it is there after a power cut.
pub(crate) fn keep(folder: &Path, name: &str, text: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let part = folder.join(format!(".{name}.part"));
    let mut file = std::fs::File::create(&part)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&part, folder.join(name))?;
    std::fs::File::open(folder)?.sync_all()
}

/// Writes a file of ours, and never over another: one that can be read and says something else is evidence. What a power cut left of one
/// cannot be read, and is written again.
async fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    match fs::read(folder.join(name)).await {
        Ok(there) if is_readable(name, &there) => return Ok(()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (folder, name, text) = (folder.to_owned(), name.to_owned(), text.to_owned());
    tokio::task::spawn_blocking(move || keep(&folder, &name, text.as_bytes())).await?
}

/// Whether what was written of a checkpoint, and of its proof where it has one, can be read. What it says is for whoever compares it.
async fn is_whole(folder: &Path, number: i64, proved: bool) -> bool {
    for ending in ["consistency", "checkpoint"].into_iter().skip(usize::from(!proved)) {
        let name = file(number, ending);
        if !fs::read(folder.join(&name)).await.is_ok_and(|there| is_readable(&name, &there)) {
            return false;
        }
    }
    true
}

/// Whether these bytes are what a file of this name holds, not what a power cut left of it.
fn is_readable(name: &str, bytes: &[u8]) -> bool {
    if name.ends_with(".checkpoint") { head(bytes).is_some() } else { !bytes.is_empty() && !bytes.contains(&0) }
}

/// The number of the last checkpoint in the folder.
async fn last_in(folder: &Path) -> io::Result<i64> {
    let mut last = 0;
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".checkpoint")).and_then(|number| number.parse().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last)
}

impl App {
    /// Writes the checkpoints that the outside folder has not yet, and takes in what witnesses wrote there. A folder that
    /// cannot be reached does not hold up the log: it is tried again with the next checkpoint.
    pub(super) async fn export_checkpoints(&self, firm: FirmId) {
        let Some(folder) = &self.audit.outside else { return };
        if let Err(error) = self.export(firm, folder).await {
            tracing::error!(%error, %firm, "checkpoints of the audit log were not written outside");
        }
        if let Err(error) = self.export_certificates(firm, folder).await {
            tracing::error!(%error, %firm, "certificates of erasures were not written outside");
        }
    }

    async fn export(&self, firm: FirmId, folder: &Path) -> Result<(), AppError> {
        let failed = |e: io::Error| AppError::Internal(format!("outside folder: {}", e.kind()));
        let folder = folder.join(origin(firm));
        fs::create_dir_all(&folder).await.map_err(failed)?;
        let mut tx = self.db.sequencer(firm).await?;
        if let Some(key) = audit::keys(&mut tx).await?.last() {
            write(&folder, "key", &format!("{}\n", key.verifier)).await.map_err(failed)?;
        }
        let kept = last_in(&folder).await.map_err(failed)?;
        let mut checkpoints = audit::checkpoints(&mut tx, None, i64::MAX).await?;
        checkpoints.reverse();
        // One that is there already under the same number and says something else is left for whoever compares the two.
        if let Some(last) = checkpoints.last().filter(|last| last.number <= kept) {
            let name = file(last.number, "checkpoint");
            let there = fs::read_to_string(folder.join(&name)).await.unwrap_or_default();
            if head(there.as_bytes()).is_some() && there != last.note {
                let other = format!("{:010}-{}.checkpoint", last.number, hex::encode(&last.root[..4]));
                tracing::error!(%firm, number = last.number, "another checkpoint of this number is known outside");
                write(&folder, &other, &last.note).await.map_err(failed)?;
            }
        }
        let young = checkpoints.len().saturating_sub(YOUNG);
        for (n, c) in checkpoints.iter().enumerate() {
            let before = n.checked_sub(1).and_then(|n| checkpoints.get(n));
            if c.number <= kept && (n < young || is_whole(&folder, c.number, before.is_some()).await) {
                continue;
            }
            if let Some(before) = before {
                let proof = consistency_text(&mut tx, before.size, c.size).await?;
                write(&folder, &file(c.number, "consistency"), &proof).await.map_err(failed)?;
            }
            write(&folder, &file(c.number, "checkpoint"), &c.note).await.map_err(failed)?;
        }
        self.take_in(tx, &folder, &checkpoints).await
    }

    /// Takes in what witnesses wrote beside the last checkpoints.
    async fn take_in(&self, mut tx: TenantTx, folder: &Path, checkpoints: &[Checkpoint]) -> Result<(), AppError> {
        for c in checkpoints.iter().rev().take(YOUNG) {
            for witness in &self.audit.witnesses {
                let name = file(c.number, &format!("cosignature-{}", hex::encode(witness.id())));
                if let Ok(line) = fs::read_to_string(folder.join(name)).await {
                    self.keep_cosignature(&mut tx, c, line.trim_end()).await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }

    /// Keeps a cosignature of a known witness; anything else is passed over. Answers whether it was one.
    async fn keep_cosignature(&self, tx: &mut TenantTx, c: &Checkpoint, line: &str) -> Result<bool, AppError> {
        let Ok(witness) = accept(c.note.as_bytes(), line, &self.audit.witnesses) else { return Ok(false) };
        let said = Cosignature { number: c.number, witness: witness.to_string(), line: line.to_owned(), at: self.now() };
        audit::add_cosignature(tx, &said).await?;
        Ok(true)
    }
}

/// One hash in base64 a line.
async fn consistency_text(tx: &mut TenantTx, old: i64, new: i64) -> Result<String, AppError> {
    Ok(proofs::consistency(tx, old, new).await?.iter().fold(String::new(), |text, hash| text + &hash.to_string() + "\n"))
}

/// The last checkpoint, and that it continues a tree that a witness has seen.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct WitnessHead {
    /// Of the checkpoint.
    pub number: i64,
    /// The signed note.
    pub checkpoint: String,
    /// The verifier key of the log.
    pub key: String,
    /// Hashes in base64; none when nothing was seen before.
    pub consistency: Vec<String>,
}

impl Op<'_> {
    /// The last checkpoint for a witness that has seen a tree of `seen` leaves; 0 for none.
    ///
    /// # Errors
    /// `Invalid` when the log has fewer leaves than that: it was set back, or the witness follows another.
    pub async fn audit_head(&self, seen: i64) -> Result<WitnessHead, AppError> {
        self.authorise(Permission::AuditRead)?;
        let firm = self.caller.principal.firm;
        self.app.sequence(firm, super::Sign::Now).await?;
        let mut tx = self.app.db.sequencer(firm).await?;
        let c = audit::last_checkpoint(&mut tx).await?.ok_or(AppError::NotFound)?;
        if seen > c.size {
            return Err(AppError::field("/seen", format!("must be at most {}, which is all that the log has", c.size)));
        }
        let proof = if seen > 0 { proofs::consistency(&mut tx, seen, c.size).await? } else { Vec::new() };
        let key = audit::keys(&mut tx).await?.into_iter().find(|key| key.id == c.key_id).map(|key| key.verifier);
        Ok(WitnessHead {
            number: c.number,
            checkpoint: c.note,
            key: key.unwrap_or_default(),
            consistency: proof.iter().map(ToString::to_string).collect(),
        })
    }

    /// Takes in what a known witness says of a checkpoint. Answers whether it was that.
    ///
    /// # Errors
    /// `Forbidden` unless the caller may read the log.
    pub async fn audit_cosign(&self, number: i64, line: &str) -> Result<bool, AppError> {
        self.authorise(Permission::AuditRead)?;
        let mut tx = self.app.db.sequencer(self.caller.principal.firm).await?;
        let before = number.checked_add(1);
        let Some(found) = audit::checkpoints(&mut tx, before, 1).await?.pop().filter(|c| c.number == number) else { return Ok(false) };
        let taken = self.app.keep_cosignature(&mut tx, &found, line).await?;
        tx.commit().await?;
        Ok(taken)
    }
}
