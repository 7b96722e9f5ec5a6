//! Inclusion and consistency proofs, RFC 6962 sections 2.1.1 and 2.1.2; verification as in RFC 9162 2.1.3.2 and 2.1.4.2.

use std::collections::HashMap;
use std::convert::Infallible;

use super::hash::{Hash, node_hash};
use super::tree::{MAX_SIZE, Node, cover, fold};

/// Where the hashes of complete subtrees are kept.
pub trait HashReader {
    /// Why they could not be read.
    type Error;

    /// The hashes of these nodes, as many and in the same order.
    ///
    /// # Errors
    /// When one of them is not there or cannot be read.
    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, Self::Error>;
}

/// Why a proof does not hold, or none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E = Infallible> {
    /// No such leaf in a tree of that size.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf {
        /// Of the leaf, from 0.
        index: u64,
        /// Leaves.
        size: u64,
    },
    /// The older tree must have at least one leaf and not more than the newer.
    #[error("a tree of {new} leaves does not continue one of {old}: at least one, and not more, is needed")]
    Sizes {
        /// Leaves of the older tree.
        old: u64,
        /// Leaves of the newer.
        new: u64,
    },
    /// More or fewer hashes than such a proof has.
    #[error("the proof has {found} hashes, {expected} are needed")]
    Length {
        /// Of such a proof.
        expected: usize,
        /// In this one.
        found: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof does not lead to the root: the leaf, the proof or the tree is another")]
    Root,
    /// The stored hashes could not be read.
    #[error("the stored hashes could not be read")]
    Store(E),
    /// The reader gave more or fewer hashes than it was asked for.
    #[error("the store gave {found} hashes for {expected} nodes")]
    Answer {
        /// Nodes asked for.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
}

type Ranges = Vec<(u64, u64)>;

/// The largest power of two below `n`, which is at least 2.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The ranges of leaves whose roots prove `index`, nearest first.
fn inclusion_ranges(index: u64, size: u64) -> Ranges {
    let (mut low, mut high) = (0, size);
    let mut ranges = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            ranges.push((middle, high));
            high = middle;
        } else {
            ranges.push((low, middle));
            low = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The ranges of leaves whose roots prove that `new` leaves continue the first `old`.
fn consistency_ranges(old: u64, new: u64) -> Ranges {
    let (mut low, mut high) = (0, new);
    let mut ranges = Vec::new();
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            ranges.push((middle, high));
            high = middle;
        } else {
            ranges.push((low, middle));
            low = middle;
        }
    }
    if low != 0 {
        ranges.push((low, high));
    }
    ranges.reverse();
    ranges
}

/// Reads all that is needed at once, then hashes.
fn roots<R: HashReader>(ranges: &Ranges, reader: &R) -> Result<Vec<Hash>, ProofError<R::Error>> {
    let nodes: Vec<Vec<Node>> = ranges.iter().map(|(low, high)| cover(*low, *high)).collect();
    let wanted = nodes.concat();
    let hashes = reader.read(&wanted).map_err(ProofError::Store)?;
    if hashes.len() != wanted.len() {
        return Err(ProofError::Answer { expected: wanted.len(), found: hashes.len() });
    }
    let mut rest = &hashes[..];
    let mut roots = Vec::with_capacity(nodes.len());
    for range in nodes {
        let (peaks, later) = rest.split_at(range.len());
        roots.push(fold(peaks));
        rest = later;
    }
    Ok(roots)
}

fn leaf_in_tree<E>(index: u64, size: u64) -> Result<(), ProofError<E>> {
    if index < size && size <= MAX_SIZE { Ok(()) } else { Err(ProofError::NoSuchLeaf { index, size }) }
}

fn sizes_in_order<E>(old: u64, new: u64) -> Result<(), ProofError<E>> {
    if old >= 1 && old <= new && new <= MAX_SIZE { Ok(()) } else { Err(ProofError::Sizes { old, new }) }
}

/// Proves that leaf `index` is in the tree of the first `size` leaves.
///
/// # Errors
/// [`ProofError::NoSuchLeaf`], or what the reader says.
pub fn prove_inclusion<R: HashReader>(index: u64, size: u64, reader: &R) -> Result<Vec<Hash>, ProofError<R::Error>> {
    leaf_in_tree(index, size)?;
    roots(&inclusion_ranges(index, size), reader)
}

/// Proves that the tree of the first `new` leaves continues that of the first `old`.
///
/// # Errors
/// [`ProofError::Sizes`], or what the reader says.
pub fn prove_consistency<R: HashReader>(old: u64, new: u64, reader: &R) -> Result<Vec<Hash>, ProofError<R::Error>> {
    sizes_in_order(old, new)?;
    roots(&consistency_ranges(old, new), reader)
}

/// Checks that the leaf with this [`super::leaf_hash`] is number `index` in the tree with this size and root.
///
/// # Errors
/// [`ProofError::NoSuchLeaf`], [`ProofError::Length`], [`ProofError::Root`].
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    leaf_in_tree(index, size)?;
    let ranges = inclusion_ranges(index, size);
    if proof.len() != ranges.len() {
        return Err(ProofError::Length { expected: ranges.len(), found: proof.len() });
    }
    let climb = |below: Hash, ((low, _), beside): (&(u64, u64), &Hash)| {
        if *low > index { node_hash(&below, beside) } else { node_hash(beside, &below) }
    };
    let found = ranges.iter().zip(proof).fold(*leaf, climb);
    if found == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree with `new` leaves and `new_root` continues the one with `old` leaves and `old_root`.
///
/// # Errors
/// [`ProofError::Sizes`] (also for an empty older tree, of which nothing can be said), [`ProofError::Length`],
/// [`ProofError::Root`].
pub fn verify_consistency(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    sizes_in_order(old, new)?;
    let ranges = consistency_ranges(old, new);
    if proof.len() != ranges.len() {
        return Err(ProofError::Length { expected: ranges.len(), found: proof.len() });
    }
    // The last complete subtree of the older tree is where both climbs start: its root is in the proof unless it is the
    // whole older tree.
    let start_is_given = ranges.first().is_some_and(|(_, high)| *high == old);
    let (start, rest) = if start_is_given { (proof[0], 1) } else { (*old_root, 0) };
    let (mut old_found, mut new_found) = (start, start);
    for ((low, _), beside) in ranges.iter().zip(proof).skip(rest) {
        if *low >= old {
            new_found = node_hash(&new_found, beside);
        } else {
            old_found = node_hash(beside, &old_found);
            new_found = node_hash(beside, &new_found);
        }
    }
    if old_found == *old_root && new_found == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// A store in memory: what [`super::Frontier::append`] tells to keep.
#[derive(Debug, Default, Clone)]
pub struct MemoryStore(HashMap<Node, Hash>);

impl MemoryStore {
    /// Keeps the hash of a complete subtree.
    pub fn keep(&mut self, node: Node, hash: Hash) {
        self.0.insert(node, hash);
    }
}

impl HashReader for MemoryStore {
    type Error = Node;

    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, Node> {
        nodes.iter().map(|node| self.0.get(node).copied().ok_or(*node)).collect()
    }
}
