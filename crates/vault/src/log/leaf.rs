//! What a leaf of a firm's audit log says, byte for byte, so that anybody can make it again from the row that it stands for.
//!
//! `1` (version), then ten fields in this order, each after its length as two bytes, big-endian; an empty field is "none":
//!
//! | field | bytes | what |
//! |---|---|---|
//! | source | `edits` or `events` | the table of the row |
//! | firm | 16 | UUID |
//! | row | 16 | UUID of the row |
//! | at | 8 | when, in microseconds since 1970, two's complement, big-endian |
//! | kind | 1 to 100 | what happened: `edit.change`, `value.revealed`; lower-case words |
//! | actor | 16 or none | UUID of who did it; none is the product itself |
//! | household | 16 or none | UUID |
//! | entity | 0 to 100 | the table of what it happened to |
//! | entity id | 16 or none | UUID |
//! | commitment | 32 | HMAC-SHA-256 of the row's content under the row's salt, see [`commit`] |
//!
//! Ids, a time, words of closed sets and a commitment: never a name, never text. Without the salt a commitment says nothing,
//! and the salt can be erased. `reader/verify_bundle.py` reads the same in Python.

use crate::primitive::hmac_sha256;

/// Bytes of a salt.
pub const SALT_LEN: usize = 16;
/// The longest kind or entity.
pub const MAX_WORD: usize = 100;

const VERSION: u8 = 1;
const FIELDS: usize = 10;

/// The table that a leaf's row is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A change of a client fact.
    Edits,
    /// Anything else that happened.
    Events,
}

impl Source {
    /// The table's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edits => "edits",
            Self::Events => "events",
        }
    }

    /// The source of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Edits, Self::Events].into_iter().find(|source| source.as_str() == name)
    }
}

/// Not a leaf, or not one that could be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Not of the form above.
    #[error("not a leaf of version 1: ten fields after their lengths")]
    Form,
    /// A kind or an entity is empty, too long, or not lower-case words.
    #[error("a kind or entity must be 1 to {MAX_WORD} of a-z, 0-9, dot and underscore")]
    Word,
}

/// One leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The table of the row.
    pub source: Source,
    /// The firm.
    pub firm: [u8; 16],
    /// The row.
    pub row: [u8; 16],
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: Option<[u8; 16]>,
    /// The household it concerns.
    pub household: Option<[u8; 16]>,
    /// The table of what it happened to.
    pub entity: Option<String>,
    /// The row of what it happened to.
    pub entity_id: Option<[u8; 16]>,
    /// See [`commit`].
    pub commitment: [u8; 32],
}

/// The commitment to a row's content: nobody who has not the salt can tell which content it is, and nobody can find
/// another content for it.
#[must_use]
pub fn commit(salt: &[u8; SALT_LEN], content: &str) -> [u8; 32] {
    hmac_sha256(salt, content.as_bytes())
}

fn is_word(word: &str) -> bool {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_';
    (1..=MAX_WORD).contains(&word.len()) && word.bytes().all(letters)
}

impl Leaf {
    /// The bytes of the leaf.
    ///
    /// # Errors
    /// [`LeafError::Word`].
    pub fn encode(&self) -> Result<Vec<u8>, LeafError> {
        if !is_word(&self.kind) || self.entity.as_deref().is_some_and(|entity| !is_word(entity)) {
            return Err(LeafError::Word);
        }
        let id = |id: &Option<[u8; 16]>| id.map(|id| id.to_vec()).unwrap_or_default();
        let fields: [&[u8]; FIELDS] = [
            self.source.as_str().as_bytes(),
            &self.firm,
            &self.row,
            &self.at_us.to_be_bytes(),
            self.kind.as_bytes(),
            &id(&self.actor),
            &id(&self.household),
            self.entity.as_deref().unwrap_or_default().as_bytes(),
            &id(&self.entity_id),
            &self.commitment,
        ];
        let mut out = Vec::with_capacity(192);
        out.push(VERSION);
        for field in fields {
            // Words are short and the rest has 32 bytes at most.
            out.extend_from_slice(&u16::try_from(field.len()).map_err(|_| LeafError::Word)?.to_be_bytes());
            out.extend_from_slice(field);
        }
        Ok(out)
    }

    /// Reads a leaf, in the one way to write it.
    ///
    /// # Errors
    /// [`LeafError::Form`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LeafError> {
        let (&VERSION, mut rest) = bytes.split_first().ok_or(LeafError::Form)? else { return Err(LeafError::Form) };
        let mut fields = [&[][..]; FIELDS];
        for field in &mut fields {
            let (len, after) = rest.split_first_chunk::<2>().ok_or(LeafError::Form)?;
            (*field, rest) = after.split_at_checked(usize::from(u16::from_be_bytes(*len))).ok_or(LeafError::Form)?;
        }
        if !rest.is_empty() {
            return Err(LeafError::Form);
        }
        let word = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| LeafError::Form);
        let maybe = |bytes: &[u8]| if bytes.is_empty() { Ok(None) } else { exactly(bytes).map(Some) };
        let leaf = Self {
            source: Source::parse(&word(fields[0])?).ok_or(LeafError::Form)?,
            firm: exactly(fields[1])?,
            row: exactly(fields[2])?,
            at_us: i64::from_be_bytes(exactly(fields[3])?),
            kind: word(fields[4])?,
            actor: maybe(fields[5])?,
            household: maybe(fields[6])?,
            entity: Some(word(fields[7])?).filter(|entity| !entity.is_empty()),
            entity_id: maybe(fields[8])?,
            commitment: exactly(fields[9])?,
        };
        // The lengths of the fields leave one way to write each; only the words can still be none of ours.
        if leaf.encode().is_ok_and(|again| again == bytes) { Ok(leaf) } else { Err(LeafError::Form) }
    }
}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], LeafError> {
    bytes.try_into().map_err(|_| LeafError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn leaf() -> Leaf {
        Leaf {
            source: Source::Events,
            firm: [1; 16],
            row: [2; 16],
            at_us: -1,
            kind: "value.revealed".to_owned(),
            actor: Some([3; 16]),
            household: None,
            entity: Some("people".to_owned()),
            entity_id: Some([4; 16]),
            commitment: commit(&[5; SALT_LEN], "{}"),
        }
    }

    #[test]
    fn br_3_a_leaf_is_written_in_one_way_and_read_in_no_other() {
        let bytes = leaf().encode().unwrap();
        assert_eq!(Leaf::decode(&bytes), Ok(leaf()));
        assert_eq!(hex::encode(&bytes[..9]), "0100066576656e7473");
        for at in 0..bytes.len() {
            assert_eq!(Leaf::decode(&bytes[..at]), Err(LeafError::Form), "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 0x80;
            assert_ne!(Leaf::decode(&changed), Ok(leaf()), "byte {at}");
        }
        assert_eq!(Leaf::decode(&[&bytes[..], &[0]].concat()), Err(LeafError::Form));
    }

    #[test]
    fn br_3_a_leaf_holds_words_of_closed_sets_and_no_text() {
        for kind in ["", "Ellen", "a b", "é", &"x".repeat(MAX_WORD + 1)] {
            assert_eq!(Leaf { kind: kind.to_owned(), ..leaf() }.encode(), Err(LeafError::Word), "{kind}");
        }
        assert_eq!(Leaf { entity: Some("x\n".to_owned()), ..leaf() }.encode(), Err(LeafError::Word));
    }

    #[test]
    fn br_3_the_same_content_is_committed_to_differently_under_another_salt() {
        assert_ne!(commit(&[1; SALT_LEN], "x"), commit(&[2; SALT_LEN], "x"));
        assert_ne!(commit(&[1; SALT_LEN], "x"), commit(&[1; SALT_LEN], "y"));
    }
}
