//! The append-only audit log, in public formats, so that what is exported can be checked with other people's tools.
//!
//! * [`struct@Hash`], [`leaf_hash`], [`node_hash`], [`Frontier`]: the Merkle tree of RFC 6962.
//! * [`proof`]: that a leaf is in a tree, and that one tree continues another; made from stored [`Node`]s.
//! * [`leaf`]: what a leaf of a firm's log says; [`edge`]: the tree's right edge, for a store of whole tiles.
//! * [`tile`], [`entries`]: the tree and its leaves as static files (<https://c2sp.org/tlog-tiles>).
//! * [`key`], [`note`]: text with Ed25519 signatures (<https://c2sp.org/signed-note>) and the cosignatures of witnesses
//!   (<https://c2sp.org/tlog-cosignature>).
//! * [`witness`]: what an outside key says of checkpoints.
//! * [`checkpoint`], [`sealed`]: a signed tree head (<https://c2sp.org/tlog-checkpoint>), and one file that proves offline
//!   that something was logged (<https://c2sp.org/tlog-proof>).
//!
//! Our own code: the crates at hand name tiles after another scheme, know neither cosignatures nor proofs, and would bring a
//! second implementation of Ed25519 and SHA-256. Must not know where anything is kept.

pub mod checkpoint;
pub mod edge;
pub mod entries;
mod hash;
pub mod key;
pub mod leaf;
pub mod note;
pub mod proof;
pub mod sealed;
pub mod tile;
mod tree;
pub mod witness;

pub use hash::{Hash, HashError, leaf_hash, node_hash};
pub use tree::{Frontier, MAX_SIZE, Node, TreeError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Base64 with padding, the one way to write it.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads what [`to_base64`] writes and nothing else: no missing padding, no stray last bits, no other alphabet.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A decimal number without sign or leading zero, at most [`MAX_SIZE`].
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    let value = text.parse().ok().filter(|_| plain)?;
    (value <= MAX_SIZE).then_some(value)
}
