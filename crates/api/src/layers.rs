//! What belongs to every answer: request id, one log line, metrics, security headers, CORS, size limit, panics caught.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::Instrument;
use uuid::Uuid;

use crate::extract::RequestId;
use crate::problem::Problem;
use crate::{Api, Settings};

/// Largest JSON body: 1 MiB.
pub const BODY_LIMIT: usize = 1_048_576;
/// Longest that an operation may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts everything around the routes.
pub fn wrap(router: Router<Api>, api: &Api) -> Router<Api> {
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(cors(&api.settings))
        .layer(middleware::from_fn_with_state(api.clone(), observe))
}

fn panicked() -> Response {
    // What was thrown may hold a client's data: only that it happened is told.
    tracing::error!("a handler panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side", "quote the request id to support")
        .into_response()
}

fn cors(settings: &Settings) -> CorsLayer {
    let list: Vec<HeaderValue> = settings.origins().filter_map(|o| o.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(list))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::CONTENT_TYPE, HeaderName::from_static("idempotency-key"), X_REQUEST_ID])
}

/// One log line and one measurement a request; the address is logged as its template, never with its values.
async fn observe(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&X_REQUEST_ID).and_then(|v| v.to_str().ok()).and_then(|v| Uuid::parse_str(v).ok());
    let id = given.unwrap_or_else(|| new_id(&api));
    request.extensions_mut().insert(RequestId(id));
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "unmatched".to_owned(), |p| p.as_str().to_owned());
    let method = known_method(request.method());
    let span = tracing::info_span!("request", request_id = %id, method, route, user = tracing::field::Empty);
    let started = Instant::now();
    let answer = tokio::time::timeout(TIME_LIMIT, next.run(request)).instrument(span.clone()).await;
    let mut response = answer.unwrap_or_else(|_| Problem::from(magfin_app::AppError::Unavailable("an answer in time")).into_response());
    if response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v == "application/problem+json") {
        response = with_request_id(response, id).await;
    }
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    span.in_scope(|| tracing::info!(status, ms = elapsed.as_secs_f64() * 1e3, "answered"));
    metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("http_request_seconds", "method" => method, "route" => route).record(elapsed.as_secs_f64());
    secure(&mut response, &api, id);
    response
}

/// A method as a label: what a stranger invents is not repeated.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn new_id(api: &Api) -> Uuid {
    let now = api.app.now().0;
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, u32::try_from(now.subsec_nanosecond()).unwrap_or_default()))
}

/// Problems are small, so reading one whole to add the id costs nothing.
async fn with_request_id(response: Response, id: Uuid) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    problem["request_id"] = serde_json::Value::String(id.to_string());
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, problem.to_string().into())
}

fn secure(response: &mut Response, api: &Api, id: Uuid) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(X_REQUEST_ID, value);
    }
    if api.settings.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    security_headers(headers);
}

/// The headers of every answer, a page of the web app included. What is set already stays.
pub fn security_headers(headers: &mut HeaderMap) {
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(self)");
    default(header::CACHE_CONTROL, "no-store");
}
