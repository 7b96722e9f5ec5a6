//! Sealed columns: AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; firm keys by HKDF-SHA-256 (RFC 5869).
//!
//! Layout of a ciphertext: `1` · 12-byte nonce · ciphertext · 16-byte tag. The first byte is the version of the layout.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox};

use crate::primitive::{Gcm, NONCE_LEN, TAG_LEN, hkdf_sha256};

const LAYOUT: u8 = 1;

/// Why a column value could not be sealed or opened. Says nothing about the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// The bytes are not a sealed value, or were made for another place or key, or were changed.
    #[error("a sealed value does not open: wrong key, or not the bytes that were stored here")]
    Refused,
    /// The cryptographic library refused; there is no randomness, say.
    #[error("a value could not be sealed")]
    Unavailable,
}

/// The key from which every firm's column key is derived. 32 random bytes, kept by the key service.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Where a value is stored; a sealed value opens there and nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The firm.
    pub firm: &'a [u8; 16],
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row.
    pub row: &'a [u8; 16],
}

impl Place<'_> {
    /// Length-prefixed, so that no two places have the same bytes.
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        for part in [&self.firm[..], self.table.as_bytes(), self.column.as_bytes(), &self.row[..]] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

impl MasterKey {
    /// Takes the key's bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// Makes a new random key and returns it with its bytes in hex, to be kept.
    ///
    /// # Errors
    /// [`ColumnError::Unavailable`] when there is no randomness.
    pub fn generate() -> Result<(Self, String), ColumnError> {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| ColumnError::Unavailable)?;
        Ok((Self::new(bytes), hex::encode(bytes)))
    }

    /// Reads 64 hex digits, spaces around them allowed.
    ///
    /// # Errors
    /// [`ColumnError::Refused`] when it is anything else.
    pub fn from_hex(text: &str) -> Result<Self, ColumnError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| ColumnError::Refused)?;
        Ok(Self::new(bytes))
    }

    fn firm_key(&self, firm: &[u8; 16]) -> Result<Gcm, ColumnError> {
        let mut key = Zeroizing::new([0; 32]);
        hkdf_sha256(b"magfin column key v1", self.0.expose_secret(), firm, &mut key[..]).map_err(|_| ColumnError::Unavailable)?;
        Gcm::new(&key).map_err(|_| ColumnError::Unavailable)
    }

    /// Seals `plain` for `place`.
    ///
    /// # Errors
    /// [`ColumnError::Unavailable`] when there is no randomness.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, ColumnError> {
        let mut nonce = [0; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| ColumnError::Unavailable)?;
        let mut out = Vec::with_capacity(1 + NONCE_LEN + plain.len() + TAG_LEN);
        out.push(LAYOUT);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let body = &mut out[1 + NONCE_LEN..];
        let tag = self.firm_key(place.firm)?.seal(&nonce, &place.bytes(), body).map_err(|_| ColumnError::Unavailable)?;
        out.extend_from_slice(&tag);
        Ok(out)
    }

    /// Opens what [`Self::seal`] made for the same place.
    ///
    /// # Errors
    /// [`ColumnError::Refused`] for anything else.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<String, ColumnError> {
        let plain = Zeroizing::new(self.open_bytes(place, sealed)?);
        String::from_utf8(plain.to_vec()).map_err(|_| ColumnError::Refused)
    }

    /// Opens what [`Self::seal`] made for the same place, where that was no text.
    ///
    /// # Errors
    /// [`ColumnError::Refused`] for anything else.
    pub fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, ColumnError> {
        let (&layout, rest) = sealed.split_first().ok_or(ColumnError::Refused)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(ColumnError::Refused)?;
        if layout != LAYOUT {
            return Err(ColumnError::Refused);
        }
        let mut body = Zeroizing::new(body.to_vec());
        let plain = self.firm_key(place.firm)?.open(nonce, &place.bytes(), &mut body).map_err(|_| ColumnError::Refused)?;
        Ok(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'static> = Place { firm: &[1; 16], table: "people", column: "tax_id", row: &[2; 16] };

    #[test]
    fn br_1_a_sealed_value_opens_only_in_its_own_place_and_unchanged() {
        let key = MasterKey::new([7; 32]);
        let sealed = key.seal(PLACE, b"000-12-3456").unwrap();
        assert_eq!(key.open(PLACE, &sealed).unwrap(), "000-12-3456");
        for place in [
            Place { firm: &[3; 16], ..PLACE },
            Place { table: "entities", ..PLACE },
            Place { column: "birth_date", ..PLACE },
            Place { row: &[9; 16], ..PLACE },
            Place { table: "peoplet", column: "ax_id", ..PLACE },
        ] {
            assert_eq!(key.open(place, &sealed), Err(ColumnError::Refused));
        }
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(key.open(PLACE, &flipped), Err(ColumnError::Refused), "byte {at}");
        }
        assert_eq!(MasterKey::new([8; 32]).open(PLACE, &sealed), Err(ColumnError::Refused));
        assert_eq!(key.open(PLACE, &[]), Err(ColumnError::Refused));
    }

    #[test]
    fn br_1_the_same_value_is_never_sealed_to_the_same_bytes() {
        let key = MasterKey::new([7; 32]);
        assert_ne!(key.seal(PLACE, b"x").unwrap(), key.seal(PLACE, b"x").unwrap());
    }
}
