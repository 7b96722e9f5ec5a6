//! How many rows a JSON text holds, counted while it is checked. Must not keep them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What counts as a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows {
    /// The items of a list.
    Items,
    /// The items of the lists within the members of an object: accounts by household.
    OfMembers,
    /// The items of the lists that an object has.
    OfLists,
}

/// Counts the rows of a value of any shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size(pub(crate) Rows);

impl<'de> DeserializeSeed<'de> for Size {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! scalars {
    ($($name:ident: $kind:ty),+) => {$(
        fn $name<E>(self, _: $kind) -> Result<u64, E> {
            Ok(0)
        }
    )+};
}

impl<'de> Visitor<'de> for Size {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    scalars!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while items.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(if matches!(self.0, Rows::OfMembers) { 0 } else { count })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while members.next_key::<IgnoredAny>()?.is_some() {
            count += match self.0 {
                Rows::Items => members.next_value::<IgnoredAny>().map(|_| 0)?,
                Rows::OfMembers => members.next_value_seed(Self(Rows::OfLists))?,
                Rows::OfLists => members.next_value_seed(Self(Rows::Items))?,
            };
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(rows: Rows, json: &str) -> u64 {
        Size(rows).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn st_3_rows_are_counted_in_lists_and_by_household() {
        assert_eq!(size(Rows::Items, "[1,{\"a\":[2]},null]"), 3);
        assert_eq!(size(Rows::Items, "{\"a\":[2]}"), 0);
        assert_eq!(size(Rows::OfMembers, "{\"h\":{\"accounts\":[1,2],\"lastSync\":\"x\"},\"i\":{\"accounts\":[{}]},\"j\":3}"), 3);
        assert_eq!(size(Rows::OfMembers, "7"), 0);
    }
}
