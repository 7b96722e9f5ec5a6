//! Tiers of service: the firm's own words, in the firm's own order, each with how often its households are reviewed.

use crate::fact::Patch;
use crate::facts::household::Months;
use crate::ids::TierId;
use crate::text::Label;

/// A tier.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Tier {
    /// Identifier.
    pub id: TierId,
    /// The word that households carry.
    pub name: String,
    /// Its place, counted from 1.
    pub position: i32,
    /// Months between the reviews of its households, where a household does not say otherwise.
    pub review_cadence_months: Option<i32>,
    /// How many households of it the caller sees.
    pub households: i64,
}

/// A word that households carry and that is no tier of the firm.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct UnlistedTier {
    /// The word.
    pub name: String,
    /// How many households of it the caller sees.
    pub households: i64,
}

/// The firm's tiers.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Tiers {
    /// In their order.
    pub items: Vec<Tier>,
    /// What households call their tier beside these.
    pub unlisted: Vec<UnlistedTier>,
}

/// A new tier; it comes after the others.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TierCreate {
    /// The word that households carry.
    pub name: Label,
    /// Months between reviews, 1–60.
    pub review_cadence_months: Option<Months>,
}

/// A change of a tier: only the fields that are named.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TierChange {
    /// The new word; the households of the tier carry it from now on, which is one change to undo.
    pub name: Option<Label>,
    /// Months between reviews, 1–60; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<Months>)]
    pub review_cadence_months: Patch<Option<Months>>,
    /// The new place, counted from 1.
    #[schema(minimum = 1, maximum = 1000)]
    pub position: Option<i32>,
}

/// A tier after a change.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct TierChanged {
    /// The tier.
    pub tier: Tier,
    /// How many households carry another word now.
    pub renamed_households: u64,
    /// Names the change, for undoing it as a whole.
    pub request_id: uuid::Uuid,
}
