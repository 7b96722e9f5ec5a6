//! The web app, embedded: `/crm` → `/crm/`, pages fall back to the index, hashed assets never change, a missing asset
//! is 404 and never the index.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// The API with the web app and health beside it.
pub fn with_app(api: Router, health: Router) -> Router {
    let pages = Router::new()
        .route("/", get(|| async { Redirect::permanent("/crm/") }))
        .route("/crm", get(|| async { Redirect::permanent("/crm/") }))
        .route("/crm/", get(|headers: HeaderMap| async move { page(&headers) }))
        .route("/crm/{*path}", get(file));
    // The API's own layers put the security headers on these answers too.
    pages.layer(axum::middleware::map_response(secured)).merge(health.layer(axum::middleware::map_response(secured))).merge(api)
}

async fn secured(mut response: Response) -> Response {
    magfin_api::layers::security_headers(response.headers_mut());
    response
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let last = path.rsplit('/').next().unwrap_or_default();
    if !last.contains('.') {
        return page(&headers);
    }
    match encoded(&path, &headers) {
        Some((file, encoding)) => {
            answer(file, encoding, &path, if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" })
        }
        None => (StatusCode::NOT_FOUND, "not found").into_response(),
    }
}

fn page(headers: &HeaderMap) -> Response {
    match encoded("index.html", headers) {
        Some((file, encoding)) => answer(file, encoding, "index.html", "no-cache"),
        None => {
            (StatusCode::SERVICE_UNAVAILABLE, "The web app was not built into this program: run `npm run build` in web/ and build again.")
                .into_response()
        }
    }
}

/// The file in the best encoding that the browser takes, as it was compressed when the app was built.
fn encoded(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| accepts.split(',').any(|part| part.split(';').next().unwrap_or_default().trim() == name);
    for (name, extension) in [("br", "br"), ("gzip", "gz")] {
        if takes(name)
            && let Some(file) = Dist::get(&format!("{path}.{extension}"))
        {
            return Some((file, Some(if name == "br" { "br" } else { "gzip" })));
        }
    }
    Dist::get(path).map(|file| (file, None))
}

fn answer(file: EmbeddedFile, encoding: Option<&'static str>, path: &str, cache: &'static str) -> Response {
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
