//! Telephone numbers as people typed them, to E.164 with the extension kept apart (PH-4: formats and extensions equal).
//!
//! Must not invent digits: what is not clearly a number stays text and is reported.

use serde::Serialize;

/// A number that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Phone {
    /// E.164, e.g. `+14255550138`.
    pub e164: String,
    /// Digits of the extension, without a mark.
    pub extension: Option<String>,
}

/// What a phone text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneText {
    /// A readable number.
    Number(Phone),
    /// Blank.
    Empty,
    /// Text such as `call the office`; stays text.
    Unreadable,
}

/// Reads a phone number. Any punctuation, optional leading `1` or `+1`, optional extension. Pure; safe to fuzz.
///
/// A number with another country code is kept when it begins with `+` and has 8 to 15 digits.
#[must_use]
pub fn parse(text: &str) -> PhoneText {
    let text = text.trim();
    if text.is_empty() {
        return PhoneText::Empty;
    }
    let Some((number, extension)) = split_extension(text) else {
        return PhoneText::Unreadable;
    };
    read(number).map_or(PhoneText::Unreadable, |e164| PhoneText::Number(Phone { e164, extension }))
}

/// A number as people of the North American plan write it, `(425) 555-0138`; any other text stays as it is.
#[must_use]
pub fn shown(text: &str) -> String {
    match text.strip_prefix("+1") {
        Some(national) if national.len() == 10 && national.bytes().all(|b| b.is_ascii_digit()) => {
            let (area, rest) = national.split_at(3);
            let (exchange, line) = rest.split_at(3);
            format!("({area}) {exchange}-{line}")
        }
        _ => text.to_owned(),
    }
}

/// Splits ` x123`, `ext. 123` or `#123` off; `None` when a mark is there without digits behind it.
fn split_extension(text: &str) -> Option<(&str, Option<String>)> {
    let lower = text.to_ascii_lowercase();
    let Some((at, mark)) = ["extension", "ext", "x", "#"]
        .iter()
        .filter_map(|mark| lower.find(mark).map(|at| (at, mark.len())))
        .min_by_key(|(at, len)| (*at, std::cmp::Reverse(*len)))
    else {
        return Some((text, None));
    };
    let digits = text.get(at + mark..)?.trim_start_matches(['.', ':', '=', ' ']).trim();
    let readable = (1..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    readable.then(|| (text.get(..at).unwrap_or_default().trim_end_matches([' ', ',', ';']), Some(digits.to_owned())))
}

fn read(text: &str) -> Option<String> {
    let mut digits = String::new();
    let mut plus = false;
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            '+' => return None,
            c if c.is_alphanumeric() => return None,
            _ => {}
        }
    }
    let national = match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => Some(rest),
        _ if digits.len() == 10 && !plus => Some(digits.as_str()),
        _ => None,
    };
    if let Some(national) = national {
        return is_north_american(national).then(|| format!("+1{national}"));
    }
    let foreign = plus && (8..=15).contains(&digits.len()) && !digits.starts_with(['0', '1']);
    foreign.then(|| format!("+{digits}"))
}

/// Area code and exchange begin with 2–9 in the North American plan; anything else cannot be dialled.
fn is_north_american(national: &str) -> bool {
    let bytes = national.as_bytes();
    bytes.len() == 10 && bytes.first().is_some_and(|b| *b >= b'2') && bytes.get(3).is_some_and(|b| *b >= b'2')
}

impl PhoneText {
    /// The number, when it could be read.
    #[must_use]
    pub fn number(self) -> Option<Phone> {
        match self {
            Self::Number(phone) => Some(phone),
            Self::Empty | Self::Unreadable => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(e164: &str, extension: Option<&str>) -> PhoneText {
        PhoneText::Number(Phone { e164: e164.to_owned(), extension: extension.map(str::to_owned) })
    }

    #[test]
    fn ph_4_formats_and_extensions_are_equal() {
        for text in [
            "4255550138",
            "(425) 555-0138",
            " (425)555-0138",
            "425.555.0138",
            "425-555-0138",
            "1 425 555 0138",
            "+14255550138",
            "+1 (425) 555 0138",
            "1-425-555-0138",
            "425\u{2011}555\u{a0}0138",
        ] {
            assert_eq!(parse(text), number("+14255550138", None), "{text}");
        }
        for text in [
            "9375550135 x62",
            "(937) 555-0135 X62",
            "+19375550135 ext. 62",
            "937-555-0135x62",
            "937-555-0135, extension 62",
            "937-555-0135 #62",
        ] {
            assert_eq!(parse(text), number("+19375550135", Some("62")), "{text}");
        }
    }

    #[test]
    fn ph_4_a_foreign_number_needs_its_plus() {
        assert_eq!(parse("+44 20 7946 0018"), number("+442079460018", None));
        assert_eq!(parse("+266696687"), number("+266696687", None));
        assert_eq!(parse("44 20 7946 0018"), PhoneText::Unreadable);
    }

    #[test]
    fn st_3_text_that_is_no_number_stays_text() {
        for text in [
            "call the office",
            "ask Bob",
            "555-0100",
            "425-555-0138 x",
            "x12",
            "0000000000",
            "1-800-FLOWERS",
            "425 555 0138 home",
            "++14255550138",
            "4255550138 4255550139",
            "+1425555013",
        ] {
            assert_eq!(parse(text), PhoneText::Unreadable, "{text}");
        }
        assert_eq!(parse(" "), PhoneText::Empty);
    }

    proptest! {
        #[test]
        fn st_3_any_text_is_read_without_panic(text in "\\PC*") {
            let _ = parse(&text);
        }

        #[test]
        fn st_3_a_read_number_reads_back_the_same(text in "[0-9+() .x-]{0,24}") {
            if let PhoneText::Number(phone) = parse(&text) {
                let spelled = phone.extension.as_ref().map_or(phone.e164.clone(), |x| format!("{} x{x}", phone.e164));
                prop_assert_eq!(parse(&spelled), PhoneText::Number(phone));
            }
        }
    }
}
