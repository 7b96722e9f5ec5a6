//! The embedded PostgreSQL and what may happen to it.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod backup;
mod common;
mod crash;
mod fetch;
mod lifecycle;
mod refusals;
