//! What the uploader decided about rows of their upload, kept with it until it is in the book.

use std::collections::BTreeMap;

use magfin_domain::ids::{TeamId, UserId};
use magfin_domain::time::Ts;
use magfin_legacy::Fixes;
use magfin_legacy::fixes::Fix;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::AppError;

/// Decisions that one upload may have.
pub(super) const MOST: usize = 2_000;

/// Who a word of the source stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stands {
    /// A user.
    pub(super) user: Option<UserId>,
    /// Or a team, for the households that the word advises.
    pub(super) team: Option<TeamId>,
    /// Their name.
    pub(super) name: String,
}

/// A decision about a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Decision {
    pub(super) leave_out: bool,
    /// New values by path within the row.
    pub(super) set: BTreeMap<String, Value>,
    /// Name of who decided.
    pub(super) by: String,
    pub(super) at: Ts,
}

/// All of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Decisions {
    /// By place of the row.
    pub(super) rows: BTreeMap<String, Decision>,
    /// By word.
    pub(super) advisors: BTreeMap<String, Stands>,
}

/// How the reader names a user who has no id in the old book.
pub(super) fn user_key(user: UserId) -> String {
    format!("user:{user}")
}

/// How the reader names a team.
pub(super) fn team_key(team: TeamId) -> String {
    format!("team:{team}")
}

impl Decisions {
    /// Room for one more.
    pub(super) fn room(&self) -> Result<(), AppError> {
        if self.rows.len() + self.advisors.len() < MOST {
            return Ok(());
        }
        Err(AppError::Clash(format!("an upload takes at most {MOST} decisions; correct the source itself and upload it anew")))
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.rows.len() + self.advisors.len()
    }

    /// As the reader applies them. `legacy` are the ids that users had in the old book.
    pub(super) fn fixes(&self, legacy: &BTreeMap<UserId, String>) -> Fixes {
        let rows = self.rows.iter().map(|(place, decision)| {
            let Decision { leave_out, set, by, at } = decision.clone();
            (place.clone(), Fix { leave_out, set, by, at: at.0.to_string() })
        });
        let advisors = self.advisors.iter().filter_map(|(word, stands)| {
            let key = match (stands.user, stands.team) {
                (Some(user), _) => legacy.get(&user).cloned().unwrap_or_else(|| user_key(user)),
                (None, team) => team_key(team?),
            };
            Some((word.to_lowercase(), key))
        });
        Fixes { rows: rows.collect(), advisors: advisors.collect() }
    }
}
