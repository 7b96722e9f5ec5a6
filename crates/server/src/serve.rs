//! Serving: listeners, health, background work, and a stop that lets requests and jobs finish.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use magfin_api::{Api, Settings as ApiSettings};
use magfin_app::{App, AppError};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

use crate::config::Settings;
use crate::database::{self, Database, Embedded};
use crate::{product, telemetry, web};

/// How long requests and jobs may take to finish after a stop is asked for.
const DRAIN: Duration = Duration::from_secs(25);
/// How often objects that nothing points to are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// A process that has begun to stop; everything that loops watches it.
#[derive(Clone)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Returns when the process has begun to stop.
    pub async fn wait(&mut self) {
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// Begins to stop on SIGTERM or SIGINT.
pub fn on_signal() -> anyhow::Result<Stopping> {
    use tokio::signal::unix::{SignalKind, signal};
    let (tell, stopping) = watch::channel(false);
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        tracing::info!("stopping: letting requests and jobs finish");
        let _ = tell.send(true);
    });
    Ok(Stopping(stopping))
}

/// `magfin serve`.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let metrics = telemetry::start()?;
    let stopping = on_signal()?;
    let database = database::open(&settings).await?;
    let listener = listen(&settings).await?;
    let public = settings.public_url(listener.local_addr()?)?;
    run(&settings, database, listener, public, metrics, stopping).await
}

/// Binds the address to serve on.
pub async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    TcpListener::bind(settings.listen).await.with_context(|| format!("cannot listen on {}: choose another with --listen", settings.listen))
}

/// Serves until told to stop, then drains.
pub async fn run(
    settings: &Settings,
    database: Database,
    listener: TcpListener,
    public: Url,
    metrics: PrometheusHandle,
    stopping: Stopping,
) -> anyhow::Result<()> {
    let app = Arc::new(product::assemble(settings, database.db.clone(), Some(&public))?);
    erase_again(&app).await?;
    let api = Api {
        app: Arc::clone(&app),
        settings: Arc::new(ApiSettings {
            secure: public.scheme() == "https",
            allowed_origins: settings.allowed_origins.clone(),
            trusted_proxies: settings.trusted_proxies,
        }),
    };
    let ready = Arc::new(AtomicBool::new(true));
    let admin = TcpListener::bind(settings.admin_listen).await.with_context(|| format!("cannot listen on {}", settings.admin_listen))?;
    tracing::info!(address = %listener.local_addr()?, admin = %admin.local_addr()?, %public, "ready");
    tokio::spawn(serve_admin(admin, metrics, health(&app, &ready)));
    let work = tokio::spawn(work(Arc::clone(&app), stopping.clone()));
    tokio::spawn(listen_until_stopped(Arc::clone(&app), stopping.clone()));
    tokio::spawn(keep_logs_until_stopped(Arc::clone(&app), stopping.clone()));
    tokio::spawn(sweep_until_stopped(Arc::clone(&app), stopping.clone()));
    let embedded = database.embedded.map(Arc::new);
    if let Some(embedded) = &embedded {
        tokio::spawn(watch_embedded(Arc::clone(embedded)));
    }
    serve_until_stopped(listener, web::with_app(magfin_api::router(api), health(&app, &ready)), stopping, ready).await?;
    finish(work, &app).await;
    if let Some(embedded) = &embedded {
        embedded.stop();
    }
    tracing::info!("stopped");
    Ok(())
}

/// Erases again what the folder outside says was erased and this database remembers: it was restored from before that.
async fn erase_again(app: &App) -> anyhow::Result<()> {
    match app.replay_configured_erasures().await {
        Ok(0) => {}
        Ok(households) => tracing::warn!(households, "this database was set back: what was erased since was erased again"),
        Err(AppError::Invalid(refused)) => {
            let why = refused.first().map_or("a certificate of an erasure was refused", |e| e.message.as_str());
            bail!(
                "{why}; nothing is served before it is mended, or moved out of MAGFIN_CHECKPOINT_DIR by whoever knows that it is none of ours"
            )
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn serve_until_stopped(listener: TcpListener, router: Router, stopping: Stopping, ready: Arc<AtomicBool>) -> anyhow::Result<()> {
    let mut drain = stopping.clone();
    let mut stop = stopping;
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.wait().await;
        ready.store(false, Ordering::Relaxed);
    });
    tokio::select! {
        served = server => served?,
        () = async { drain.wait().await; tokio::time::sleep(DRAIN).await } => tracing::warn!("some requests did not finish within 25 s"),
    }
    Ok(())
}

/// Hears of changes in the database; a stop ends the streams that wait for them, which would never finish by themselves.
async fn listen_until_stopped(app: Arc<App>, mut stopping: Stopping) {
    tokio::select! { () = app.listen() => {}, () = stopping.wait() => app.close_streams() }
}

/// Gives what happened its place in the audit log. A step that is called off leaves nothing, and the next process goes on.
async fn keep_logs_until_stopped(app: Arc<App>, mut stopping: Stopping) {
    tokio::select! { () = app.keep_logs() => {}, () = stopping.wait() => {} }
}

/// Removes objects that killed writes have left behind, and counters of requests that count nothing, once an hour.
async fn sweep_until_stopped(app: Arc<App>, mut stopping: Stopping) {
    loop {
        match app.sweep_objects().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "objects that nothing points to were removed"),
            Err(error) => tracing::warn!(%error, "objects cannot be swept"),
        }
        if let Err(error) = app.forget_rates().await {
            tracing::warn!(%error, "counters of requests cannot be forgotten");
        }
        tokio::select! { () = tokio::time::sleep(SWEEP_EVERY) => {}, () = stopping.wait() => return }
    }
}

async fn finish(work: tokio::task::JoinHandle<()>, app: &App) {
    let _ = tokio::time::timeout(DRAIN, work).await;
    let _ = tokio::time::timeout(Duration::from_secs(5), app.db.close()).await;
}

/// The embedded PostgreSQL is ours alone: when it dies, so do we, and whoever supervises us starts both again.
async fn watch_embedded(embedded: Arc<Embedded>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if !embedded.is_alive() {
            tracing::error!("the embedded PostgreSQL has died");
            std::process::exit(70);
        }
    }
}

/// Does background work until told to stop; a job that has begun is finished.
async fn work(app: Arc<App>, mut stopping: Stopping) {
    loop {
        let idle = match app.run_one_job().await {
            Ok(true) => continue,
            Ok(false) => Duration::from_millis(500),
            Err(error) => {
                tracing::warn!(%error, "jobs cannot be claimed");
                Duration::from_secs(5)
            }
        };
        tokio::select! { () = tokio::time::sleep(idle) => {}, () = stopping.wait() => return }
    }
}

/// `magfin worker`.
pub async fn worker(settings: Settings) -> anyhow::Result<()> {
    let _metrics = telemetry::start()?;
    let stopping = on_signal()?;
    let database = database::join(&settings).await?;
    let app = Arc::new(product::assemble(&settings, database.db.clone(), None)?);
    tracing::info!("working");
    tokio::spawn(keep_logs_until_stopped(Arc::clone(&app), stopping.clone()));
    work(Arc::clone(&app), stopping).await;
    app.db.close().await;
    Ok(())
}

/// `/healthz`: this process answers. `/readyz`: it should get requests, because the database answers and it is not stopping.
fn health(app: &Arc<App>, ready: &Arc<AtomicBool>) -> Router {
    let (app, ready) = (Arc::clone(app), Arc::clone(ready));
    Router::new().route("/healthz", get(|| async { "ok" })).route(
        "/readyz",
        get(move || async move {
            if ready.load(Ordering::Relaxed) && app.db.answers().await {
                (StatusCode::OK, "ready")
            } else {
                (StatusCode::SERVICE_UNAVAILABLE, "not ready")
            }
        }),
    )
}

async fn serve_admin(listener: TcpListener, metrics: PrometheusHandle, health: Router) {
    let router = health.route("/metrics", get(move || async move { metrics.render() }));
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the admin port is closed");
    }
}
