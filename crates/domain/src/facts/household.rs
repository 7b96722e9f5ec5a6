//! Household: a family or other group that is advised as one.

use crate::fact::Patch;
use crate::ids::{HouseholdId, TeamId};
use crate::text::{Label, Markdown, Name, Phrase, Tags};
use crate::time::{Day, Ts};
use crate::words;

words! {
    /// How the household stands to the firm.
    #[derive(Default)]
    HouseholdType {
        /// Not yet a client.
        #[default]
        Prospect = "prospect",
        /// A client.
        Client = "client",
        /// No longer a client.
        Former = "former",
    }
}

/// A household.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Household {
    /// Identifier.
    pub id: HouseholdId,
    /// Raised by one with every change.
    pub version: i32,
    /// What the firm calls it.
    pub name: Name,
    /// Prospect, client or former client.
    pub r#type: HouseholdType,
    /// Service tier, in the firm's own words.
    pub tier: Option<Label>,
    /// Stage of a prospect.
    pub stage: Option<Phrase>,
    /// Tags.
    pub tags: Tags,
    /// Months between reviews, 1–60.
    pub review_cadence_months: Option<i32>,
    /// Day of the next review.
    pub next_review: Option<Day>,
    /// Client since this day.
    pub client_since: Option<Day>,
    /// Risk profile, in the firm's own words.
    pub risk_profile: Option<Phrase>,
    /// Where the household came from.
    pub source: Option<Phrase>,
    /// What a colleague should know first; Markdown.
    pub story: Option<Markdown>,
    /// The team that sees it.
    pub team_id: TeamId,
    /// When it was recorded.
    pub created_at: Ts,
    /// When it last changed.
    pub updated_at: Ts,
    /// When it was hidden; empty while it is live.
    pub deleted_at: Option<Ts>,
}

/// Creates a household; only the name is needed.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdCreate {
    /// What the firm calls it.
    pub name: Name,
    /// Prospect unless said otherwise.
    #[serde(default)]
    pub r#type: HouseholdType,
    /// Service tier.
    pub tier: Option<Label>,
    /// Stage of a prospect.
    pub stage: Option<Phrase>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
    /// Months between reviews, 1–60.
    pub review_cadence_months: Option<Months>,
    /// Day of the next review.
    pub next_review: Option<Day>,
    /// Client since this day.
    pub client_since: Option<Day>,
    /// Risk profile.
    pub risk_profile: Option<Phrase>,
    /// Where the household came from.
    pub source: Option<Phrase>,
    /// Markdown.
    pub story: Option<Markdown>,
    /// The team that sees it; the author's first team unless said otherwise.
    pub team_id: Option<TeamId>,
}

/// Changes a household: only the fields that are named.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdChange {
    /// The version that the author of the change saw.
    #[schema(minimum = 1)]
    pub version: i32,
    /// What the firm calls it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Name)]
    pub name: Patch<Name>,
    /// Prospect, client or former client.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = HouseholdType)]
    pub r#type: Patch<HouseholdType>,
    /// Service tier.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Label>)]
    pub tier: Patch<Option<Label>>,
    /// Stage of a prospect.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Phrase>)]
    pub stage: Patch<Option<Phrase>>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Tags)]
    pub tags: Patch<Tags>,
    /// Months between reviews, 1–60.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Months>)]
    pub review_cadence_months: Patch<Option<Months>>,
    /// Day of the next review.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Day>)]
    pub next_review: Patch<Option<Day>>,
    /// Client since this day.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Day>)]
    pub client_since: Patch<Option<Day>>,
    /// Risk profile.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Phrase>)]
    pub risk_profile: Patch<Option<Phrase>>,
    /// Where the household came from.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Phrase>)]
    pub source: Patch<Option<Phrase>>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Markdown>)]
    pub story: Patch<Option<Markdown>>,
    /// The team that sees it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = TeamId)]
    pub team_id: Patch<TeamId>,
}

/// A number of months between reviews, 1–60.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = i32, minimum = 1, maximum = 60)]
pub struct Months(i32);

impl Months {
    /// The number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0
    }
}

impl<'de> serde::Deserialize<'de> for Months {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let months = i32::deserialize(d)?;
        if (1..=60).contains(&months) { Ok(Self(months)) } else { Err(serde::de::Error::custom("must lie between 1 and 60 months")) }
    }
}

impl crate::fact::Versioned for HouseholdChange {
    fn version(&self) -> i32 {
        self.version
    }
}

impl crate::fact::Fact for Household {
    type Create = HouseholdCreate;
    type Change = HouseholdChange;
    const TABLE: &'static str = "households";
    const SEALED: &'static [(&'static str, crate::sealed::SealedKind)] = &[];

    fn id(&self) -> uuid::Uuid {
        self.id.0
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn household_id(&self) -> Option<HouseholdId> {
        Some(self.id)
    }
    fn deleted_at(&self) -> Option<Ts> {
        self.deleted_at
    }
    fn sealed_mut(&mut self) -> Vec<(&'static str, crate::sealed::SealedKind, &mut Option<crate::sealed::Sealed>)> {
        Vec::new()
    }
}
