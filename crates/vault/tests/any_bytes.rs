//! Every decoder against arbitrary bytes and against bytes that are nearly right; see `fuzz/` for more of it.

use crate::common::{Random, mutated};
use crate::decoders::CASES;
use magfin_vault::bundle::Manifest;
use magfin_vault::log::checkpoint::Checkpoint;
use magfin_vault::log::key::{SigningKey, VerifierKey};
use magfin_vault::log::leaf::Leaf;
use magfin_vault::log::note::{Note, Signature};
use magfin_vault::log::sealed::SealedProof;
use magfin_vault::log::tile::Tile;
use magfin_vault::log::{Hash, entries};
use proptest::prelude::*;

/// Something well-formed for every decoder, from which the nearly right is made. The fuzz targets start from the same.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds")).unwrap().map(|file| file.unwrap().path());
    let mut seeds: Vec<_> =
        files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect();
    seeds.sort();
    seeds
}

fn seed(name: &str) -> Vec<u8> {
    seeds().into_iter().find(|(found, _)| found == name).unwrap_or_else(|| panic!("no seed {name}")).1
}

fn text(name: &str) -> String {
    String::from_utf8(seed(name)).unwrap()
}

#[test]
fn br_3_every_decoder_has_a_fuzz_target() {
    let targets = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/fuzz_targets")).unwrap();
    let mut found: Vec<String> = targets.map(|target| target.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    found.sort();
    let mut wanted = CASES.map(|(name, _)| name);
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn br_3_no_decoder_panics_on_what_is_nearly_right() {
    let mut random = Random(5);
    for (_, seed) in seeds() {
        for (_, case) in CASES {
            case(&seed);
        }
        for _ in 0..400 {
            let changed = mutated(&seed, &mut random);
            CASES.iter().for_each(|(_, case)| case(&changed));
        }
    }
}

#[test]
fn br_3_the_seeds_are_read() {
    assert!(Manifest::parse(&seed("manifest")).is_ok());
    assert!(SealedProof::parse(&seed("sealed-proof")).is_ok());
    assert!(Note::parse(&seed("note")).is_ok());
    assert!(text("signature-line").parse::<Signature>().is_ok());
    assert!(text("verifier-key").parse::<VerifierKey>().is_ok());
    assert!(SigningKey::parse(&text("signing-key").into()).is_ok());
    assert!(text("checkpoint").parse::<Checkpoint>().is_ok());
    assert!(text("tile-name").parse::<Tile>().is_ok());
    assert!(text("hash").parse::<Hash>().is_ok());
    assert!(entries::decode(&seed("entries")).is_ok());
    assert!(Leaf::decode(&seed("leaf")).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn br_3_no_decoder_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        CASES.iter().for_each(|(_, case)| case(&bytes));
    }

    #[test]
    fn br_3_no_decoder_panics_on_any_text(text in "(\\PC|\n){0,200}") {
        CASES.iter().for_each(|(_, case)| case(text.as_bytes()));
    }
}
