//! Logs and metrics. Logs are JSON lines with the request id; a panic tells where, never what.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error and returns the metrics.
pub fn start() -> anyhow::Result<PrometheusHandle> {
    let filter = EnvFilter::try_from_env("MAGFIN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // A panic message may hold a client's data: log the place only.
    std::panic::set_hook(Box::new(|info| {
        let at = info.location().map_or_else(String::new, |l| format!("{}:{}", l.file(), l.line()));
        tracing::error!(at, "panic");
    }));
    let metrics = PrometheusBuilder::new()
        .set_buckets(&[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])?
        .install_recorder()?;
    metrics::describe_counter!("http_requests_total", "Requests by method, route template and status");
    metrics::describe_histogram!("http_request_seconds", metrics::Unit::Seconds, "Time to answer");
    Ok(metrics)
}
