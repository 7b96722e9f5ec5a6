//! Wycheproof: every case of every file about a primitive that the product uses, against the code that it uses.

use crate::common::{Hex, Tally, Verdict, Wycheproof, vectors};
use aws_lc_rs::{hmac, signature};
use magfin_vault::{primitive, wrap};
use serde::Deserialize;

#[derive(Deserialize)]
struct AeadGroup {
    #[serde(rename = "keySize")]
    key_bits: usize,
    #[serde(rename = "ivSize")]
    iv_bits: usize,
    #[serde(rename = "tagSize")]
    tag_bits: usize,
    tests: Vec<AeadTest>,
}

#[derive(Deserialize)]
struct AeadTest {
    #[serde(rename = "tcId")]
    id: u32,
    key: Hex,
    iv: Hex,
    aad: Hex,
    msg: Hex,
    ct: Hex,
    tag: Hex,
    result: Verdict,
}

#[test]
fn br_1_aes_256_gcm_does_as_wycheproof_says_and_takes_nonces_of_96_bits_only() {
    let Some(file) = vectors::<Wycheproof<AeadGroup>>("wycheproof/aes_gcm_test.json") else { return };
    let mut tally = Tally::new("aes_gcm");
    for group in &file.groups {
        assert_eq!((group.key_bits, group.tag_bits), (256, 128), "AES-GCM group of unknown shape");
        for test in &group.tests {
            let gcm = primitive::Gcm::new(&test.key.0[..].try_into().unwrap()).unwrap();
            let mut sealed = [&test.ct.0[..], &test.tag.0].concat();
            let opened = gcm.open(&test.iv.0, &test.aad.0, &mut sealed);
            let valid = opened.as_deref().is_ok_and(|plain| *plain == test.msg.0[..]);
            let mut again = test.msg.0.clone();
            let tag = gcm.seal(&test.iv.0, &test.aad.0, &mut again);
            let same = tag.is_ok_and(|tag| again == test.ct.0 && tag == test.tag.0[..]);
            let right = match (group.iv_bits, test.result) {
                (96, Verdict::Valid) => valid && same,
                (96, Verdict::Invalid) => opened.is_err(),
                // Of other lengths our own code takes none, valid or not.
                (bits, _) => bits != 96 && opened.is_err() && tag.is_err(),
            };
            tally.check(test.id, right);
        }
    }
    tally.finish(Some(file.number_of_tests));
}

#[derive(Deserialize)]
struct WrapGroup {
    #[serde(rename = "keySize")]
    key_bits: usize,
    tests: Vec<WrapTest>,
}

#[derive(Deserialize)]
struct WrapTest {
    #[serde(rename = "tcId")]
    id: u32,
    key: Hex,
    msg: Hex,
    ct: Hex,
    result: Verdict,
}

#[test]
fn br_6_aes_256_key_wrap_with_padding_does_as_wycheproof_says() {
    let Some(file) = vectors::<Wycheproof<WrapGroup>>("wycheproof/aes_kwp_test.json") else { return };
    let mut tally = Tally::new("aes_kwp");
    for group in &file.groups {
        assert_eq!(group.key_bits, 256, "AES-KWP group of unknown shape");
        for test in &group.tests {
            let kek: [u8; 32] = test.key.0[..].try_into().unwrap();
            let unwrapped = wrap::kwp_unwrap(&kek, &test.ct.0);
            let right = match test.result {
                Verdict::Valid => unwrapped.is_ok_and(|m| *m == test.msg.0) && wrap::kwp_wrap(&kek, &test.msg.0).unwrap() == test.ct.0,
                Verdict::Invalid => unwrapped.is_err(),
                Verdict::Acceptable => unwrapped.is_err() || unwrapped.is_ok_and(|m| *m == test.msg.0),
            };
            tally.check(test.id, right);
        }
    }
    tally.finish(Some(file.number_of_tests));
}

#[derive(Deserialize)]
struct EddsaGroup {
    #[serde(rename = "publicKey")]
    public: EddsaKey,
    tests: Vec<SignatureTest>,
}

#[derive(Deserialize)]
struct EddsaKey {
    curve: String,
    pk: Hex,
}

#[derive(Deserialize)]
struct SignatureTest {
    #[serde(rename = "tcId")]
    id: u32,
    msg: Hex,
    sig: Hex,
    result: Verdict,
}

#[test]
fn br_3_ed25519_does_as_wycheproof_says() {
    let Some(file) = vectors::<Wycheproof<EddsaGroup>>("wycheproof/ed25519_test.json") else { return };
    let mut tally = Tally::new("ed25519");
    for group in &file.groups {
        assert_eq!(group.public.curve, "edwards25519", "EdDSA group of unknown shape");
        let key: [u8; 32] = group.public.pk.0[..].try_into().unwrap();
        for test in &group.tests {
            let accepted = primitive::ed25519_verify(&key, &test.msg.0, &test.sig.0).is_ok();
            tally.check(test.id, accepted == (test.result == Verdict::Valid));
        }
    }
    tally.finish(Some(file.number_of_tests));
}

#[test]
fn br_3_a_key_of_small_order_signs_nothing() {
    // Under the identity, S = 0 and R = identity would fit every message.
    let mut identity = [0; 32];
    identity[0] = 1;
    let signature = [identity, [0; 32]].concat();
    assert!(primitive::ed25519_verify(&identity, b"anything", &signature).is_err());
    identity[31] |= 0x80;
    assert!(primitive::ed25519_verify(&identity, b"anything", &signature).is_err());
}

#[derive(Deserialize)]
struct HkdfGroup {
    tests: Vec<HkdfTest>,
}

#[derive(Deserialize)]
struct HkdfTest {
    #[serde(rename = "tcId")]
    id: u32,
    ikm: Hex,
    salt: Hex,
    info: Hex,
    size: usize,
    okm: Hex,
    result: Verdict,
}

#[test]
fn br_6_hkdf_sha_256_does_as_wycheproof_says() {
    let Some(file) = vectors::<Wycheproof<HkdfGroup>>("wycheproof/hkdf_sha256_test.json") else { return };
    let mut tally = Tally::new("hkdf_sha256");
    for test in file.groups.iter().flat_map(|group| &group.tests) {
        let mut out = vec![0; test.size];
        let derived = primitive::hkdf_sha256(&test.salt.0, &test.ikm.0, &test.info.0, &mut out);
        let right = match test.result {
            Verdict::Valid => derived.is_ok() && out == test.okm.0,
            Verdict::Invalid | Verdict::Acceptable => derived.is_err(),
        };
        tally.check(test.id, right);
    }
    tally.finish(Some(file.number_of_tests));
}

#[derive(Deserialize)]
struct MacGroup {
    #[serde(rename = "tagSize")]
    tag_bits: usize,
    tests: Vec<MacTest>,
}

#[derive(Deserialize)]
struct MacTest {
    #[serde(rename = "tcId")]
    id: u32,
    key: Hex,
    msg: Hex,
    tag: Hex,
    result: Verdict,
}

#[test]
fn br_6_hmac_sha_256_does_as_wycheproof_says() {
    let Some(file) = vectors::<Wycheproof<MacGroup>>("wycheproof/hmac_sha256_test.json") else { return };
    let mut tally = Tally::new("hmac_sha256");
    for group in &file.groups {
        assert_eq!(group.tag_bits, 256, "HMAC group of unknown shape");
        for test in &group.tests {
            let accepted = primitive::hmac_sha256_matches(&test.key.0, &test.msg.0, &test.tag.0);
            let made = primitive::hmac_sha256(&test.key.0, &test.msg.0)[..] == test.tag.0;
            let valid = test.result == Verdict::Valid;
            tally.check(test.id, accepted == valid && made == valid);
        }
    }
    tally.finish(Some(file.number_of_tests));
}

/// The library's HMAC-SHA-1, which webhooks of one vendor are signed with; nothing in this crate uses it.
#[test]
fn hmac_sha_1_of_the_library_does_as_wycheproof_says() {
    let Some(file) = vectors::<Wycheproof<MacGroup>>("wycheproof/hmac_sha1_test.json") else { return };
    let mut tally = Tally::new("hmac_sha1");
    for group in &file.groups {
        assert_eq!(group.tag_bits, 160, "HMAC group of unknown shape");
        for test in &group.tests {
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &test.key.0);
            let accepted = hmac::verify(&key, &test.msg.0, &test.tag.0).is_ok();
            tally.check(test.id, accepted == (test.result == Verdict::Valid));
        }
    }
    tally.finish(Some(file.number_of_tests));
}

#[derive(Deserialize)]
struct RsaGroup {
    #[serde(rename = "publicKeyAsn")]
    public: Hex,
    sha: String,
    tests: Vec<SignatureTest>,
}

/// The library's RSA, which sign-in tokens are signed with. The one acceptable case, a missing NULL, is refused.
#[test]
fn rsa_2048_sha_256_of_the_library_does_as_wycheproof_says() {
    let Some(file) = vectors::<Wycheproof<RsaGroup>>("wycheproof/rsa_signature_2048_sha256_test.json") else { return };
    let mut tally = Tally::new("rsa_signature_2048_sha256");
    for group in &file.groups {
        assert_eq!(group.sha, "SHA-256", "RSA group of unknown shape");
        let key = signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &group.public.0);
        for test in &group.tests {
            let accepted = key.verify(&test.msg.0, &test.sig.0).is_ok();
            tally.check(test.id, accepted == (test.result == Verdict::Valid));
        }
    }
    tally.finish(Some(file.number_of_tests));
}
