//! Proofs from what is stored: whole tiles, and leaves for what is not whole yet.

use std::collections::{BTreeSet, HashMap};

use magfin_db::audit;
use magfin_db::tenant::TenantTx;
use magfin_vault::log::Hash;
use magfin_vault::log::edge::{Edge, Needed};
use magfin_vault::log::proof::{prove_consistency, prove_inclusion};
use magfin_vault::log::tile::{Kind, Tile, TileReader, WIDTH, plan};

use super::{column, hash, hash_of, number};
use crate::AppError;

/// The hashes of a tree of `size` leaves, as far as they were fetched.
pub(super) struct Tiles {
    size: u64,
    found: HashMap<Tile, Vec<u8>>,
}

fn broken(what: &str) -> AppError {
    AppError::Internal(format!("audit: {what}"))
}

/// The hashes of the first `width` nodes of a tile.
async fn partial(tx: &mut TenantTx, level: u8, first: i64, width: i64) -> Result<Vec<Hash>, AppError> {
    let firm = tx.context().firm;
    let hashes: Vec<Hash> = if level == 0 {
        let leaves = audit::leaves(tx, first, first + width).await?;
        leaves.iter().map(|leaf| hash_of(firm, leaf).ok_or_else(|| broken("a leaf that is none"))).collect::<Result<_, _>>()?
    } else {
        let roots = audit::roots(tx, i16::from(level) - 1, first, first + width).await?;
        roots.iter().map(|root| hash(root)).collect::<Result<_, _>>()?
    };
    if i64::try_from(hashes.len()).is_ok_and(|found| found == width) { Ok(hashes) } else { Err(broken("leaves or tiles are missing")) }
}

async fn fetch(tx: &mut TenantTx, tile: &Tile) -> Result<Vec<u8>, AppError> {
    let Kind::Hashes { level } = tile.kind() else { return Err(broken("a tile of entries")) };
    let index = column(tile.index())?;
    if tile.width() == WIDTH {
        let stored = audit::tiles(tx, i16::from(level), index, index + 1).await?;
        return stored.into_iter().next().map(|tile| tile.hashes).ok_or_else(|| broken("a tile is missing"));
    }
    let hashes = partial(tx, level, index * i64::from(WIDTH), i64::from(tile.width())).await?;
    Ok(Tile::encode(&hashes))
}

impl Tiles {
    /// Fetches what the proofs of `asked` need.
    async fn fetch(tx: &mut TenantTx, size: u64, asked: BTreeSet<Tile>) -> Result<Self, AppError> {
        let mut found = HashMap::new();
        for tile in asked {
            found.insert(tile, fetch(tx, &tile).await?);
        }
        Ok(Self { size, found })
    }

    fn reader(&self) -> TileReader<impl Fn(&Tile) -> Result<Vec<u8>, ()> + '_> {
        TileReader::new(self.size, |tile: &Tile| self.found.get(tile).cloned().ok_or(()))
    }

    /// For inclusion proofs of these leaves.
    pub(super) async fn of_leaves(tx: &mut TenantTx, size: u64, leaves: &[u64]) -> Result<Self, AppError> {
        let needed = Needed::new(size);
        for leaf in leaves {
            prove_inclusion(*leaf, size, &needed).map_err(|_| broken("no such leaf"))?;
        }
        Self::fetch(tx, size, needed.tiles()).await
    }

    /// The proof of one of them.
    pub(super) fn inclusion(&self, leaf: u64) -> Result<Vec<Hash>, AppError> {
        prove_inclusion(leaf, self.size, &self.reader()).map_err(|_| broken("a proof could not be made"))
    }
}

/// That the tree of `new` leaves continues that of `old`.
pub(super) async fn consistency(tx: &mut TenantTx, old: i64, new: i64) -> Result<Vec<Hash>, AppError> {
    let (old, new) = (number(old)?, number(new)?);
    let needed = Needed::new(new);
    prove_consistency(old, new, &needed).map_err(|_| broken("sizes out of order"))?;
    let tiles = Tiles::fetch(tx, new, needed.tiles()).await?;
    prove_consistency(old, new, &tiles.reader()).map_err(|_| broken("a proof could not be made"))
}

/// The right edge of the tree of `size` leaves.
pub(super) async fn edge(tx: &mut TenantTx, size: i64) -> Result<Edge, AppError> {
    let mut levels = Vec::new();
    for plan in plan(number(size)?) {
        let width = i64::from(plan.partial);
        let first = column(plan.full)? * i64::from(WIDTH);
        levels.push(if width == 0 { Vec::new() } else { partial(tx, plan.level, first, width).await? });
    }
    Edge::restore(number(size)?, levels).map_err(|error| broken(&error.to_string()))
}
