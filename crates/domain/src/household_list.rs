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
        /// By name, from the end of the alphabet.
        NameDescending = "-name",
        /// By assets under management, largest first.
        AumDescending = "-aum",
        /// By assets under management, smallest first.
        Aum = "aum",
        /// By the day of the next review, earliest first; households without one are left out.
        NextReview = "next_review",
        /// By the day of the next review, latest first; households without one are left out.
        NextReviewDescending = "-next_review",
        /// By the day of the last touch, those never in touch and the longest ago first.
        LastTouch = "last_touch",
        /// By the day of the last touch, latest first.
        LastTouchDescending = "-last_touch",
        /// By the number of open loops, most first.
        OpenLoopsDescending = "-open_loops",
        /// By the number of open tasks, most first.
        OpenTasksDescending = "-open_tasks",
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
        /// Day of the last touch.
        LastTouch = "last_touch",
        /// Day of the next review.
        NextReview = "next_review",
        /// Months between reviews.
        ReviewCadence = "review_cadence_months",
        /// Client since.
        ClientSince = "client_since",
        /// Accounts that name no beneficiary where they should.
        MissingBeneficiaries = "missing_beneficiaries",
        /// Open tasks.
        OpenTasks = "open_tasks",
        /// Open loops.
        OpenLoops = "open_loops",
    }
}

words! {
    /// What the last touch was.
    TouchKind {
        /// A note.
        Note = "note",
        /// A task that was done.
        Task = "task",
        /// An open loop that was closed.
        Loop = "loop",
    }
}

words! {
    /// Why a household may be the one that is about to be created.
    DuplicateReason {
        /// It has the same name, whatever the case and the accents.
        SameName = "same_name",
        /// Its name is much like it.
        SimilarName = "similar_name",
        /// One of its people, or itself, has the telephone number.
        SamePhone = "same_phone",
        /// One of its people, or itself, has the e-mail address.
        SameEmail = "same_email",
    }
}

/// A household that may be the one about to be created.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct PossibleDuplicate {
    /// Identifier.
    pub id: HouseholdId,
    /// Name.
    pub name: String,
    /// Prospect, client or former client.
    pub r#type: HouseholdType,
    /// The name of the team that sees it.
    pub team_name: String,
    /// The name of its primary contact.
    pub primary_name: Option<String>,
    /// City of its address.
    pub city: Option<String>,
    /// State of its address.
    pub state: Option<String>,
    /// Why.
    pub reasons: Vec<DuplicateReason>,
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
    /// Day of the newest note, done task or closed loop, UTC.
    pub last_touch_on: Option<Day>,
    /// Which of them it was.
    pub last_touch_kind: Option<TouchKind>,
    /// Day of the next review.
    pub next_review: Option<Day>,
    /// Months between reviews.
    pub review_cadence_months: Option<i32>,
    /// Client since this day.
    pub client_since: Option<Day>,
    /// Open accounts that pass by beneficiary and name none.
    pub missing_beneficiaries: i32,
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
