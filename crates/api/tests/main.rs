//! The HTTP surface as its callers meet it, over a real database.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod brain;
mod browser;
mod common;
mod edits;
mod enumeration;
mod families;
mod family_events;
mod hostile;
mod idempotency;
mod limits;
mod live;
mod many;
mod notes;
mod past;
mod reminders;
mod search;
mod sensitive;
mod sessions;
mod settings;
mod uploads;
mod work;
