//! North American telephone numbers in E.164 (ITU-T E.164), extensions apart.

/// A number that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// `+` and 7 to 15 digits.
    pub e164: String,
    /// Digits to dial after the call is answered.
    pub extension: Option<String>,
}

/// Reads a number in any punctuation, with an optional leading 1 or +, and an extension after `x` or `ext`.
/// `None`: it cannot be read, and the caller keeps the text as it is.
#[must_use]
pub fn parse(text: &str) -> Option<Phone> {
    let lower = text.trim().to_ascii_lowercase();
    let (main, extension) = match lower.find("ext").or_else(|| lower.find('x')) {
        Some(at) => {
            let digits: String = lower[at..].trim_start_matches(['e', 'x', 't', '.', ':', ' ', '#']).to_owned();
            let good = (1..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            (lower[..at].to_owned(), Some(good.then_some(digits)?))
        }
        None => (lower, None),
    };
    if !main.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '(' | ')' | '-' | '.' | '/' | '\u{a0}')) {
        return None;
    }
    let international = main.trim_start().starts_with('+');
    if main.matches('+').count() > usize::from(international) {
        return None;
    }
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    let e164 = match (international, digits.len()) {
        (_, 11) if digits.starts_with('1') => format!("+{digits}"),
        (false, 10) => format!("+1{digits}"),
        (true, 7..=15) if !digits.starts_with(['0', '1']) => format!("+{digits}"),
        _ => return None,
    };
    Some(Phone { e164, extension })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_one_number() {
        for text in ["(425) 555-0138", "425.555.0138", "1 425 555 0138", "+14255550138", " 4255550138 "] {
            assert_eq!(parse(text).unwrap().e164, "+14255550138", "{text}");
        }
        assert_eq!(parse("425-555-0138 x12").unwrap().extension.as_deref(), Some("12"));
        assert_eq!(parse("+44 20 7946 0000").unwrap().e164, "+442079460000");
    }

    #[test]
    fn what_is_not_a_number_is_left_alone() {
        for text in ["call the office", "", "555-0138", "425-555-0138 x", "++14255550138"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
