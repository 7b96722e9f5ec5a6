//! The versions of brain files against what the log says of them. A fault names household and file by their ids: a path names the
//! family.

use magfin_db::audit::{self, BrainFault};
use magfin_db::tenant::TenantTx;
use magfin_domain::audit::FaultKind;

use super::Check;
use crate::AppError;

impl Check {
    /// Compares every version with the entry of its writing, and every file with its versions; gives how many versions there are.
    pub(super) async fn brain(&mut self, tx: &mut TenantTx) -> Result<i64, AppError> {
        let (faults, versions) = audit::brain_faults(tx).await?;
        for fault in &faults {
            let (kind, says) = meant(&fault.what);
            self.fault(kind, place(fault), says);
        }
        Ok(versions)
    }
}

fn place(fault: &BrainFault) -> String {
    let file = fault.file.as_deref().unwrap_or("unknown");
    let household = fault.household.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    match &fault.version {
        Some(version) => format!("version {version} of brain file {file} of household {household}"),
        None => format!("brain file {file} of household {household}"),
    }
}

fn meant(what: &str) -> (FaultKind, &'static str) {
    match what {
        "gone" => (FaultKind::RowRemoved, "the log tells of its writing, and it is not there"),
        "beside" => (FaultKind::RowAdded, "no entry of the log tells of its writing: it was put beside the log"),
        "file" => (FaultKind::RowChanged, "the log tells of another file"),
        "number" => (FaultKind::RowChanged, "the log tells of another number"),
        "object" => (FaultKind::RowChanged, "the log tells of another text"),
        "user" => (FaultKind::RowChanged, "the log tells of somebody else who wrote it"),
        "household" => (FaultKind::RowChanged, "the log tells of another household"),
        "key" => (FaultKind::RowRemoved, "the key of the household under which it was written is not there"),
        "last" => (FaultKind::RowChanged, "the version that is shown is not the last one"),
        _ => (FaultKind::RowChanged, "it was moved to another household than its versions"),
    }
}
