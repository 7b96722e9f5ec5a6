//! What every client fact has in common: a row, a way to create it, a way to change it.
//!
//! A noun declares its fields once with [`fact!`]; the macro makes the row that is shown, the body that creates one
//! and the body that changes one. The database layer knows the noun's columns; nothing here knows SQL.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::HouseholdId;
use crate::sealed::{Sealed, SealedKind};
use crate::time::Ts;

/// A field of a change: left as it is, or set. For a field that may be empty, `null` sets it to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The request does not name the field.
    #[default]
    Keep,
    /// The request names the field with this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field stays as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        T::deserialize(d).map(Self::Set)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => s.serialize_none(),
            Self::Set(value) => value.serialize(s),
        }
    }
}

/// A noun of the book whose rows are client facts.
pub trait Fact: Serialize + Send + Sync + Sized + 'static {
    /// Body that creates a row.
    type Create: Serialize + DeserializeOwned + Send + Sync;
    /// Body that changes a row; names the version that its author saw.
    type Change: Serialize + DeserializeOwned + Versioned + Send + Sync;
    /// The table, which is also the noun in edits and addresses.
    const TABLE: &'static str;
    /// The fields that are stored encrypted, with the kind of value each holds.
    const SEALED: &'static [(&'static str, SealedKind)];

    /// The id of the row.
    fn id(&self) -> uuid::Uuid;
    /// The row's version, which every change raises by one.
    fn version(&self) -> i32;
    /// The household the row belongs to.
    fn household_id(&self) -> Option<HouseholdId>;
    /// When the row was hidden.
    fn deleted_at(&self) -> Option<Ts>;
    /// The sealed values of the row, to be masked before it is shown.
    fn sealed_mut(&mut self) -> Vec<(&'static str, SealedKind, &mut Option<Sealed>)>;
}

/// A change that says which version of the row its author saw.
pub trait Versioned {
    /// The version seen.
    fn version(&self) -> i32;
}

/// Declares a noun. Groups of fields, all optional but in this order:
/// `fixed` (given at creation, never changed), `linked` (the same, may be absent), `required`, `defaulted`, `optional`,
/// `sealed` (encrypted; `Kind` is a variant of `SealedKind` and a type of `crate::sealed`), `derived` (shown, never sent),
/// `beside` (sent with a creation or change and no part of the row; whoever knows the noun reads it from the body).
#[macro_export]
macro_rules! fact {
    (
        $(#[$doc:meta])*
        $name:ident ($id:ty, $create:ident, $change:ident) in $table:literal, household: $household:ty as $home:expr;
        $(fixed { $($(#[$fxd:meta])* $fx:ident: $fxt:ty),* $(,)? })?
        $(linked { $($(#[$lkd:meta])* $lk:ident: $lkt:ty),* $(,)? })?
        $(required { $($(#[$rqd:meta])* $rq:ident: $rqt:ty),* $(,)? })?
        $(defaulted { $($(#[$dfd:meta])* $df:ident: $dft:ty),* $(,)? })?
        $(optional { $($(#[$opd:meta])* $op:ident: $opt:ty),* $(,)? })?
        $(sealed { $($(#[$sed:meta])* $se:ident: $set:ident),* $(,)? })?
        $(derived { $($(#[$drd:meta])* $dr:ident: $drt:ty),* $(,)? })?
        $(beside { $($(#[$bsd:meta])* $bs:ident: $bst:ty),* $(,)? })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// Identifier.
            pub id: $id,
            /// Raised by one with every change.
            pub version: i32,
            /// The household it belongs to.
            pub household_id: $household,
            $($($(#[$fxd])* pub $fx: $fxt,)*)?
            $($($(#[$lkd])* pub $lk: Option<$lkt>,)*)?
            $($($(#[$rqd])* pub $rq: $rqt,)*)?
            $($($(#[$dfd])* pub $df: $dft,)*)?
            $($($(#[$opd])* pub $op: Option<$opt>,)*)?
            $($($(#[$sed])* pub $se: Option<$crate::sealed::Sealed>,)*)?
            $($($(#[$drd])* pub $dr: Option<$drt>,)*)?
            /// When it was recorded.
            pub created_at: $crate::time::Ts,
            /// When it last changed.
            pub updated_at: $crate::time::Ts,
            /// When it was hidden; empty while it is live.
            pub deleted_at: Option<$crate::time::Ts>,
        }

        #[doc = concat!("Creates one row of `", $table, "`.")]
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $create {
            $($($(#[$fxd])* pub $fx: $fxt,)*)?
            $($($(#[$lkd])* pub $lk: Option<$lkt>,)*)?
            $($($(#[$rqd])* pub $rq: $rqt,)*)?
            $($($(#[$dfd])* #[serde(default)] pub $df: $dft,)*)?
            $($($(#[$opd])* pub $op: Option<$opt>,)*)?
            $($($(#[$sed])* pub $se: Option<$crate::sealed::$set>,)*)?
            $($($(#[$bsd])* #[serde(skip_serializing)] pub $bs: Option<$bst>,)*)?
        }

        #[doc = concat!("Changes one row of `", $table, "`: only the fields that are named.")]
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $change {
            /// The version that the author of the change saw.
            #[schema(minimum = 1)]
            pub version: i32,
            $($($(#[$rqd])* #[serde(default, skip_serializing_if = "Patch::is_keep")] #[schema(value_type = $rqt)] pub $rq: $crate::fact::Patch<$rqt>,)*)?
            $($($(#[$dfd])* #[serde(default, skip_serializing_if = "Patch::is_keep")] #[schema(value_type = $dft)] pub $df: $crate::fact::Patch<$dft>,)*)?
            $($($(#[$opd])* #[serde(default, skip_serializing_if = "Patch::is_keep")] #[schema(value_type = Option<$opt>)] pub $op: $crate::fact::Patch<Option<$opt>>,)*)?
            $($($(#[$sed])* #[serde(default, skip_serializing_if = "Patch::is_keep")] #[schema(value_type = Option<$crate::sealed::$set>)] pub $se: $crate::fact::Patch<Option<$crate::sealed::$set>>,)*)?
            $($($(#[$bsd])* #[serde(skip_serializing)] pub $bs: Option<$bst>,)*)?
        }

        impl $crate::fact::Versioned for $change {
            fn version(&self) -> i32 {
                self.version
            }
        }

        impl $crate::fact::Fact for $name {
            type Create = $create;
            type Change = $change;
            const TABLE: &'static str = $table;
            const SEALED: &'static [(&'static str, $crate::sealed::SealedKind)] =
                &[$($((stringify!($se), $crate::sealed::SealedKind::$set),)*)?];

            fn id(&self) -> uuid::Uuid {
                self.id.0
            }
            fn version(&self) -> i32 {
                self.version
            }
            fn household_id(&self) -> Option<$crate::ids::HouseholdId> {
                let home: fn(&Self) -> Option<$crate::ids::HouseholdId> = $home;
                home(self)
            }
            fn deleted_at(&self) -> Option<$crate::time::Ts> {
                self.deleted_at
            }
            fn sealed_mut(&mut self) -> Vec<(&'static str, $crate::sealed::SealedKind, &mut Option<$crate::sealed::Sealed>)> {
                vec![$($((stringify!($se), $crate::sealed::SealedKind::$set, &mut self.$se),)*)?]
            }
        }
    };
}

/// Declares a closed set of words, stored as text with a CHECK and sent in snake case.
#[macro_export]
macro_rules! words {
    // `tt` and not `literal`: utoipa cannot read a literal that a macro has matched, and would describe the variant's name.
    ($(#[$doc:meta])* $name:ident { $($(#[$vd:meta])* $variant:ident = $text:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$vd])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// The word itself.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
            /// The value of that word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl sqlx::Type<sqlx::Postgres> for $name {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <String as sqlx::Type<sqlx::Postgres>>::type_info()
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Postgres> for $name {
            fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let text = <&str as sqlx::Decode<'r, sqlx::Postgres>>::decode(value)?;
                Self::parse(text).ok_or_else(|| concat!("not a word of ", stringify!($name)).into())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Patch;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Change {
        #[serde(default)]
        tier: Patch<Option<String>>,
    }

    #[test]
    fn be_4_a_field_is_kept_cleared_or_set_and_an_unknown_one_is_refused() {
        let read = |text| serde_json::from_str::<Change>(text);
        assert_eq!(read("{}").unwrap().tier, Patch::Keep);
        assert_eq!(read(r#"{"tier":null}"#).unwrap().tier, Patch::Set(None));
        assert_eq!(read(r#"{"tier":"A"}"#).unwrap().tier, Patch::Set(Some("A".into())));
        assert!(read(r#"{"teir":"A"}"#).is_err());
    }
}
