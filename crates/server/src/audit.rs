//! `magfin verify`, `magfin export`: the audit log from the command line.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use magfin_app::audit::verify::Against;
use magfin_app::{App, Op};
use magfin_db::cluster::Operator;
use magfin_vault::key::{RecipientKey, SystemEntropy};
use magfin_vault::log::key::VerifierKey;
use uuid::Uuid;

use crate::config::Settings;
use crate::{database, operator, product};

/// `magfin verify …`
#[derive(Args)]
pub struct VerifyArgs {
    /// The log's verifier key, as it is known outside; another one is an error. For a database with one firm.
    #[arg(long)]
    log_key: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

/// `magfin export …`
#[derive(Args)]
pub struct ExportArgs {
    /// The household.
    #[arg(long)]
    household: Uuid,
    /// Who takes it out: the e-mail address of somebody who may read the audit log. It is recorded.
    #[arg(long)]
    user: String,
    /// The ZIP to write.
    #[arg(long)]
    out: PathBuf,
    /// File with the recipient's key (64 hex digits); a new one is made beside the ZIP when absent.
    #[arg(long)]
    recipient_key: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

/// `magfin verify`: checks the log and the brain files of every firm, and fails when anything is wrong with one.
pub async fn verify(args: VerifyArgs) -> anyhow::Result<()> {
    let key: Option<VerifierKey> = args.log_key.map(|key| key.parse()).transpose().context("--log-key")?;
    let database = database::join(&args.settings).await?;
    let app = product::assemble(&args.settings, database.db.clone(), None)?;
    let against = Against { key, ..Against::of(&app.audit) };
    let checked = everything(&app, &against).await;
    if let Some(embedded) = &database.embedded {
        embedded.stop();
    }
    match checked? {
        0 => Ok(()),
        1 => bail!("1 thing is wrong; nothing may be built on this database before somebody has looked"),
        faults => bail!("{faults} things are wrong; nothing may be built on this database before somebody has looked"),
    }
}

async fn everything(app: &App, against: &Against) -> anyhow::Result<usize> {
    Ok(verify_all(app, against).await? + objects(app).await?)
}

/// Holds every version of every brain file against its object, prints what was found, and gives how many things are wrong.
async fn objects(app: &App) -> anyhow::Result<usize> {
    let mut wrong = 0;
    for firm in app.db.audit_firms().await? {
        let found = app.check_objects(firm).await?;
        println!("firm {firm}: {} versions of brain files have their object, {} do not", found.whole, found.wrong);
        found.faults.iter().for_each(|fault| println!("  {fault}"));
        wrong += usize::try_from(found.wrong)?;
    }
    Ok(wrong)
}

/// Checks the log of every firm, prints what was found, and gives how many things are wrong.
pub async fn verify_all(app: &App, against: &Against) -> anyhow::Result<usize> {
    let mut faults = 0;
    for firm in app.db.audit_firms().await? {
        let found = app.verify_log(firm, against).await?;
        println!("firm {firm}: {}", if found.good { "verified" } else { "WRONG" });
        found.says.iter().for_each(|line| println!("  {line}"));
        if let Some(c) = &found.checkpoint {
            println!("  checkpoint {} of {} leaves, signed {} by {}", c.number, c.size, c.at.0, c.signer);
        }
        found.faults.iter().for_each(|fault| println!("  {fault}"));
        faults += found.faults.len();
    }
    Ok(faults)
}

/// `magfin export`: a household's part of the log as one file.
pub async fn export(args: ExportArgs) -> anyhow::Result<()> {
    let (recipient, key_file) = recipient(&args)?;
    let database = database::join(&args.settings).await?;
    let found = Operator::connect(&database.migration_url).await?.users_of(&args.user).await?;
    let [user] = found.as_slice() else { bail!("{} active users have this e-mail address; one is needed", found.len()) };
    let app = product::assemble(&args.settings, database.db.clone(), None)?;
    let caller = operator::caller(user.firm, user.user, user.role);
    let made = Op::new(&app, &caller).audit_bundle(args.household.into(), &recipient).await;
    if let Some(embedded) = &database.embedded {
        embedded.stop();
    }
    std::fs::write(&args.out, made?).with_context(|| args.out.display().to_string())?;
    println!("{} is for whoever holds {}: hand them over apart from each other", args.out.display(), key_file.display());
    Ok(())
}

/// The recipient's key, and where it is.
fn recipient(args: &ExportArgs) -> anyhow::Result<(RecipientKey, PathBuf)> {
    if let Some(path) = &args.recipient_key {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let key = magfin_app::audit::bundle::recipient(text.trim());
        return Ok((key.with_context(|| format!("{} must hold 64 hex digits", path.display()))?, path.clone()));
    }
    let (key, path) = (RecipientKey::generate(&mut SystemEntropy)?, args.out.with_extension("key"));
    database::write_private(&path, &hex::encode(key.expose()))?;
    Ok((key, path))
}
