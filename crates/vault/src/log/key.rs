//! Keys that sign notes: their names, ids and written forms.
//!
//! A verifier key is written `name+id+base64(type ‖ public key)`, a signing key `PRIVATE+KEY+name+id+base64(type ‖ seed)`;
//! the id is the start of SHA-256(name ‖ newline ‖ type ‖ public key) in eight hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use super::{from_base64, to_base64};
use crate::key::{Entropy, KeyError};
use crate::primitive::{ed25519_verify, has_small_order};
use crate::token::sha256;

/// What a key's signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Signs the text as it is (type 1): a log's own key.
    Text,
    /// Says "at this time, no longer tree of this log was seen than this one" (type 4): a witness's key.
    Cosignature,
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Self::Text => 1,
            Self::Cosignature => 4,
        }
    }
}

/// Why a written key is refused. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteKeyError {
    /// Not of the form above.
    #[error("not a key of a note: name+id+base64 (or PRIVATE+KEY+name+id+base64)")]
    Form,
    /// A name is not empty and has neither spaces nor pluses nor control characters.
    #[error("the name of a key must not be empty nor have spaces, pluses or control characters")]
    Name,
    /// Neither Ed25519 (1) nor an Ed25519 cosignature (4).
    #[error("the key is of a type that is not supported: 1 and 4 are")]
    Type,
    /// The id is not that of the key.
    #[error("the id of the key is not the one that its name and bytes give")]
    Id,
    /// Under such a key one signature fits many messages.
    #[error("the key is weak: a point of small order")]
    Weak,
    /// The seed is not one, or there is no randomness.
    #[error("the key could not be made")]
    Unavailable,
}

/// Whether a key may be called so.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c < ' ' || c == '+')
}

/// The public half, with its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    purpose: Purpose,
    public: [u8; 32],
    id: [u8; 4],
}

impl VerifierKey {
    /// Names a public key.
    ///
    /// # Errors
    /// [`NoteKeyError::Name`], [`NoteKeyError::Weak`].
    pub fn new(name: &str, purpose: Purpose, public: [u8; 32]) -> Result<Self, NoteKeyError> {
        if !is_name(name) {
            return Err(NoteKeyError::Name);
        }
        if has_small_order(&public) {
            return Err(NoteKeyError::Weak);
        }
        let hash = sha256(&[name.as_bytes(), b"\n", &[purpose.byte()], &public].concat());
        Ok(Self { name: name.to_owned(), purpose, public, id: [hash[0], hash[1], hash[2], hash[3]] })
    }

    /// Whether both are of one pair, whatever they are called.
    pub(crate) fn is_same_pair(&self, other: &Self) -> bool {
        self.public == other.public
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id, which tells keys of one name apart; not a proof of anything.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// What its signatures say.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Checks the bytes after the id in a signature line. Gives the time of a cosignature, in seconds since 1970.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        match self.purpose {
            Purpose::Text => ed25519_verify(&self.public, text.as_bytes(), signature).ok().map(|()| None),
            Purpose::Cosignature => {
                let (time, signature) = signature.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                i64::try_from(time).ok()?;
                ed25519_verify(&self.public, cosigned(time, text).as_bytes(), signature).ok().map(|()| Some(time))
            }
        }
    }
}

/// What a witness signs.
fn cosigned(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

fn hex_id(id: [u8; 4]) -> String {
    hex::encode(id)
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.purpose.byte()][..], &self.public].concat();
        write!(f, "{}+{}+{}", self.name, hex_id(self.id), to_base64(&bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// The parts of `name+id+base64`.
struct Parts<'t> {
    name: &'t str,
    id: &'t str,
    purpose: Purpose,
    /// After the type: public key or seed.
    bytes: Zeroizing<[u8; 32]>,
}

fn parts(text: &str) -> Result<Parts<'_>, NoteKeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(bytes)) = (parts.next(), parts.next(), parts.next()) else { return Err(NoteKeyError::Form) };
    let bytes = Zeroizing::new(from_base64(bytes).ok_or(NoteKeyError::Form)?);
    let (kind, key) = bytes.split_first().ok_or(NoteKeyError::Form)?;
    let purpose = match kind {
        1 => Purpose::Text,
        4 => Purpose::Cosignature,
        _ => return Err(NoteKeyError::Type),
    };
    let bytes = Zeroizing::new(<[u8; 32]>::try_from(key).map_err(|_| NoteKeyError::Form)?);
    Ok(Parts { name, id, purpose, bytes })
}

impl FromStr for VerifierKey {
    type Err = NoteKeyError;

    fn from_str(text: &str) -> Result<Self, NoteKeyError> {
        let parts = parts(text)?;
        let key = Self::new(parts.name, parts.purpose, *parts.bytes)?;
        if hex_id(key.id) == parts.id { Ok(key) } else { Err(NoteKeyError::Id) }
    }
}

/// A key that signs notes in this process. Where the key service signs instead, see [`super::note::Signature::made`].
pub struct SigningKey {
    public: VerifierKey,
    pair: Ed25519KeyPair,
    seed: SecretBox<[u8; 32]>,
}

impl SigningKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`NoteKeyError::Name`], [`NoteKeyError::Unavailable`] when there is no randomness.
    pub fn generate(name: &str, purpose: Purpose, entropy: &mut impl Entropy) -> Result<Self, NoteKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(&mut seed[..]).map_err(|KeyError::NoRandomness| NoteKeyError::Unavailable)?;
        Self::from_seed(name, purpose, &seed)
    }

    /// The key of this seed (RFC 8032).
    ///
    /// # Errors
    /// [`NoteKeyError::Name`], [`NoteKeyError::Unavailable`].
    pub fn from_seed(name: &str, purpose: Purpose, seed: &[u8; 32]) -> Result<Self, NoteKeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteKeyError::Unavailable)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NoteKeyError::Unavailable)?;
        let public = VerifierKey::new(name, purpose, public)?;
        Ok(Self { public, pair, seed: SecretBox::init_with_mut(|kept: &mut [u8; 32]| kept.copy_from_slice(seed)) })
    }

    /// Reads the written form.
    ///
    /// # Errors
    /// [`NoteKeyError`].
    pub fn parse(text: &SecretString) -> Result<Self, NoteKeyError> {
        let text = text.expose_secret().strip_prefix("PRIVATE+KEY+").ok_or(NoteKeyError::Form)?;
        let parts = parts(text)?;
        let key = Self::from_seed(parts.name, parts.purpose, &parts.bytes)?;
        if hex_id(key.public.id) == parts.id { Ok(key) } else { Err(NoteKeyError::Id) }
    }

    /// The written form, to be kept secret.
    #[must_use]
    pub fn to_secret(&self) -> SecretString {
        let bytes = Zeroizing::new([&[self.public.purpose.byte()][..], self.seed.expose_secret()].concat());
        format!("PRIVATE+KEY+{}+{}+{}", self.public.name, hex_id(self.public.id), to_base64(&bytes)).into()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &VerifierKey {
        &self.public
    }

    /// The bytes after the id in a signature line. `time` counts for cosignatures only.
    pub(crate) fn sign(&self, text: &str, time: u64) -> Vec<u8> {
        match self.public.purpose {
            Purpose::Text => self.pair.sign(text.as_bytes()).as_ref().to_vec(),
            Purpose::Cosignature => {
                let signature = self.pair.sign(cosigned(time, text).as_bytes());
                [&time.to_be_bytes()[..], signature.as_ref()].concat()
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, …)", self.public.name)
    }
}
