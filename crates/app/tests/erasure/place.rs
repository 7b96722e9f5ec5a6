//! A book in which something is to be erased, and the two people who may.

use magfin_app::audit::verify::Against;
use magfin_app::{App, AppError, Caller, Op};
use magfin_db::sign_in::Via;
use magfin_domain::audit::Verification;
use magfin_domain::brain::BrainWrite;
use magfin_domain::ids::{ErasureId, HouseholdId};
use magfin_domain::retention::{Erasure, HouseholdReason, RetainedRecord, RetentionProposal};
use magfin_domain::text::{BrainBody, BrainPath, Reason};
use magfin_testkit::book::Household;
use magfin_testkit::{TestApp, Who};
use serde_json::json;

/// A book with a household of which everything is known, that is a client no more, and the two people who may erase it.
pub struct Place {
    pub t: TestApp,
    pub home: Household,
    cleo: Caller,
    pub priya: Caller,
}

pub fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

pub async fn place() -> Place {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let at_the_machine = |who| {
        // Where nobody is asked to sign in again.
        let mut caller = t.caller(&t.a, who);
        caller.principal.via = Via::Operator;
        caller
    };
    let (cleo, priya) = (at_the_machine(Who::Cleo), at_the_machine(Who::Priya));
    let will = t.caller(&t.a, Who::Will);
    let file = BrainWrite {
        path: BrainPath::new("facts.md").unwrap(),
        body: BrainBody::new("Whitfield, in short").unwrap(),
        seen: None,
        reason: None,
    };
    Op::new(&t.app, &will).write_brain(home.id, &file).await.unwrap();
    let call = t.browser(&t.a, Who::Will).await;
    let notes = format!("/api/households/{}/notes", home.id);
    let _ = call.post(&notes, &json!({"body": format!("Ask @[Priya](user:{}) of Whitfield", t.a.user(Who::Priya))})).await.expect(201);
    let draft = json!({"body": "Whitfield, half", "written_in": uuid::Uuid::now_v7(), "turn": 1});
    let _ = call.json("PUT", &format!("/api/households/{}/drafts", home.id), &draft).await.expect(200);
    let reveal = json!({"field": "tax_id", "reason": "Whitfield wants a form"});
    let _ = call.post(&format!("/api/people/{}/reveal", home.row("people")), &reveal).await.expect(200);
    let version = t.db.value(&format!("select version from households where id = '{}'", home.id)).await;
    let _ = call.patch(&format!("/api/households/{}", home.id), &json!({"version": version, "type": "former"})).await.expect(200);
    Place { t, home, cleo, priya }
}

impl Place {
    pub fn cleo<'a>(&'a self, app: &'a App) -> Op<'a> {
        Op::new(app, &self.cleo)
    }

    pub fn priya<'a>(&'a self, app: &'a App) -> Op<'a> {
        Op::new(app, &self.priya)
    }

    pub async fn class(&self, years: i32) {
        let class = RetentionProposal { record: RetainedRecord::Former, years, basis: reason("17 CFR 275.204-2(e)(1)") };
        let made = self.cleo(&self.t.app).propose_class(&class, None).await.unwrap();
        assert!(!made.counts, "a proposal counts for nothing");
        assert!(self.priya(&self.t.app).approve_class(made.id).await.unwrap().counts);
    }

    pub async fn ask(&self, household: HouseholdId) -> ErasureId {
        let wanted = HouseholdReason { household_id: household, reason: reason("They asked us to") };
        self.cleo(&self.t.app).request_erasure(&wanted, None).await.unwrap().id
    }

    pub async fn erase(&self) -> Erasure {
        self.class(0).await;
        let id = self.ask(self.home.id).await;
        self.priya(&self.t.app).approve_erasure(id).await.unwrap()
    }

    pub async fn verify(&self) -> Verification {
        self.t.log(&self.t.a).await;
        self.t.app.verify_log(self.t.a.id, &Against::default()).await.unwrap()
    }

    /// Where the text stands in the database, by table.
    pub async fn found(&self, text: &str) -> Vec<String> {
        let tables = self.t.db.rows("select tablename from pg_tables where schemaname = 'public' order by 1").await;
        let mut found = Vec::new();
        for table in tables.iter().map(|row| row["tablename"].as_str().unwrap()) {
            let rows = self.t.db.value(&format!("select count(*) from \"{table}\" x where x::text ilike '%{text}%'")).await;
            if rows != json!(0) {
                found.push(table.to_owned());
            }
        }
        found
    }
}

pub fn clash(result: Result<Erasure, AppError>, part: &str) {
    match result {
        Err(AppError::Clash(says)) => assert!(says.contains(part), "{says}"),
        other => panic!("{other:?}"),
    }
}
