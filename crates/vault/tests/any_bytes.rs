//! Every decoder against arbitrary bytes and against bytes that are nearly right; see `fuzz/` for more of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod decoders;

use common::{Random, mutated};
use decoders::CASES;
use magfin_vault::key::DataKey;
use magfin_vault::log::key::{Purpose, SigningKey};
use magfin_vault::log::{Hash, entries};
use proptest::prelude::*;
use secrecy::ExposeSecret;

/// Something well-formed for every decoder, from which the nearly right is made.
fn seeds() -> Vec<Vec<u8>> {
    let key = SigningKey::from_seed("log.example", Purpose::Text, &[2; 32]).unwrap();
    let hash = Hash::empty();
    let line = "\u{2014} log.example q6urqwECAwQFBgcI";
    let note = format!("log.example\n1\n{hash}\n\n{line}\n");
    let manifest = format!(
        concat!(
            "{{\"format\":\"magfin-bundle/1\",\"files\":[{{\"firm\":\"{id}\",\"object\":\"{id}\",\"path\":\"a/b\",\"version\":1,",
            "\"content_type\":\"text/plain\",\"wrapped_key\":\"{key}\",\"sha256\":\"{sha}\",\"leaf\":7}}],\"leaves\":[7,9]}}"
        ),
        id = "0".repeat(32),
        key = "1".repeat(80),
        sha = "2".repeat(64)
    );
    let mut texts = vec![note.clone(), line.to_owned(), key.public().to_string(), key.to_secret().expose_secret().to_owned()];
    texts.extend([format!("log.example\n1\n{hash}\n"), "tile/3/x001/234.p/17".to_owned(), hash.to_string(), manifest]);
    texts.push(format!("c2sp.org/tlog-proof@v1\nextra YQ==\nindex 7\n{hash}\n{hash}\n\n{note}"));
    let mut seeds: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    seeds.extend([entries::encode(&["a", "bc"]).unwrap(), vec![0; 96], DataKey::from_bytes([9; 32]).expose().to_vec()]);
    seeds.push([&5_u64.to_le_bytes()[..], &7_u64.to_le_bytes(), &[3; 64]].concat());
    seeds
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
    for seed in seeds() {
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
    let [.., manifest, proof] = &seeds()[..9] else { unreachable!("there are nine texts") };
    assert!(magfin_vault::bundle::Manifest::parse(manifest).is_ok());
    assert!(magfin_vault::log::sealed::SealedProof::parse(proof).is_ok());
    assert!(magfin_vault::log::note::Note::parse(&seeds()[0]).is_ok());
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
