//! The tree against its definition, and proofs for every size and leaf.

use std::collections::BTreeMap;

use magfin_vault::log::proof::{MemoryStore, ProofError, prove_consistency, prove_inclusion, verify_consistency, verify_inclusion};
use magfin_vault::log::tile::{Kind, Tile, TileReader, TilesError, tiles_between};
use magfin_vault::log::{Frontier, Hash, Node, entries, leaf_hash, node_hash};
use proptest::prelude::*;

const SIZES: usize = 300;

fn data(index: usize) -> Vec<u8> {
    format!("leaf {index}").into_bytes()
}

/// RFC 6962 section 2.1, word for word.
fn definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [one] => *one,
        more => {
            let k = more.len().next_power_of_two() / 2;
            node_hash(&definition(&more[..k]), &definition(&more[k..]))
        }
    }
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&data(index))).collect()
}

/// The store of a log and its root after each leaf, the first without any.
fn grown(count: usize) -> (MemoryStore, Vec<Hash>) {
    let (mut store, mut frontier) = (MemoryStore::default(), Frontier::new());
    let mut roots = vec![frontier.root()];
    for leaf in leaves(count) {
        frontier.append(leaf, |node, hash| store.keep(node, hash)).unwrap();
        roots.push(frontier.root());
    }
    (store, roots)
}

#[test]
fn br_3_the_root_is_the_one_of_the_definition_for_every_size() {
    let leaves = leaves(SIZES);
    let (store, roots) = grown(SIZES);
    for size in 0..=SIZES {
        assert_eq!(roots[size], definition(&leaves[..size]), "{size} leaves");
        let read = Frontier::read(size as u64, &store).unwrap();
        assert_eq!(read.root(), roots[size]);
        assert_eq!(Frontier::restore(size as u64, read.peaks().to_vec()).unwrap(), read);
    }
}

#[test]
fn br_3_every_leaf_of_every_size_is_proved_and_no_other_leaf_or_size_is() {
    let (store, roots) = grown(SIZES);
    let leaves = leaves(SIZES);
    for (size, root) in roots.iter().enumerate().skip(1) {
        for index in 0..size {
            let (i, n) = (index as u64, size as u64);
            let proof = prove_inclusion(i, n, &store).unwrap();
            assert_eq!(verify_inclusion(i, n, &leaves[index], &proof, root), Ok(()), "{index} of {size}");
            let other = leaves[(index + 1) % SIZES];
            assert_eq!(verify_inclusion(i, n, &other, &proof, root), Err(ProofError::Root));
            if index + 1 < size {
                assert!(verify_inclusion(i + 1, n, &leaves[index], &proof, root).is_err(), "{index} of {size}, one on");
            }
            if let Some((_, shorter)) = proof.split_last() {
                let lengths = ProofError::Length { expected: proof.len(), found: shorter.len() };
                assert_eq!(verify_inclusion(i, n, &leaves[index], shorter, root), Err(lengths));
            }
        }
    }
}

#[test]
fn br_3_every_tree_is_proved_to_continue_every_older_one() {
    let (store, roots) = grown(SIZES);
    for new in 1..=SIZES {
        for old in 1..=new {
            let proof = prove_consistency(old as u64, new as u64, &store).unwrap();
            let verify = |old_root: &Hash, new_root: &Hash| verify_consistency(old as u64, new as u64, old_root, new_root, &proof);
            assert_eq!(verify(&roots[old], &roots[new]), Ok(()), "{old} to {new}");
            assert!(verify(&roots[old - 1], &roots[new]).is_err(), "{old} to {new} with another older root");
            assert!(verify(&roots[old], &roots[new - 1]).is_err(), "{old} to {new} with another newer root");
        }
    }
}

#[test]
fn br_3_what_cannot_be_proved_is_refused() {
    let (store, roots) = grown(8);
    let root = roots[8];
    assert_eq!(verify_inclusion(8, 8, &root, &[], &root), Err(ProofError::NoSuchLeaf { index: 8, size: 8 }));
    assert_eq!(verify_inclusion(0, u64::MAX, &root, &[], &root), Err(ProofError::NoSuchLeaf { index: 0, size: u64::MAX }));
    assert_eq!(verify_consistency(0, 8, &Hash::empty(), &root, &[]), Err(ProofError::Sizes { old: 0, new: 8 }));
    assert_eq!(verify_consistency(9, 8, &root, &root, &[]), Err(ProofError::Sizes { old: 9, new: 8 }));
    assert!(matches!(prove_inclusion(3, 9, &store), Err(ProofError::Store(Node { level: 0, index: 8 }))));
    assert!(matches!(prove_consistency(0, 8, &store), Err(ProofError::Sizes { .. })));
}

/// Every tile that was ever published while a log grew in steps.
fn published(sizes: &[usize]) -> BTreeMap<String, Vec<u8>> {
    let (store, _) = grown(*sizes.last().unwrap());
    let mut files = BTreeMap::new();
    for step in sizes.windows(2) {
        for tile in tiles_between(step[0] as u64, step[1] as u64) {
            let bytes = match tile.kind() {
                Kind::Hashes { .. } => Tile::encode(&magfin_vault::log::proof::HashReader::read(&store, &tile.nodes()).unwrap()),
                Kind::Entries => {
                    let first = usize::try_from(tile.index()).unwrap() * 256;
                    entries::encode(&(first..first + usize::from(tile.width())).map(data).collect::<Vec<_>>()).unwrap()
                }
            };
            assert_eq!(tile.to_string().parse(), Ok(tile));
            files.insert(tile.to_string(), bytes);
        }
    }
    files
}

#[test]
fn br_3_what_tiles_prove_is_what_the_store_proves() {
    let sizes = [0, 1, 255, 256, 257, 600, 70_000];
    let files = published(&sizes);
    let (store, roots) = grown(70_000);
    for size in sizes.into_iter().filter(|size| *size > 0) {
        let n = size as u64;
        let tiles = TileReader::new(n, |tile: &Tile| files.get(&tile.to_string()).cloned().ok_or(()));
        assert_eq!(Frontier::read(n, &tiles).unwrap().root(), roots[size], "{size} leaves");
        for index in [0, 1, n / 3, n / 2, n - 1].into_iter().filter(|index| *index < n) {
            assert_eq!(prove_inclusion(index, n, &tiles).unwrap(), prove_inclusion(index, n, &store).unwrap());
        }
        for old in [1, n / 3, n - 1, n].into_iter().filter(|old| *old > 0) {
            assert_eq!(prove_consistency(old, n, &tiles).unwrap(), prove_consistency(old, n, &store).unwrap());
        }
        let bundles = files.iter().filter_map(|(name, bytes)| Some((name.parse::<Tile>().ok()?, bytes)));
        for (tile, bytes) in bundles.filter(|(tile, _)| tile.kind() == Kind::Entries) {
            assert_eq!(entries::decode(bytes).unwrap().len(), usize::from(tile.width()));
        }
    }
}

#[test]
fn br_3_a_missing_or_short_tile_is_named() {
    let missing = TileReader::new(300, |_: &Tile| Err("gone"));
    let tile = "tile/0/001.p/44".parse().unwrap();
    assert_eq!(prove_inclusion(299, 300, &missing), Err(ProofError::Store(TilesError::Source { tile, error: "gone" })));
    let short = TileReader::new(300, |_: &Tile| Ok::<_, ()>(vec![0; 31]));
    assert!(matches!(prove_inclusion(299, 300, &short), Err(ProofError::Store(TilesError::Tile { .. }))));
}

proptest! {
    #[test]
    fn br_3_names_of_tiles_come_back(level in 0u8..64, index in 0u64..1 << 62, width in 1u16..=256, entries in any::<bool>()) {
        let kind = if entries { Kind::Entries } else { Kind::Hashes { level } };
        let tile = Tile::new(kind, index, width).unwrap();
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
    }

    #[test]
    fn br_3_bundles_of_entries_come_back(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..40)) {
        let bytes = entries::encode(&entries).unwrap();
        prop_assert_eq!(entries::decode(&bytes).unwrap(), entries);
        prop_assert!(entries::decode(&bytes[..bytes.len() - 1]).is_err() || bytes.len() == 2);
    }
}
