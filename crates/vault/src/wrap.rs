//! Key wrap: AES-256-KWP (RFC 5649, NIST SP 800-38F). A wrapped key opens only under the key that wrapped it.
//!
//! Must not be used for anything but keys: it is deterministic, so equal inputs give equal outputs.

use std::fmt;

use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use secrecy::zeroize::Zeroizing;

use crate::key::{Key, Level, Wraps};
use crate::primitive::KEY_LEN;

/// Bytes of a wrapped 256-bit key.
pub const WRAPPED_LEN: usize = KEY_LEN + 8;

/// The longest key material that is wrapped, in bytes.
const MAX_LEN: usize = 4096;

/// Why a key could not be wrapped or unwrapped. Says nothing about either key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// Not 40 bytes, or (raw) empty, longer than 4096 bytes or not a multiple of eight.
    #[error("a wrapped key has 40 bytes, this has {0}")]
    Length(usize),
    /// Wrapped under another key, or changed since.
    #[error("a wrapped key does not open: wrong wrapping key, or not the bytes that were stored")]
    Refused,
}

/// A key as it is stored. Not secret without the wrapping key.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey([u8; WRAPPED_LEN]);

impl WrappedKey {
    /// The 40 bytes to be stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; WRAPPED_LEN] {
        &self.0
    }
}

impl TryFrom<&[u8]> for WrappedKey {
    type Error = WrapError;

    fn try_from(bytes: &[u8]) -> Result<Self, WrapError> {
        bytes.try_into().map(Self).map_err(|_| WrapError::Length(bytes.len()))
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappedKey(40 bytes)")
    }
}

impl<L: Level> Key<L> {
    /// Wraps a key of the level below.
    ///
    /// # Errors
    /// [`WrapError::Refused`] when the cryptographic library fails.
    pub fn wrap<Below: Level>(&self, key: &Key<Below>) -> Result<WrappedKey, WrapError>
    where
        L: Wraps<Below>,
    {
        WrappedKey::try_from(kwp_wrap(self.expose(), key.expose())?.as_slice())
    }

    /// Unwraps a key of the level below.
    ///
    /// # Errors
    /// [`WrapError::Refused`] when it was wrapped under another key, or changed.
    pub fn unwrap_key<Below: Level>(&self, wrapped: &WrappedKey) -> Result<Key<Below>, WrapError>
    where
        L: Wraps<Below>,
    {
        let bytes = kwp_unwrap(self.expose(), &wrapped.0)?;
        let bytes = <[u8; KEY_LEN]>::try_from(bytes.as_slice()).map_err(|_| WrapError::Length(bytes.len()))?;
        Ok(Key::from_bytes(bytes))
    }
}

/// AES-256-KWP of key material of any length; [`Key::wrap`] is the typed form.
///
/// # Errors
/// [`WrapError::Length`] for none or more than 4096 bytes.
pub fn kwp_wrap(wrapping: &[u8; KEY_LEN], material: &[u8]) -> Result<Vec<u8>, WrapError> {
    if material.is_empty() || material.len() > MAX_LEN {
        return Err(WrapError::Length(material.len()));
    }
    let mut out = vec![0; material.len() + 15];
    let kek = AesKek::new(&AES_256, wrapping).map_err(|_| WrapError::Refused)?;
    let len = kek.wrap_with_padding(material, &mut out).map_err(|_| WrapError::Refused)?.len();
    out.truncate(len);
    Ok(out)
}

/// The reverse of [`kwp_wrap`].
///
/// # Errors
/// [`WrapError::Length`] for a length that no wrapped key has, [`WrapError::Refused`] for a wrong key or changed bytes.
pub fn kwp_unwrap(wrapping: &[u8; KEY_LEN], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, WrapError> {
    if wrapped.len() < 16 || !wrapped.len().is_multiple_of(8) || wrapped.len() > MAX_LEN + 8 {
        return Err(WrapError::Length(wrapped.len()));
    }
    let mut out = Zeroizing::new(vec![0; wrapped.len()]);
    let kek = AesKek::new(&AES_256, wrapping).map_err(|_| WrapError::Refused)?;
    let len = kek.unwrap_with_padding(wrapped, &mut out).map_err(|_| WrapError::Refused)?.len();
    out.truncate(len);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{DataKey, FirmKey, HouseholdKey, SystemEntropy};

    #[test]
    fn br_6_keys_unwrap_down_the_hierarchy_and_under_no_other_key() {
        let firm = FirmKey::generate(&mut SystemEntropy).unwrap();
        let household = HouseholdKey::generate(&mut SystemEntropy).unwrap();
        let data = DataKey::generate(&mut SystemEntropy).unwrap();
        let stored_household = firm.wrap(&household).unwrap();
        let stored_data = household.wrap(&data).unwrap();
        let household_again: HouseholdKey = firm.unwrap_key(&stored_household).unwrap();
        assert_eq!(household_again.unwrap_key::<crate::key::Data>(&stored_data).unwrap(), data);
        let other = HouseholdKey::generate(&mut SystemEntropy).unwrap();
        assert_eq!(other.unwrap_key::<crate::key::Data>(&stored_data).unwrap_err(), WrapError::Refused);
        assert_eq!(WrappedKey::try_from(&[0; 39][..]).unwrap_err(), WrapError::Length(39));
        assert_eq!(format!("{stored_data:?}"), "WrappedKey(40 bytes)");
    }

    #[test]
    fn br_6_a_changed_bit_of_a_wrapped_key_is_noticed() {
        let household = HouseholdKey::from_bytes([5; 32]);
        let wrapped = household.wrap(&DataKey::from_bytes([9; 32])).unwrap();
        for bit in 0..WRAPPED_LEN * 8 {
            let mut changed = wrapped.clone();
            changed.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(household.unwrap_key::<crate::key::Data>(&changed).unwrap_err(), WrapError::Refused, "bit {bit}");
        }
    }
}
