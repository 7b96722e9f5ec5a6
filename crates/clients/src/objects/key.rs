//! The names of objects.

use std::fmt;
use std::str::FromStr;

use object_store::path::Path;
use uuid::Uuid;

/// The text is not the key of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an object key: f/<firm>/<object>/<version> is")]
pub struct KeyError;

/// One version of one object of one firm: `f/<firm>/<object>/<version>`, three ids in lower-case hyphenated form. A version has
/// an id of its own and not only a number: an attempt whose outcome is unknown is never in the way of the next. Ids that are
/// UUIDv7 sort by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The firm.
    pub firm: Uuid,
    /// The object.
    pub object: Uuid,
    /// The version.
    pub version: Uuid,
}

impl ObjectKey {
    pub(crate) fn path(&self) -> Path {
        Path::from(self.to_string())
    }

    /// Where the objects of a firm are.
    pub(crate) fn folder(firm: Uuid) -> Path {
        Path::from(format!("f/{firm}"))
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "f/{}/{}/{}", self.firm, self.object, self.version)
    }
}

impl FromStr for ObjectKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.split('/');
        let mut next = || parts.next().ok_or(KeyError);
        if next()? != "f" {
            return Err(KeyError);
        }
        let firm = next()?.parse().map_err(|_| KeyError)?;
        let object = next()?.parse().map_err(|_| KeyError)?;
        let version = next()?.parse().map_err(|_| KeyError)?;
        let key = Self { firm, object, version };
        // One spelling a key: what prints otherwise was not written by us.
        if parts.next().is_none() && key.to_string() == text { Ok(key) } else { Err(KeyError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn br_4_a_key_reads_back_as_itself_and_nothing_else_reads_as_a_key() {
        let key = ObjectKey { firm: Uuid::from_u128(1), object: Uuid::from_u128(2), version: Uuid::from_u128(42) };
        let text = key.to_string();
        assert_eq!(
            text,
            "f/00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-000000000002/00000000-0000-0000-0000-00000000002a"
        );
        assert_eq!(text.parse(), Ok(key));
        for bad in ["", "f", "f/1/2/3", &text[1..], &text.to_uppercase(), &format!("{text}/x"), &format!("{text}9"), &text.replace('-', "")]
        {
            assert_eq!(bad.parse::<ObjectKey>(), Err(KeyError), "{bad}");
        }
        let later = ObjectKey { version: Uuid::from_u128(100), ..key };
        assert!(key < later && text < later.to_string());
    }
}
