//! The embedded PostgreSQL: find, install, start, stop.
