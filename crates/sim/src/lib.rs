//! Loopback counterparts of the vendors, with real behaviour, for the demo and for tests.
//!
//! Must never listen on anything but loopback, and must not know the product: what is here is what the vendor would do.
//!
//! | module | stands for |
//! |---|---|
//! | [`oidc`] | the portal's OpenID Connect provider |
//! | [`clerk`] | Clerk's key set and session tokens |
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod clerk;
pub mod keys;
pub mod oidc;
mod server;

pub use server::{Clock, SimError};
