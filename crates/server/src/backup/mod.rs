//! `magfin backup`: everything of the data directory but the keys, at one moment, while the server serves or not.
//!
//! * this module: takes a backup. The database comes first and the objects after it: an object is written before the row that
//!   points to it and never changed, so a later copy of the objects has every object that the rows point to.
//! * [`manifest`]: what a backup says of itself.
//! * [`restore`], [`site`], [`check`]: make a data directory of it.
//! * [`files`]: what they do with files.
//!
//! Must not copy a key: who finds a backup must not be able to read what is sealed in it (ADR 0019).

pub mod check;
mod files;
mod manifest;
pub mod restore;
pub mod site;

use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use magfin_clients::objects::ObjectKey;

use crate::config::Settings;
use crate::database::{self, Database};
use crate::{product, vault};
use files::Entry;
use manifest::{DATABASE, Manifest, OBJECTS};

/// `magfin backup`
#[derive(Args)]
pub struct BackupArgs {
    /// A directory that is new or empty. It will hold client data: keep it as closed as the data directory.
    dir: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

/// Refuses what is not on this machine, and says who backs that up.
fn refuse_elsewhere(settings: &Settings) -> anyhow::Result<()> {
    if settings.database_url.is_some() {
        bail!(
            "the database is a server of your own (DATABASE_URL): its operator backs it up and restores it, with pg_basebackup or as the \
             provider does; the database first, the objects after it"
        );
    }
    vault::local_objects(settings).map(drop)
}

/// Runs the command.
///
/// # Errors
/// Names what cannot be backed up or written; the directory is empty then.
pub async fn run(args: BackupArgs) -> anyhow::Result<()> {
    let BackupArgs { dir, settings } = args;
    refuse_elsewhere(&settings)?;
    if !database::cluster_dir(&settings).join("data/PG_VERSION").is_file() {
        bail!("there is no database in {}: name the data directory with --data-dir", settings.data_dir().display());
    }
    if !files::is_empty(&dir)? {
        bail!("{} is not empty: a backup needs a directory of its own", dir.display());
    }
    make(&dir).with_context(|| dir.display().to_string())?;
    let database = database::join(&settings).await?;
    let taken = take(&settings, &database, &dir).await;
    if let Some(embedded) = &database.embedded {
        embedded.stop();
    }
    if taken.is_err() {
        files::clear(&dir)?;
    }
    let (manifest, sha256) = taken?;
    let bytes: u64 = manifest.files.iter().map(|file| file.size).sum();
    let objects = manifest.below(OBJECTS).count();
    println!("{}: {} files, {} MiB, {objects} objects among them", dir.display(), manifest.files.len(), bytes.div_ceil(1 << 20));
    for log in &manifest.logs {
        println!("firm {}: to checkpoint {} of {} leaves", log.firm, log.number, log.size);
    }
    println!("SHA-256 of its manifest: {sha256}");
    println!("Keys are not part of it. Without them it cannot be read; keep them elsewhere:");
    println!("  {}\n  {}", database::master_key_file(&settings).display(), vault::key_file(&settings).display());
    Ok(())
}

/// The directory of the backup. PostgreSQL's account passes through it, and lists nothing; what is in it is for its owner alone.
fn make(dir: &Path) -> std::io::Result<()> {
    match std::fs::DirBuilder::new().mode(0o711).create(dir) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

async fn take(settings: &Settings, database: &Database, dir: &Path) -> anyhow::Result<(Manifest, String)> {
    let app = product::assemble(settings, database.db.clone(), None)?;
    let at = app.now();
    let logs = app.log_heads().await?;
    let (cluster, objects, dir) = (database::cluster_dir(settings), vault::local_objects(settings)?, dir.to_path_buf());
    tokio::task::spawn_blocking(move || {
        let installation = magfin_pg::Installation::find_or_fetch()?;
        magfin_pg::take_backup(&cluster, &installation, &dir.join(DATABASE))?;
        let objects = copy_objects(&objects, &dir)?;
        let manifest = Manifest::of(&dir, at, logs, objects)?;
        files::flush(&dir)?;
        let sha256 = manifest.write(&dir)?;
        Ok((manifest, sha256))
    })
    .await?
}

/// Copies the objects that are there now. One that a sweep removes meanwhile is one that no row points to; what has another
/// name is not an object yet.
fn copy_objects(from: &Path, dir: &Path) -> anyhow::Result<Vec<Entry>> {
    let mut copied = Vec::new();
    for path in files::walk(from)?.into_iter().filter(|path| path.parse::<ObjectKey>().is_ok()) {
        match files::copy(&from.join(&path), dir, &format!("{OBJECTS}/{path}")) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            entry => copied.push(entry.with_context(|| path.clone())?),
        }
    }
    Ok(copied)
}
