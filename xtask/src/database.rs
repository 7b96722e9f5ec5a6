//! Makes a database of the product's schema: roles as superuser, migrations as their owner.
//!
//! Through psql: everything waits for this program, so it must not compile a database client.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Context;
use magfin_pg::{Installation, Server};
use secrecy::ExposeSecret;

use crate::{root, run};

const BOOTSTRAP: &str = "crates/db/bootstrap.sql";
const MIGRATIONS: &str = "crates/db/migrations";

/// Drops the database if it is there and makes it anew with every migration applied.
pub(crate) fn recreate(server: &Server, name: &str) -> anyhow::Result<()> {
    let mut create = psql(server, "postgres")?;
    create.args(["-c", &format!("drop database if exists {name} with (force)"), "-c", &format!("create database {name}")]);
    run::quiet(create)?;
    // The roles, and what only a superuser may make.
    let mut bootstrap = psql(server, name)?;
    bootstrap.arg("-f").arg(root::at(BOOTSTRAP));
    run::quiet(bootstrap)?;
    // As their owner, so that a migration that would need a superuser fails here and not at a customer's.
    let mut migrate = psql(server, name)?;
    migrate.env("PGOPTIONS", "-c role=magfin_owner").arg("--single-transaction");
    for file in migrations()? {
        migrate.arg("-f").arg(file);
    }
    run::quiet(migrate)?;
    Ok(())
}

/// In the order of their numbers.
fn migrations() -> anyhow::Result<Vec<PathBuf>> {
    let folder = root::at(MIGRATIONS);
    let entries = fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// psql on a database as superuser: without settings of the person who runs it, ended by the first error.
fn psql(server: &Server, database: &str) -> anyhow::Result<Command> {
    let mut psql = Command::new(Installation::find_or_fetch()?.bin_dir().join("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", server.superuser_url(database).expose_secret()]);
    Ok(psql)
}
