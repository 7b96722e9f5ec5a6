//! The outside world: every call that leaves the process is made here.
//!
//! Must not know the database, the HTTP API or a use case. Nothing in here reads a clock: callers pass `now`.
//!
//! | module | what it is for |
//! |---|---|
//! | [`http`] | the one place that builds an HTTP client |
//! | [`keys`] | the firms' keys, which wrap the households' |
//! | [`objects`] | bytes kept in a directory, in S3 or in Azure Blob Storage |
//! | [`oidc`] | sign-in at an OpenID Connect provider (the portal) |
//! | [`clerk`] | verification of Clerk session and template tokens |
//! | [`jwks`], [`token`] | what the two share: key sets and strict signed tokens |
//! | [`identity`] | what both hand to the caller |
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod cache;
pub mod clerk;
#[cfg(test)]
#[allow(dead_code, reason = "the crate's own tests read cases; what compares verdicts is for those outside")]
#[path = "../tests/common/contract.rs"]
mod contract;
pub mod http;
pub mod identity;
pub mod jwks;
pub mod keys;
pub mod objects;
pub mod oidc;
mod strict_json;
pub mod token;
mod weak_rsa;

pub use identity::Identity;
