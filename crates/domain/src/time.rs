//! Moments and calendar days, with the codecs of their columns.
//!
//! Moments are UTC everywhere; days carry no zone. Days lie between 1850 and 2150: outside of that a birth,
//! a trust or a due date is a typing error.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef, Postgres};

type BoxError = sqlx::error::BoxDynError;

/// A moment in UTC. JSON: RFC 3339 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ts(pub jiff::Timestamp);

/// A calendar day between 1850-01-01 and 2150-12-31. JSON: `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Day(Date);

impl Day {
    /// The first day there is.
    pub const EARLIEST: Self = Self(jiff::civil::date(1850, 1, 1));
    /// The last day there is.
    pub const LATEST: Self = Self(jiff::civil::date(2150, 12, 31));

    /// The day, or a message that names the limit.
    pub fn new(date: Date) -> Result<Self, String> {
        if (1850..=2150).contains(&date.year()) { Ok(Self(date)) } else { Err("must lie between 1850-01-01 and 2150-12-31".to_owned()) }
    }

    /// So many days later, or earlier; the first or last day there is when that lies beyond it.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        let later = self.0.saturating_add(jiff::Span::new().days(days));
        Self(later.clamp(Self::EARLIEST.0, Self::LATEST.0))
    }

    /// Reads `YYYY-MM-DD`; the error says what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let strict = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| (i == 4 || i == 7) == (b == b'-'));
        let date: Option<Date> = if strict { text.parse().ok() } else { None };
        Self::new(date.ok_or("must be a date such as 1958-03-14")?)
    }

    /// The calendar date.
    #[must_use]
    pub fn date(self) -> Date {
        self.0
    }

    /// Whole years from this day to `today`; `None` while the day lies ahead.
    #[must_use]
    pub fn age_on(self, today: Date) -> Option<i16> {
        let had_birthday = (today.month(), today.day()) >= (self.0.month(), self.0.day());
        let age = today.year() - self.0.year() - i16::from(!had_birthday);
        (age >= 0).then_some(age)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// A time of day on the clock on the wall, to the minute. JSON and column: `HH:MM`, 00:00 to 23:59.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct TimeOfDay(String);

impl TimeOfDay {
    /// That hour and minute; `None` where the day has no such time.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then(|| Self(format!("{hour:02}:{minute:02}")))
    }

    /// The text, `HH:MM`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let two = |s: &str| if s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()) { s.parse().ok() } else { None };
        let (hour, minute) = text.split_once(':')?;
        Self::new(two(hour)?, two(minute)?)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).ok_or_else(|| serde::de::Error::custom("must be a time of day such as 09:30"))
    }
}

impl utoipa::PartialSchema for TimeOfDay {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .into()
    }
}

impl utoipa::ToSchema for TimeOfDay {}

macro_rules! codec {
    ($name:ident, $wire:ty, $get:ident) => {
        impl sqlx::Type<Postgres> for $name {
            fn type_info() -> PgTypeInfo {
                <$wire as sqlx::Type<Postgres>>::type_info()
            }
        }
        impl<'r> sqlx::Decode<'r, Postgres> for $name {
            fn decode(value: PgValueRef<'r>) -> Result<Self, BoxError> {
                Ok(Self(<$wire as sqlx::Decode<'r, Postgres>>::decode(value)?.$get()))
            }
        }
        impl sqlx::Encode<'_, Postgres> for $name {
            fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<sqlx::encode::IsNull, BoxError> {
                let wire: $wire = self.0.into();
                <$wire as sqlx::Encode<'_, Postgres>>::encode_by_ref(&wire, buf)
            }
        }
    };
}
codec!(Ts, jiff_sqlx::Timestamp, to_jiff);
codec!(Day, jiff_sqlx::Date, to_jiff);

macro_rules! schema {
    ($name:ident, $format:ident) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
                ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::$format))).into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}
schema!(Ts, DateTime);
schema!(Day, Date);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_outside_its_centuries_is_refused_with_the_limit() {
        assert!(Day::parse("0958-03-14").unwrap_err().contains("1850"));
        assert!(Day::parse("3958-03-14").unwrap_err().contains("2150"));
        assert!(Day::parse("14/03/1958").unwrap_err().contains("1958-03-14"));
        assert!(Day::parse("2023-02-29").is_err());
    }

    #[test]
    fn an_age_counts_whole_years() {
        let born = Day::parse("1958-03-14").unwrap();
        assert_eq!(born.age_on(jiff::civil::date(2026, 3, 13)), Some(67));
        assert_eq!(born.age_on(jiff::civil::date(2026, 3, 14)), Some(68));
        assert_eq!(born.age_on(jiff::civil::date(1950, 1, 1)), None);
    }
}
