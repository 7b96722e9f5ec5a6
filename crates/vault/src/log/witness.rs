//! What a witness does: it says that a log never showed it two histories.

use super::checkpoint::{Checkpoint, CheckpointError, Trust};
use super::hash::Hash;
use super::key::{SigningKey, VerifierKey};
use super::note::{Note, NoteError, Signature};
use super::proof::{ProofError, verify_consistency};

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The log shows a shorter tree than it did before.
    #[error("the log has {found} leaves and had {seen} before: it was set back")]
    SetBack {
        /// Leaves when it was last seen.
        seen: u64,
        /// Leaves now.
        found: u64,
    },
    /// The tree does not continue the one that was seen.
    #[error("the log does not continue the tree of {seen} leaves that was seen before: {error}")]
    Rewritten {
        /// Leaves when it was last seen.
        seen: u64,
        /// What the proof lacks.
        error: ProofError,
    },
}

/// Checks that a signed checkpoint of the log continues the one that was `seen`.
///
/// # Errors
/// [`WitnessError`]; the log must not be cosigned then, and somebody should be told.
pub fn follow(signed: &[u8], log: &VerifierKey, seen: Option<&Checkpoint>, proof: &[Hash]) -> Result<Checkpoint, WitnessError> {
    let head = Checkpoint::open(signed, &Trust::log(log.clone()))?;
    if let Some(seen) = seen {
        if head.size < seen.size {
            return Err(WitnessError::SetBack { seen: seen.size, found: head.size });
        }
        verify_consistency(seen.size, head.size, &seen.root, &head.root, proof)
            .map_err(|error| WitnessError::Rewritten { seen: seen.size, error })?;
    }
    Ok(head)
}

/// The witness's signature under a checkpoint that [`follow`] took. `time` is the seconds since 1970.
#[must_use]
pub fn cosign(head: &Checkpoint, key: &SigningKey, time: u64) -> Signature {
    Signature::sign(&head.to_string(), key, time)
}

/// Takes a cosignature in, if it is one of the checkpoint `signed` by one of `witnesses`, and says by which.
///
/// # Errors
/// [`NoteError`] for anything else.
pub fn accept<'k>(signed: &[u8], line: &str, witnesses: &'k [VerifierKey]) -> Result<&'k VerifierKey, NoteError> {
    let note = Note::parse(signed)?;
    let mut alone = Note::new(note.text())?;
    alone.add(line.parse()?)?;
    alone.verify(witnesses)?.into_iter().find(|by| by.time.is_some()).map(|by| by.key).ok_or(NoteError::Unverified)
}

#[cfg(test)]
mod tests {
    use super::super::key::Purpose;
    use super::super::leaf_hash;
    use super::super::proof::{MemoryStore, prove_consistency};
    use super::super::tree::Frontier;
    use super::*;

    /// A log's checkpoints and store at 3 and 5 leaves; the first leaf is `first`.
    fn log(key: &SigningKey, first: &[u8]) -> ([Vec<u8>; 2], Vec<Hash>) {
        let (mut frontier, mut store) = (Frontier::new(), MemoryStore::default());
        let mut signed = Vec::new();
        for n in 0_u8..5 {
            let leaf = if n == 0 { first.to_vec() } else { vec![n] };
            frontier.append(leaf_hash(&leaf), |node, hash| store.keep(node, hash)).unwrap();
            if n == 2 || n == 4 {
                let head =
                    Checkpoint { origin: "log.example".to_owned(), size: frontier.size(), root: frontier.root(), extensions: vec![] };
                signed.push(head.sign(key).unwrap().to_string().into_bytes());
            }
        }
        (signed.try_into().unwrap(), prove_consistency(3, 5, &store).unwrap())
    }

    #[test]
    fn br_3_a_witness_follows_a_log_and_refuses_another_history() {
        let key = SigningKey::from_seed("log.example", Purpose::Text, &[1; 32]).unwrap();
        let ([first, second], proof) = log(&key, b"a");
        let seen = follow(&first, key.public(), None, &[]).unwrap();
        let head = follow(&second, key.public(), Some(&seen), &proof).unwrap();
        assert_eq!(head.size, 5);
        let ([_, forked], other) = log(&key, b"b");
        assert!(matches!(follow(&forked, key.public(), Some(&seen), &other), Err(WitnessError::Rewritten { seen: 3, .. })));
        assert_eq!(follow(&first, key.public(), Some(&head), &[]), Err(WitnessError::SetBack { seen: 5, found: 3 }));
        let stranger = SigningKey::from_seed("log.example", Purpose::Text, &[2; 32]).unwrap();
        assert!(matches!(follow(&second, stranger.public(), Some(&seen), &proof), Err(WitnessError::Checkpoint(_))));
    }

    #[test]
    fn br_3_a_cosignature_is_taken_for_its_checkpoint_and_from_a_known_witness_only() {
        let key = SigningKey::from_seed("log.example", Purpose::Text, &[1; 32]).unwrap();
        let witness = SigningKey::from_seed("witness.example", Purpose::Cosignature, &[3; 32]).unwrap();
        let ([first, second], _) = log(&key, b"a");
        let line = cosign(&follow(&first, key.public(), None, &[]).unwrap(), &witness, 1_790_000_000).to_string();
        let known = [witness.public().clone()];
        assert_eq!(accept(&first, &line, &known), Ok(&known[0]));
        assert!(accept(&second, &line, &known).is_err());
        assert_eq!(accept(&first, &line, &[key.public().clone()]), Err(NoteError::Unverified));
        assert!(accept(&first, "— witness.example AAAA", &known).is_err());
    }
}
