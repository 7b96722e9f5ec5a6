//! Rows about retention that addresses can name: one erasure that is done, two that wait, a class and a hold.

use magfin_testkit::{Firm, TestApp, Who};
use serde_json::json;
use uuid::Uuid;

/// Ids, each of a row of its own.
#[derive(Debug, Clone)]
pub struct Retained {
    /// A prospect of whom nothing else is asked.
    pub spare: String,
    /// A class that compliance proposed.
    pub class: String,
    /// A hold on the spare household.
    pub hold: String,
    /// An erasure that compliance asked for, to be approved.
    pub approve: String,
    /// Another, to be declined.
    pub decline: String,
    /// One that is done.
    pub done: String,
}

impl Retained {
    /// Ids that nobody has.
    pub fn nowhere() -> Self {
        let id = || Uuid::now_v7().to_string();
        Self { spare: id(), class: id(), hold: id(), approve: id(), decline: id(), done: id() }
    }

    /// Makes all of it.
    pub async fn make(t: &TestApp, firm: &Firm, team: &str) -> Self {
        let (admin, cleo) = (t.browser(firm, Who::Priya).await, t.browser(firm, Who::Cleo).await);
        let propose = json!({"record": "prospect", "years": 0, "basis": "Nothing is owed to a prospect"});
        let class = async || cleo.post("/api/retention-classes", &propose).await.expect(201)["id"].as_str().unwrap().to_owned();
        let home = async |name: &str| {
            let body = json!({"household": {"name": name, "team_id": firm.team(team)}, "people": [{"first_name": "Ada"}]});
            let made = admin.post("/api/families", &body).await.expect(201);
            made["id"].as_str().unwrap().to_owned()
        };
        let ask = async |household: String| {
            let body = json!({"household_id": household, "reason": "They asked us to"});
            cleo.post("/api/erasures", &body).await.expect(201)["id"].as_str().unwrap().to_owned()
        };
        let counts = class().await;
        let _ = admin.json("POST", &format!("/api/retention-classes/{counts}/approve"), &json!({})).await.expect(200);
        let spare = home("A spare family").await;
        let hold = cleo.post("/api/legal-holds", &json!({"household_id": spare, "reason": "A dispute"})).await.expect(201);
        let done = ask(home("A family that goes").await).await;
        let _ = admin.json("POST", &format!("/api/erasures/{done}/approve"), &json!({})).await.expect(200);
        Self {
            class: class().await,
            hold: hold["id"].as_str().unwrap().to_owned(),
            approve: ask(home("A family that is to go").await).await,
            decline: ask(home("A family that stays").await).await,
            done,
            spare,
        }
    }
}
