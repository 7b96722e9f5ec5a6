//! The binary `magfin`: commands and configuration. Everything that decides anything lives in the crates below it.

mod audit;
mod backup;
mod config;
mod database;
mod demo;
mod import;
mod keys;
mod operator;
mod product;
mod sample;
mod sample_week;
mod serve;
mod telemetry;
mod vault;
mod web;
mod witness;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Client relationships of a wealth-management firm.
#[derive(Parser)]
#[command(name = "magfin", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the web app, the API and background work.
    Serve(config::Settings),
    /// Serves a sample firm with simulated counterparts, and prints one address to open.
    Demo(config::Settings),
    /// Does background work only.
    Worker(config::Settings),
    /// Brings the database to this version.
    Migrate(config::Settings),
    /// Imports data from elsewhere.
    Import(import::ImportArgs),
    /// Makes API keys.
    Token(operator::TokenArgs),
    /// Makes a fictional book, for trying things out and for measuring.
    Sample(sample::SampleArgs),
    /// Checks the audit log of every firm, and names what is wrong.
    Verify(audit::VerifyArgs),
    /// Writes a household's part of the audit log as one file that anybody can check.
    Export(audit::ExportArgs),
    /// Follows audit logs from elsewhere, and cosigns their checkpoints.
    Witness(witness::WitnessArgs),
    /// Writes a backup of the embedded database and the local objects, whether a server runs or not.
    Backup(Box<backup::BackupArgs>),
    /// Makes a data directory of a backup, and checks all of it before it serves.
    Restore(Box<backup::restore::RestoreArgs>),
    /// Makes and rotates the firms' keys.
    Keys(keys::KeysArgs),
    /// Prints the OpenAPI document.
    Openapi,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("magfin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    config::refuse_dev_fallback()?;
    leave_no_core_dump()?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match command {
            Command::Serve(settings) => serve::serve(settings).await,
            Command::Demo(settings) => demo::demo(settings).await,
            Command::Worker(settings) => serve::worker(settings).await,
            Command::Migrate(settings) => database::migrate_only(&settings).await,
            Command::Import(args) => import::run(args).await,
            Command::Token(args) => operator::token(args).await,
            Command::Sample(args) => sample::run(args).await,
            Command::Verify(args) => audit::verify(args).await,
            Command::Export(args) => audit::export(args).await,
            Command::Witness(args) => witness::run(args).await,
            Command::Backup(args) => backup::run(*args).await,
            Command::Restore(args) => backup::restore::run(*args).await,
            Command::Keys(args) => keys::run(args).await,
            Command::Openapi => {
                println!("{}", magfin_api::openapi::document().to_pretty_json()?);
                Ok(())
            }
        }
    })
}

/// A core dump would hold keys and texts that are on no disk otherwise. Holds for what we start as well, the embedded database too.
fn leave_no_core_dump() -> anyhow::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).context("core dumps cannot be switched off")
}
