//! Values that identify a person to a bank or a state: tax ids, birth dates, account numbers.
//!
//! They are stored encrypted and shown masked; only a reveal with a reason opens one. The plain types can be read
//! from a request and handed to the cipher, and print nothing.

use serde::{Deserialize, Deserializer, Serialize};

use crate::time::Day;

/// An encrypted column. As JSON it is what may be shown: `{"masked": "•••-••-1234", "age": null}`.
#[derive(Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Sealed {
    /// The ciphertext of the column; never leaves the server.
    #[serde(skip)]
    #[schema(ignore)]
    pub cipher: Vec<u8>,
    /// What may be shown without a reveal.
    pub masked: String,
    /// Age in whole years, for a birth date.
    pub age: Option<i16>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl sqlx::Type<sqlx::Postgres> for Sealed {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <Vec<u8> as sqlx::Type<sqlx::Postgres>>::type_info()
    }
}

impl<'r> sqlx::Decode<'r, sqlx::Postgres> for Sealed {
    fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let cipher = <Vec<u8> as sqlx::Decode<'r, sqlx::Postgres>>::decode(value)?;
        Ok(Self { cipher, masked: "•••".to_owned(), age: None })
    }
}

/// What kind of value a sealed column holds, and so how it is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedKind {
    /// A day of birth.
    BirthDate,
    /// A social security or employer identification number.
    TaxId,
    /// An account number.
    AccountNumber,
}

impl SealedKind {
    /// What may be shown of `plain`: the year of a birth date, the last four characters of a number.
    #[must_use]
    pub fn mask(self, plain: &str) -> String {
        match self {
            Self::BirthDate => format!("•• ••• {}", plain.get(..4).unwrap_or("••••")),
            Self::TaxId | Self::AccountNumber => {
                let tail: Vec<char> = plain.chars().filter(char::is_ascii_alphanumeric).collect();
                let last: String = tail[tail.len().saturating_sub(4)..].iter().collect();
                // A number this short would be shown almost whole.
                if tail.len() < 6 && self == Self::TaxId { "••••".to_owned() } else { format!("••••{last}") }
            }
        }
    }
}

macro_rules! plain_types {
    ($($(#[$doc:meta])* $name:ident: $check:expr, $min:literal, $max:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads and checks the value.
            ///
            /// # Errors
            /// A message that names the expected form; it never repeats the value.
            pub fn parse(text: &str) -> Result<Self, String> {
                let check: fn(&str) -> Result<String, String> = $check;
                check(text.trim()).map(Self)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
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

fn number(text: &str, what: &str, min: usize, max: usize) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ' | '•' | '*' | '.');
    if (min..=max).contains(&text.chars().count()) && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!("must be {what}: {min} to {max} digits, letters, hyphens or spaces"))
    }
}

plain_types! {
    /// A day of birth, `YYYY-MM-DD`.
    BirthDate: |t| Day::parse(t).map(|_| t.to_owned()), 10, 10;
    /// A social security number or employer identification number (26 U.S.C. § 6109): nine digits, hyphens allowed.
    TaxId: |t| {
        let digits = t.bytes().filter(u8::is_ascii_digit).count();
        let form = t.len() <= 11 && t.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if digits == 9 && form { Ok(t.to_owned()) } else { Err("must be nine digits such as 000-00-0000".to_owned()) }
    }, 9, 11;
    /// An account number as the custodian prints it.
    AccountNumber: |t| number(t, "an account number", 3, 40), 3, 40;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_the_year_or_the_last_four_and_no_more() {
        assert_eq!(SealedKind::BirthDate.mask("1958-03-14"), "•• ••• 1958");
        assert_eq!(SealedKind::TaxId.mask("123-45-6789"), "••••6789");
        assert_eq!(SealedKind::AccountNumber.mask("••••7057"), "••••7057");
    }

    #[test]
    fn a_refused_tax_id_is_not_repeated_in_the_message() {
        assert!(!TaxId::parse("12345").unwrap_err().contains("12345"));
    }
}
