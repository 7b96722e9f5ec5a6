//! One file that proves, without asking anybody, that something was logged: index, inclusion proof, signed checkpoint.

use std::fmt;

use super::checkpoint::{Checkpoint, CheckpointError, Trust};
use super::hash::{Hash, leaf_hash};
use super::note::{Malformed, Note};
use super::proof::{ProofError, verify_inclusion};
use super::{decimal, from_base64, to_base64};

/// Bytes that such a file may have.
pub const MAX_PROOF: usize = 1_100_000;

const HEAD: &str = "c2sp.org/tlog-proof@v1\n";

/// Why a proof is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// Not a file of this form.
    #[error("not a proof: the lines must be head, index, hashes, none, checkpoint")]
    Form,
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The proof does not hold.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl From<Malformed> for SealedError {
    fn from(error: Malformed) -> Self {
        Self::Checkpoint(error.into())
    }
}

/// A self-contained proof. Trust nothing of it before [`Self::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedProof {
    /// Of the leaf, from 0.
    pub index: u64,
    /// The inclusion proof, nearest first.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
    /// Whatever the application adds; never authenticated.
    pub extra: Option<Vec<u8>>,
}

impl SealedProof {
    /// Reads a proof, in the one way to write it.
    ///
    /// # Errors
    /// [`SealedError::Form`], [`SealedError::Checkpoint`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SealedError> {
        if bytes.len() > MAX_PROOF {
            return Err(SealedError::Form);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| SealedError::Form)?;
        let rest = text.strip_prefix(HEAD).ok_or(SealedError::Form)?;
        let (lines, checkpoint) = rest.split_once("\n\n").ok_or(SealedError::Form)?;
        let mut lines = lines.split('\n').peekable();
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = extra.map(|line| from_base64(&line["extra ".len()..]).ok_or(SealedError::Form)).transpose()?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal).ok_or(SealedError::Form)?;
        let hashes = lines.map(|line| line.parse().map_err(|_| SealedError::Form)).collect::<Result<Vec<Hash>, _>>()?;
        if hashes.len() > 63 {
            return Err(SealedError::Form);
        }
        Ok(Self { index, hashes, checkpoint: Note::parse(checkpoint.as_bytes())?, extra })
    }

    /// Checks that `leaf` is logged, and returns the checkpoint in which it is.
    ///
    /// # Errors
    /// [`SealedError::Checkpoint`], [`SealedError::Proof`].
    pub fn verify(&self, leaf: &[u8], trust: &Trust) -> Result<Checkpoint, SealedError> {
        let checkpoint = Checkpoint::open(self.checkpoint.to_string().as_bytes(), trust)?;
        verify_inclusion(self.index, checkpoint.size, &leaf_hash(leaf), &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for SealedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", to_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
