//! Makes a database of the product's schema: roles as superuser, migrations as their owner.

use std::{path::Path, str::FromStr};

use anyhow::Context;
use magfin_pg::Server;
use secrecy::ExposeSecret;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, migrate::Migrator, postgres::PgConnectOptions};

use crate::root;

/// Drops the database if it is there and makes it anew with every migration applied.
pub(crate) fn recreate(server: &Server, name: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut admin = options(server, "postgres")?.connect().await.context("connect to PostgreSQL")?;
        execute(&mut admin, format!("drop database if exists {name} with (force)")).await?;
        execute(&mut admin, format!("create database {name}")).await?;
        admin.close().await?;
        bootstrap(server, name).await?;
        migrate(server, name, &root::at("crates/db/migrations")).await
    })
}

/// The roles and what only a superuser may make.
async fn bootstrap(server: &Server, name: &str) -> anyhow::Result<()> {
    let path = root::at("crates/db/bootstrap.sql");
    let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let mut connection = options(server, name)?.connect().await?;
    execute(&mut connection, text).await.with_context(|| format!("apply {}", path.display()))?;
    execute(&mut connection, format!("alter database {name} owner to magfin_owner")).await?;
    Ok(connection.close().await?)
}

/// As `magfin_owner`, so that a migration that would need a superuser fails here and not at a customer's.
async fn migrate(server: &Server, name: &str, migrations: &Path) -> anyhow::Result<()> {
    let migrator = Migrator::new(migrations).await.with_context(|| format!("read {}", migrations.display()))?;
    let mut connection = options(server, name)?.options([("role", "magfin_owner")]).connect().await?;
    migrator.run(&mut connection).await.context("apply the migrations")?;
    Ok(connection.close().await?)
}

fn options(server: &Server, name: &str) -> anyhow::Result<PgConnectOptions> {
    let url = server.superuser_url(name);
    PgConnectOptions::from_str(url.expose_secret()).context("read the connection URL")
}

async fn execute(connection: &mut PgConnection, sql: String) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}
