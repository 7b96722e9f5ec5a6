//! The signed manifests of a brain: one an advisor, over the plaintext of every file. Format in section 2 of the layout.
//!
//! What a manifest says counts only when [`Manifest::fault`] says nothing. Must not read brain files.

use std::collections::BTreeMap;

use magfin_vault::log::{Hash, leaf_hash, node_hash};
use magfin_vault::primitive::ed25519_verify;
use magfin_vault::token::sha256;
use serde::Deserialize;

use crate::tree::{self, Tree};

/// The largest manifest that is read, in bytes: a hundred thousand files.
const MANIFEST_LIMIT: u64 = 32 * 1024 * 1024;

/// One advisor's manifest.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// When it was signed, as it says.
    pub generated_at: String,
    /// How many files it names.
    pub tree_size: u64,
    /// The root it states, in hexadecimal.
    pub root: String,
    /// What is wrong with it: `missing`, `unreadable`, `bad_signature`, `bad_root`, `bad_paths` or `bad_size`.
    pub fault: Option<&'static str>,
    leaves: BTreeMap<String, Hash>,
}

#[derive(Deserialize)]
struct Written {
    advisor_id: String,
    generated_at: String,
    tree_size: u64,
    root: String,
    paths_sha256: String,
    leaves: Vec<WrittenLeaf>,
    signature: String,
    algorithm: String,
}

#[derive(Deserialize)]
struct WrittenLeaf {
    path: String,
    leaf: String,
}

impl Manifest {
    /// Reads and checks the manifest of an advisor.
    #[must_use]
    pub fn read(tree: &dyn Tree, advisor: &str) -> Self {
        let folder = format!("brain/advisor_{advisor}");
        let text = match tree::read_small(tree, &format!("{folder}/manifest.json"), MANIFEST_LIMIT) {
            Ok(Some(text)) => text,
            Ok(None) => return Self { fault: Some("missing"), ..Self::default() },
            Err(_) => return Self { fault: Some("unreadable"), ..Self::default() },
        };
        let public = tree::read_small(tree, &format!("{folder}/manifest.pub"), 1024).unwrap_or(None).unwrap_or_default();
        Self::of(advisor, &text, public.trim_ascii())
    }

    fn of(advisor: &str, text: &[u8], public: &[u8]) -> Self {
        let Ok(written) = serde_json::from_slice::<Written>(text) else {
            return Self { fault: Some("unreadable"), ..Self::default() };
        };
        let leaves: BTreeMap<String, Hash> = written.leaves.iter().filter_map(|l| Some((l.path.clone(), hash(&l.leaf)?))).collect();
        let fault = written.fault(advisor, public, &leaves);
        Self { generated_at: written.generated_at, tree_size: written.tree_size, root: written.root, fault, leaves }
    }

    /// What the manifest says of a file with this plaintext: nothing when it agrees, else `not_in_manifest` or `manifest_mismatch`.
    /// A manifest that does not count says nothing.
    #[must_use]
    pub fn flag(&self, path: &str, plain: &[u8]) -> Option<&'static str> {
        if self.fault.is_some() {
            return None;
        }
        match self.leaves.get(path) {
            None => Some("not_in_manifest"),
            Some(leaf) if *leaf == leaf_hash(plain) => None,
            Some(_) => Some("manifest_mismatch"),
        }
    }

    /// The paths it names, relative to `brain/`. A manifest that does not count names none.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.leaves.keys().filter(|_| self.fault.is_none()).map(String::as_str)
    }
}

impl Written {
    fn fault(&self, advisor: &str, public: &[u8], leaves: &BTreeMap<String, Hash>) -> Option<&'static str> {
        let sorted = self.leaves.windows(2).all(|pair| pair[0].path.as_bytes() < pair[1].path.as_bytes());
        if !sorted || leaves.len() != self.leaves.len() || self.tree_size != leaves.len() as u64 {
            return Some("bad_size");
        }
        let paths: Vec<u8> = leaves.keys().flat_map(|path| [path.as_bytes(), b"\n"].concat()).collect();
        if hex::encode(sha256(&paths)) != self.paths_sha256 {
            return Some("bad_paths");
        }
        if hash(&self.root) != Some(root(&leaves.values().copied().collect::<Vec<_>>())) {
            return Some("bad_root");
        }
        (!self.is_signed(advisor, public)).then_some("bad_signature")
    }

    fn is_signed(&self, advisor: &str, public: &[u8]) -> bool {
        let Self { tree_size, root, paths_sha256, generated_at, .. } = self;
        let text = format!("magfin-manifest-v1\n{advisor}\n{tree_size}\n{root}\n{paths_sha256}\n{generated_at}\n");
        let (Ok(key), Ok(signature)) = (hex::decode(public), hex::decode(&self.signature)) else { return false };
        let Ok(key) = <[u8; 32]>::try_from(key) else { return false };
        self.advisor_id == advisor && self.algorithm == "ed25519" && ed25519_verify(&key, text.as_bytes(), &signature).is_ok()
    }
}

fn hash(digits: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    Some(Hash(bytes))
}

/// The RFC 6962 tree hash of leaf hashes.
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&root(left), &root(right))
        }
    }
}
