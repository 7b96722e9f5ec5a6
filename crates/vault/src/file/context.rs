//! What a file is bound to.

/// Which version of which object a file is; it opens as nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context<'a> {
    /// The firm's id.
    pub firm: &'a [u8; 16],
    /// The object's id.
    pub object: &'a [u8; 16],
    /// The logical path, as people see it; UTF-8.
    pub path: &'a str,
    /// The version, from 1.
    pub version: u64,
    /// The media type of the plaintext.
    pub content_type: &'a str,
}

impl Context<'_> {
    /// The parts in order, each after its length as eight bytes (big-endian), so that no two contexts have the same bytes.
    /// The first part is the constant `magfin file v1`; the version is eight bytes, big-endian.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let version = self.version.to_be_bytes();
        let parts = [&b"magfin file v1"[..], self.firm, self.object, self.path.as_bytes(), &version, self.content_type.as_bytes()];
        let mut out = Vec::with_capacity(110 + self.path.len() + self.content_type.len());
        for part in parts {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn br_1_no_two_contexts_have_the_same_bytes() {
        let context = Context { firm: &[1; 16], object: &[2; 16], path: "a", version: 1, content_type: "b" };
        let others = [
            Context { firm: &[2; 16], ..context },
            Context { object: &[1; 16], ..context },
            Context { path: "ab", content_type: "", ..context },
            Context { path: "", content_type: "ab", ..context },
            Context { version: 2, ..context },
        ];
        for other in others {
            assert_ne!(context.bytes(), other.bytes());
        }
    }
}
