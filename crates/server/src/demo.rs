//! `magfin demo`.
use crate::config::Settings;
/// Runs the command.
pub async fn demo(_settings: Settings) -> anyhow::Result<()> {
    Ok(())
}
