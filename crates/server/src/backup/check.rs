//! What a restored database has to show before it may serve: that its keys open, that every brain file has its object, and that
//! its logs are whole, reach what the backup says and agree with what is known outside.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use magfin_app::audit::sequence::Sign;
use magfin_app::audit::verify::Against;
use magfin_app::{App, AppError};
use magfin_domain::audit::{Fault, FaultKind};

use super::manifest::Manifest;
use crate::audit;

/// What the operator said about the restore.
#[derive(Debug)]
pub struct Terms {
    /// The folder with certificates of erased households; none when no household was ever erased.
    pub erasures: Option<PathBuf>,
    /// The folder with checkpoints from outside.
    pub outside: Option<PathBuf>,
    /// Whether entries that are known outside may be missing.
    pub accept_loss: bool,
}

/// Checks everything, prints what was checked, and signs the logs as they are now.
///
/// # Errors
/// Names the first thing that is wrong.
pub async fn all(app: &App, manifest: &Manifest, terms: &Terms) -> anyhow::Result<()> {
    keys(app).await?;
    heads(app, manifest).await?;
    // Before anything is added to the logs: what they share with those outside is compared.
    let lost = match &terms.outside {
        Some(folder) => behind(app, folder).await?,
        None => 0,
    };
    if lost > 0 && !terms.accept_loss {
        bail!(
            "{lost} checkpoints outside are later than this backup: what was recorded between is not in it. Restore a later backup, or add \
             --accept-loss and give MAGFIN_CHECKPOINT_DIR a new folder from then on"
        );
    }
    if let Some(folder) = &terms.erasures {
        println!("{} households were erased again.", replay(app, folder).await?);
    }
    objects(app).await?;
    for firm in app.db.audit_firms().await? {
        app.sequence(firm, Sign::Now).await?;
    }
    // A log that was set back goes on otherwise than the one outside: what they share was compared just now.
    let folder = terms.outside.clone().filter(|_| lost == 0);
    match audit::verify_all(app, &Against { folder, key: None }).await? {
        0 => {}
        faults => bail!("{faults} things are wrong with the audit logs"),
    }
    if lost > 0 {
        println!("{lost} checkpoints outside are later than this backup. What was recorded between is lost: keep that folder as the proof");
        println!("of it, give MAGFIN_CHECKPOINT_DIR a new one, and tell the witnesses.");
    }
    Ok(())
}

/// Erases again what was erased after the backup, by the certificates in the folder; gives how many households that were.
async fn replay(app: &App, folder: &Path) -> anyhow::Result<usize> {
    if !folder.is_dir() {
        bail!("{} is not there: --erasures names the folder with the certificates", folder.display());
    }
    match app.replay_erasures(folder).await {
        Err(AppError::Invalid(refused)) => bail!("{}", refused.first().map_or("a certificate was refused", |e| e.message.as_str())),
        done => Ok(done?),
    }
}

async fn keys(app: &App) -> anyhow::Result<()> {
    let firms = app.db.audit_firms().await?;
    for firm in &firms {
        if !app.master_key_opens(*firm).await? {
            bail!("master.key is not the key of this backup: it does not open the log's key of firm {firm}");
        }
        if !app.household_keys_open(*firm).await? {
            bail!("firm.keys are not the keys of this backup: they do not open the household keys of firm {firm}");
        }
    }
    println!("The keys open what is sealed, of {} firms.", firms.len());
    Ok(())
}

async fn objects(app: &App) -> anyhow::Result<()> {
    let mut whole = 0;
    for firm in app.db.audit_firms().await? {
        let found = app.check_objects(firm).await?;
        if let Some(first) = found.faults.first() {
            bail!("firm {firm}: {} versions of brain files have no whole object; {first}", found.wrong);
        }
        whole += found.whole;
    }
    println!("{whole} versions of brain files, each with its object.");
    Ok(())
}

/// The logs reach as far as the backup says.
async fn heads(app: &App, manifest: &Manifest) -> anyhow::Result<()> {
    for head in &manifest.logs {
        if !app.log_has(head).await? {
            bail!("the log of firm {} has no checkpoint {} of {} leaves, which the backup names", head.firm, head.number, head.size);
        }
    }
    Ok(())
}

/// How many checkpoints outside are later than the logs; anything else that is wrong is an error. Rows that wait for their leaf
/// are not: nobody has kept the log since the backup.
async fn behind(app: &App, folder: &Path) -> anyhow::Result<usize> {
    if !folder.is_dir() {
        bail!("MAGFIN_CHECKPOINT_DIR {} is not there", folder.display());
    }
    let against = Against { folder: Some(folder.to_path_buf()), key: None };
    let mut lost = 0;
    for firm in app.db.audit_firms().await? {
        for fault in app.verify_log(firm, &against).await.context("audit log")?.faults {
            match fault {
                Fault { kind: FaultKind::Behind, .. } => {}
                Fault { kind: FaultKind::RolledBack, place, .. } if place.ends_with(" outside") => lost += 1,
                fault => bail!("firm {firm}: {fault}"),
            }
        }
    }
    Ok(lost)
}
