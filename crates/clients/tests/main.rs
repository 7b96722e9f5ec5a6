//! The outside: sign-in, objects and key services against their contracts, vectors and real counterparts.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod clerk_contract;
mod clerk_sign_in;
mod common;
mod jws_vectors;
mod keys;
mod mutated_tokens;
mod objects;
mod oidc_contract;
mod oidc_peer;
mod oidc_sign_in;
