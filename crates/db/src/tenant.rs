//! The tenant's transaction: the only database handle that a use case can get.
//!
//! Firm, user, role and source are set for the transaction alone, in the same round trip that begins it; a setting of
//! the session would leak to the next borrower of the connection. Must not hand out the pool.

use magfin_domain::ids::{EditId, FirmId, ImportId, UserId};
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::DbError;
use crate::door::Door;

/// How a change comes about; recorded with every edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A person at the screen.
    Ui,
    /// A program with an API key.
    Api,
    /// An import.
    Import,
    /// The taking back of an edit or an import.
    Undo,
    /// The bringing back of a hidden row.
    Restore,
    /// The generated sample book.
    Sample,
    /// The product itself.
    System,
}

impl Source {
    /// The word that is recorded.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ui => "ui",
            Self::Api => "api",
            Self::Import => "import",
            Self::Undo => "undo",
            Self::Restore => "restore",
            Self::Sample => "sample",
            Self::System => "system",
        }
    }
}

/// Who acts, for which firm, and how.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The firm.
    pub firm: FirmId,
    /// The user.
    pub user: UserId,
    /// The role in which they act.
    pub role: Role,
    /// How changes come about.
    pub source: Source,
    /// The request or job this belongs to.
    pub request_id: Uuid,
}

/// Connections that serve, as the role `magfin_app`.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) pool: PgPool,
    pub(crate) door: Door,
}

/// A transaction under one firm's context.
#[derive(Debug)]
pub struct TenantTx {
    tx: Transaction<'static, Postgres>,
    context: Context,
}

impl Db {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn write(&self, context: Context) -> Result<TenantTx, DbError> {
        self.begin(context, "BEGIN").await
    }

    /// Begins a transaction in which every write is refused.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self, context: Context) -> Result<TenantTx, DbError> {
        self.begin(context, "BEGIN READ ONLY").await
    }

    /// Begins a transaction in which every write is refused, and whose facts are those that were known at `at`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read_as_of(&self, context: Context, at: Ts) -> Result<TenantTx, DbError> {
        let mut tx = self.read(context).await?;
        // Unqualified names of tables now mean the views that fold the edits up to that moment.
        tx.set("magfin.as_of", &at.0.to_string()).await?;
        tx.set("search_path", "past, public").await?;
        Ok(tx)
    }

    /// Begins a transaction of the product itself, in a role that no user can have and under nobody's name. What that role may do
    /// stands in the policies of the schema.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(crate) async fn as_itself(&self, firm: FirmId, role: &'static str, request_id: Uuid) -> Result<TenantTx, DbError> {
        self.begin_as_itself(firm, role, request_id, "BEGIN").await
    }

    /// Begins a transaction as [`as_itself`](Self::as_itself) does, in which every write is refused and every statement sees the
    /// database of the moment of the first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(crate) async fn snapshot_as_itself(&self, firm: FirmId, role: &'static str) -> Result<TenantTx, DbError> {
        self.begin_as_itself(firm, role, Uuid::nil(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    async fn begin_as_itself(&self, firm: FirmId, role: &'static str, request_id: Uuid, begin: &str) -> Result<TenantTx, DbError> {
        // The role of the context is replaced before any statement runs.
        let context = Context { firm, user: UserId(Uuid::nil()), role: Role::ReadOnly, source: Source::System, request_id };
        let mut tx = self.begin(context, begin).await?;
        tx.set("magfin.role", role).await?;
        tx.set("magfin.user", "").await?;
        Ok(tx)
    }

    #[allow(clippy::disallowed_methods, reason = "the one place where a transaction begins")]
    async fn begin(&self, context: Context, begin: &str) -> Result<TenantTx, DbError> {
        let Context { firm, user, role, source, request_id } = context;
        // One round trip. Every value is a UUID or a word of a closed set, so nothing can be injected.
        let sql = format!(
            "{begin}; SELECT set_config('magfin.firm','{firm}',true),set_config('magfin.user','{user}',true),\
             set_config('magfin.role','{}',true),set_config('magfin.source','{}',true),set_config('magfin.request_id','{request_id}',true)",
            role.as_str(),
            source.as_str(),
        );
        let pool = self.pool.clone();
        // A task of its own, which goes on when the request is called off: the driver takes back a transaction that has begun,
        // but not one whose BEGIN is still on the wire, and the next borrower would find itself inside it.
        let begun = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(sql)).await });
        let tx = begun.await.map_err(|_| DbError::Internal { code: "begin".to_owned(), constraint: None })??;
        Ok(TenantTx { tx, context })
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        sqlx::query_scalar!("select 1").fetch_one(&self.pool).await.is_ok()
    }

    /// Closes every connection, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl TenantTx {
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Who acts.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Makes the changes permanent.
    ///
    /// # Errors
    /// When the database refuses or cannot be reached; nothing is kept then.
    pub async fn commit(self) -> Result<(), DbError> {
        Ok(self.tx.commit().await?)
    }

    /// From here on, what is done can be taken back by [`Self::to_savepoint`] without ending the transaction.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn savepoint(&mut self) -> Result<(), DbError> {
        sqlx::raw_sql("savepoint step").execute(self.conn()).await?;
        Ok(())
    }

    /// Keeps what was done since the savepoint.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn keep_savepoint(&mut self) -> Result<(), DbError> {
        sqlx::raw_sql("release savepoint step").execute(self.conn()).await?;
        Ok(())
    }

    /// Takes back what was done since the savepoint. A statement that the database refused would else take all of it along: the
    /// commit of such a transaction keeps nothing, and does not say so.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn to_savepoint(&mut self) -> Result<(), DbError> {
        sqlx::raw_sql("rollback to savepoint step; release savepoint step").execute(self.conn()).await?;
        Ok(())
    }

    /// From here on, changes are recorded with this source.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_source(&mut self, source: Source) -> Result<(), DbError> {
        self.set("magfin.source", source.as_str()).await
    }

    /// From here on, changes are recorded as the taking back of `edit`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_undoes(&mut self, edit: EditId) -> Result<(), DbError> {
        self.set("magfin.undoes", &edit.to_string()).await
    }

    /// From here on, changes belong to `import`; summaries and search wait as for [`Self::set_bulk`].
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_import(&mut self, import: ImportId) -> Result<(), DbError> {
        self.set("magfin.import", &import.to_string()).await?;
        self.set_bulk().await
    }

    /// From here on, statements may take minutes, the summaries wait for [`crate::imports::refresh`] and the search for
    /// [`crate::imports::refresh_search`].
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_bulk(&mut self) -> Result<(), DbError> {
        self.set("statement_timeout", "10min").await?;
        self.set("idle_in_transaction_session_timeout", "10min").await?;
        self.set("magfin.defer_rollup", "on").await
    }

    /// From here on, changes are recorded with this reason.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_reason(&mut self, reason: &str) -> Result<(), DbError> {
        self.set("magfin.reason", reason).await
    }

    /// From here on, changes are recorded with this evidence (a JSON object; empty for none).
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_evidence(&mut self, evidence: &str) -> Result<(), DbError> {
        self.set("magfin.evidence", evidence).await
    }

    async fn set(&mut self, name: &str, value: &str) -> Result<(), DbError> {
        sqlx::query_scalar!("select set_config($1, $2, true)", name, value).fetch_one(self.conn()).await?;
        Ok(())
    }
}
