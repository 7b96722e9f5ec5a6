//! Today's layout, read from trees that are right, damaged or made to be awkward.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod archives;
mod brain_files;
mod common;
mod generated;
mod mutations;
mod patch_rules;
mod replay;
mod row_rules;
mod sample_book;
