//! Use cases: authorise, transact, orchestrate. Must not know HTTP.
