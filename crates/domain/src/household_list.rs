//! The list of households: one line each, and how it is asked for.

use crate::facts::household::HouseholdType;
use crate::filter::Node;
use crate::ids::{HouseholdId, PersonId, TeamId};
use crate::money::Money;
use crate::text::Tags;
use crate::time::Day;
use crate::words;

words! {
    /// The order of the list.
    #[derive(Default)]
    Sort {
        /// By name.
        #[default]
        Name = "name",
        /// By assets under management, largest first.
        AumDescending = "-aum",
        /// By the day of the next review, earliest first; households without one are left out.
        NextReview = "next_review",
    }
}

words! {
    /// A column of the list as a file.
    Column {
        /// The household's name.
        Name = "name",
        /// Prospect, client or former.
        Type = "type",
        /// Tier.
        Tier = "tier",
        /// Stage.
        Stage = "stage",
        /// Tags, with semicolons between.
        Tags = "tags",
        /// The team that sees it.
        Team = "team",
        /// The primary contact.
        PrimaryName = "primary_name",
        /// Their telephone number.
        PrimaryPhone = "primary_phone",
        /// City.
        City = "city",
        /// State.
        State = "state",
        /// Assets under management, US dollars.
        Aum = "aum_usd",
        /// Assets held away, US dollars.
        HeldAway = "held_away_usd",
        /// The oldest day among the balances.
        OldestAsOf = "oldest_as_of",
        /// Day of the next review.
        NextReview = "next_review",
        /// Open tasks.
        OpenTasks = "open_tasks",
        /// Open loops.
        OpenLoops = "open_loops",
    }
}

/// One line of the list.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct HouseholdLine {
    /// Identifier.
    pub id: HouseholdId,
    /// Version of the household.
    pub version: i32,
    /// Name.
    pub name: String,
    /// Prospect, client or former client.
    pub r#type: HouseholdType,
    /// Service tier.
    pub tier: Option<String>,
    /// Stage of a prospect.
    pub stage: Option<String>,
    /// Tags.
    pub tags: Tags,
    /// The team that sees it.
    pub team_id: TeamId,
    /// Its name.
    pub team_name: String,
    /// The primary contact.
    pub primary_person_id: Option<PersonId>,
    /// Their name.
    pub primary_name: Option<String>,
    /// Their telephone number.
    pub primary_phone: Option<String>,
    /// City of the household's address.
    pub city: Option<String>,
    /// State of the household's address.
    pub state: Option<String>,
    /// Assets under management, US dollars.
    pub aum_usd: Money,
    /// Assets held away, US dollars.
    pub held_away_usd: Money,
    /// The oldest day among the balances that are counted.
    pub oldest_as_of: Option<Day>,
    /// Day of the next review.
    pub next_review: Option<Day>,
    /// Open tasks.
    pub open_tasks: i32,
    /// Open loops.
    pub open_loops: i32,
}

/// Which households, in which order.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Text in the name, the primary contact, the city or the state; folded to lower case without accents.
    pub text: Option<String>,
    /// Types; empty for all.
    pub types: Vec<String>,
    /// Tiers; empty for all.
    pub tiers: Vec<String>,
    /// One team.
    pub team_id: Option<TeamId>,
    /// A tree of conditions.
    pub tree: Option<Node>,
    /// Only these: those for which the tree holds.
    pub among: Option<Vec<uuid::Uuid>>,
}

/// How many households there are and what they hold.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct HouseholdCount {
    /// Households.
    pub households: i64,
    /// Their assets under management, US dollars.
    pub aum_usd: Money,
}
