//! Checks the whole of a firm's log, and names what is wrong.
//!
//! Everything is made again from what is stored: each leaf from its row, the tree from the leaves, each checkpoint from the
//! tree. Versions of brain files are held against what the log says of them. What somebody did who can write anything in the
//! database, and even sign, shows against checkpoints from outside.

mod brain;
mod silence;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;

use magfin_db::audit::{self, Checked, Checkpoint};
use magfin_db::tenant::TenantTx;
use magfin_domain::audit::{Fault, FaultKind, Verification};
use magfin_domain::ids::FirmId;
use magfin_domain::time::Ts;
use magfin_vault::log::checkpoint::{Checkpoint as Head, Trust};
use magfin_vault::log::edge::{Edge, Full};
use magfin_vault::log::key::VerifierKey;
use magfin_vault::log::leaf::commit;
use magfin_vault::log::tile::Tile;
use magfin_vault::log::{Hash, leaf_hash};

use self::silence::Silence;
use super::{column, encoded, hash, outside, shown};
use crate::{App, AppError};

/// Leaves that are read at once; a multiple of the width of a tile.
const CHUNK: i64 = 5_120;
/// The most faults that are told.
const MOST: usize = 200;
/// Longest that a row may wait for its leaf.
const LAG_S: i64 = 60;

/// What the log is held against beside itself.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// A folder with checkpoints from outside.
    pub folder: Option<PathBuf>,
    /// The log's key, as somebody outside knows it.
    pub key: Option<VerifierKey>,
}

impl Against {
    /// What the product itself is configured with.
    #[must_use]
    pub fn of(settings: &super::Settings) -> Self {
        Self { folder: settings.outside.clone(), key: None }
    }
}

/// A verification that is going on.
struct Check {
    firm: FirmId,
    edge: Edge,
    /// A leaf is missing and nothing tells its hash: no root can be had from there on.
    unknown: bool,
    /// Roots at the sizes that are asked for.
    roots: BTreeMap<u64, Option<Hash>>,
    rows: i64,
    /// Leaves that say nothing since an erasure.
    silence: Silence,
    /// How many of them there were.
    erased: i64,
    faults: Vec<Fault>,
}

impl Check {
    fn fault(&mut self, kind: FaultKind, place: impl Into<String>, says: impl Into<String>) {
        if self.faults.len() < MOST {
            self.faults.push(Fault { kind, place: place.into(), says: says.into() });
        }
    }

    /// Remembers the root if it is asked for at this size.
    fn note_root(&mut self) {
        if let Some(wanted) = self.roots.get_mut(&self.edge.size()) {
            *wanted = if self.unknown { None } else { self.edge.root().ok() };
        }
    }

    /// Compares a leaf with its row.
    fn compare(&mut self, checked: &Checked) {
        let leaf = &checked.leaf;
        let place = format!("leaf {} ({} {})", leaf.index, leaf.source, leaf.row_id);
        let silent = self.silence.covers(leaf);
        let Some((row, content)) = &checked.row else {
            return if silent { self.erased += 1 } else { self.fault(FaultKind::RowRemoved, place, "its row was removed") };
        };
        let mut same = row.clone();
        same.commitment.clone_from(&leaf.commitment);
        if same != *leaf {
            let what = differing(&same, leaf);
            return self.fault(FaultKind::RowChanged, place, format!("its row was changed: {what} is another than the leaf says"));
        }
        let says = match checked.salt.as_deref().map(<[u8; 16]>::try_from) {
            None if silent && is_emptied(leaf, content) => return self.erased += 1,
            _ if silent => "it was erased, and something is there again",
            None => "its salt was removed: nobody can tell any more what it stood for",
            Some(Ok(salt)) if commit(&salt, content) == leaf.commitment[..] => return self.rows += 1,
            Some(_) => "its row was changed: the content is not the one that was logged",
        };
        self.fault(FaultKind::RowChanged, place, says);
    }

    /// Puts the leaf at `index` into the tree. `stored` is what the tile of its place says.
    fn add(&mut self, index: i64, found: Option<Hash>, stored: Option<Hash>) -> Vec<Full> {
        let taken = match (found, stored) {
            (Some(found), Some(stored)) if found != stored => {
                self.fault(FaultKind::LeafChanged, format!("leaf {index}"), "it is not the leaf that is in the tree");
                stored
            }
            (Some(hash), _) => hash,
            (None, Some(stored)) => {
                self.fault(FaultKind::LeafRemoved, format!("leaf {index}"), "it is not there");
                stored
            }
            (None, None) => {
                self.fault(FaultKind::LeafRemoved, format!("leaf {index}"), "it is not there");
                self.unknown = true;
                Hash::empty()
            }
        };
        let mut full = Vec::new();
        if self.edge.append(taken, |tile| full.push(tile)).is_err() {
            self.unknown = true;
        }
        self.note_root();
        full
    }
}

/// Whether nothing is left of an event but that it happened.
fn is_emptied(leaf: &audit::Leaf, content: &str) -> bool {
    let content: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
    leaf.source == "events" && content["detail"] == serde_json::json!({})
}

fn differing(a: &audit::Leaf, b: &audit::Leaf) -> &'static str {
    match () {
        () if a.at != b.at => "its time",
        () if a.kind != b.kind => "what happened",
        () if a.user_id != b.user_id => "who did it",
        () if a.household_id != b.household_id => "its household",
        () => "what it happened to",
    }
}

impl App {
    /// Checks a firm's log.
    ///
    /// # Errors
    /// When the database cannot be reached. What is wrong with the log is no error: it is in the answer.
    pub async fn verify_log(&self, firm: FirmId, against: &Against) -> Result<Verification, AppError> {
        // Before the database, which may go on meanwhile but never lies behind what has left it.
        let outside = against.folder.as_ref().map_or_else(|| Ok(Vec::new()), |folder| outside::read(folder, firm));
        let mut tx = self.db.auditor(firm).await?;
        // What waits for longer than it should, waited until now, not until the end of a check that takes its time.
        let now = self.now();
        let step = audit::step(&mut tx).await?;
        let size = step.as_ref().map_or(0, |step| step.size);
        let mut checkpoints = audit::checkpoints(&mut tx, None, i64::MAX).await?;
        checkpoints.reverse();
        let (outside, unread) = outside.map_or_else(|error| (Vec::new(), Some(error)), |found| (found, None));
        let sizes = checkpoints.iter().filter_map(|c| u64::try_from(c.size).ok()).chain(outside.iter().filter_map(|o| o.size()));
        let roots = sizes.map(|size| (size, None)).collect();
        let (silence, faults) = silence::of(&audit::erased(&mut tx).await?);
        let mut check = Check { firm, edge: Edge::default(), unknown: false, roots, rows: 0, silence, erased: 0, faults };
        if let Some(error) = unread {
            let says = format!("it cannot be read, so that nothing was compared with it: {}; see MAGFIN_CHECKPOINT_DIR", error.kind());
            check.fault(FaultKind::OutsideUnreadable, "the folder outside", says);
        }
        check.leaves(&mut tx, size).await?;
        check.signatures(&mut tx, &checkpoints, against.key.as_ref()).await?;
        check.outside(&mut tx, &checkpoints, &outside, against.key.as_ref()).await?;
        let versions = check.brain(&mut tx).await?;
        let waiting = check.waiting(&mut tx, step.as_ref(), now).await?;
        let last = checkpoints.last().cloned().into_iter().collect();
        let checkpoint = shown(&mut tx, last).await.unwrap_or_default().pop();
        let (count, held) = (checkpoints.len(), outside.len());
        let mut verification = Verification {
            good: check.faults.is_empty(),
            at: self.now(),
            leaves: size,
            rows: check.rows,
            checkpoints: column(count as u64)?,
            outside: column(held as u64)?,
            waiting,
            checkpoint,
            faults: check.faults,
            says: Vec::new(),
        };
        verification.says = words::in_words(&verification, check.erased, versions, against);
        Ok(verification)
    }
}

impl Check {
    /// What has no leaf yet, and whether that is for too long.
    async fn waiting(&mut self, tx: &mut TenantTx, step: Option<&audit::Step>, now: Ts) -> Result<i64, AppError> {
        let Some(step) = step else { return Ok(0) };
        for row in audit::unlogged(tx, &step.cursor, &step.rest).await? {
            let place = format!("{} {}", row.source, row.id);
            self.fault(FaultKind::RowAdded, place, "this row has no leaf: it was put beside the log");
        }
        let oldest = step.cursor.split(':').next().and_then(|oldest| oldest.parse().ok()).unwrap_or_default();
        let (waiting, since) = audit::waiting(tx, oldest, &step.cursor).await?;
        if since.is_some_and(|since| now.0.duration_since(since.0).as_secs() > LAG_S) {
            self.fault(FaultKind::Behind, "the sequencer", format!("{waiting} rows wait for their leaf for more than {LAG_S} s"));
        }
        Ok(waiting)
    }

    /// Every leaf against its row and its tile, and the tree from the leaves.
    async fn leaves(&mut self, tx: &mut TenantTx, size: i64) -> Result<(), AppError> {
        let mut from = 0;
        while from < size {
            let to = (from + CHUNK).min(size);
            let mut found: BTreeMap<i64, Checked> =
                audit::checked(tx, from, to, None, CHUNK).await?.into_iter().map(|c| (c.leaf.index, c)).collect();
            let tiles = audit::tiles(tx, 0, from / 256, to / 256).await?;
            let stored: BTreeMap<i64, &audit::Tile> = tiles.iter().map(|tile| (tile.index, tile)).collect();
            for tile in (from / 256..to / 256).filter(|tile| !stored.contains_key(tile)) {
                self.fault(FaultKind::RootChanged, format!("tile 0/{tile}"), "it is not there");
            }
            for index in from..to {
                let checked = found.remove(&index);
                let known = stored.get(&(index / 256)).and_then(|tile| {
                    let at = usize::try_from(index % 256).ok()? * 32;
                    hash(tile.hashes.get(at..at + 32)?).ok()
                });
                if let Some(checked) = &checked {
                    self.compare(checked);
                }
                let leaf = checked.and_then(|c| encoded(self.firm, &c.leaf)).map(|bytes| leaf_hash(&bytes));
                for full in self.add(index, leaf, known) {
                    self.tile(tx, &full, &stored).await?;
                }
            }
            from = to;
        }
        if let Some(beyond) = audit::leaves(tx, size, i64::MAX).await?.first() {
            let place = format!("leaf {}", beyond.index);
            self.fault(FaultKind::LeafChanged, place, "it lies beyond the end of the tree");
        }
        Ok(())
    }

    async fn tile(&mut self, tx: &mut TenantTx, full: &Full, below: &BTreeMap<i64, &audit::Tile>) -> Result<(), AppError> {
        let index = column(full.index)?;
        let stored = if full.level == 0 {
            below.get(&index).map(|tile| (*tile).clone())
        } else {
            audit::tiles(tx, i16::from(full.level), index, index + 1).await?.pop()
        };
        let same = stored.is_some_and(|tile| tile.root == full.root.0 && tile.hashes == Tile::encode(&full.hashes));
        if !same && !self.unknown {
            self.fault(FaultKind::RootChanged, format!("tile {}/{index}", full.level), "its hashes are not those of the leaves below it");
        }
        Ok(())
    }

    /// The signature and root of every checkpoint, and their order.
    async fn signatures(&mut self, tx: &mut TenantTx, checkpoints: &[Checkpoint], key: Option<&VerifierKey>) -> Result<(), AppError> {
        let keys = audit::keys(tx).await?;
        if let Some(known) = key
            && !keys.iter().any(|key| key.verifier == known.to_string())
        {
            self.fault(FaultKind::KeyChanged, "the log's key", format!("it is not {known}: the log was signed again by somebody else"));
        }
        let mut before = 0;
        for (n, c) in (1..).zip(checkpoints) {
            let place = format!("checkpoint {}", c.number);
            if c.number != n || c.size <= before {
                self.fault(FaultKind::CheckpointWrong, place.clone(), "it does not follow the one before it");
                return Ok(());
            }
            before = c.size;
            let verifier = keys.iter().find(|key| key.id == c.key_id).and_then(|key| key.verifier.parse::<VerifierKey>().ok());
            let head = verifier.and_then(|key| Head::open(c.note.as_bytes(), &Trust::log(key)).ok());
            let signed = head.as_ref().is_some_and(|head| column(head.size).ok() == Some(c.size) && head.root.0[..] == c.root);
            if !signed {
                self.fault(FaultKind::CheckpointWrong, place.clone(), "its signature is not one by the log's key over what it says");
            }
            let size = u64::try_from(c.size).unwrap_or_default();
            if size > self.edge.size() {
                let says = format!("it has {size} leaves and the log {}: the log was cut off", self.edge.size());
                self.fault(FaultKind::RolledBack, place, says);
            } else if let Some(Some(root)) = self.roots.get(&size).copied()
                && root.0[..] != c.root
            {
                self.fault(FaultKind::RootChanged, place, format!("the first {size} leaves are not those that were signed"));
            }
        }
        Ok(())
    }

    /// What is known outside, against the tree and the checkpoints.
    async fn outside(
        &mut self,
        tx: &mut TenantTx,
        own: &[Checkpoint],
        outside: &[outside::Found],
        key: Option<&VerifierKey>,
    ) -> Result<(), AppError> {
        let mut keys: Vec<VerifierKey> = audit::keys(tx).await?.iter().filter_map(|key| key.verifier.parse().ok()).collect();
        keys.extend(key.cloned());
        for found in outside {
            let place = format!("{} outside", found.name);
            let Some(head) = &found.head else {
                self.fault(FaultKind::CheckpointWrong, place, "it cannot be read as a checkpoint");
                continue;
            };
            if !keys.iter().any(|key| Head::open(&found.bytes, &Trust::log(key.clone())).is_ok()) {
                self.fault(FaultKind::KeyChanged, place, "the log's keys did not sign it: one of the two was signed by somebody else");
                continue;
            }
            let size = self.edge.size();
            if head.size > size {
                self.fault(
                    FaultKind::RolledBack,
                    place,
                    format!("it has {} leaves and the log {size}: the database was set back", head.size),
                );
            } else if let Some(Some(root)) = self.roots.get(&head.size).copied()
                && root != head.root
            {
                let says = format!("the first {} leaves are not those that it has seen: history was written again", head.size);
                self.fault(FaultKind::HistoryRewritten, place, says);
            } else if !own.iter().any(|c| c.root[..] == head.root.0) {
                self.fault(FaultKind::CheckpointRemoved, place, "this checkpoint is not in the database any more");
            }
        }
        Ok(())
    }
}
