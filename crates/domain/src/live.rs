//! What is told to screens that stay open: which rows changed, and who looks at what. Names of fields, never their values.

use crate::ids::{HouseholdId, UserId};
use crate::time::Ts;

/// The most changes that one message carries; with more, a screen does better to load itself again.
pub const MOST_CHANGES: i64 = 200;

/// How long somebody stays present after they last said so, in seconds.
pub const PRESENT_S: i64 = 30;

/// A row that changed in one request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// The table of the row.
    pub entity: String,
    /// The row.
    pub entity_id: uuid::Uuid,
    /// The household it belongs to.
    pub household_id: Option<HouseholdId>,
    /// `create` or `change`.
    pub op: String,
    /// The fields that changed; empty for a created row.
    pub fields: Vec<String>,
    /// Who changed it.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// How: `ui`, `api`, `import`, `undo`, `restore`, `sample` or `system`.
    pub source: String,
    /// The request.
    pub request_id: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
}

/// Somebody who has a household open.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Present {
    /// The household.
    pub household_id: HouseholdId,
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// What they are at, such as `notes/ID`.
    pub focus: Option<String>,
    /// Since when.
    pub since: Ts,
}

/// How far a stream has come: the snapshot of the database (`xmin:xmax:in-progress`) up to which everything was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Reads a cursor; `None` when it is not one of ours. At most 2,000 characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |s: &str| s.len() <= 18 && !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let mut parts = text.split(':');
        let (min, max, open) = (parts.next()?, parts.next()?, parts.next()?);
        let well_formed = number(min) && number(max) && (open.is_empty() || open.split(',').all(number));
        let ordered = min.parse::<u64>().ok()? <= max.parse::<u64>().ok()?;
        (parts.next().is_none() && text.len() <= 2_000 && well_formed && ordered).then(|| Self(text.to_owned()))
    }

    /// The text that [`Cursor::parse`] reads.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The oldest transaction that it may not have seen.
    #[must_use]
    pub fn oldest(&self) -> i64 {
        self.part(0)
    }

    /// The first transaction that had not begun.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.part(1)
    }

    fn part(&self, n: usize) -> i64 {
        self.0.split(':').nth(n).and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn st_6_a_cursor_is_a_snapshot_and_nothing_else() {
        for good in ["1:1:", "10:20:10,14,15", "731:9223372036854:"] {
            assert_eq!(Cursor::parse(good).map(|c| c.as_str().to_owned()).as_deref(), Some(good));
        }
        for bad in ["", "1", "1:2", "2:1:", "1:2:3:4", "a:2:", "1:2:,", "1:2:3,", "-1:2:", "1:2:'; drop", "1234567890123456789:1:"] {
            assert!(Cursor::parse(bad).is_none(), "{bad:?}");
        }
        assert!(Cursor::parse(&format!("1:2:{}", vec!["1"; 1_001].join(","))).is_none());
        assert_eq!(Cursor::parse("10:20:11").map(|c| (c.oldest(), c.newest())), Some((10, 20)));
    }
}
