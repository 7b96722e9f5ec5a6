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
    /// Wraps every household's key under a new key: one that is added to the file, or what the service of MAGFIN_KEY_SERVICE uses
    /// now (another key of KMS by configuration, a new version of a Key Vault's). Nothing stops meanwhile, and no file is rewritten.
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
    if settings.vault.key_service.is_none() {
        vault::file_keys(settings)?.rotate()?;
    }
    let service = vault::key_service(settings)?;
    let app = product::assemble(settings, database.db.clone(), None)?;
    for firm in app.db.audit_firms().await? {
        let done = app.rewrap_keys(firm).await?;
        println!("{firm}: {done} household keys are wrapped under {} now", service.current(firm.0).await?);
    }
    Ok(())
}
