//! Connecting, roles and migrations. The serving pool is refused to an owner or superuser.

use std::str::FromStr;
use std::time::Duration;

use magfin_domain::ids::{FirmId, UserId};
use magfin_domain::role::Role;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::Db;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
const BOOTSTRAP: &str = include_str!("../bootstrap.sql");

/// Why the database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The address cannot be read.
    #[error("the database address cannot be read: use postgres://user:password@host:port/database")]
    Address,
    /// The login could bypass row-level security.
    #[error("refusing to serve as {0}: it can bypass row-level security; give DATABASE_URL a login that is only a member of magfin_app")]
    TooPowerful(String),
    /// The schema is not the one this program was built for.
    #[error("migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The server refused or cannot be reached.
    #[error("database: {0}")]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for ClusterError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

fn options(url: &SecretString) -> Result<PgConnectOptions, ClusterError> {
    let options = PgConnectOptions::from_str(url.expose_secret()).map_err(|_| ClusterError::Address)?;
    // Statement text and parameters never reach a log.
    // Nor do notices and warnings of the server, which sqlx logs and which may quote a row.
    Ok(options.disable_statement_logging().application_name("magfin").options([("client_min_messages", "error")]))
}

/// Connects the serving pool.
///
/// # Errors
/// When the login is an owner or superuser, or the server cannot be reached.
pub async fn connect(url: &SecretString, max_connections: u32) -> Result<Db, ClusterError> {
    let options = options(url)?
        // A role may be taken on at connect time; the settings below are those the measurements asked for.
        .options([
            ("plan_cache_mode", "force_generic_plan"),
            ("statement_timeout", "30000"),
            ("idle_in_transaction_session_timeout", "30000"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    let (name, dangerous) = sqlx::query!(
        r#"select current_user::text as "name!", (r.rolsuper or r.rolbypassrls or exists (
             select 1 from pg_roles o where o.rolname in ('magfin_owner', 'magfin_system') and pg_has_role(current_user, o.oid, 'usage'))) as "dangerous!"
           from pg_roles r where r.rolname = current_user"#
    )
    .fetch_one(&pool)
    .await
    .map(|r| (r.name, r.dangerous))?;
    if dangerous {
        pool.close().await;
        return Err(ClusterError::TooPowerful(name));
    }
    Ok(Db { pool, door: crate::door::Door::default() })
}

/// Creates the roles (when the login may), then applies the migrations as `magfin_owner`.
///
/// # Errors
/// When a migration fails; the database is left at the last one that succeeded.
pub async fn migrate(url: &SecretString) -> Result<(), ClusterError> {
    let mut conn = PgConnection::connect_with(&options(url)?).await?;
    let superuser =
        sqlx::query_scalar!(r#"select rolsuper as "s!" from pg_roles where rolname = current_user"#).fetch_one(&mut conn).await?;
    if superuser {
        sqlx::raw_sql(BOOTSTRAP).execute(&mut conn).await?;
    }
    sqlx::raw_sql("set role magfin_owner").execute(&mut conn).await?;
    MIGRATIONS.run(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

/// Gives the embedded cluster's serving role a login and password. Only for a cluster of our own.
///
/// # Errors
/// When the login is not a superuser or the server cannot be reached.
pub async fn set_app_password(superuser_url: &SecretString, password: &SecretString) -> Result<(), ClusterError> {
    let plain = password.expose_secret();
    if plain.len() < 16 || !plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(ClusterError::Address);
    }
    let mut conn = PgConnection::connect_with(&options(superuser_url)?).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("alter role magfin_app login password '{plain}'"))).execute(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

/// A hash of the migrations, to name a template database by.
#[must_use]
pub fn schema_fingerprint() -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let parts = MIGRATIONS.iter().map(|m| m.checksum.as_ref()).chain([BOOTSTRAP.as_bytes()]);
    for byte in parts.flatten() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// A user found by an operator.
#[derive(Debug, Clone)]
pub struct FoundUser {
    /// Their firm.
    pub firm: FirmId,
    /// Its name.
    pub firm_name: String,
    /// The user.
    pub user: UserId,
    /// Their role.
    pub role: Role,
}

/// The operator's commands, on the migration login.
#[derive(Debug)]
pub struct Operator(PgConnection);

impl Operator {
    /// Connects as `magfin_owner`.
    ///
    /// # Errors
    /// When the login may not become `magfin_owner`.
    pub async fn connect(url: &SecretString) -> Result<Self, ClusterError> {
        let mut conn = PgConnection::connect_with(&options(url)?).await?;
        sqlx::raw_sql("set role magfin_owner").execute(&mut conn).await?;
        Ok(Self(conn))
    }

    /// Founds a firm with its first user, a firm admin.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn found_firm(&mut self, firm: &str, admin: &str, email: &str) -> Result<(FirmId, UserId), ClusterError> {
        let row = sqlx::query!(
            r#"select firm_id as "firm!: Uuid", user_id as "user!: Uuid" from sec.found_firm($1, $2, $3)"#,
            firm,
            admin,
            email
        )
        .fetch_one(&mut self.0)
        .await?;
        Ok((row.firm.into(), row.user.into()))
    }

    /// The active users with that e-mail address, in every firm.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn users_of(&mut self, email: &str) -> Result<Vec<FoundUser>, ClusterError> {
        let rows = sqlx::query!(
            r#"select firm_id as "firm!: Uuid", firm_name as "firm_name!", user_id as "user!: Uuid", role as "role!" from sec.users_of($1)"#,
            email
        )
        .fetch_all(&mut self.0)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|r| {
                Some(FoundUser { firm: r.firm.into(), firm_name: r.firm_name, user: r.user.into(), role: Role::parse(&r.role)? })
            })
            .collect())
    }

    /// The firm of that name and its first admin.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn firm_named(&mut self, name: &str) -> Result<Option<(FirmId, UserId)>, ClusterError> {
        let row = sqlx::query!(r#"select firm_id as "firm!: Uuid", admin_id as "admin: Uuid" from sec.firms_named($1)"#, name)
            .fetch_optional(&mut self.0)
            .await?;
        Ok(row.and_then(|r| Some((r.firm.into(), r.admin?.into()))))
    }
}

/// Creates the database when it is not there.
///
/// # Errors
/// When the login may not, or the server cannot be reached.
pub async fn create_database(superuser_url: &SecretString, name: &str) -> Result<(), ClusterError> {
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(ClusterError::Address);
    }
    let mut conn = PgConnection::connect_with(&options(superuser_url)?).await?;
    let there = sqlx::query_scalar!(r#"select exists (select 1 from pg_database where datname = $1) as "there!""#, name)
        .fetch_one(&mut conn)
        .await?;
    if !there {
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut conn).await?;
    }
    Ok(conn.close().await?)
}
