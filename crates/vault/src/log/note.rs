//! Signed notes: text, a blank line, and one line per signature.
//!
//! There is one way to write a note: reading what was written gives the same bytes, and nothing else is read.

use std::fmt;
use std::str::FromStr;

use super::key::{SigningKey, VerifierKey, is_name};
use super::{from_base64, to_base64};

/// Bytes that a note may have.
pub const MAX_NOTE: usize = 1_000_000;
/// Signatures that a note may have.
pub const MAX_SIGNATURES: usize = 100;

const DASH: &str = "\u{2014} ";

/// Why bytes are not a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More than [`MAX_NOTE`] bytes.
    #[error("it has more than {MAX_NOTE} bytes")]
    TooLong,
    /// Not UTF-8, or a control character that is not a newline.
    #[error("it is not UTF-8 text, or has control characters")]
    Characters,
    /// No text that ends in a newline.
    #[error("its text does not end in a newline")]
    Text,
    /// No blank line with at least one signature line after it, ending in a newline.
    #[error("it has no signatures after a blank line")]
    NoSignatures,
    /// More than [`MAX_SIGNATURES`].
    #[error("it has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// A line that is not dash, space, name, space, canonical base64 of id and signature.
    #[error("a signature line is not \"— name base64\"")]
    Line,
    /// Two signatures of one key.
    #[error("it has two signatures of one key")]
    Twice,
}

/// Why a note is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a note.
    #[error("not a signed note: {0}")]
    Malformed(#[from] Malformed),
    /// A key that we know did not make the signature that bears its name and id.
    #[error("the signature by {name} is wrong: the text or the signature was changed")]
    WrongSignature {
        /// Of the key.
        name: String,
    },
    /// No key that we know signed it.
    #[error("the note has no signature by a known key")]
    Unverified,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl Signature {
    /// Signs `text`. `time` is the seconds since 1970, below 2^63, and counts for cosignatures only.
    #[must_use]
    pub fn sign(text: &str, key: &SigningKey, time: u64) -> Self {
        let public = key.public();
        Self { name: public.name().to_owned(), id: public.id(), bytes: key.sign(text, time) }
    }

    /// Takes the signature that a key service made, after checking it.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`].
    pub fn made(text: &str, key: &VerifierKey, bytes: &[u8]) -> Result<Self, NoteError> {
        let name = key.name().to_owned();
        match key.verify(text, bytes) {
            Some(_) => Ok(Self { name, id: key.id(), bytes: bytes.to_vec() }),
            None => Err(NoteError::WrongSignature { name }),
        }
    }

    /// The name of the key that is said to have signed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn is_by(&self, key: &VerifierKey) -> bool {
        self.id == key.id() && self.name == key.name()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{DASH}{} {}", self.name, to_base64(&[&self.id[..], &self.bytes].concat()))
    }
}

impl FromStr for Signature {
    type Err = Malformed;

    fn from_str(line: &str) -> Result<Self, Malformed> {
        let (name, text) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(Malformed::Line)?;
        let bytes = from_base64(text).ok_or(Malformed::Line)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(Malformed::Line)?;
        if !is_name(name) || signature.is_empty() {
            return Err(Malformed::Line);
        }
        Ok(Self { name: name.to_owned(), id: *id, bytes: signature.to_vec() })
    }
}

/// A signature that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'k> {
    /// Who signed.
    pub key: &'k VerifierKey,
    /// When, in seconds since 1970, if it is a cosignature.
    pub time: Option<u64>,
}

/// A text and what claims to be signatures of it. Trust nothing of it before [`Self::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// A note without signatures yet. `text` ends in a newline.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn new(text: &str) -> Result<Self, Malformed> {
        if text.len() > MAX_NOTE {
            return Err(Malformed::TooLong);
        }
        if text.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(Malformed::Characters);
        }
        if !text.ends_with('\n') {
            return Err(Malformed::Text);
        }
        Ok(Self { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Adds a signature.
    ///
    /// # Errors
    /// [`Malformed::Twice`], [`Malformed::TooManySignatures`].
    pub fn add(&mut self, signature: Signature) -> Result<(), Malformed> {
        if self.signatures.len() >= MAX_SIGNATURES {
            return Err(Malformed::TooManySignatures);
        }
        if self.signatures.iter().any(|other| other.id == signature.id && other.name == signature.name) {
            return Err(Malformed::Twice);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > MAX_NOTE {
            return Err(Malformed::TooLong);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| Malformed::Characters)?;
        let (text, signatures) = whole.rsplit_once("\n\n").ok_or(Malformed::NoSignatures)?;
        let signatures = signatures.strip_suffix('\n').ok_or(Malformed::NoSignatures)?;
        let mut note = Self::new(&whole[..=text.len()])?;
        for line in signatures.split('\n') {
            note.add(line.parse()?)?;
        }
        Ok(note)
    }

    /// The text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, checked or not.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Checks the signatures of the keys that we know; those of others are not looked at. Returns at least one.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`] when any of a known key is wrong, [`NoteError::Unverified`] when there is none.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<Verified<'k>>, NoteError> {
        let mut verified = Vec::new();
        for signature in &self.signatures {
            for key in keys.iter().filter(|key| signature.is_by(key)) {
                let time = key.verify(&self.text, &signature.bytes);
                let time = time.ok_or_else(|| NoteError::WrongSignature { name: key.name().to_owned() })?;
                verified.push(Verified { key, time });
            }
        }
        if verified.is_empty() { Err(NoteError::Unverified) } else { Ok(verified) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
