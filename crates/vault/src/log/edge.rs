//! The right edge of the tree as partial tiles: what a store of whole tiles needs for appending and for the root.

use super::hash::Hash;
use super::proof::{HashReader, ProofError};
use super::tile::{Kind, Tile, TileReader, WIDTH, complete, plan};
use super::tree::{Frontier, MAX_SIZE, Node, TreeError};

/// A tile that is whole now and never changes any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Full {
    /// Level of tiles, from 0.
    pub level: u8,
    /// Which of that level, from 0.
    pub index: u64,
    /// The root over its hashes; a hash of the tile above.
    pub root: Hash,
    /// Its 256 hashes.
    pub hashes: Vec<Hash>,
}

/// A tree of which the whole tiles are stored elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// Continues a tree of `size` leaves. `levels` are the hashes of its partial tiles, leaves first; those that are empty at
    /// the end may be left out.
    ///
    /// # Errors
    /// [`TreeError`] when a level has more or fewer hashes than such a tree has.
    pub fn restore(size: u64, mut levels: Vec<Vec<Hash>>) -> Result<Self, TreeError> {
        if size > MAX_SIZE {
            return Err(TreeError::Full);
        }
        let plans = plan(size);
        levels.resize(plans.len().max(levels.len()), Vec::new());
        let expected = plans.iter().map(|plan| usize::from(plan.partial)).chain(std::iter::repeat(0));
        match levels.iter().zip(expected).find(|(level, expected)| level.len() != *expected) {
            Some((level, expected)) => {
                Err(TreeError::Peaks { size, expected: u32::try_from(expected).unwrap_or(u32::MAX), found: level.len() })
            }
            None => Ok(Self { size, levels }),
        }
    }

    /// Leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf, given its [`super::leaf_hash`]; tells `keep` every tile that is whole now.
    ///
    /// # Errors
    /// [`TreeError::Full`].
    pub fn append(&mut self, leaf: Hash, mut keep: impl FnMut(Full)) -> Result<(), TreeError> {
        if self.size >= MAX_SIZE {
            return Err(TreeError::Full);
        }
        let mut hash = leaf;
        for level in 0_u8.. {
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::with_capacity(usize::from(WIDTH)));
            }
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(hash);
            if hashes.len() < usize::from(WIDTH) {
                break;
            }
            let hashes = std::mem::take(hashes);
            let root = complete(&hashes);
            keep(Full { level, index: self.size >> (8 * (u32::from(level) + 1)), root, hashes });
            hash = root;
        }
        self.size += 1;
        Ok(())
    }

    /// The root of the tree as it is now.
    ///
    /// # Errors
    /// Never for an edge that [`Self::restore`] took.
    pub fn root(&self) -> Result<Hash, ProofError<Tile>> {
        let partial = |tile: &Tile| match tile.kind() {
            Kind::Hashes { level } => self.levels.get(usize::from(level)).map(|hashes| Tile::encode(hashes)).ok_or(*tile),
            Kind::Entries => Err(*tile),
        };
        let frontier = Frontier::read(self.size, &TileReader::new(self.size, partial));
        frontier.map(|frontier| frontier.root()).map_err(|error| match error {
            ProofError::Answer { expected, found } => ProofError::Answer { expected, found },
            _ => ProofError::NoSuchLeaf { index: self.size, size: self.size },
        })
    }
}

/// Learns which tiles a proof needs, so that they can be fetched before it is made.
#[derive(Debug)]
pub struct Needed {
    size: u64,
    tiles: std::cell::RefCell<std::collections::BTreeSet<Tile>>,
}

impl Needed {
    /// For a tree of `size` leaves.
    #[must_use]
    pub fn new(size: u64) -> Self {
        Self { size, tiles: std::cell::RefCell::default() }
    }

    /// The tiles that were asked for.
    #[must_use]
    pub fn tiles(self) -> std::collections::BTreeSet<Tile> {
        self.tiles.into_inner()
    }
}

impl HashReader for Needed {
    type Error = super::tile::TilesError<std::convert::Infallible>;

    /// Answers with hashes that mean nothing.
    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, Self::Error> {
        let blank = |tile: &Tile| {
            self.tiles.borrow_mut().insert(*tile);
            Ok(vec![0; usize::from(tile.width()) * 32])
        };
        TileReader::new(self.size, blank).read(nodes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::proof::{prove_consistency, prove_inclusion, verify_consistency, verify_inclusion};
    use super::super::{leaf_hash, tile};
    use super::*;

    fn leaf(n: u64) -> Hash {
        leaf_hash(&n.to_be_bytes())
    }

    #[test]
    fn br_3_an_edge_has_the_root_of_the_tree_at_every_size_and_continues_from_its_parts() {
        let (mut frontier, mut edge) = (Frontier::new(), Edge::default());
        for n in 0..70_000 {
            if !(1_100..=65_400).contains(&n) {
                assert_eq!(edge.root().unwrap(), frontier.root(), "{n}");
            }
            frontier.append(leaf(n), |_, _| ()).unwrap();
            edge.append(leaf(n), |_| ()).unwrap();
        }
        let again = Edge::restore(70_000, edge.levels.clone()).unwrap();
        assert_eq!(again.root().unwrap(), frontier.root());
        assert!(Edge::restore(70_001, edge.levels.clone()).is_err());
        assert!(Edge::restore(256, vec![vec![leaf(0)]]).is_err());
    }

    #[test]
    fn br_3_the_needed_tiles_are_enough_for_a_proof() {
        let mut stored: HashMap<Tile, Vec<u8>> = HashMap::new();
        let (mut edge, mut roots) = (Edge::default(), HashMap::new());
        for n in 0..70_000 {
            let keep = |full: Full| {
                let name = Tile::new(tile::Kind::Hashes { level: full.level }, full.index, WIDTH).unwrap();
                stored.insert(name, Tile::encode(&full.hashes));
            };
            edge.append(leaf(n), keep).unwrap();
            roots.insert(edge.size(), edge.clone());
        }
        for (index, size) in [(0, 1), (3, 700), (65_535, 65_536), (12_345, 70_000)] {
            let needed = Needed::new(size);
            prove_inclusion(index, size, &needed).unwrap();
            let at = &roots[&size];
            let source = |tile: &Tile| {
                let Kind::Hashes { level } = tile.kind() else { return Err(()) };
                stored.get(tile).cloned().or_else(|| at.levels.get(usize::from(level)).map(|hashes| Tile::encode(hashes))).ok_or(())
            };
            assert!(needed.tiles().iter().all(|tile| source(tile).is_ok()));
            let proof = prove_inclusion(index, size, &TileReader::new(size, source)).unwrap();
            verify_inclusion(index, size, &leaf(index), &proof, &at.root().unwrap()).unwrap();
            let older = prove_consistency(1, size, &TileReader::new(size, source)).unwrap();
            verify_consistency(1, size, &leaf(0), &at.root().unwrap(), &older).unwrap();
        }
    }
}
