//! The binary as a process: started, killed, cut from its power, backed up, restored.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod audit;
mod brain;
mod common;
mod disk;
mod drill;
mod forgotten;
mod import;
mod keys;
mod power;
mod serve;
