//! Plain text of the legacy data: what counts as blank, how two texts compare, what a database cannot store.
//!
//! Must not change wording: emoji, right-to-left text and CRLF line ends are kept as they are.

/// True when the text holds nothing but Unicode white space.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The text without U+0000, which PostgreSQL can store neither as `text` nor inside `jsonb`.
#[must_use]
pub fn without_nul(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').collect()
}

/// Text compared without regard to case and to spaces (rule "Type" of the layout), e.g. `" Former  Client"` is `formerclient`.
#[must_use]
pub fn squash(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A lower-case ASCII slug of a name; `None` when no letter or digit remains.
#[must_use]
pub fn slugify(name: &str) -> Option<String> {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    (!slug.is_empty()).then_some(slug)
}

/// JSON text in which every `\uD800`–`\uDFFF` escape that has no partner is replaced by `\uFFFD`.
///
/// Browsers write such escapes for half an emoji; they are valid JSON but have no UTF-8 form, so a strict parser
/// would refuse the whole row.
#[must_use]
pub fn mend_lone_surrogates(json: &str) -> String {
    let bytes = json.as_bytes();
    let mut out = String::with_capacity(json.len());
    let mut copied = 0;
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        if byte != b'\\' {
            i += 1;
            continue;
        }
        let Some(unit) = escape_unit(bytes, i) else {
            i += 2;
            continue;
        };
        let paired = (0xD800..0xDC00).contains(&unit) && escape_unit(bytes, i + 6).is_some_and(|low| (0xDC00..0xE000).contains(&low));
        if paired {
            i += 12;
            continue;
        }
        if (0xD800..0xE000).contains(&unit) {
            out.push_str(json.get(copied..i).unwrap_or_default());
            out.push_str("\\ufffd");
            copied = i + 6;
        }
        i += 6;
    }
    out.push_str(json.get(copied..).unwrap_or_default());
    out
}

/// The UTF-16 unit of the escape `\uXXXX` that starts at byte `at`, if one does.
fn escape_unit(bytes: &[u8], at: usize) -> Option<u32> {
    if bytes.get(at) != Some(&b'\\') || bytes.get(at + 1) != Some(&b'u') {
        return None;
    }
    let digits = bytes.get(at + 2..at + 6)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn st_3_half_an_emoji_becomes_the_replacement_character() {
        assert_eq!(mend_lone_surrogates(r#""a\ud83d b""#), r#""a\ufffd b""#);
        assert_eq!(mend_lone_surrogates(r#""\ude42""#), r#""\ufffd""#);
        assert_eq!(mend_lone_surrogates(r#""\ud83d\ude42""#), r#""\ud83d\ude42""#);
        assert_eq!(mend_lone_surrogates(r#""\ud83d\ud83d\ude42""#), r#""\ufffd\ud83d\ude42""#);
        assert_eq!(mend_lone_surrogates(r#""\\ud83d""#), r#""\\ud83d""#);
    }

    #[test]
    fn st_3_slugs_are_ascii() {
        assert_eq!(slugify("James & Virginia (Sr.)").as_deref(), Some("james-virginia-sr"));
        assert_eq!(slugify("محمد"), None);
    }

    proptest! {
        #[test]
        fn st_3_mending_never_panics_and_is_idempotent(text in ".*") {
            let once = mend_lone_surrogates(&text);
            prop_assert_eq!(mend_lone_surrogates(&once), once);
        }
    }
}
