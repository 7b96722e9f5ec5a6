//! Pure cryptography of magfin. Must not know the database, HTTP or files.
//!
//! For now: sealed columns. A column value is AES-256-GCM under a key derived for the firm, bound to the firm, table,
//! column and row it was made for, so that a ciphertext moved elsewhere does not open.

pub mod column;
pub mod token;
