//! Keys: one per firm, one per household under it, one per object version under that. Zeroised when dropped, never printed.
//!
//! The level is part of the type, so that a data key cannot be used where a household key belongs. Must not know where
//! wrapped keys are kept.

use std::fmt;
use std::marker::PhantomData;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretBox};

use crate::primitive::{KEY_LEN, equal};

/// No key could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The source of randomness failed.
    #[error("no randomness: the key was not made")]
    NoRandomness,
}

/// Where random bytes come from. [`SystemEntropy`] outside tests.
pub trait Entropy {
    /// Fills the whole of `out`.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`]; nothing may be used then.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), KeyError>;
}

/// The operating system's generator, through the cryptographic library.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), KeyError> {
        aws_lc_rs::rand::fill(out).map_err(|_| KeyError::NoRandomness)
    }
}

/// A place in the hierarchy of keys.
pub trait Level: sealed::Sealed {
    /// Its name, in messages.
    const NAME: &'static str;
}

/// A level whose keys wrap others.
pub trait Wraps<Below: Level>: Level {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! level {
    ($name:ident, $text:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Level for $name {
            const NAME: &'static str = $text;
        }
    };
}

level!(Firm, "firm", "Level of [`FirmKey`].");
level!(Household, "household", "Level of [`HouseholdKey`].");
level!(Data, "data", "Level of [`DataKey`].");
level!(Recipient, "recipient", "Level of [`RecipientKey`].");

impl Wraps<Household> for Firm {}
impl Wraps<Data> for Household {}
impl Wraps<Data> for Recipient {}

/// A firm's key; the key service keeps it.
pub type FirmKey = Key<Firm>;
/// A household's key, kept wrapped under the firm's. Destroying it erases everything of the household.
pub type HouseholdKey = Key<Household>;
/// The key of one version of one object, kept wrapped under the household's. Used for one file.
pub type DataKey = Key<Data>;
/// The key under which the data keys of an exported bundle are handed over; given to the recipient apart from it.
pub type RecipientKey = Key<Recipient>;

/// 256 random bits of one level.
pub struct Key<L: Level> {
    bytes: SecretBox<[u8; KEY_LEN]>,
    level: PhantomData<fn() -> L>,
}

impl<L: Level> Key<L> {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate(entropy: &mut impl Entropy) -> Result<Self, KeyError> {
        let mut bytes = [0; KEY_LEN];
        entropy.fill(&mut bytes)?;
        Ok(Self::from_bytes(bytes))
    }

    /// Takes the key's bytes, which must be uniformly random.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; KEY_LEN]) -> Self {
        let kept = SecretBox::init_with_mut(|inner: &mut [u8; KEY_LEN]| inner.copy_from_slice(&bytes));
        bytes.zeroize();
        Self { bytes: kept, level: PhantomData }
    }

    /// The bytes, for the key service or a cipher. Copy them nowhere else.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_LEN] {
        self.bytes.expose_secret()
    }
}

impl<L: Level> Clone for Key<L> {
    fn clone(&self) -> Self {
        Self::from_bytes(*self.expose())
    }
}

impl<L: Level> PartialEq for Key<L> {
    fn eq(&self, other: &Self) -> bool {
        equal(self.expose(), other.expose())
    }
}

impl<L: Level> Eq for Key<L> {}

impl<L: Level> fmt::Debug for Key<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key<{}>(…)", L::NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dry;

    impl Entropy for Dry {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), KeyError> {
            Err(KeyError::NoRandomness)
        }
    }

    #[test]
    fn br_6_keys_differ_and_do_not_print() {
        let (a, b) = (DataKey::generate(&mut SystemEntropy).unwrap(), DataKey::generate(&mut SystemEntropy).unwrap());
        assert_ne!(a, b);
        assert_eq!(a, a.clone());
        assert_eq!(format!("{a:?}"), "Key<data>(…)");
    }

    #[test]
    fn br_6_without_randomness_there_is_no_key() {
        assert_eq!(FirmKey::generate(&mut Dry).unwrap_err(), KeyError::NoRandomness);
    }
}
