//! Errors on the wire: RFC 9457 problem details, one shape for all. A problem names the field, the limit and the remedy,
//! and repeats nothing that the caller did not send.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use magfin_app::AppError;
use magfin_domain::edit::FieldConflict;
use serde::Serialize;
use utoipa::openapi::{Ref, RefOr, Response as OpenApiResponse};
use utoipa::{IntoResponses, ToSchema};

/// A refused field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Problem details (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Identifies the kind of problem: `/problems/` and the code.
    pub r#type: String,
    /// The kind of problem in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and the remedy.
    pub detail: String,
    /// The kind of problem as one word.
    pub code: String,
    /// The request, to be quoted to support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Refused fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Conflicting fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FieldConflict>,
    /// The version the row has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_version: Option<i32>,
    /// For `Retry-After`.
    #[serde(skip)]
    pub retry_after_ms: Option<i32>,
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            r#type: format!("/problems/{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            request_id: None,
            errors: Vec::new(),
            conflicts: Vec::new(),
            current_version: None,
            retry_after_ms: None,
        }
    }

    /// The request cannot be read.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "The request cannot be read", detail)
    }

    /// One field was refused.
    #[must_use]
    pub fn field(pointer: String, message: String) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field was refused", format!("{pointer} {message}"));
        problem.errors.push(FieldProblem { pointer, message });
        problem
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let detail = error.to_string();
        match error {
            AppError::Unauthenticated => Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first", detail),
            AppError::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", "Your role may not do this", detail),
            AppError::StepUp => Self::new(StatusCode::FORBIDDEN, "step_up", "Confirm that it is you", detail),
            AppError::NotFound => Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "it is not there, or it is not yours to see"),
            AppError::Conflict { conflicts, current_version } => {
                let mut problem = Self::new(
                    StatusCode::CONFLICT,
                    "conflict",
                    "Somebody else changed the same field",
                    "compare both values, then send yours again with current_version, or take theirs",
                );
                (problem.conflicts, problem.current_version) = (conflicts, Some(current_version));
                problem
            }
            AppError::Clash(_) => Self::new(StatusCode::CONFLICT, "conflict", "This contradicts what is stored", detail),
            AppError::Invalid(errors) => {
                let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field was refused", detail);
                problem.errors = errors.into_iter().map(|e| FieldProblem { pointer: e.pointer, message: e.message }).collect();
                problem
            }
            AppError::RateLimited(wait_ms) => {
                let seconds = seconds(wait_ms);
                let mut problem =
                    Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "Too many requests", format!("try again in {seconds} s"));
                problem.retry_after_ms = Some(wait_ms);
                problem
            }
            AppError::Unavailable(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Something we depend on does not answer", detail)
            }
            AppError::Internal(cause) => {
                tracing::error!(cause, "internal error");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something went wrong on our side",
                    "quote the request id to support",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after_ms.map(seconds);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// Whole seconds, rounded up: a client that waits so long is let in.
fn seconds(wait_ms: i32) -> u32 {
    u32::try_from(wait_ms).unwrap_or(1).max(1).div_ceil(1000)
}

/// The problems that any operation may answer with, as its part of the document names them: each is described once, among the
/// document's components.
pub(crate) struct Problems;

impl Problems {
    /// What the document holds once: a name and its description, by status.
    pub(crate) fn components() -> impl Iterator<Item = (String, RefOr<OpenApiResponse>)> {
        Described::responses().into_iter().map(|(status, response)| (component(&status), response))
    }
}

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<OpenApiResponse>> {
        let reference = |status: &String| RefOr::Ref(Ref::from_response_name(component(status)));
        Described::responses().keys().map(|status| (status.clone(), reference(status))).collect()
    }
}

fn component(status: &str) -> String {
    format!("Problem{status}")
}

#[derive(IntoResponses)]
#[allow(dead_code, reason = "describes the answers in the OpenAPI document")]
enum Described {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The role may not do this, the request came from a foreign page, or the sign-in is too old for it (`step_up`).
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Not there, or not yours to see.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Contradicts what is stored.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// Larger than 1 MiB.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// Not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
    /// A field was refused.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Over the rate limit; `Retry-After` says how long.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// Something we depend on does not answer.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

pub(crate) async fn no_such_address() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not found", "there is nothing at this address")
}

pub(crate) async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take that method", "see /api/openapi.json")
}
