//! HTTP of magfin: routes, extractors, views, problem+json, OpenAPI. Must not know SQL, and decides nothing: a handler
//! parses, calls one use case and shows what came back.
#![allow(clippy::result_large_err, reason = "a problem is made at most once a request; a box would cost every signature")]

pub mod api_keys;
pub mod audit;

pub mod auth;
mod brain;
pub mod bulk;
pub mod directory;
pub mod edits;
pub mod extract;
pub mod facts;
pub mod families;
pub mod family_events;
pub mod feedback;
pub mod households;
pub mod imports;
pub mod layers;
pub mod live;
pub mod note_templates;
pub mod notes;
pub mod notifications;
pub mod open_loops;
pub mod openapi;
pub mod people;
pub mod problem;
pub mod profile;
pub mod retention;
pub mod search;
pub mod tasks;
pub mod teams;
pub mod tiers;
pub mod today;
pub mod uploads;
pub mod users;
pub mod views;

use std::sync::Arc;

use axum::Router;
use magfin_app::App;
use utoipa_axum::router::OpenApiRouter;

/// What the HTTP side is configured with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether browsers reach us over https; decides the cookie's name and its `Secure` mark.
    pub secure: bool,
    /// Origins beside our own that may call us from a browser, compared exactly.
    pub allowed_origins: Vec<String>,
    /// How many proxies of our own stand in front; as many addresses at the end of `X-Forwarded-For` were written by them.
    pub trusted_proxies: u8,
}

/// What every handler can reach.
#[derive(Debug, Clone)]
pub struct Api {
    /// The use cases.
    pub app: Arc<App>,
    /// Settings.
    pub settings: Arc<Settings>,
}

/// Every route with its description; the host adds [`layers::wrap`].
#[must_use]
pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(openapi::info())
        .merge(auth::routes())
        .merge(directory::routes())
        .merge(households::routes())
        .merge(people::routes())
        .merge(facts::routes())
        .merge(families::routes())
        .merge(family_events::routes())
        .merge(edits::routes())
        .merge(imports::routes())
        .merge(live::routes())
        .merge(bulk::routes())
        .merge(views::routes())
        .merge(tasks::routes())
        .merge(open_loops::routes())
        .merge(today::routes())
        .merge(profile::routes())
        .merge(users::routes())
        .merge(teams::routes())
        .merge(tiers::routes())
        .merge(api_keys::routes())
        .merge(audit::routes())
        .merge(brain::routes())
        .merge(search::routes())
        .merge(uploads::routes())
        .merge(notes::routes())
        .merge(notifications::routes())
        .merge(note_templates::routes())
        .merge(retention::routes())
        .merge(feedback::routes())
}

/// The finished router, which a host may nest, with everything that belongs to every answer.
pub fn router(api: Api) -> Router {
    let (router, spec) = routes().split_for_parts();
    let spec = Arc::new(spec.to_pretty_json().unwrap_or_default());
    let router = router
        .route("/api/openapi.json", axum::routing::get(move || openapi::serve(Arc::clone(&spec))))
        .fallback(problem::no_such_address)
        .method_not_allowed_fallback(problem::no_such_method);
    layers::wrap(router, &api).with_state(api)
}
