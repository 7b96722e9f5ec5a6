//! What earlier imports have brought: a later one adds to it what is new, and leaves the rest to the people who work with it.

use std::collections::{HashMap, HashSet};

use magfin_db::imports;
use magfin_db::tenant::TenantTx;
use magfin_legacy::book::Change;
use serde::Serialize;
use uuid::Uuid;

use super::writer::{Home, Known, Writer, source_key};
use crate::AppError;

/// How a run met what an earlier import had brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Earlier {
    /// Households of an earlier import that have got new rows.
    pub households_added_to: u64,
    /// Changes of the old log that were not replayed, or not in full: they change what an earlier import has brought, and people
    /// may have changed it since.
    pub changes_not_replayed: u64,
    /// New rows that were left out, because their household is hidden here.
    pub rows_of_hidden_households: u64,
}

/// What a run knows of earlier ones.
pub(super) struct Before {
    refs: HashMap<(String, String), Uuid>,
    /// Households and people of earlier imports that are still there.
    standing: HashSet<Uuid>,
    /// (household, person) of every membership that is or was.
    pub(super) joined: HashSet<(Uuid, Uuid)>,
    /// Households of earlier imports that get new rows.
    pub(super) touched: HashSet<Uuid>,
    /// Part of the present change concerns what an earlier import has brought.
    pub(super) skipped: bool,
    counts: Earlier,
}

impl Before {
    pub(super) async fn read(tx: &mut TenantTx) -> Result<Self, AppError> {
        let refs: HashMap<_, _> = imports::refs(tx).await?.into_iter().map(|(kind, key, row, _)| ((kind, key), row)).collect();
        let (mut standing, mut joined) = (HashSet::new(), HashSet::new());
        if !refs.is_empty() {
            standing.extend(imports::standing(tx).await?);
            joined.extend(imports::joined(tx).await?);
        }
        Ok(Self { refs, standing, joined, touched: HashSet::new(), skipped: false, counts: Earlier::default() })
    }

    fn row(&self, kind: &str, legacy_id: &str) -> Option<Uuid> {
        self.refs.get(&(kind.to_owned(), source_key(legacy_id))).copied()
    }

    fn standing(&self, kind: &str, legacy_id: &str) -> Option<Uuid> {
        self.row(kind, legacy_id).filter(|row| self.standing.contains(row))
    }

    pub(super) fn counts(&self) -> Earlier {
        Earlier { households_added_to: u64::try_from(self.touched.len()).unwrap_or(u64::MAX), ..self.counts }
    }
}

impl Writer<'_> {
    /// Whether an earlier import has written this source row.
    pub(super) fn is_new(&self, kind: &str, legacy_id: &str) -> bool {
        self.before.row(kind, legacy_id).is_none()
    }

    /// Finds a household of an earlier import again, if it is still there.
    pub(super) fn know_home(&mut self, legacy_id: &str) {
        if let Some(id) = self.before.standing("household", legacy_id) {
            self.homes.insert(legacy_id.to_owned(), Home { id, earlier: true, ..Home::default() });
        }
    }

    /// Finds a person of an earlier import again, if they are still there.
    pub(super) fn know_person(&mut self, legacy_id: &str) {
        if self.people.contains_key(legacy_id) {
            return;
        }
        if let Some(id) = self.before.standing("person", legacy_id) {
            self.people.insert(legacy_id.to_owned(), Known { id, earlier: true, ..Known::default() });
        }
    }

    /// The household that a source row is written to, unless an earlier import has written the row.
    pub(super) fn place(&mut self, kind: &str, legacy_id: &str, household: &str) -> Option<Uuid> {
        if !self.is_new(kind, legacy_id) {
            return None;
        }
        let Some(home) = self.homes.get(household) else {
            self.before.counts.rows_of_hidden_households += 1;
            return None;
        };
        if home.earlier {
            self.before.touched.insert(home.id);
        }
        Some(home.id)
    }

    /// Remembers a change that was replayed, and counts one that was not.
    pub(super) fn settle(&mut self, change: &Change) {
        if !self.is_new("patch", &change.patch_id) {
            return;
        }
        match self.homes.get(&change.household).map(|home| home.id) {
            Some(home) if !self.before.skipped => self.remember("patch", &change.patch_id, home, change),
            _ => self.before.counts.changes_not_replayed += 1,
        }
    }

    /// Counts new people whose households are all hidden.
    pub(super) fn count_unplaced(&mut self) {
        let unplaced = self.waiting.keys().filter(|person| self.is_new("person", person)).count();
        self.before.counts.rows_of_hidden_households += u64::try_from(unplaced).unwrap_or(u64::MAX);
    }
}
