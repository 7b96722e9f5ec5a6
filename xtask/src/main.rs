//! Developer commands: `cargo xtask COMMAND`.
//!
//! A table of contents: each command is a module. Nothing of the product may live here; what a user runs is `magfin`.

mod bench;
mod checks;
mod cluster;
mod counts;
mod database;
mod demo;
mod failures;
mod openapi;
mod product;
mod python;
mod root;
mod run;
mod setup;
mod sqlx_cache;
mod steps;
mod suites;
mod test;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use setup::Purpose;

#[derive(Parser)]
#[command(about = "Developer commands of magfin")]
struct Cli {
    #[command(subcommand)]
    command: Cmd,
}

#[derive(Subcommand)]
enum Cmd {
    /// Set up everything and run the product on sample data.
    Demo {
        /// Passed on to `magfin demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Set up everything and run every test; what continuous integration runs.
    Test,
    /// Check what both need on this machine and install what is missing.
    Setup,
    /// Formats, lints and types.
    Lint,
    /// Write openapi.json and the web app's types made from it.
    Openapi {
        /// Write nothing; fail when a committed file differs.
        #[arg(long)]
        check: bool,
    },
    /// Write the offline query cache crates/db/.sqlx from the migrations and the queries.
    Sqlx {
        /// Write nothing; fail when the committed cache differs.
        #[arg(long)]
        check: bool,
    },
    /// Measure the product against pgbench on the same data, as ratios.
    Bench {
        /// Sizes of the books, in households; each is made once and kept in the temporary directory.
        #[arg(long, value_delimiter = ',', default_value = "10000,100000")]
        households: Vec<usize>,
    },
    /// Build the product, run its demo and the browser tests against it.
    E2e,
}

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        // Said already, in a closing line that has to be the last one.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether all is well.
fn dispatch(command: Cmd) -> anyhow::Result<bool> {
    run::watch_signals()?;
    match command {
        Cmd::Test => return test::run(),
        Cmd::Demo { arguments } => demo::run(&arguments)?,
        Cmd::Setup => drop(setup::run(Purpose::Test)?),
        Cmd::Lint => checks::run()?,
        Cmd::Openapi { check } => openapi::run(check)?,
        Cmd::Sqlx { check } => sqlx_cache::run(check)?,
        Cmd::Bench { households } => {
            setup::run(Purpose::Test)?;
            web::build()?;
            product::build_release()?;
            bench::run(&households)?;
        }
        Cmd::E2e => test::run_end_to_end()?,
    }
    Ok(true)
}
