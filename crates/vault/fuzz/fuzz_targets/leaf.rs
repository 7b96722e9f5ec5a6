//! Any bytes against one decoder, see `tests/decoders`.
#![no_main]

#[path = "../../tests/decoders/mod.rs"]
mod decoders;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| decoders::log_leaf(bytes));
