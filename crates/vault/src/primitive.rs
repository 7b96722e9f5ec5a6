//! The primitives, each in the one form that this product uses, so that the published vectors test what runs.
//!
//! AES-256-GCM with 96-bit nonces and 128-bit tags (NIST SP 800-38D), HKDF (RFC 5869), HMAC-SHA-256 (RFC 2104) and strict
//! Ed25519 (RFC 8032). Must not choose keys, nonces or layouts: the modules above do.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, HKDF_SHA512, KeyType, Prk, Salt};
use aws_lc_rs::{constant_time, hmac, signature};

/// Bytes of an AES-256 key.
pub const KEY_LEN: usize = 32;
/// Bytes of a GCM tag.
pub const TAG_LEN: usize = 16;
/// Bytes of a GCM nonce; no other length is taken.
pub const NONCE_LEN: usize = 12;

/// The operation was refused: a length that the algorithm does not take, or something that is not authentic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("refused: a wrong length, or not authentic")]
pub struct Refused;

/// Equal, in a time that depends on the lengths alone.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// AES-256-GCM under one key.
pub struct Gcm(LessSafeKey);

impl Gcm {
    /// Expands the key.
    ///
    /// # Errors
    /// When the library refuses the key.
    pub fn new(key: &[u8; KEY_LEN]) -> Result<Self, Refused> {
        UnboundKey::new(&AES_256_GCM, key).map(|key| Self(LessSafeKey::new(key))).map_err(|_| Refused)
    }

    /// Encrypts in place and returns the tag. A nonce must never be used twice under one key.
    ///
    /// # Errors
    /// A nonce that is not 12 bytes long.
    pub fn seal(&self, nonce: &[u8], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; TAG_LEN], Refused> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Refused)?;
        let tag = self.0.seal_in_place_separate_tag(nonce, Aad::from(aad), in_out).map_err(|_| Refused)?;
        tag.as_ref().try_into().map_err(|_| Refused)
    }

    /// Checks and decrypts `ciphertext ‖ tag` in place; the plaintext is the returned front part.
    ///
    /// # Errors
    /// A nonce that is not 12 bytes long, or bytes that were not sealed so. `in_out` holds nothing of use then.
    pub fn open<'a>(&self, nonce: &[u8], aad: &[u8], in_out: &'a mut [u8]) -> Result<&'a mut [u8], Refused> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Refused)?;
        self.0.open_in_place(nonce, Aad::from(aad), in_out).map_err(|_| Refused)
    }
}

struct OutputLength(usize);

impl KeyType for OutputLength {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-SHA-256, extract and expand, into the whole of `out`.
///
/// # Errors
/// More than 255 × 32 bytes of output.
pub fn hkdf_sha256(salt: &[u8], input: &[u8], info: &[u8], out: &mut [u8]) -> Result<(), Refused> {
    expand(&Salt::new(HKDF_SHA256, salt).extract(input), info, out)
}

/// HKDF-Expand-SHA-512 alone, for an input key that is uniformly random already.
///
/// # Errors
/// More than 255 × 64 bytes of output.
pub fn hkdf_expand_sha512(key: &[u8], info: &[u8], out: &mut [u8]) -> Result<(), Refused> {
    expand(&Prk::new_less_safe(HKDF_SHA512, key), info, out)
}

fn expand(prk: &Prk, info: &[u8], out: &mut [u8]) -> Result<(), Refused> {
    let info = [info];
    prk.expand(&info, OutputLength(out.len())).and_then(|okm| okm.fill(out)).map_err(|_| Refused)
}

/// HMAC-SHA-256: the salted commitments in the leaves of the audit log.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref());
    out
}

/// Whether `tag` is the whole HMAC-SHA-256 of `message`, compared in constant time.
#[must_use]
pub fn hmac_sha256_matches(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), message, tag).is_ok()
}

/// The y coordinates of the points of small order, canonical or not, without the sign bit. Under such a key one
/// signature fits many messages.
const SMALL_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// Whether an Ed25519 public key has small order, so that nobody may trust it.
#[must_use]
pub fn has_small_order(public: &[u8; 32]) -> bool {
    let mut y = *public;
    y[31] &= 0x7f;
    let y = hex::encode(y);
    SMALL_ORDER.contains(&y.as_str())
}

/// Strict Ed25519: S below the group order, R canonical, no key of small order.
///
/// # Errors
/// Anything that is not such a signature of `message`.
pub fn ed25519_verify(public: &[u8; 32], message: &[u8], sig: &[u8]) -> Result<(), Refused> {
    if has_small_order(public) {
        return Err(Refused);
    }
    signature::UnparsedPublicKey::new(&signature::ED25519, public).verify(message, sig).map_err(|_| Refused)
}
