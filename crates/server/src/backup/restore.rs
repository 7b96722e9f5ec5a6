//! `magfin restore`: a data directory from a backup and the keys that were kept elsewhere.
//!
//! Everything is checked twice: the files before anything is written, and what came of them before anything may serve.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::check::{self, Terms};
use super::files;
use super::manifest::{DATABASE, Manifest, OBJECTS};
use super::site::Site;
use crate::config::Settings;
use crate::{database, product, vault};

/// `magfin restore`
#[derive(Args)]
pub struct RestoreArgs {
    /// The directory that `magfin backup` wrote.
    dir: PathBuf,
    /// Folder with master.key and firm.keys; where MAGFIN_MASTER_KEY_FILE or MAGFIN_KEY_FILE names one, that one counts.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Folder that this machine does not control, with the certificates of households that were erased: those are erased again.
    #[arg(long, conflicts_with = "no_erasures")]
    erasures: Option<PathBuf>,
    /// Says that no household was ever erased.
    #[arg(long)]
    no_erasures: bool,
    /// Restores although MAGFIN_CHECKPOINT_DIR knows of entries that were recorded after the backup, which are lost.
    #[arg(long)]
    accept_loss: bool,
    #[command(flatten)]
    settings: Settings,
}

/// A key of the backup: its file, and whether the restored directory is to have a copy.
struct KeyFile {
    from: PathBuf,
    name: &'static str,
    copy: bool,
}

/// Runs the command.
///
/// # Errors
/// Names what is wrong; nothing is left of the restore then.
pub async fn run(args: RestoreArgs) -> anyhow::Result<()> {
    super::refuse_elsewhere(&args.settings)?;
    let keys = keys(&args)?;
    let erasures = match (&args.erasures, args.no_erasures) {
        (None, false) => bail!(
            "say --erasures FOLDER, where certificates of erased households are kept, so that they are erased again; or --no-erasures, when \
             none ever was"
        ),
        (folder, _) => folder.clone(),
    };
    let data = args.settings.data_dir();
    let objects = vault::local_objects(&args.settings)?;
    let elsewhere = (objects != data.join("objects")).then_some(objects);
    let dir = args.dir.clone();
    let manifest = tokio::task::spawn_blocking(move || Manifest::verified(&dir)).await??;
    println!("The {} files of the backup of {} are what they were.", manifest.files.len(), manifest.at.0);
    let terms = Terms { erasures, outside: args.settings.checkpoint_dir.clone(), accept_loss: args.accept_loss };
    let site = Site::claim(&data, elsewhere)?;
    if let Err(error) = fill(&args, &keys, manifest, &terms, &site).await {
        site.clear()?;
        return Err(error.context("nothing was restored"));
    }
    site.finish()?;
    println!("Restored into {}: `magfin serve` serves it.", data.display());
    Ok(())
}

/// The keys that the restored product opens.
fn keys(args: &RestoreArgs) -> anyhow::Result<Vec<KeyFile>> {
    let named = [("master.key", &args.settings.master_key_file), ("firm.keys", &args.settings.vault.key_file)];
    let mut keys = Vec::new();
    for (name, setting) in named {
        let from = match (setting, &args.keys) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => folder.join(name),
            (None, None) => bail!("give --keys FOLDER, which holds master.key and firm.keys: `magfin backup` told to keep them elsewhere"),
        };
        // A firm that has moved to a key service may have no file any more.
        let moved = name == "firm.keys" && args.settings.vault.key_service.is_some();
        if !from.is_file() && moved {
            continue;
        }
        if !from.is_file() {
            bail!("the key {} is not there: without it the backup cannot be read", from.display());
        }
        keys.push(KeyFile { from, name, copy: setting.is_none() });
    }
    Ok(keys)
}

/// Makes the data directory of the backup, opens it and checks it.
async fn fill(args: &RestoreArgs, keys: &[KeyFile], manifest: Manifest, terms: &Terms, site: &Site) -> anyhow::Result<()> {
    let mut settings = args.settings.clone();
    settings.data_dir = Some(site.staging());
    // What is checked here may yet be refused: nothing of it goes outside.
    settings.checkpoint_dir = None;
    for key in keys.iter().filter(|key| key.copy) {
        let (folder, text) = (site.staging().join("keys"), std::fs::read_to_string(&key.from));
        files::private_dir(&folder)?;
        database::write_private(&folder.join(key.name), &text.with_context(|| key.from.display().to_string())?)?;
    }
    let (backup, cluster, objects) = (args.dir.clone(), database::cluster_dir(&settings), site.objects());
    let manifest = tokio::task::spawn_blocking(move || {
        copy_objects(&backup, &objects, &manifest)?;
        let installation = magfin_pg::Installation::find_or_fetch()?;
        magfin_pg::restore(&backup.join(DATABASE), &cluster, &installation)?;
        anyhow::Ok(manifest)
    })
    .await??;
    let opened = database::open(&settings).await?;
    let checked = match product::assemble(&settings, opened.db.clone(), None) {
        Ok(app) => check::all(&app, &manifest, terms).await,
        Err(error) => Err(error),
    };
    opened.db.close().await;
    if let Some(embedded) = &opened.embedded {
        embedded.stop();
    }
    checked
}

/// Copies the objects, each of which must still be what the manifest says.
fn copy_objects(backup: &Path, to: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    files::private_dir(to).with_context(|| to.display().to_string())?;
    for (path, entry) in manifest.below(OBJECTS) {
        let copied = files::copy(&backup.join(&entry.path), to, path).with_context(|| path.to_owned())?;
        if (copied.size, &copied.sha256) != (entry.size, &entry.sha256) {
            bail!("{} was changed while it was restored", entry.path);
        }
    }
    Ok(())
}
