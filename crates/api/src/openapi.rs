//! The OpenAPI 3.1 document: what it says beside the operations.

use std::sync::Arc;

use axum::http::header;
use axum::response::IntoResponse;
use magfin_domain::live::{Change, Present};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::{Problem, Problems};

pub(crate) fn info() -> OpenApi {
    let mut info = Info::new("magfin", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Client relationships of a wealth-management firm. Money is a decimal in text, days are YYYY-MM-DD, moments are RFC 3339 in UTC. \
         Every operation names in x-permission what the caller's role must hold. Another firm's or team's row is 404, as is one that is not there."
            .to_owned(),
    );
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-magfin")));
    let api_key =
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("from `magfin token create`")).build());
    // Every answer names the problem document; the derive of a set of answers does not bring its schemas along.
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    // What the stream of live updates carries; a stream has no schema of its own.
    schemas.push((Change::name().into_owned(), Change::schema()));
    schemas.push((Present::name().into_owned(), Present::schema()));
    let components =
        ComponentsBuilder::new().schemas_from_iter(schemas).security_scheme("session", session).security_scheme("api_key", api_key);
    let components = Problems::components().fold(components, |all, (name, response)| all.response(name, response));
    OpenApiBuilder::new().info(info).components(Some(components.build())).build()
}

/// The whole document, for `magfin openapi`.
#[must_use]
pub fn document() -> OpenApi {
    crate::routes().split_for_parts().1
}

pub(crate) async fn serve(spec: Arc<String>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], spec.as_str().to_owned())
}
