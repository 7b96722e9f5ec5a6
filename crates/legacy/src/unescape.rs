//! Un-escapes the content of a JSON string while it is read, so a value of any length needs no memory of its length.

use std::io::{self, BufRead, Read};

/// Reads the content of a JSON string, un-escaped, up to its closing quote.
pub struct Unescape<R> {
    source: R,
    pending: Vec<u8>,
    pending_at: usize,
    ended: bool,
}

impl<R: BufRead> Unescape<R> {
    /// `source` stands at the first byte after the opening quote.
    pub fn new(source: R) -> Self {
        Self { source, pending: Vec::new(), pending_at: 0, ended: false }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let byte = self.source.fill_buf()?.first().copied();
        self.source.consume(usize::from(byte.is_some()));
        byte.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn unit(&mut self) -> io::Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.byte()?).to_digit(16);
            unit = unit * 16 + digit.ok_or(io::ErrorKind::InvalidData)?;
        }
        Ok(unit)
    }

    /// Decodes the escape whose backslash was consumed into `pending`.
    fn escape(&mut self) -> io::Result<()> {
        let plain = match self.byte()? {
            b'u' => return self.unicode(),
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b @ (b'"' | b'\\' | b'/') => char::from(b),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        };
        self.push(plain);
        Ok(())
    }

    fn unicode(&mut self) -> io::Result<()> {
        let mut unit = self.unit()?;
        loop {
            if !(0xD800..0xDC00).contains(&unit) {
                self.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                return Ok(());
            }
            // A high surrogate wants a low one at once; without it this half is lost and what follows is read anew.
            if self.source.fill_buf()?.first() != Some(&b'\\') {
                self.push(char::REPLACEMENT_CHARACTER);
                return Ok(());
            }
            self.byte()?;
            if self.source.fill_buf()?.first() != Some(&b'u') {
                self.push(char::REPLACEMENT_CHARACTER);
                return self.escape();
            }
            self.byte()?;
            let low = self.unit()?;
            if (0xDC00..0xE000).contains(&low) {
                let joined = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                self.push(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
                return Ok(());
            }
            self.push(char::REPLACEMENT_CHARACTER);
            unit = low;
        }
    }

    fn push(&mut self, c: char) {
        self.pending.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl<R: BufRead> Read for Unescape<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < out.len() {
            if self.pending_at < self.pending.len() {
                let rest = self.pending.get(self.pending_at..).unwrap_or_default();
                let room = out.get_mut(filled..).unwrap_or_default();
                let n = rest.len().min(room.len());
                room.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                self.pending_at += n;
                filled += n;
                continue;
            }
            if self.ended {
                break;
            }
            self.pending.clear();
            self.pending_at = 0;
            let window = self.source.fill_buf()?;
            if window.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let room = out.get_mut(filled..).unwrap_or_default();
            let limit = window.len().min(room.len());
            let window = window.get(..limit).unwrap_or_default();
            let plain = window.iter().position(|b| matches!(b, b'"' | b'\\')).unwrap_or(limit);
            if let (Some(to), Some(from)) = (room.get_mut(..plain), window.get(..plain)) {
                to.copy_from_slice(from);
            }
            let stop = window.get(plain).copied();
            self.source.consume(plain + usize::from(stop.is_some()));
            filled += plain;
            match stop {
                Some(b'"') => self.ended = true,
                Some(_) => self.escape()?,
                None => {}
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(content: &[u8]) -> io::Result<String> {
        let mut out = Vec::new();
        Unescape::new(content).read_to_end(&mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn st_3_escapes_are_undone() {
        assert_eq!(read(br#"a\"b\\\/\n\r\t\b\f\u00e9\ud83d\ude42" rest"#).unwrap(), "a\"b\\/\n\r\t\u{8}\u{c}é🙂");
        assert_eq!(read(br#"\ud83d\n\ude42\ud83d\ud83d\ude42""#).unwrap(), "\u{fffd}\n\u{fffd}\u{fffd}🙂");
        assert!(read(b"no end").is_err());
        assert!(read(br#"\q""#).is_err());
        assert!(read(br#"\u12""#).is_err());
    }

    proptest! {
        #[test]
        fn st_3_what_serde_writes_is_read_back(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(read(json.as_bytes().get(1..).unwrap()).unwrap(), text);
        }

        #[test]
        fn st_3_any_bytes_end_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
