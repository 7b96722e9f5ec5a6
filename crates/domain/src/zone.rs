//! Time zones: whose day it is. A firm has one, by its name in the IANA database, which the program carries with it.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize};

use crate::time::{Day, Ts};

/// The longest name there is has 32 characters; this leaves room.
const LONGEST: usize = 60;

/// The name of a time zone in the IANA database, such as `America/New_York`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Zone(String);

impl Zone {
    /// The zone of that name, spelt as the database spells it.
    ///
    /// # Errors
    /// A message that says what is expected.
    pub fn new(name: &str) -> Result<Self, String> {
        let unknown = || "must be the name of a time zone such as America/New_York".to_owned();
        // Names of the database are letters, digits and a few marks; anything else never reaches its files.
        let plain = name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
        let zone = if plain { jiff::tz::db().get(name).map_err(|_| unknown())? } else { return Err(unknown()) };
        zone.iana_name().filter(|n| *n != "Etc/Unknown").map(|n| Self(n.to_owned())).ok_or_else(unknown)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that the database has lost since reads as UTC.
    fn rules(&self) -> TimeZone {
        jiff::tz::db().get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// What the clock on the wall shows at that moment.
    #[must_use]
    pub fn wall(&self, moment: Ts) -> DateTime {
        moment.0.to_zoned(self.rules()).datetime()
    }

    /// The moment in which the clock on the wall shows that; the earlier one where it shows it twice, and the later one where it never does.
    #[must_use]
    pub fn moment(&self, wall: DateTime) -> Ts {
        // Beyond the last moment there is, the last one.
        Ts(self.rules().to_timestamp(wall).unwrap_or(jiff::Timestamp::MAX))
    }

    /// The day of that moment there.
    #[must_use]
    pub fn day(&self, moment: Ts) -> Day {
        Day::new(self.wall(moment).date()).unwrap_or(Day::EARLIEST)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Zone {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(1))
            .max_length(Some(LONGEST))
            .into()
    }
}

impl utoipa::ToSchema for Zone {}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts(text.parse().unwrap())
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone_whatever_the_season() {
        let york = Zone::new("america/new_york").unwrap();
        assert_eq!(york.as_str(), "America/New_York");
        // Four hours behind in summer, five in winter; the clocks changed on 8 March 2026.
        assert_eq!(york.day(at("2026-03-14T03:59:59Z")).date().to_string(), "2026-03-13");
        assert_eq!(york.day(at("2026-03-14T04:00:00Z")).date().to_string(), "2026-03-14");
        assert_eq!(york.day(at("2026-01-14T04:59:59Z")).date().to_string(), "2026-01-13");
        assert_eq!(Zone::new("Pacific/Kiritimati").unwrap().day(at("2026-03-13T10:00:00Z")).date().to_string(), "2026-03-14");
    }

    #[test]
    fn a_time_on_the_wall_is_one_moment_even_where_the_clocks_change() {
        let york = Zone::new("America/New_York").unwrap();
        let moment = |wall: &str| york.moment(wall.parse().unwrap()).0.to_string();
        assert_eq!(moment("2026-03-14T09:00"), "2026-03-14T13:00:00Z");
        // Half past two was skipped on 8 March, and half past one came twice on 1 November.
        assert_eq!(moment("2026-03-08T02:30"), "2026-03-08T07:30:00Z");
        assert_eq!(moment("2026-11-01T01:30"), "2026-11-01T05:30:00Z");
        assert_eq!(Zone::new("Asia/Tokyo").unwrap().moment("2026-03-14T00:00".parse().unwrap()).0.to_string(), "2026-03-13T15:00:00Z");
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for bad in ["", "EST5EDT,M3.2.0,M11.1.0", "../../etc/passwd", "America/Nowhere", "Etc/Unknown", "America/New York", "a\0b"] {
            assert!(Zone::new(bad).unwrap_err().contains("America/New_York"), "{bad:?}");
        }
    }
}
