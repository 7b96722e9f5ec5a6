//! The formats of the vault against published vectors, other readers and mutated bytes.
//! One program for all of them: it is linked once, and each test still runs in a process of its own under nextest.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod any_bytes;
mod bundle;
mod common;
mod decoders;
mod files;
mod go;
mod log_notes;
mod log_properties;
mod log_vectors;
mod wycheproof;
