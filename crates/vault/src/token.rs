//! Bearer tokens: 256 random bits, shown once; only their SHA-256 is kept.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use crate::column::ColumnError;

/// A new token with this prefix, which tells a secret scanner what it found.
///
/// # Errors
/// When there is no randomness.
pub fn generate(prefix: &str) -> Result<SecretString, ColumnError> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| ColumnError::Unavailable)?;
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)).into())
}

/// The SHA-256 under which a token is kept and looked up.
#[must_use]
pub fn hash(token: &SecretString) -> [u8; 32] {
    sha256(token.expose_secret().as_bytes())
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_different_and_do_not_print() {
        let (a, b) = (generate("mfs_").unwrap(), generate("mfs_").unwrap());
        assert_eq!(a.expose_secret().len(), 4 + 43);
        assert_ne!(hash(&a), hash(&b));
        assert!(!format!("{a:?}").contains(a.expose_secret()));
    }
}
