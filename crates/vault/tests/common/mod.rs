//! Where the published vectors are, and a generator for deterministic mutations.

pub mod golang;
pub mod python;

use std::path::{Path, PathBuf};

use magfin_vault::key::{Entropy, KeyError};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The vectors in `path` below the folder `crypto`, or nothing (and one line saying so) when the folder is absent.
#[allow(clippy::disallowed_methods)] // Test settings come from the environment.
pub fn vectors<T: DeserializeOwned>(path: &str) -> Option<T> {
    let folder = std::env::var_os("MAGFIN_CONTRACTS").map_or_else(|| PathBuf::from("../shared/contracts"), PathBuf::from);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join("crypto");
    if !folder.is_dir() {
        println!("SKIP: crypto/{path}: no vectors at {} (set MAGFIN_CONTRACTS)", folder.display());
        return None;
    }
    let text = std::fs::read_to_string(folder.join(path)).unwrap_or_else(|e| panic!("crypto/{path}: {e}"));
    Some(serde_json::from_str(&text).unwrap_or_else(|e| panic!("crypto/{path}: case of unknown shape: {e}")))
}

/// What a Wycheproof case demands.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Valid,
    Invalid,
    Acceptable,
}

/// A Wycheproof file with groups `G`.
#[derive(Deserialize)]
pub struct Wycheproof<G> {
    #[serde(rename = "numberOfTests")]
    pub number_of_tests: usize,
    #[serde(rename = "testGroups")]
    pub groups: Vec<G>,
}

/// Collects verdicts and fails naming every case that differs.
pub struct Tally {
    file: &'static str,
    checked: usize,
    wrong: Vec<String>,
}

impl Tally {
    pub fn new(file: &'static str) -> Self {
        Self { file, checked: 0, wrong: Vec::new() }
    }

    /// Counts one case that went as it should, or not.
    pub fn check(&mut self, id: impl std::fmt::Display, right: bool) {
        self.checked += 1;
        if !right {
            self.wrong.push(id.to_string());
        }
    }

    /// Fails unless all went as they should and, where that is known, as many as the file says.
    pub fn finish(self, expected: Option<usize>) {
        assert!(self.wrong.is_empty(), "{}: wrong in {}", self.file, self.wrong.join(", "));
        assert!(self.checked > 0, "{}: no case", self.file);
        assert_eq!(self.checked, expected.unwrap_or(self.checked), "{}: cases were left out", self.file);
        println!("{}: {} cases", self.file, self.checked);
    }
}

/// Bytes written in hexadecimal.
#[derive(Debug, Clone)]
pub struct Hex(pub Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// SplitMix64: the same numbers on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

impl Entropy for Random {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), KeyError> {
        out.iter_mut().for_each(|byte| *byte = self.next().to_le_bytes()[0]);
        Ok(())
    }
}

/// A copy of `original` that differs from it in one of the ways in which stored bytes go wrong.
pub fn mutated(original: &[u8], random: &mut Random) -> Vec<u8> {
    loop {
        let mut bytes = original.to_vec();
        let at = random.below(bytes.len());
        let other = random.below(bytes.len());
        let len = 1 + random.below(40);
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next().to_le_bytes()[0],
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + len).min(original.len()))),
            4 => bytes.insert(at, random.next().to_le_bytes()[0]),
            5 => bytes.swap(at, other),
            6 => bytes.extend((0..len).map(|_| random.next().to_le_bytes()[0])),
            _ => {
                let copy = original[at..(at + len).min(original.len())].to_vec();
                bytes.splice(other..other, copy);
            }
        }
        if bytes != original {
            return bytes;
        }
    }
}
