//! A household's part of the log as one file, sealed for its recipient, which anybody can check without us.
//!
//! The file is a ZIP: `bundle/`, as `vault::bundle` lays it out, with one encrypted file of records and the brain files; `log.key`, the log's
//! verifier key; `verify_bundle.py`, which checks all of it in Python; and `README.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};

use magfin_db::audit::{self, Checked};
use magfin_db::brain;
use magfin_db::events::{self, Event};
use magfin_db::facts::Stored;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::HouseholdId;
use magfin_domain::role::Permission;
use magfin_vault::bundle::{self, Parts, RECORDS, Record, Writer};
use magfin_vault::file::{Context, encrypt};
use magfin_vault::key::{DataKey, RecipientKey, SystemEntropy};
use magfin_vault::log::checkpoint::Trust;
use magfin_vault::log::key::VerifierKey;
use magfin_vault::log::note::Note;
use serde_json::{Value, json};
use uuid::Uuid;
use zip::write::SimpleFileOptions;

use super::{Sign, encoded, number, proofs};
use crate::brain::store::object_context;
use crate::{AppError, Op};

/// Entries that one bundle takes.
const MOST: i64 = 20_000;
/// Bytes of brain files that one bundle takes (128 MiB).
const MOST_BYTES: usize = 128 << 20;

const README: &str = "What this is: everything that the audit log says of one household, with proofs, the records themselves and the household's\n\
brain files as they were at the checkpoint, encrypted. A record of kind brain.written names the SHA-256 of the file that it stands for. Of a record that whoever\n\
took this out may not read, such as a colleague's private note, there is the proof and not the text.\n\
To check it: unpack it, install Python 3 with the package `cryptography`, and run\n\n\
    python3 verify_bundle.py bundle \"$(cat log.key)\" RECIPIENT_KEY_FILE FOLDER_FOR_THE_RECORDS\n\n\
RECIPIENT_KEY_FILE holds the 64 digits that the bundle was made for; they are not in here. Compare log.key with the key that you\n\
know this log by. What is there is proved; that nothing was left out is not.\n";

fn failed(what: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("audit bundle: {what}"))
}

/// A recipient's key from 64 hexadecimal digits in lower case; nothing for anything else.
#[must_use]
pub fn recipient(text: &str) -> Option<RecipientKey> {
    let mut bytes = [0; 32];
    let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
    (lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then(|| RecipientKey::from_bytes(bytes))
}

impl Op<'_> {
    /// The household's part of the log, for whoever holds the recipient's key. That it was taken out is recorded first, and is
    /// the last entry in it.
    ///
    /// # Errors
    /// `NotFound` when there is no such household, `StepUp` when the sign-in is too old, `Clash` when the household has more entries
    /// than one bundle takes.
    pub async fn audit_bundle(&self, household: HouseholdId, recipient: &RecipientKey) -> Result<Vec<u8>, AppError> {
        let mut tx = self.write(Permission::AuditRead).await?;
        self.confirmed(&mut tx).await?;
        Household::find(&mut tx, household.0).await?.ok_or(AppError::NotFound)?;
        let row = Some(("households", household.0));
        events::add(&mut tx, Event { kind: "audit.exported", household: Some(household), row, detail: json!({}) }).await?;
        tx.commit().await?;
        let firm = self.caller.principal.firm;
        self.app.sequence(firm, Sign::Now).await?;
        let (parts, key) = self.parts(household, recipient).await?;
        bundle::verify(&parts, &Trust::log(key.clone()), recipient, |_, _| ()).map_err(failed)?;
        packed(&parts, &key)
    }

    async fn parts(&self, household: HouseholdId, recipient: &RecipientKey) -> Result<(Parts, VerifierKey), AppError> {
        let firm = self.caller.principal.firm;
        let mut tx = self.app.db.auditor(firm).await?;
        let checkpoint = audit::last_checkpoint(&mut tx).await?.ok_or_else(|| failed("no checkpoint"))?;
        let keys = audit::keys(&mut tx).await?;
        let key = keys.iter().find(|key| key.id == checkpoint.key_id).ok_or_else(|| failed("no key"))?;
        let key: VerifierKey = key.verifier.parse().map_err(failed)?;
        let entries = audit::checked(&mut tx, 0, checkpoint.size, Some(household.0), MOST + 1).await?;
        if i64::try_from(entries.len()).is_ok_and(|found| found > MOST) {
            return Err(AppError::Clash(format!("this household has more than {MOST} entries, which is all that one bundle takes")));
        }
        let size = number(checkpoint.size)?;
        let leaves = entries.iter().map(|entry| number(entry.leaf.index)).collect::<Result<Vec<u64>, _>>()?;
        let tiles = proofs::Tiles::of_leaves(&mut tx, size, &leaves).await?;
        // Given back first: who asks for a second connection must not hold one.
        tx.commit().await?;
        let mut writer = Writer::new(Note::parse(checkpoint.note.as_bytes()).map_err(failed)?);
        for (entry, index) in entries.iter().zip(&leaves) {
            let leaf = encoded(firm, &entry.leaf).ok_or_else(|| failed("a leaf that is none"))?;
            writer.add_leaf(*index, leaf, tiles.inclusion(*index)?);
        }
        let readable = self.readable(household, checkpoint.size).await?;
        let (data, object) = (DataKey::generate(&mut SystemEntropy).map_err(failed)?, self.new_id());
        let context =
            Context { firm: firm.0.as_bytes(), object: object.as_bytes(), path: "records.jsonl", version: 1, content_type: RECORDS };
        let sealed = encrypt(&data, &context, &records(&entries, &leaves, &readable)?, &mut SystemEntropy).map_err(failed)?;
        writer.add_file(recipient, &data, &context, sealed, None).map_err(failed)?;
        self.add_brain(&mut writer, &present(&entries), recipient).await?;
        Ok((writer.finish(), key))
    }

    /// The leaves whose records the caller may read themselves: the log is written and proved by a role that sees every row, and what
    /// leaves the product is no more than they could see in it.
    async fn readable(&self, household: HouseholdId, size: i64) -> Result<BTreeSet<i64>, AppError> {
        let mut tx = self.read(Permission::AuditRead).await?;
        Ok(audit::readable(&mut tx, household.0, size).await?)
    }

    /// Adds brain files in these versions, each as it lies in the store: one of the records names the object's SHA-256.
    async fn add_brain(&self, writer: &mut Writer, files: &BTreeMap<Uuid, i32>, recipient: &RecipientKey) -> Result<(), AppError> {
        let firm = self.caller.principal.firm;
        let mut tx = self.read(Permission::AuditRead).await?;
        let mut objects = Vec::new();
        for (file, version) in files {
            objects.push(brain::sealed(&mut tx, (*file).into(), *version).await?.1);
        }
        tx.commit().await?;
        objects.sort_by(|a, b| a.path.cmp(&b.path));
        let mut bytes = 0;
        for object in &objects {
            let (key, sealed) = self.app.brain.unopened(firm, object, self.app.now()).await?;
            bytes += sealed.len();
            if bytes > MOST_BYTES {
                return Err(AppError::Clash(
                    "the brain files of this household have more than 128 MiB, which is all that one bundle takes".to_owned(),
                ));
            }
            writer.add_file(recipient, &key, &object_context(&firm, object), sealed.to_vec(), None).map_err(failed)?;
        }
        Ok(())
    }
}

/// The version that each brain file had when the log was signed, as the log tells: a later one is in no record. None of a file that was
/// removed by then.
fn present(entries: &[Checked]) -> BTreeMap<Uuid, i32> {
    let mut files = BTreeMap::new();
    for Checked { leaf, salt, row } in entries {
        let (true, Some(_), Some((_, content))) = (leaf.kind.starts_with("brain."), salt, row) else { continue };
        let content: Value = serde_json::from_str(content).unwrap_or_default();
        let id = content["detail"]["file"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let version = content["detail"]["version"].as_i64().and_then(|version| i32::try_from(version).ok());
        match (id.zip(version), leaf.kind.as_str()) {
            (Some((id, version)), "brain.written") => drop(files.insert(id, version)),
            (Some((id, _)), _) => drop(files.remove(&id)),
            (None, _) => {}
        }
    }
    files
}

/// What the leaves commit to, one line each; without salt and content where the record is not among the `readable`.
fn records(entries: &[Checked], leaves: &[u64], readable: &BTreeSet<i64>) -> Result<Vec<u8>, AppError> {
    let mut out = Vec::new();
    for (entry, leaf) in entries.iter().zip(leaves) {
        let salt = entry.salt.as_ref().filter(|_| readable.contains(&entry.leaf.index)).map(hex::encode);
        let content = entry.row.as_ref().filter(|_| salt.is_some()).map(|(_, content)| content.clone()).unwrap_or_default();
        serde_json::to_writer(&mut out, &Record { leaf: *leaf, salt, content }).map_err(failed)?;
        out.push(b'\n');
    }
    Ok(out)
}

fn packed(parts: &Parts, key: &VerifierKey) -> Result<Vec<u8>, AppError> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).map_err(failed)?;
        zip.write_all(bytes).map_err(failed)
    };
    add("README.txt", README.as_bytes())?;
    add("log.key", format!("{key}\n").as_bytes())?;
    add("verify_bundle.py", bundle::READER.as_bytes())?;
    for (name, bytes) in parts {
        add(&format!("bundle/{name}"), bytes)?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}
