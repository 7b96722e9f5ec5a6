//! What a query can fail with. Never carries a value of a row.

/// A failed query.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The row is not there, or is not yours to see.
    #[error("not found")]
    NotFound,
    /// A rule of the schema refused the write; the name says which.
    #[error("refused by {0}")]
    Refused(Refusal),
    /// The database cannot be reached, is shutting down, or has a disk that is full.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// Anything else: a defect of ours.
    #[error("query failed ({code})")]
    Internal {
        /// SQLSTATE, or the kind of failure.
        code: String,
        /// The constraint, where one is named.
        constraint: Option<String>,
    },
}

/// Which rule refused a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A unique key: this exists already.
    Duplicate(String),
    /// A foreign key: what the row points to is not there.
    Missing(String),
    /// A check: the value is outside its bounds.
    Check(String),
    /// Row-level security: this context may not write that.
    Forbidden,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Duplicate(name) => write!(f, "unique key {name}"),
            Self::Missing(name) => write!(f, "foreign key {name}"),
            Self::Check(name) => write!(f, "check {name}"),
            Self::Forbidden => f.write_str("row-level security"),
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(db) => {
                let code = db.code().unwrap_or_default().into_owned();
                let constraint = db.constraint().map(str::to_owned);
                let name = constraint.clone().unwrap_or_default();
                match code.as_str() {
                    "23505" => Self::Refused(Refusal::Duplicate(name)),
                    "23503" => Self::Refused(Refusal::Missing(name)),
                    "23514" | "22001" | "22003" => Self::Refused(Refusal::Check(name)),
                    "42501" => Self::Refused(Refusal::Forbidden),
                    // Shutting down, no connection left; and a disk that is full or refuses, which is no defect of ours.
                    "57P01" | "57P02" | "57P03" | "53300" | "53100" | "58030" | "55P03" => Self::Unavailable(error),
                    _ => Self::Internal { code, constraint },
                }
            }
            other => Self::Internal { code: kind(other).to_owned(), constraint: None },
        }
    }
}

fn kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "decode",
        sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnIndexOutOfBounds { .. } => "column",
        sqlx::Error::Protocol(_) => "protocol",
        sqlx::Error::Configuration(_) => "configuration",
        _ => "driver",
    }
}
