//! Bounded text. Each type says how long its text may be; NUL and other control characters are refused,
//! right-to-left text and emoji are kept. `Debug` never prints the text, so that a log cannot hold it.

use serde::{Deserialize, Deserializer, Serialize};

/// Trims a single-line text and checks it; `min` and `max` count characters.
///
/// # Errors
/// A message that names the limit.
pub fn line(text: &str, min: usize, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control()) {
        return Err("must be one line without control characters".to_owned());
    }
    sized(text, min, max)
}

/// Checks a text of several lines; tabs and line ends are its only control characters.
///
/// # Errors
/// A message that names the limit.
pub fn block(text: &str, min: usize, max: usize) -> Result<String, String> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("must not hold control characters".to_owned());
    }
    if min > 0 && text.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    sized(text, min, max)
}

/// Checks a SHA-256 in hexadecimal.
///
/// # Errors
/// A message that names the form.
pub fn digest(text: &str, min: usize, max: usize) -> Result<String, String> {
    if text.bytes().all(|b| b.is_ascii_hexdigit()) && (min..=max).contains(&text.len()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(format!("must be a SHA-256: {max} hexadecimal digits"))
}

/// Checks the path of a brain file: folders and a name of lower-case letters, digits, `-`, `_` and `.`, ending in `.md`.
///
/// # Errors
/// A message that names the form.
pub fn brain_path(text: &str, min: usize, max: usize) -> Result<String, String> {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
    };
    if text.strip_suffix(".md").is_some_and(|stem| !stem.is_empty()) && text.split('/').all(part) {
        return sized(text, min, max);
    }
    Err("must be a path such as facts.md or meetings/2026-03-14-review.md: lower-case letters, digits, - and _, ending in .md".to_owned())
}

fn sized(text: &str, min: usize, max: usize) -> Result<String, String> {
    let length = text.chars().count();
    if length < min {
        return Err(if min == 1 { "must not be empty".to_owned() } else { format!("must have at least {min} characters") });
    }
    if length > max {
        return Err(format!("must have at most {max} characters, this has {length}"));
    }
    Ok(text.to_owned())
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $check:ident($min:literal, $max:literal);)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            /// The checked text.
            ///
            /// # Errors
            /// A message that names the limit.
            pub fn new(text: &str) -> Result<Self, String> {
                $check(text, $min, $max).map(Self)
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(d)?).map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some($min))
                    .max_length(Some($max))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

texts! {
    /// A name of a household, account, policy or organization: 1–200 characters, one line.
    Name = line(1, 200);
    /// One part of a person's name: 1–100 characters.
    NamePart = line(1, 100);
    /// The name of a saved view: 1–80 characters.
    ViewName = line(1, 80);
    /// What somebody looks at, such as `notes/ID`: 1–80 characters.
    Focus = line(1, 80);
    /// A short label such as a tier or a suffix: 1–40 characters.
    Label = line(1, 40);
    /// A phrase such as a city, a kind or a stage: 1–100 characters.
    Phrase = line(1, 100);
    /// A contact value as somebody typed it, kept raw: 1–254 characters.
    Contact = line(1, 254);
    /// What an API key is for: 1–100 characters.
    KeyLabel = line(1, 100);
    /// What stands under an e-mail draft: 1–4,000 characters, may span lines.
    Signature = block(1, 4_000);
    /// A title of a task or goal: 1–500 characters.
    Title = line(1, 500);
    /// A postal code: 1–20 characters.
    PostalCode = line(1, 20);
    /// A promise or question: 1–2,000 characters, may span lines.
    Promise = block(1, 2_000);
    /// A sentence taken out of a longer text: 1–1,000 characters.
    Quote = block(1, 1_000);
    /// What somebody types to add a task: 1–500 characters, one line.
    QuickText = line(1, 500);
    /// Markdown: 1–50,000 characters.
    Markdown = block(1, 50_000);
    /// The path of a brain file: 4–200 characters.
    BrainPath = brain_path(4, 200);
    /// The text of a brain file: at most 200,000 characters of Markdown.
    BrainBody = block(0, 200_000);
    /// The text of a draft: at most 50,000 characters.
    DraftBody = block(0, 50_000);
    /// The text of a template: 1–20,000 characters.
    TemplateBody = block(1, 20_000);
    /// What a user tells about the product: 1–2,000 characters.
    FeedbackText = block(1, 2_000);
    /// What became of it: 1–500 characters.
    Answer = block(1, 500);
    /// Why somebody did a thing: 3–500 characters.
    Reason = line(3, 500);
    /// A tag: 1–60 characters.
    Tag = line(1, 60);
    /// Where a row stands in a source, such as `magfin:notes[12]`: 1–1,200 characters.
    Place = line(1, 1_200);
    /// A path within a source row, such as `phones[0].number`: 1–300 characters.
    SourcePath = line(1, 300);
    /// A value that takes the place of one that cannot be read: at most 4,000 characters, may span lines.
    Corrected = block(0, 4_000);
    /// A SHA-256 in hexadecimal.
    Digest = digest(64, 64);
    /// What somebody types to find a household: at most 200 characters.
    Query = line(0, 200);
    /// What somebody types to find anything: 1–200 characters, one line.
    SearchText = line(1, 200);
}

/// The tags of a household: at most 50, each 1–60 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tags(pub Vec<Tag>);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let tags = Vec::<Tag>::deserialize(d)?;
        if tags.len() > 50 {
            return Err(serde::de::Error::custom(format!("must have at most 50 tags, this has {}", tags.len())));
        }
        Ok(Self(tags))
    }
}

impl sqlx::Type<sqlx::Postgres> for Tags {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <Vec<String> as sqlx::Type<sqlx::Postgres>>::type_info()
    }
}

impl<'r> sqlx::Decode<'r, sqlx::Postgres> for Tags {
    fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let tags = <Vec<String> as sqlx::Decode<'r, sqlx::Postgres>>::decode(value)?;
        Ok(Self(tags.into_iter().map(Tag).collect()))
    }
}

impl utoipa::PartialSchema for Tags {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ArrayBuilder::new().items(Tag::schema()).max_items(Some(50)).into()
    }
}

impl utoipa::ToSchema for Tags {}

/// A three-letter ISO 4217 currency code; US dollars unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Currency(String);

impl Default for Currency {
    fn default() -> Self {
        Self("USD".to_owned())
    }
}

impl Currency {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let code = String::deserialize(d)?;
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(serde::de::Error::custom("must be a currency code of three capital letters such as USD"))
        }
    }
}

impl utoipa::PartialSchema for Currency {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String).pattern(Some("^[A-Z]{3}$")).into()
    }
}

impl utoipa::ToSchema for Currency {}

/// An e-mail address of a colleague: one `@` with something on both sides, at most 254 characters, kept in lower case.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = line(&String::deserialize(d)?, 3, 254).map_err(serde::de::Error::custom)?;
        let whole = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
        if whole && !text.contains(char::is_whitespace) {
            Ok(Self(text.to_lowercase()))
        } else {
            Err(serde::de::Error::custom("must be an e-mail address such as name@example.com"))
        }
    }
}

impl utoipa::PartialSchema for Email {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(r"^[^\s@]+@[^\s@]+$"))
            .min_length(Some(3))
            .max_length(Some(254))
            .into()
    }
}

impl utoipa::ToSchema for Email {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_names_the_limit_and_its_length() {
        assert_eq!(Label::new(&"x".repeat(41)).unwrap_err(), "must have at most 40 characters, this has 41");
    }

    #[test]
    fn right_to_left_and_emoji_are_kept_and_nul_is_refused() {
        assert_eq!(Name::new(" רבקה 🌳 ").unwrap().as_str(), "רבקה 🌳");
        assert!(Name::new("a\0b").is_err());
        assert!(Markdown::new("a\0b").is_err());
        assert!(Markdown::new("two\r\n\tlines").is_ok());
    }

    #[test]
    fn debug_output_never_holds_the_text() {
        assert_eq!(format!("{:?}", Name::new("Whitfield").unwrap()), "Name(…)");
    }
}
