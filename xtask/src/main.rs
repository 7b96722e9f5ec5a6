//! Developer commands: `cargo xtask COMMAND`.
//!
//! A table of contents: each command is a module. Nothing of the product may live here; what a user runs is `magfin`.

mod cluster;
mod database;
mod root;
mod run;
mod sqlx_cache;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Developer commands of magfin")]
struct Cli {
    #[command(subcommand)]
    command: Cmd,
}

#[derive(Subcommand)]
enum Cmd {
    /// Write the offline query cache crates/db/.sqlx from the migrations and the queries.
    Sqlx {
        /// Write nothing; fail when the committed cache differs.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> anyhow::Result<()> {
    run::watch_signals()?;
    match Cli::parse().command {
        Cmd::Sqlx { check } => sqlx_cache::run(check),
    }
}
