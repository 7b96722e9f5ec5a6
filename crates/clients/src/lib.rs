//! The outside world. Must not know the database.
