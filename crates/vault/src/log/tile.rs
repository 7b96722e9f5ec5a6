//! The tree as static files: tiles of up to 256 hashes, and their names.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::str::FromStr;

use super::hash::{Hash, node_hash};
use super::proof::HashReader;
use super::tree::{MAX_SIZE, Node};
use super::{decimal, tree};

/// Hashes, or entries, of a full tile.
pub const WIDTH: u16 = 256;

/// Levels of the tree that one tile spans.
const HEIGHT: u8 = 8;
/// The highest level of tiles that the format knows.
const MAX_LEVEL: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The entries themselves, see [`super::entries`].
    Entries,
    /// Hashes; at level 0 those of leaves, above each that of a full tile below.
    Hashes {
        /// 0 to 63.
        level: u8,
    },
}

/// The name of a tile. A partial one may vanish as soon as the full one is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    kind: Kind,
    index: u64,
    width: u16,
}

/// Not a tile, or not what such a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not a name that the format gives.
    #[error("not the name of a tile: tile/<0 to 63 or entries>/<x000/…/000>[.p/<1 to 255>]")]
    Name,
    /// More or fewer bytes than such a tile has.
    #[error("the tile has {found} bytes, {expected} are needed")]
    Length {
        /// 32 per hash.
        expected: usize,
        /// In this one.
        found: usize,
    },
}

impl Tile {
    /// Names a tile.
    ///
    /// # Errors
    /// [`TileError::Name`] for a level above 63, a width that is not 1 to 256, or an index above 2^63 - 1.
    pub fn new(kind: Kind, index: u64, width: u16) -> Result<Self, TileError> {
        let level_fits = !matches!(kind, Kind::Hashes { level } if level > MAX_LEVEL);
        let fits = level_fits && (1..=WIDTH).contains(&width) && index <= MAX_SIZE;
        if fits { Ok(Self { kind, index, width }) } else { Err(TileError::Name) }
    }

    /// What it holds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Which of its kind, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds, 1 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The nodes whose hashes the tile holds, in order; none for entries.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node> {
        let Kind::Hashes { level } = self.kind else { return Vec::new() };
        let first = self.index.saturating_mul(u64::from(WIDTH));
        (first..first.saturating_add(u64::from(self.width))).map(|index| Node { level: level.saturating_mul(HEIGHT), index }).collect()
    }

    /// The bytes of a tile of hashes.
    #[must_use]
    pub fn encode(hashes: &[Hash]) -> Vec<u8> {
        hashes.iter().flat_map(|hash| hash.0).collect()
    }

    /// The hashes of this tile.
    ///
    /// # Errors
    /// [`TileError::Length`].
    pub fn decode(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.len() != usize::from(self.width) || !rest.is_empty() {
            return Err(TileError::Length { expected: usize::from(self.width) * 32, found: bytes.len() });
        }
        Ok(hashes.iter().copied().map(Hash).collect())
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Entries => f.write_str("tile/entries")?,
            Kind::Hashes { level } => write!(f, "tile/{level}")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            let x = if groups.is_empty() { "" } else { "x" };
            write!(f, "/{x}{group:03}")?;
        }
        if self.width < WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for Tile {
    type Err = TileError;

    /// Reads a name, in the one way to write it.
    fn from_str(name: &str) -> Result<Self, TileError> {
        let rest = name.strip_prefix("tile/").ok_or(TileError::Name)?;
        let (kind, rest) = rest.split_once('/').ok_or(TileError::Name)?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes { level: decimal(level).and_then(|level| u8::try_from(level).ok()).ok_or(TileError::Name)? },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, decimal(width).and_then(|width| u16::try_from(width).ok()).ok_or(TileError::Name)?),
            None => (rest, WIDTH),
        };
        let mut number = 0_u64;
        for group in index.split('/') {
            let group = group.strip_prefix('x').unwrap_or(group);
            if group.len() != 3 || !group.bytes().all(|b| b.is_ascii_digit()) {
                return Err(TileError::Name);
            }
            let group: u64 = group.parse().map_err(|_| TileError::Name)?;
            number = number.checked_mul(1000).and_then(|number| number.checked_add(group)).ok_or(TileError::Name)?;
        }
        let tile = Self::new(kind, number, width)?;
        if tile.to_string() == name { Ok(tile) } else { Err(TileError::Name) }
    }
}

/// The tiles of one level of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelPlan {
    /// From 0.
    pub level: u8,
    /// Full tiles.
    pub full: u64,
    /// Hashes in the partial tile after them; 0 when there is none.
    pub partial: u16,
}

/// Which tiles a tree of `size` leaves has.
#[must_use]
pub fn plan(size: u64) -> Vec<LevelPlan> {
    let mut plans = Vec::new();
    let mut nodes = size;
    for level in 0.. {
        if nodes == 0 {
            break;
        }
        plans.push(LevelPlan { level, full: nodes >> HEIGHT, partial: u16::from(nodes.to_le_bytes()[0]) });
        nodes >>= HEIGHT;
    }
    plans
}

/// The tiles of hashes and of entries to publish when a tree grows from `old` leaves to `new`.
pub fn tiles_between(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let entries = grown(Kind::Entries, old, new);
    let hashes = plan(new).into_iter().flat_map(move |LevelPlan { level, .. }| {
        let below = HEIGHT * level;
        grown(Kind::Hashes { level }, old >> below, new >> below)
    });
    entries.chain(hashes)
}

fn grown(kind: Kind, old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let full = (old >> HEIGHT..new >> HEIGHT).map(move |index| Tile { kind, index, width: WIDTH });
    let width = u16::from(new.to_le_bytes()[0]);
    let partial = Tile { kind, index: new >> HEIGHT, width };
    full.chain((old < new && width > 0).then_some(partial))
}

/// Why a node could not be had from tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TilesError<E> {
    /// The tree is too small for it.
    #[error("the tree of {size} leaves has no such node")]
    NoSuchNode {
        /// Leaves.
        size: u64,
    },
    /// The tile is not as it must be.
    #[error("{tile}: {error}")]
    Tile {
        /// Which.
        tile: Tile,
        /// Why.
        error: TileError,
    },
    /// The tile could not be had.
    #[error("{tile} could not be read")]
    Source {
        /// Which.
        tile: Tile,
        /// What the source says.
        error: E,
    },
}

/// Reads nodes from published tiles. What it reads is as trustworthy as where it comes from: check the proof or the root
/// made from it against a checkpoint.
pub struct TileReader<F> {
    size: u64,
    source: F,
}

impl<E, F: Fn(&Tile) -> Result<Vec<u8>, E>> TileReader<F> {
    /// Reads the tiles of a tree of `size` leaves from `source`, which is asked by the tile's name.
    pub fn new(size: u64, source: F) -> Self {
        Self { size, source }
    }

    /// The tile that has this node, as wide as the tree has it, and the range of its hashes below the node.
    fn locate(&self, node: Node) -> Result<(Tile, std::ops::Range<usize>), TilesError<E>> {
        let none = TilesError::NoSuchNode { size: self.size };
        let complete = u32::from(node.level) < u64::BITS && node.index < self.size >> node.level;
        if !complete || self.size > tree::MAX_SIZE {
            return Err(none);
        }
        let (level, up) = (node.level / HEIGHT, node.level % HEIGHT);
        let first = node.index << up;
        let (index, start) = (first >> HEIGHT, usize::from(first.to_le_bytes()[0]));
        let width = ((self.size >> (level * HEIGHT)) - (index << HEIGHT)).min(u64::from(WIDTH));
        let width = u16::try_from(width).map_err(|_| none)?;
        Ok((Tile { kind: Kind::Hashes { level }, index, width }, start..start + (1 << up)))
    }
}

impl<E, F: Fn(&Tile) -> Result<Vec<u8>, E>> HashReader for TileReader<F> {
    type Error = TilesError<E>;

    fn read(&self, nodes: &[Node]) -> Result<Vec<Hash>, TilesError<E>> {
        let mut tiles: HashMap<Tile, Vec<Hash>> = HashMap::new();
        let mut found = Vec::with_capacity(nodes.len());
        for node in nodes {
            let (tile, range) = self.locate(*node)?;
            if let Entry::Vacant(place) = tiles.entry(tile) {
                let bytes = (self.source)(&tile).map_err(|error| TilesError::Source { tile, error })?;
                place.insert(tile.decode(&bytes).map_err(|error| TilesError::Tile { tile, error })?);
            }
            let below = tiles.get(&tile).and_then(|hashes| hashes.get(range));
            found.push(below.map(complete).ok_or(TilesError::NoSuchNode { size: self.size })?);
        }
        Ok(found)
    }
}

/// The root of a complete subtree over `hashes`, of which there is a power of two.
pub(crate) fn complete(hashes: &[Hash]) -> Hash {
    match hashes {
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&complete(left), &complete(right))
        }
    }
}
