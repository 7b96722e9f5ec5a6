//! What the database itself keeps: isolation, edits, jobs, live updates.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod called_off;
mod door;
mod edits;
mod isolation;
mod jobs;
mod live;
mod search;
