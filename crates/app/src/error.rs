//! What a use case can fail with; the API maps each to one answer. Carries no client data but what the caller sent.

use magfin_db::error::{DbError, Refusal};
use magfin_domain::edit::FieldConflict;
use magfin_domain::role::Permission;

/// A field that was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A failed use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// The role may not do this.
    #[error("your role may not do this: it needs {0:?}")]
    Forbidden(Permission),
    /// The sign-in is too old for this: the person must prove again who they are.
    #[error("confirm that it is you: sign in again at your identity provider, then repeat this")]
    StepUp,
    /// Not there, or not yours to see: the same answer.
    #[error("not found")]
    NotFound,
    /// Others changed the same fields since.
    #[error("somebody else changed the same field")]
    Conflict {
        /// Field by field.
        conflicts: Vec<FieldConflict>,
        /// The version the row has now.
        current_version: i32,
    },
    /// The request contradicts what is stored.
    #[error("{0}")]
    Clash(String),
    /// Fields were refused.
    #[error("{}", .0.first().map_or("a field was refused", |e| e.message.as_str()))]
    Invalid(Vec<FieldError>),
    /// Over the rate limit; try again after so many milliseconds.
    #[error("too many requests")]
    RateLimited(i32),
    /// Something we depend on does not answer.
    #[error("{0} is not available; try again in a moment")]
    Unavailable(&'static str),
    /// A defect of ours; the code says where to look.
    #[error("internal error ({0})")]
    Internal(String),
}

impl AppError {
    /// One refused field.
    #[must_use]
    pub fn field(pointer: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { pointer: pointer.to_owned(), message: message.into() }])
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            // A row that row-level security refuses does not exist for the caller.
            DbError::NotFound | DbError::Refused(Refusal::Forbidden) => Self::NotFound,
            DbError::Refused(Refusal::Missing(key)) => Self::field(&pointer_of(&key, "_fkey"), "there is no such row"),
            DbError::Refused(Refusal::Duplicate(key)) => Self::Clash(format!("this exists already ({key})")),
            DbError::Refused(Refusal::Check(rule)) if rule == "households_hold" => Self::Clash(crate::retention::HELD.to_owned()),
            DbError::Refused(Refusal::Check(rule)) if rule == "tasks_evidence" => Self::Clash(crate::work::WITHOUT_EVIDENCE.to_owned()),
            DbError::Refused(Refusal::Check(check)) => {
                Self::field(&pointer_of(&check, "_check"), "is outside its bounds, or contradicts another field")
            }
            DbError::Unavailable(_) => Self::Unavailable("the database"),
            DbError::Internal { code, constraint } => Self::Internal(format!("db {code} {}", constraint.unwrap_or_default())),
        }
    }
}

/// The field that a constraint's name ends with: `tasks_firm_id_assignee_id_fkey` names `/assignee_id`.
fn pointer_of(constraint: &str, suffix: &str) -> String {
    let name = constraint.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix(suffix).unwrap_or("");
    match name.rsplit_once("firm_id_").map_or(name, |(_, tail)| tail) {
        "" => String::new(),
        tail => format!("/{}", tail.strip_prefix("household_id_").unwrap_or(tail)),
    }
}

#[cfg(test)]
mod tests {
    use super::pointer_of;

    #[test]
    fn a_missing_row_is_named_by_the_field_that_points_to_it() {
        assert_eq!(pointer_of("tasks_firm_id_assignee_id_fkey", "_fkey"), "/assignee_id");
        assert_eq!(pointer_of("balances_firm_id_household_id_account_id_fkey", "_fkey"), "/account_id");
        assert_eq!(pointer_of("", "_fkey"), "");
    }
}
