//! Step-up (AU-7): what decides who sees what, and what takes the book out of the product, wants a recent sign-in. A browser
//! left open at a desk is not enough.

use magfin_db::directory;
use magfin_db::sign_in::Via;
use magfin_db::tenant::TenantTx;
use magfin_domain::time::Ts;

use crate::{AppError, Op};

/// How old the proof of who one is may be, in minutes.
pub const STEP_UP_MINUTES: i64 = 10;

impl Op<'_> {
    /// Refuses a key: it is nobody who could say that it is them.
    pub(crate) fn in_person(&self) -> Result<(), AppError> {
        if self.caller.principal.via == Via::ApiKey { Err(AppError::StepUp) } else { Ok(()) }
    }

    /// Refuses unless the person at this session proved who they are within the last [`STEP_UP_MINUTES`]. A key has no person
    /// who could be asked: it may do what its role may, but what needs [`Self::in_person`].
    pub(crate) async fn confirmed(&self, tx: &mut TenantTx) -> Result<(), AppError> {
        let principal = &self.caller.principal;
        if principal.via != Via::Session {
            return Ok(());
        }
        let now = self.app.now();
        let proved = directory::authenticated_at(tx, principal.session).await?;
        if proved.is_some_and(|at| is_recent(at, now)) { Ok(()) } else { Err(AppError::StepUp) }
    }
}

fn is_recent(at: Ts, now: Ts) -> bool {
    now.0.duration_since(at.0) <= jiff::SignedDuration::from_mins(STEP_UP_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::is_recent;
    use magfin_domain::time::Ts;

    #[test]
    fn au_7_a_sign_in_is_recent_for_ten_minutes_and_no_second_longer() {
        let at = |second: i64| Ts(jiff::Timestamp::from_second(second).unwrap());
        assert!(is_recent(at(1_000), at(1_600)));
        assert!(!is_recent(at(1_000), at(1_601)));
    }
}
