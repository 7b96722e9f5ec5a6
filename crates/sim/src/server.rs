//! What every counterpart shares: a clock from outside, a listener on loopback, a task that ends with its handle.

use std::net::SocketAddr;
use std::sync::Arc;

use aws_lc_rs::rand;
use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where a counterpart takes the time from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why a counterpart could not start or act.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The listener is bound to an address that others can reach.
    #[error("simulated vendors listen on loopback only: bind the listener to 127.0.0.1 or ::1")]
    NotLoopback,
    /// The listener has no address.
    #[error("listener has no local address")]
    Listener(#[source] std::io::Error),
    /// Key generation, signing or randomness failed.
    #[error("cryptographic operation failed")]
    Crypto,
}

/// A running server; ends when dropped.
pub(crate) struct Server {
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, router: Router) -> Self {
        let task = tokio::spawn(async move {
            // Serving ends with the task alone; accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
        Self { task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn loopback_address(listener: &TcpListener) -> Result<SocketAddr, SimError> {
    let address = listener.local_addr().map_err(SimError::Listener)?;
    if address.ip().is_loopback() { Ok(address) } else { Err(SimError::NotLoopback) }
}

/// 256 random bits in base64url.
pub(crate) fn random_text() -> Result<String, SimError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| SimError::Crypto)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
