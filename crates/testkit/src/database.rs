//! One database a test: cloned from a template that is named by the hash of the migrations, dropped at the end.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use magfin_db::cluster;
use magfin_db::tenant::Db;
use secrecy::SecretString;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use url::Url;

/// Roles belong to the whole cluster, so every test gives the serving role the same password.
const SERVING_PASSWORD: &str = "MagfinTestServingRole1";
/// How long the end of a test waits for its database to go.
const DROPPING: Duration = Duration::from_secs(1);
/// Names the lock under which roles and the template are made; arbitrary.
const SETUP_LOCK: i64 = 0x006d_6167_6669_6e01;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database of one test's own. Dropped with the value, best effort.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    server: Url,
    /// A superuser's connection, kept between questions.
    asking: Mutex<Option<PgConnection>>,
}

/// The superuser's address of the test cluster.
fn server() -> Url {
    #[allow(clippy::disallowed_methods, reason = "the one place where the tests learn of their cluster")]
    let url = std::env::var("MAGFIN_TEST_DATABASE_URL");
    let url = url.expect("MAGFIN_TEST_DATABASE_URL is not set: run `cargo xtask test`, which starts a cluster and sets it");
    Url::parse(&url).expect("MAGFIN_TEST_DATABASE_URL must look like postgres://user:password@host:port/postgres")
}

fn named(server: &Url, database: &str) -> Url {
    let mut url = server.clone();
    url.set_path(database);
    url
}

async fn connect(url: &Url) -> PgConnection {
    let options = PgConnectOptions::from_str(url.as_str()).expect("an address").disable_statement_logging();
    PgConnection::connect_with(&options).await.expect("the test cluster answers")
}

async fn run(conn: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await.expect("the statement runs");
}

/// Makes roles and template unless they are there. Any number of processes may do this at once.
async fn template(conn: &mut PgConnection, server: &Url) -> String {
    let name = format!("magfin_template_{}", cluster::schema_fingerprint());
    if is_there(conn, &name).await {
        return name;
    }
    run(conn, format!("select pg_advisory_lock({SETUP_LOCK})")).await;
    if !is_there(conn, &name).await {
        let half_made = format!("{name}_half_made");
        run(conn, format!("drop database if exists {half_made} with (force)")).await;
        run(conn, format!("create database {half_made}")).await;
        let url = SecretString::from(named(server, &half_made).to_string());
        cluster::migrate(&url).await.expect("the migrations apply");
        let password = SecretString::from(SERVING_PASSWORD);
        cluster::set_app_password(&SecretString::from(server.to_string()), &password).await.expect("the role takes a password");
        run(conn, format!("alter database {half_made} with allow_connections false")).await;
        run(conn, format!("alter database {half_made} rename to {name}")).await;
    }
    run(conn, format!("select pg_advisory_unlock({SETUP_LOCK})")).await;
    name
}

async fn is_there(conn: &mut PgConnection, database: &str) -> bool {
    let there = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)").bind(database);
    there.fetch_one(conn).await.expect("the catalogue answers")
}

impl TestDb {
    /// A migrated, empty database.
    pub async fn create() -> Self {
        let server = server();
        let mut conn = connect(&server).await;
        let template = template(&mut conn, &server).await;
        Self::cloned(conn, server, &template).await
    }

    /// A copy of this database, which nobody else may be connected to meanwhile.
    pub async fn copy(&self) -> Self {
        if let Some(conn) = self.asking.lock().await.take() {
            conn.close().await.expect("the connection closes");
        }
        Self::cloned(connect(&self.server).await, self.server.clone(), &self.name).await
    }

    async fn cloned(mut conn: PgConnection, server: Url, template: &str) -> Self {
        let name = format!("magfin_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        // A process with this id may have died before it could drop its database.
        run(&mut conn, format!("drop database if exists {name} with (force)")).await;
        // Nothing is flushed here, so copying files costs less than writing every page and its log.
        run(&mut conn, format!("create database {name} template {template} strategy file_copy")).await;
        conn.close().await.expect("the connection closes");
        Self { name, server, asking: Mutex::new(None) }
    }

    /// The address for a superuser, who sees and may do everything.
    #[must_use]
    pub fn superuser_url(&self) -> SecretString {
        named(&self.server, &self.name).to_string().into()
    }

    /// The address for the serving role.
    #[must_use]
    pub fn serving_url(&self) -> SecretString {
        self.serving_address().to_string().into()
    }

    fn serving_address(&self) -> Url {
        let mut url = named(&self.server, &self.name);
        url.set_username("magfin_app").expect("an address with a host");
        url.set_password(Some(SERVING_PASSWORD)).expect("an address with a host");
        url
    }

    /// The serving pool, as the product opens it.
    pub async fn serving(&self, connections: u32) -> Db {
        let url = self.serving_url();
        cluster::connect(&url, connections).await.expect("the serving role connects")
    }

    /// A bare connection of the serving role, without any context.
    pub async fn serving_connection(&self) -> PgConnection {
        connect(&self.serving_address()).await
    }

    /// A superuser's connection.
    pub async fn admin(&self) -> PgConnection {
        connect(&named(&self.server, &self.name)).await
    }

    /// Runs statements as superuser.
    ///
    /// # Panics
    /// When one fails.
    pub async fn execute(&self, sql: impl Into<String>) {
        self.attempt(sql).await.expect("the statement runs");
    }

    /// Runs statements as superuser; the SQLSTATE of the one that fails.
    pub async fn attempt(&self, sql: impl Into<String>) -> Result<(), String> {
        let mut asking = self.asking.lock().await;
        let mut conn = match asking.take() {
            Some(conn) => conn,
            None => self.admin().await,
        };
        let done = sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut conn).await;
        *asking = Some(conn);
        done.map(|_| ()).map_err(|error| error.as_database_error().and_then(|e| e.code()).map_or_else(|| error.to_string(), Into::into))
    }

    /// The rows of a query as superuser, each as a JSON object.
    pub async fn rows(&self, sql: &str) -> Vec<Value> {
        let mut asking = self.asking.lock().await;
        let mut conn = match asking.take() {
            Some(conn) => conn,
            None => self.admin().await,
        };
        let sql = format!("select to_jsonb(q) from ({sql}) q");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut conn).await.expect("the query runs");
        *asking = Some(conn);
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// The one value of a query as superuser.
    pub async fn value(&self, sql: &str) -> Value {
        let rows = self.rows(sql).await;
        let row = rows.first().and_then(Value::as_object).and_then(|row| row.values().next());
        row.cloned().unwrap_or_default()
    }

    /// Waits until what runs beside the test waits for somebody's lock.
    ///
    /// # Panics
    /// When it has ended without waiting.
    pub async fn until_it_waits<T>(&self, beside: &JoinHandle<T>) {
        let waits =
            "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()";
        while self.value(waits).await == 0 {
            assert!(!beside.is_finished(), "it did not wait");
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test may end inside a runtime, which cannot be entered twice: another thread has its own.
        let dropping = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let Ok(options) = PgConnectOptions::from_str(server.as_str()) else { return };
                let Ok(mut conn) = PgConnection::connect_with(&options.disable_statement_logging()).await else { return };
                let sql = format!("drop database if exists {name} with (force)");
                // The server waits until every backend has taken note, also one that is still greeting a connection of the
                // runtime that waits here: it goes on with that when the test is over, and so does this.
                let done = sqlx::raw_sql(AssertSqlSafe(sql));
                // A database that stays behind costs disk until the cluster goes, not the test.
                let _ = tokio::time::timeout(DROPPING, done.execute(&mut conn)).await;
            });
        });
        let _ = dropping.join();
    }
}
