//! Money and percentages as exact decimals; never a float.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount with at most two decimals, between ±999,999,999,999.99. JSON: text such as `"1234.50"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Money(pub Decimal);

/// An amount that cannot be negative, otherwise as [`Money`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Amount(pub Decimal);

/// A percentage from 0 to 100 with at most two decimals. JSON: text such as `"33.33"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Percent(pub Decimal);

fn read(text: &str, decimals: u32) -> Result<Decimal, String> {
    let plain = text.len() <= 24 && text.bytes().enumerate().all(|(i, b)| b.is_ascii_digit() || b == b'.' || (i == 0 && b == b'-'));
    let value: Decimal = plain.then(|| text.parse().ok()).flatten().ok_or("must be an amount such as \"1234.50\"")?;
    if value.normalize().scale() > decimals {
        return Err(format!("must have at most {decimals} decimals"));
    }
    Ok(value)
}

fn bounded(text: &str) -> Result<Decimal, String> {
    let value = read(text, 2)?;
    if value.abs() >= Decimal::from(1_000_000_000_000_i64) {
        return Err("must be below 1,000,000,000,000".to_owned());
    }
    Ok(value)
}

impl Money {
    /// Reads a plain decimal.
    ///
    /// # Errors
    /// A message that names the limit.
    pub fn parse(text: &str) -> Result<Self, String> {
        bounded(text).map(Self)
    }
}

impl Amount {
    /// Reads a plain decimal that is not negative.
    ///
    /// # Errors
    /// A message that names the limit.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value = bounded(text)?;
        if value < Decimal::ZERO { Err("must not be negative".to_owned()) } else { Ok(Self(value)) }
    }
}

impl Percent {
    /// Reads a percentage.
    ///
    /// # Errors
    /// A message that names the limit.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value = read(text, 2)?;
        if value < Decimal::ZERO || value > Decimal::ONE_HUNDRED { Err("must lie between 0 and 100".to_owned()) } else { Ok(Self(value)) }
    }
}

macro_rules! json {
    ($name:ident, $decimals:literal, $pattern:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let mut value = self.0;
                if value.scale() < $decimals {
                    value.rescale($decimals);
                }
                s.collect_str(&value)
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
                    .pattern(Some($pattern))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}
json!(Money, 2, r"^-?[0-9]{1,18}(\.[0-9]{1,3})?$");
json!(Amount, 2, r"^[0-9]{1,12}(\.[0-9]{1,2})?$");
json!(Percent, 2, r"^[0-9]{1,3}(\.[0-9]{1,3})?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_coverage_and_huge_or_fractional_amounts_are_refused_with_the_limit() {
        assert_eq!(Amount::parse("-1").unwrap_err(), "must not be negative");
        assert!(Money::parse("1000000000000").unwrap_err().contains("below"));
        assert!(Money::parse("1.005").unwrap_err().contains("2 decimals"));
        assert!(Money::parse("1e9").is_err());
        assert!(Money::parse("").is_err());
    }

    #[test]
    fn money_is_written_with_its_cents() {
        assert_eq!(serde_json::to_string(&Money::parse("12.5").unwrap()).unwrap(), "\"12.50\"");
    }
}
