//! Pure cryptography of magfin. Must not know the database, HTTP or where files are kept.
//!
//! * [`mod@column`]: a column value sealed for the firm, table, column and row it was made for.
//! * [`token`]: bearer tokens and their hashes.
//! * [`mod@file`]: files at rest, chunk by chunk, bound to what they are; [`key`] and [`wrap`]: the keys under which they are.
//! * [`log`]: the append-only audit log: Merkle tree, tiles, proofs, signed notes and checkpoints.
//! * [`bundle`]: what is exported, so that anybody can check it without us.
//! * [`primitive`]: the ciphers and hashes, each in the one form that is used.

pub mod bundle;
pub mod column;
pub mod file;
pub mod key;
pub mod log;
pub mod primitive;
pub mod token;
pub mod wrap;
