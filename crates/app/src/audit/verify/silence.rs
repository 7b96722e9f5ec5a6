//! Which leaves say nothing since an erasure. The log itself tells, and is believed no further than an erasure goes: to what its
//! household had before it.

use std::collections::BTreeMap;

use magfin_db::audit::{Erased, Leaf};
use magfin_domain::audit::{Fault, FaultKind};
use uuid::Uuid;

/// What erasures have emptied.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// By the first leaf of each range.
    ranges: BTreeMap<i64, Range>,
    /// By household: the leaf of its first erasure.
    erased: BTreeMap<Uuid, i64>,
}

/// Leaves that one erasure has emptied.
#[derive(Debug, Clone, Copy)]
struct Range {
    /// Up to but without.
    to: i64,
    /// The leaf of the erasure.
    by: i64,
    /// Its household.
    household: Uuid,
}

/// What these erasures have emptied, and which of them say so for nothing.
pub(super) fn of(told: &[Erased]) -> (Silence, Vec<Fault>) {
    let (mut silence, mut faults) = (Silence::default(), Vec::new());
    for erased in told {
        let fault = |says: &str| {
            let place = format!("leaf {} (events {})", erased.index, erased.event);
            Fault { kind: FaultKind::RowChanged, place, says: says.to_owned() }
        };
        let (Some(household), true) = (erased.household, erased.done) else {
            faults.push(fault("it tells of an erasure that was not carried out: what it says is empty must be there"));
            continue;
        };
        let Some(leaves) = &erased.leaves else {
            faults.push(fault("which entries the erasure has emptied cannot be read"));
            continue;
        };
        silence.erased.entry(household).or_insert(erased.index);
        silence.ranges.extend(leaves.iter().map(|(from, to)| (*from, Range { to: *to, by: erased.index, household })));
    }
    (silence, faults)
}

impl Silence {
    /// Whether an erasure took what this leaf stood for. An erasure takes along what an earlier one left of its household.
    pub(super) fn covers(&self, leaf: &Leaf) -> bool {
        let Some((_, range)) = self.ranges.range(..=leaf.index).next_back() else { return false };
        let erased = |home: Uuid| home == range.household || self.erased.get(&home).is_some_and(|before| *before < range.by);
        leaf.index < range.to && leaf.index < range.by && leaf.household_id.is_some_and(erased)
    }
}
