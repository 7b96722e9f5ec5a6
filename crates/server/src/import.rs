//! `magfin import`: a dry run first, then a commit, a revert; with a report.

use clap::Args;

/// `magfin import …`
#[derive(Args)]
pub struct ImportArgs {}

/// Runs the command.
pub async fn run(_args: ImportArgs) -> anyhow::Result<()> {
    Ok(())
}
