//! The right edge of the tree: all that appending needs, in O(log n).

use super::hash::{Hash, node_hash};
use super::proof::{HashReader, ProofError};

/// Leaves that a tree may have; other implementations count in signed 64-bit integers.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// A complete subtree: leaves `index · 2^level` to `(index + 1) · 2^level`. Once it is there it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Height; 0 is a leaf.
    pub level: u8,
    /// Which of that height, from 0.
    pub index: u64,
}

/// The tree cannot be continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The stored hashes do not make up a tree of that size.
    #[error("a tree of {size} leaves has {expected} complete subtrees at its edge, {found} were given")]
    Peaks {
        /// Leaves.
        size: u64,
        /// How many there must be: one per bit set in `size`.
        expected: u32,
        /// How many there were.
        found: usize,
    },
    /// The tree has [`MAX_SIZE`] leaves, or would have more.
    #[error("the tree is full: 2^63 - 1 leaves is the limit")]
    Full,
}

/// The complete subtrees that cover a range of leaves that starts where one of at least its size may start.
pub(crate) fn cover(mut low: u64, high: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    while low < high {
        let level = (high - low).ilog2();
        nodes.push(Node { level: level.to_le_bytes()[0], index: low >> level });
        low += 1 << level;
    }
    nodes
}

/// The root over complete subtrees, given from left to right.
pub(crate) fn fold(peaks: &[Hash]) -> Hash {
    let Some((last, left)) = peaks.split_last() else { return Hash::empty() };
    left.iter().rev().fold(*last, |right, left| node_hash(left, &right))
}

/// A tree of which only the right edge is known: enough for its root and for appending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self { size: 0, peaks: Vec::with_capacity(64) }
    }

    /// Continues a tree whose edge was kept: the hashes of [`Self::peaks`], largest subtree first.
    ///
    /// # Errors
    /// [`TreeError`] when there are more or fewer hashes than such a tree has.
    pub fn restore(size: u64, peaks: Vec<Hash>) -> Result<Self, TreeError> {
        if size > MAX_SIZE {
            return Err(TreeError::Full);
        }
        if peaks.len() != size.count_ones() as usize {
            return Err(TreeError::Peaks { size, expected: size.count_ones(), found: peaks.len() });
        }
        Ok(Self { size, peaks })
    }

    /// Continues a tree whose nodes are stored. Compare [`Self::root`] with a checkpoint before trusting it.
    ///
    /// # Errors
    /// [`ProofError::Store`] with what the reader says, [`ProofError::Answer`] when it gives more or fewer hashes.
    pub fn read<R: HashReader>(size: u64, reader: &R) -> Result<Self, ProofError<R::Error>> {
        let nodes = cover(0, size);
        let peaks = reader.read(&nodes).map_err(ProofError::Store)?;
        if peaks.len() == nodes.len() {
            Ok(Self { size, peaks })
        } else {
            Err(ProofError::Answer { expected: nodes.len(), found: peaks.len() })
        }
    }

    /// Leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the complete subtrees at the edge, largest first; one per bit set in the size.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// The root of the tree as it is now.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.peaks)
    }

    /// Appends a leaf, given its [`super::leaf_hash`]. Tells `keep` every subtree that is complete now, the leaf first;
    /// a store that keeps them can prove anything about any later tree.
    ///
    /// # Errors
    /// [`TreeError::Full`].
    pub fn append(&mut self, leaf: Hash, mut keep: impl FnMut(Node, Hash)) -> Result<(), TreeError> {
        if self.size >= MAX_SIZE {
            return Err(TreeError::Full);
        }
        let mut node = Node { level: 0, index: self.size };
        let mut hash = leaf;
        keep(node, hash);
        while node.index & 1 == 1 {
            // There is one peak per bit set, so a left brother is always there.
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            node = Node { level: node.level + 1, index: node.index >> 1 };
            keep(node, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn br_3_an_edge_of_the_wrong_length_is_not_continued() {
        assert_eq!(Frontier::restore(5, vec![Hash::empty()]), Err(TreeError::Peaks { size: 5, expected: 2, found: 1 }));
        assert_eq!(Frontier::restore(u64::MAX, vec![]), Err(TreeError::Full));
        let full = Frontier::restore(MAX_SIZE, vec![Hash::empty(); 63]);
        assert_eq!(full.unwrap().append(Hash::empty(), |_, _| ()), Err(TreeError::Full));
    }
}
