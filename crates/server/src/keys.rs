//! `magfin keys`: the firms' keys, which wrap the households'.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use magfin_clients::keys::FileKeys;

use crate::config::Settings;
use crate::{database, product, vault};

/// `magfin keys …`
#[derive(Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Makes a file with a first key, for MAGFIN_KEY_FILE. Keep a copy elsewhere: without it no brain file opens.
    New {
        /// The file, which must not be there.
        file: PathBuf,
    },
    /// Adds a key and wraps every household's key under it. Nothing stops meanwhile, and no file is rewritten.
    Rotate {
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// Runs the command.
pub async fn run(args: KeysArgs) -> anyhow::Result<()> {
    match args.command {
        KeysCommand::New { file } => {
            if file.exists() {
                bail!("{} is there already: a new key beside it would be `magfin keys rotate`", file.display());
            }
            FileKeys::open(&file)?;
            println!("{} was made. Keep a copy elsewhere.", file.display());
            Ok(())
        }
        KeysCommand::Rotate { settings } => {
            let database = database::join(&settings).await?;
            let done = rotate(&settings, &database).await;
            if let Some(embedded) = &database.embedded {
                embedded.stop();
            }
            done
        }
    }
}

async fn rotate(settings: &Settings, database: &database::Database) -> anyhow::Result<()> {
    let name = vault::file_keys(settings)?.rotate()?;
    let app = product::assemble(settings, database.db.clone(), None)?;
    for firm in app.db.audit_firms().await? {
        println!("{firm}: {} household keys are wrapped under {name} now", app.rewrap_keys(firm).await?);
    }
    Ok(())
}
