//! Use cases over a real database: what they do, refuse and leave behind.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod audit;
mod audit_bundle;
mod audit_outside;
mod brain;
mod brain_folders;
mod brain_import;
mod brain_verify;
mod erasure;
mod holds;
mod imports;
mod jobs;
mod replay;
mod retention;
mod search;
