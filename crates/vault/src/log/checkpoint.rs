//! Checkpoints: how long a log is and what its root is, signed by the log and perhaps by witnesses.

use std::fmt;
use std::str::FromStr;

use super::decimal;
use super::hash::Hash;
use super::key::{SigningKey, VerifierKey};
use super::note::{Malformed, Note, NoteError, Signature};

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The signed note is not as it must be.
    #[error("the checkpoint is not believed: {0}")]
    Note(#[from] NoteError),
    /// The text is not lines of origin, size and root.
    #[error("not a checkpoint: the lines must be origin, size without leading zeros, root in base64, and none empty")]
    Form,
    /// Signed by the log's key, but about another log.
    #[error("the checkpoint is of another log than the one whose key signed it")]
    OtherLog,
    /// The log itself did not sign.
    #[error("the log did not sign the checkpoint")]
    NotSignedByLog,
    /// Too few of the witnesses cosigned.
    #[error("{found} of the known witnesses cosigned the checkpoint, {needed} must")]
    Witnesses {
        /// How many must.
        needed: usize,
        /// How many did.
        found: usize,
    },
}

impl From<Malformed> for CheckpointError {
    fn from(error: Malformed) -> Self {
        Self::Note(error.into())
    }
}

/// Whom to believe: the log, and how many of which witnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    keys: Vec<VerifierKey>,
    quorum: usize,
}

impl Trust {
    /// The log's key alone. Its name is the origin of its checkpoints.
    #[must_use]
    pub fn log(key: VerifierKey) -> Self {
        Self { keys: vec![key], quorum: 0 }
    }

    /// In addition, at least `quorum` of these witnesses must have cosigned. A pair of keys counts once, whatever its
    /// names, and the log's own never.
    #[must_use]
    pub fn with_witnesses(mut self, witnesses: impl IntoIterator<Item = VerifierKey>, quorum: usize) -> Self {
        for witness in witnesses {
            if !self.keys.iter().any(|key| key.is_same_pair(&witness)) {
                self.keys.push(witness);
            }
        }
        self.quorum = quorum;
        self
    }

    fn log_key(&self) -> Option<&VerifierKey> {
        self.keys.first()
    }
}

/// A tree head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log; the name of its key.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The root of the tree of that many leaves.
    pub root: Hash,
    /// Further lines, without newlines. The log should not write any: monitors cannot check them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Writes and signs a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::Form`] when a line is empty or has a newline; [`CheckpointError::OtherLog`] when the origin is
    /// not the name of the key; [`CheckpointError::Note`].
    pub fn sign(&self, key: &SigningKey) -> Result<Note, CheckpointError> {
        if self.origin != key.public().name() {
            return Err(CheckpointError::OtherLog);
        }
        let text = self.to_string();
        if text.parse() != Ok(self.clone()) {
            return Err(CheckpointError::Form);
        }
        let mut note = Note::new(&text)?;
        note.add(Signature::sign(&text, key, 0))?;
        Ok(note)
    }

    /// Reads a signed checkpoint and checks it.
    ///
    /// # Errors
    /// [`CheckpointError`], with what is wrong.
    pub fn open(signed: &[u8], trust: &Trust) -> Result<Self, CheckpointError> {
        let note = Note::parse(signed)?;
        let verified = note.verify(&trust.keys)?;
        let log = trust.log_key().ok_or(CheckpointError::NotSignedByLog)?;
        if !verified.iter().any(|signature| signature.key == log) {
            return Err(CheckpointError::NotSignedByLog);
        }
        let found = verified.iter().filter(|signature| signature.key != log && signature.time.is_some()).count();
        if found < trust.quorum {
            return Err(CheckpointError::Witnesses { needed: trust.quorum, found });
        }
        let checkpoint: Self = note.text().parse()?;
        if checkpoint.origin != log.name() {
            return Err(CheckpointError::OtherLog);
        }
        Ok(checkpoint)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the text of a checkpoint, which says nothing about who signed it.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Form)?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, extensions @ ..] = &lines[..] else { return Err(CheckpointError::Form) };
        if lines.iter().any(|line| line.is_empty()) {
            return Err(CheckpointError::Form);
        }
        let size = decimal(size).ok_or(CheckpointError::Form)?;
        let root = root.parse().map_err(|_| CheckpointError::Form)?;
        let extensions = extensions.iter().map(|line| (*line).to_owned()).collect();
        Ok(Self { origin: (*origin).to_owned(), size, root, extensions })
    }
}
