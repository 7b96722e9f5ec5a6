//! `magfin sample`: a fictional book of any size, as a tree of today's layout and, unless only that is wanted, imported.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use magfin_legacy::DirTree;
use magfin_legacy::generate::{Plan, generate};

use crate::config::Settings;
use crate::{database, import};

/// `magfin sample`
#[derive(Args)]
pub struct SampleArgs {
    /// Households of the book.
    #[arg(long, default_value_t = 60)]
    households: usize,
    /// The same seed gives the same book.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Brain files of each household beside its profile and its log.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=300))]
    brain_files: u16,
    /// Writes a tree of today's layout there, and imports nothing.
    #[arg(long)]
    legacy_tree: Option<PathBuf>,
    /// The firm to import into.
    #[arg(long, default_value = "Sample Wealth")]
    firm: String,
    #[command(flatten)]
    settings: Settings,
}

/// Runs the command.
pub async fn run(args: SampleArgs) -> anyhow::Result<()> {
    if let Some(dir) = args.legacy_tree {
        return write(&dir, args.households, args.seed, args.brain_files.into());
    }
    let dir = std::env::temp_dir().join(format!("magfin-sample-{}", std::process::id()));
    write(&dir, args.households, args.seed, args.brain_files.into())?;
    let database = database::join(&args.settings).await?;
    let done = import::legacy(&args.settings, &database, &dir, &args.firm, "sample").await;
    if let Some(embedded) = &database.embedded {
        embedded.stop();
    }
    std::fs::remove_dir_all(&dir).with_context(|| dir.display().to_string())?;
    let done = done?;
    match done.id {
        Some(_) => println!("Imported into {}: {}", args.firm, done.written),
        None => println!("This book was imported before: nothing was written."),
    }
    Ok(())
}

/// Writes a tree and says what is in it.
pub fn write(dir: &Path, households: usize, seed: u64, more_files: usize) -> anyhow::Result<()> {
    let made = generate(Plan { seed, households, more_files }, &mut DirTree::new(dir)).with_context(|| dir.display().to_string())?;
    println!("{} households, {} changes, {} brain files in {}", made.households, made.patches, made.markdown, dir.display());
    Ok(())
}
