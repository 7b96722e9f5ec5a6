//! `magfin import`: a dry run first, then a commit, a revert; with a report.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use magfin_app::brain::import::BrainImported;
use magfin_app::imports::{Earlier, Imported, dry_run};
use magfin_app::{App, Op};
use magfin_db::cluster::Operator;
use magfin_domain::ids::{FirmId, ImportId, UserId};
use magfin_domain::role::Role;
use magfin_legacy::Report;
use serde_json::Value;
use uuid::Uuid;

use crate::config::{self, Settings};
use crate::database::{self, Database};
use crate::{operator, product};

/// `magfin import …`
#[derive(Args)]
pub struct ImportArgs {
    #[command(subcommand)]
    command: ImportCommand,
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Reads a tree of today's layout. Writes nothing without --commit.
    Legacy {
        /// The folder that holds localstorage.json.
        dir: PathBuf,
        /// Writes what the dry run showed; a second time it writes nothing new.
        #[arg(long)]
        commit: bool,
        /// Writes the report as JSON.
        #[arg(long)]
        report: Option<PathBuf>,
        /// The firm to import into; founded when it is not there. The export's own name when absent.
        #[arg(long)]
        firm: Option<String>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Brings in the brain files of a tree whose book was imported before. A second time it writes nothing new.
    Brain {
        /// The folder that holds brain.key and brain/.
        dir: PathBuf,
        /// Writes what became of every file as JSON.
        #[arg(long)]
        report: Option<PathBuf>,
        /// The firm.
        #[arg(long)]
        firm: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Takes an import back as a unit; later edits of people are kept and listed.
    Revert {
        /// The import, as `magfin import list` shows it.
        id: Uuid,
        /// The firm, where there are several.
        #[arg(long)]
        firm: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Lists the imports of a firm.
    List {
        /// The firm.
        #[arg(long)]
        firm: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// Runs the command.
pub async fn run(args: ImportArgs) -> anyhow::Result<()> {
    match args.command {
        ImportCommand::Legacy { dir, commit, report, firm, settings } => {
            let (read, named) = dry_run(dir.clone()).await?;
            if let Some(path) = &report {
                write_report(path, &read.to_json())?;
            }
            summary(&read);
            if !commit {
                println!("Dry run: nothing was written. Add --commit to write it.");
                return Ok(());
            }
            let firm = firm.or(named).context("the export names no firm: give one with --firm")?;
            let database = database::join(&settings).await?;
            let done = legacy(&settings, &database, &dir, &firm, "legacy").await;
            stop(&database);
            tell_legacy(&done?, &firm);
            Ok(())
        }
        ImportCommand::Brain { dir, report, firm, settings } => {
            let database = database::join(&settings).await?;
            let done = brain(&settings, &database, &dir, &firm).await;
            stop(&database);
            let done = done.context("what was written until then is kept: run it again, or see `magfin import list` to take it back")?;
            if let Some(path) = &report {
                write_report(path, &serde_json::to_value(&done)?)?;
            }
            tell_brain(&done);
            if let Some(id) = done.id {
                println!("To take it back as a unit: magfin import revert {id} --firm \"{firm}\"");
            }
            Ok(())
        }
        ImportCommand::Revert { id, firm, settings } => {
            let database = database::join(&settings).await?;
            let done = revert(&settings, &database, &firm, ImportId(id)).await;
            stop(&database);
            done
        }
        ImportCommand::List { firm, settings } => {
            let database = database::join(&settings).await?;
            let done = list(&settings, &database, &firm).await;
            stop(&database);
            done
        }
    }
}

fn stop(database: &Database) {
    if let Some(embedded) = &database.embedded {
        embedded.stop();
    }
}

fn write_report(path: &PathBuf, report: &Value) -> anyhow::Result<()> {
    std::fs::write(path, serde_json::to_string_pretty(report)? + "\n").with_context(|| path.display().to_string())
}

fn summary(report: &Report) {
    let r = report;
    println!(
        "Households: {} live, {} deleted, {} rows merged",
        r.households.live, r.households.deleted, r.households.duplicate_rows_merged
    );
    println!(
        "Changes:    {} applied, {} duplicates skipped, {} refused {:?}",
        r.patches.applied, r.patches.duplicates_skipped, r.patches.refused, r.patches.refused_by_reason
    );
    println!(
        "Accounts:   {} of {} rows, {} USD live, {} balances unknown",
        r.accounts.imported, r.accounts.rows, r.accounts.balance_usd_live, r.accounts.unknown_balance
    );
    println!(
        "Notes:      {} of {} · Tasks: {} of {} · Loops: {} of {}",
        r.notes.imported, r.notes.rows, r.tasks.imported, r.tasks.rows, r.open_loops.imported, r.open_loops.rows
    );
    println!("Not yet imported, only counted: other brain files, documents, recordings, Zoom tokens.");
}

/// Somebody who may import into the firm; the firm is founded when it is not there.
async fn admin(database: &Database, firm: &str) -> anyhow::Result<(FirmId, UserId)> {
    let mut operator = Operator::connect(&database.migration_url).await?;
    if let Some(found) = operator.firm_named(firm).await? {
        return Ok(found);
    }
    // Nobody signs in as this user: it has no identity. It owns what commands do before anybody is there.
    Ok(operator.found_firm(firm, "magfin operator", "operator@magfin.invalid").await?)
}

fn tell_legacy(done: &Imported, firm: &str) {
    let Earlier { households_added_to, changes_not_replayed, rows_of_hidden_households } = done.earlier;
    match done.id {
        Some(id) => {
            println!("Imported into {firm}: {}", done.written);
            println!("To take it back as a unit: magfin import revert {id} --firm \"{firm}\"");
        }
        None if done.earlier == Earlier::default() => println!("Every row of this tree was imported before: nothing was written."),
        None => println!("Nothing of this tree could be added to what was imported before: nothing was written."),
    }
    for refused in &done.refused {
        println!("Sign-in of {} not given: {}", refused.advisor, refused.reason);
    }
    if households_added_to > 0 {
        println!("Households of an earlier import that have new rows: {households_added_to}");
    }
    if changes_not_replayed > 0 {
        println!(
            "Changes of the log not replayed, or not in full: {changes_not_replayed}. They change what an earlier import brought, which people may have changed since"
        );
    }
    if rows_of_hidden_households > 0 {
        println!("New rows left out, because their household was removed here: {rows_of_hidden_households}");
    }
}

/// Imports a tree into a firm.
pub async fn legacy(settings: &Settings, database: &Database, dir: &std::path::Path, firm: &str, kind: &str) -> anyhow::Result<Imported> {
    let (firm_id, admin) = admin(database, firm).await?;
    let app: App = product::assemble(settings, database.db.clone(), None)?;
    let caller = operator::caller(firm_id, admin, Role::FirmAdmin);
    let label = dir.file_name().map_or_else(|| "export".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(Op::new(&app, &caller).import_legacy(dir, (kind, &label), &config::admin_advisor_ids()).await?)
}

/// Imports the brain of a tree into a firm that is there.
pub async fn brain(settings: &Settings, database: &Database, dir: &std::path::Path, firm: &str) -> anyhow::Result<BrainImported> {
    let (firm_id, admin) = known(database, firm).await?;
    let app: App = product::assemble(settings, database.db.clone(), None)?;
    let caller = operator::caller(firm_id, admin, Role::FirmAdmin);
    Ok(Op::new(&app, &caller).import_brain(dir).await?)
}

fn tell_brain(done: &BrainImported) {
    println!(
        "Brain files: {} opened, {} written, {} here already, {} changed here since and left alone",
        done.markdown,
        done.written,
        done.unchanged,
        done.kept.len()
    );
    for (advisor, manifest) in &done.manifests {
        println!("Manifest of {advisor}: {} files, {}", manifest.tree_size, manifest.fault.unwrap_or("signature and root are right"));
    }
    for odd in &done.flagged {
        println!("  {}: {}", odd.path, odd.flag);
    }
    for refused in &done.failed {
        println!("  refused: {}: {}", refused.path, refused.reason);
    }
}

async fn known(database: &Database, firm: &str) -> anyhow::Result<(FirmId, UserId)> {
    match Operator::connect(&database.migration_url).await?.firm_named(firm).await? {
        Some(found) => Ok(found),
        None => bail!("there is no firm named {firm}"),
    }
}

async fn revert(settings: &Settings, database: &Database, firm: &str, id: ImportId) -> anyhow::Result<()> {
    let (firm_id, admin) = known(database, firm).await?;
    let app = product::assemble(settings, database.db.clone(), None)?;
    let caller = operator::caller(firm_id, admin, Role::FirmAdmin);
    let done = Op::new(&app, &caller).revert_import(id).await?;
    println!("Taken back: {}", done.hidden);
    if !done.kept.is_empty() {
        println!("Kept ({}):", done.kept.len());
        for kept in &done.kept {
            let who = if kept.user_name.is_empty() { String::new() } else { format!(" by {} at {}", kept.user_name, kept.at.0) };
            let field = kept.field.as_deref().unwrap_or("(whole)");
            println!("  {} {} {field} {}{who}", kept.entity, kept.entity_id, kept.reason.unwrap_or("changed"));
        }
    }
    Ok(())
}

async fn list(settings: &Settings, database: &Database, firm: &str) -> anyhow::Result<()> {
    let (firm_id, admin) = known(database, firm).await?;
    let app = product::assemble(settings, database.db.clone(), None)?;
    let caller = operator::caller(firm_id, admin, Role::FirmAdmin);
    for run in Op::new(&app, &caller).imports().await? {
        println!("{} {} {} {}", run.id, run.started_at.0, run.label, if run.reverted_at.is_some() { "(taken back)" } else { "" });
    }
    Ok(())
}
