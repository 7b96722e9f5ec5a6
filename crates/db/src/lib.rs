//! All SQL. Must not know HTTP.
