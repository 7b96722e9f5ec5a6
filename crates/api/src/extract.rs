//! Extractors: who asks, and what they sent. Every refusal is a problem that names the field and the limit.

use std::net::IpAddr;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum_extra::extract::CookieJar;
use magfin_app::facts::IdempotencyKey;
use magfin_app::live::Stream;
use magfin_app::{AppError, Caller, Op};
use magfin_domain::ids::UserId;
use magfin_domain::live::Cursor;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::problem::Problem;
use crate::{Api, Settings};

/// The id of a request: ours, or a UUID that the caller gave in `x-request-id`.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

/// A known caller within their rate. Without a session or key: 401.
#[derive(Debug, Clone)]
pub struct Authed {
    api: Api,
    caller: Caller,
    token: SecretString,
}

impl Authed {
    /// The operation to call a use case on.
    #[must_use]
    pub fn op(&self) -> Op<'_> {
        Op::new(&self.api.app, &self.caller)
    }

    /// A stream of what changes, which lasts no longer than the session or key.
    pub(crate) async fn stream(&self, cursor: Option<Cursor>) -> Result<Stream, AppError> {
        self.api.app.stream(&self.caller, &self.token, cursor).await
    }
}

impl Settings {
    /// The name of the session cookie.
    #[must_use]
    pub fn session_cookie(&self) -> &'static str {
        // A `__Host-` cookie needs `Secure`, which plain http on loopback cannot have.
        if self.secure { "__Host-magfin" } else { "magfin_session" }
    }

    /// The origins on the list that can be one. `null` is what a sandboxed page of anybody sends, and patterns never match.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &str> {
        self.allowed_origins.iter().map(String::as_str).filter(|origin| *origin != "null" && !origin.contains('*'))
    }

    /// The name of the cookie that binds a sign-in to the browser it started in.
    #[must_use]
    pub fn flow_cookie(&self) -> &'static str {
        if self.secure { "__Host-magfin-flow" } else { "magfin_flow" }
    }
}

pub(crate) fn request_id(parts: &Parts) -> Uuid {
    parts.extensions.get::<RequestId>().map_or_else(Uuid::nil, |id| id.0)
}

/// Where a request comes from: the address of the connection, or the one that the outermost proxy of our own saw. What stands
/// further left in `X-Forwarded-For` is written by whoever asks (RFC 7239 § 8.1).
fn peer(parts: &Parts, settings: &Settings) -> Option<IpAddr> {
    let connection = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|peer| peer.0.ip());
    let lines = parts.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let forwarded: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let seen = usize::from(settings.trusted_proxies).checked_sub(1).and_then(|behind| forwarded.iter().rev().nth(behind));
    seen.and_then(|text| text.parse().ok()).or(connection)
}

/// A change that a browser makes with a cookie must come from a page of ours (OWASP CSRF: check the origin).
fn from_own_page(parts: &Parts, settings: &Settings) -> bool {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &header::HeaderName| parts.headers.get(name).and_then(|v| v.to_str().ok());
    match (text(&header::ORIGIN), text(&header::HOST)) {
        (Some(origin), host) => {
            let own = origin.split_once("://").map(|(_, rest)| rest);
            (own.is_some() && own == host) || settings.origins().any(|allowed| allowed == origin)
        }
        // Browsers send `Origin` with every change; without one it is no browser page at all.
        (None, _) => parts.headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

impl FromRequestParts<Api> for Authed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let bearer =
            parts.headers.get(header::AUTHORIZATION).map(|v| v.to_str().ok().and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default());
        let token = match bearer {
            Some(key) => SecretString::from(key.to_owned()),
            None => {
                let jar = CookieJar::from_headers(&parts.headers);
                let cookie = jar.get(api.settings.session_cookie()).ok_or(AppError::Unauthenticated)?;
                if !from_own_page(parts, &api.settings) {
                    return Err(Problem::new(
                        StatusCode::FORBIDDEN,
                        "forbidden",
                        "Refused",
                        "this change did not come from a page of this site",
                    ));
                }
                SecretString::from(cookie.value().to_owned())
            }
        };
        let principal = match api.app.enter(&token).await {
            // Guessing tokens is what a stranger does.
            Err(AppError::Unauthenticated) => {
                api.app.enter_unknown(peer(parts, &api.settings)).await?;
                return Err(AppError::Unauthenticated.into());
            }
            known => known?,
        };
        if bearer.is_none() && !is_page_of(parts, principal.user) {
            return Err(AppError::Unauthenticated.into());
        }
        tracing::Span::current().record("user", principal.user.to_string());
        Ok(Self { api: api.clone(), caller: Caller { principal, request_id: request_id(parts) }, token })
    }
}

/// Names the user for whom a page was loaded.
const PAGE_USER: &str = "x-page-user";

/// Whether the page that asks is that of the user whose cookie it sends. A browser may change hands in another tab: what somebody wrote on
/// their page is never sent in the name of whoever signed in after them. A page that says nothing has not asked who it is yet.
fn is_page_of(parts: &Parts, user: UserId) -> bool {
    parts.headers.get(PAGE_USER).is_none_or(|said| said.to_str().is_ok_and(|said| said.parse() == Ok(user.0)))
}

/// Somebody unknown, within the rate of their address.
#[derive(Debug, Clone, Copy)]
pub struct Stranger {
    /// The request.
    pub request_id: Uuid,
}

impl FromRequestParts<Api> for Stranger {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        api.app.enter_unknown(peer(parts, &api.settings)).await?;
        Ok(Self { request_id: request_id(parts) })
    }
}

/// A JSON body of at most 1 MiB, with the caller's idempotency key. Unknown fields are refused.
#[derive(Debug)]
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// From `Idempotency-Key`, with a hash of the request.
    pub key: Option<IdempotencyKey>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.split(';').next().unwrap_or("").trim() == "application/json");
        if !json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "The body is not JSON",
                "send Content-Type: application/json",
            ));
        }
        let name = request.headers().get("idempotency-key").map(|v| v.to_str().unwrap_or_default().to_owned());
        let target = format!("{} {}\n", request.method(), request.uri().path());
        let bytes = Bytes::from_request(request, state).await.map_err(unreadable)?;
        let key = name.map(|name| idempotency_key(name, &target, &bytes)).transpose()?;
        Ok(Self { value: read_json(&bytes)?, key })
    }
}

fn unreadable(rejection: BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too large", "the limit is 1 MiB (1,048,576 bytes)")
    } else {
        Problem::malformed("the body ended early")
    }
}

fn idempotency_key(key: String, target: &str, body: &[u8]) -> Result<IdempotencyKey, Problem> {
    if key.is_empty() || key.len() > 200 || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Problem::malformed("Idempotency-Key must be 1 to 200 visible ASCII characters"));
    }
    let mut request = target.as_bytes().to_vec();
    request.extend_from_slice(body);
    Ok(IdempotencyKey::new(key, &request))
}

/// Reads JSON; a refused value is named by its pointer, and the value itself is not repeated.
fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::malformed("the body is not UTF-8"));
    }
    // serde would also take the fields from an array, in their order; the description says object.
    if bytes.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|first| b"[\"-0123456789tfn".contains(first)) {
        return Err(Problem::field(String::new(), "the body must be a JSON object".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        if inner.is_syntax() || inner.is_eof() {
            return Problem::malformed(format!("the body is not JSON: line {}, column {}", inner.line(), inner.column()));
        }
        let path = error.path().to_string();
        let pointer =
            if path == "." { String::new() } else { format!("/{}", path.replace(['.', '['], "/").replace(']', "").replace("//", "/")) };
        field_problem(pointer, &inner.to_string())
    })?;
    reader.end().map_err(|_| Problem::malformed("there is more after the end of the JSON body"))?;
    Ok(value)
}

/// serde repeats what it was given (`invalid type: string "Ellen"`); a client's data does not belong in an error.
fn field_problem(pointer: String, message: &str) -> Problem {
    let message = message.rsplit_once(" at line ").map_or(message, |(head, _)| head);
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        // The pointer ends with the unknown name already.
        let known: Vec<String> = message.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        return Problem::field(pointer, format!("is not a field here; known are: {}", known.join(", ")));
    }
    if message.starts_with("missing field") {
        return Problem::field(format!("{pointer}/{}", quoted(message)), "is needed".to_owned());
    }
    if message.starts_with("unknown variant") {
        let known: Vec<String> = message.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        return Problem::field(pointer, format!("must be one of: {}", known.join(", ")));
    }
    if let Some((_, expected)) = message.split_once(", expected ") {
        return Problem::field(pointer, format!("has the wrong type: expected {expected}"));
    }
    Problem::field(pointer, message.to_owned())
}

/// Path parameters.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Api> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let read: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, api).await;
        read.map(|Path(id)| Self(id)).map_err(|_| Problem::malformed("an id in the address is not a UUID"))
    }
}

/// Query parameters; unknown ones are refused.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Api> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, api).await;
        read.map(|Query(params)| Self(params))
            .map_err(|_| Problem::malformed("a query parameter is unknown, or its value is outside its bounds; see /api/openapi.json"))
    }
}

/// How many rows of a list: 1 to 200, 50 unless said otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub i64);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> serde::Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let limit = i64::deserialize(d)?;
        if (1..=200).contains(&limit) { Ok(Self(limit)) } else { Err(serde::de::Error::custom("must lie between 1 and 200")) }
    }
}
