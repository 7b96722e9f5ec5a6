//! The binary `magfin`.
fn main() {}
