//! What stands between a vault and a household's key. RSA wrapping binds nothing to a firm, and so the vault wraps a random key that is
//! used once; from that and the firm's id the key is derived (HKDF-SHA-256, RFC 5869) that wraps the household's (AES-256-KWP, RFC 5649).
//!
//! `1 ‖ the household's key, wrapped (40 bytes) ‖ the once-used key, wrapped by the vault (256, 384 or 512 bytes)`

use magfin_vault::key::{FirmKey, HouseholdKey};
use magfin_vault::primitive::hkdf_sha256;
use magfin_vault::wrap::{WRAPPED_LEN, WrappedKey};
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

/// The one layout that there is.
const FORMAT: u8 = 1;
/// Bytes of what RSA keys of 2048, 3072 and 4096 bits wrap.
const BY_VAULT: [usize; 3] = [256, 384, 512];

/// Whether the vault's part has a length that it can have.
pub(super) fn is_wrapped(by_vault: &[u8]) -> bool {
    BY_VAULT.contains(&by_vault.len())
}

/// The bytes to keep, from the once-used key, and from what the vault made of it.
pub(super) fn close(once: &[u8; 32], by_vault: &[u8], firm: Uuid, key: &HouseholdKey) -> Option<Vec<u8>> {
    let wrapped = firm_key(once, firm)?.wrap(key).ok()?;
    is_wrapped(by_vault).then(|| [&[FORMAT], wrapped.as_bytes().as_slice(), by_vault].concat())
}

/// The vault's part of kept bytes, and the household's key below it.
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], WrappedKey)> {
    let (format, rest) = bytes.split_first()?;
    let (wrapped, by_vault) = rest.split_at_checked(WRAPPED_LEN)?;
    (*format == FORMAT && is_wrapped(by_vault)).then_some((by_vault, WrappedKey::try_from(wrapped).ok()?))
}

/// The household's key, when `once` is what the vault's part opens to and the firm is the one it was closed for.
pub(super) fn open(once: &[u8], wrapped: &WrappedKey, firm: Uuid) -> Option<HouseholdKey> {
    firm_key(once.try_into().ok()?, firm)?.unwrap_key(wrapped).ok()
}

fn firm_key(once: &[u8; 32], firm: Uuid) -> Option<FirmKey> {
    let info = [b"magfin azure-kv household key v1 ".as_slice(), firm.as_bytes()].concat();
    let mut bytes = Zeroizing::new([0; 32]);
    hkdf_sha256(&[], once, &info, bytes.as_mut()).ok()?;
    Some(FirmKey::from_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn br_6_a_layer_opens_for_its_firm_and_its_length_is_one_of_three() {
        let (firm, key) = (Uuid::from_u128(1), HouseholdKey::from_bytes([3; 32]));
        for length in BY_VAULT {
            let bytes = close(&[7; 32], &vec![9; length], firm, &key).unwrap();
            let (by_vault, wrapped) = split(&bytes).unwrap();
            assert_eq!(by_vault, vec![9; length]);
            assert_eq!(open(&[7; 32], &wrapped, firm), Some(key.clone()));
            assert_eq!(open(&[7; 32], &wrapped, Uuid::from_u128(2)), None, "another firm");
            assert_eq!(open(&[8; 32], &wrapped, firm), None, "another once-used key");
            assert_eq!(open(&[7; 16], &wrapped, firm), None, "half a key");
            assert!(split(&bytes[..bytes.len() - 1]).is_none() && split(&[&bytes[..], &[0]].concat()).is_none());
            assert!(split(&[&[2], &bytes[1..]].concat()).is_none(), "another layout");
        }
        assert!(close(&[7; 32], &[9; 255], firm, &key).is_none() && split(&[]).is_none() && split(&[1; 20]).is_none());
    }
}
