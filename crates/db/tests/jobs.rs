//! Jobs: claimed once however many ask, back after a lost lease, dead after the fifth failure.

use std::collections::BTreeMap;

use magfin_db::jobs::{self, Job};
use magfin_domain::ids::JobId;
use magfin_domain::time::Ts;
use magfin_testkit::{TestApp, Who};
use serde_json::json;

/// A moment so many seconds after every job of these tests was enqueued.
fn at(seconds: i64) -> Ts {
    Ts("2100-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_secs(seconds))
}

async fn enqueue(t: &TestApp) -> JobId {
    let mut tx = t.app.db.write(t.a.context(Who::Will)).await.unwrap();
    let id = jobs::enqueue(&mut tx, "test.job", &json!({"n": 1})).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(t: &TestApp, job: &Job) -> String {
    t.db.value(&format!("select state from jobs where id = '{}'", job.id)).await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn be_5_a_job_runs_once_however_many_workers_ask() {
    let t = TestApp::start().await;
    for _ in 0..20 {
        enqueue(&t).await;
    }
    let (other, _) = t.second().await;
    let mut workers = Vec::new();
    for n in 0..6 {
        let db = if n % 2 == 0 { t.app.db.clone() } else { other.db.clone() };
        workers.push(tokio::spawn(async move {
            let mut claimed = Vec::new();
            while let Some(job) = db.claim_job(at(0)).await.unwrap() {
                claimed.push(job.id);
                db.finish_job(&job, at(1), None).await.unwrap();
            }
            claimed
        }));
    }
    let mut times = BTreeMap::new();
    for worker in workers {
        for id in worker.await.unwrap() {
            *times.entry(id).or_insert(0) += 1;
        }
    }
    assert_eq!(times.len(), 20);
    assert!(times.values().all(|n| *n == 1), "{times:?}");
    assert_eq!(t.db.value("select count(*) from jobs where state = 'done' and attempts = 1").await, 20);
}

#[tokio::test]
async fn be_5_a_job_whose_worker_died_comes_back_when_the_lease_is_over() {
    let t = TestApp::start().await;
    let id = enqueue(&t).await;
    let first = t.app.db.claim_job(at(0)).await.unwrap().unwrap();
    assert_eq!((first.id, first.attempts), (id, 1));
    assert!(t.app.db.claim_job(at(119)).await.unwrap().is_none(), "the lease lasts two minutes");
    let second = t.app.db.claim_job(at(120)).await.unwrap().unwrap();
    assert_eq!((second.id, second.attempts), (id, 2));
    // The first worker was only slow: what it says now ends nothing of the second's.
    for late in [None, Some("unavailable")] {
        t.app.db.finish_job(&first, at(121), late).await.unwrap();
        assert_eq!(state(&t, &second).await, "ready");
        assert!(t.app.db.claim_job(at(122)).await.unwrap().is_none());
    }
    t.app.db.finish_job(&second, at(123), None).await.unwrap();
    assert_eq!(state(&t, &second).await, "done");
    assert!(t.app.db.claim_job(at(100_000)).await.unwrap().is_none());
}

#[tokio::test]
async fn be_5_a_job_is_held_for_as_long_as_its_worker_renews_it_and_by_no_other() {
    let t = TestApp::start().await;
    enqueue(&t).await;
    let db = &t.app.db;
    let first = db.claim_job(at(0)).await.unwrap().unwrap();
    assert!(db.renew_job(&first, at(100)).await.unwrap());
    assert!(db.claim_job(at(219)).await.unwrap().is_none(), "two minutes from when it was renewed");
    let second = db.claim_job(at(220)).await.unwrap().unwrap();
    assert!(!db.renew_job(&first, at(221)).await.unwrap(), "somebody else has it");
    assert!(db.renew_job(&second, at(230)).await.unwrap());
    db.finish_job(&second, at(231), Some("unavailable")).await.unwrap();
    assert!(!db.renew_job(&second, at(232)).await.unwrap(), "the attempt is over");
    assert!(db.claim_job(at(100_000)).await.unwrap().is_some(), "and it is due again");
}

#[tokio::test]
async fn be_5_a_job_that_fails_waits_longer_each_time_and_is_dead_after_the_fifth() {
    let t = TestApp::start().await;
    enqueue(&t).await;
    let mut now = 0;
    for attempt in 1..=5 {
        let job = t.app.db.claim_job(at(now)).await.unwrap().unwrap();
        assert_eq!(job.attempts, attempt);
        t.app.db.finish_job(&job, at(now), Some("unavailable")).await.unwrap();
        let pause = 5 * 3_i64.pow(u32::try_from(attempt).unwrap());
        assert!(t.app.db.claim_job(at(now + pause - 1)).await.unwrap().is_none(), "attempt {attempt} waits {pause} s");
        now += pause;
        let expected = if attempt == 5 { "dead" } else { "ready" };
        assert_eq!(state(&t, &job).await, expected);
    }
    assert!(t.app.db.claim_job(at(1_000_000)).await.unwrap().is_none());
    assert_eq!(t.db.value("select error_code from jobs").await, "unavailable");
}

#[tokio::test]
async fn mo_2_a_job_acts_for_who_asked_in_their_present_role_under_their_request() {
    let t = TestApp::start().await;
    let context = t.a.context(Who::Will);
    let mut tx = t.app.db.write(context).await.unwrap();
    jobs::enqueue(&mut tx, "test.job", &json!({"n": 1})).await.unwrap();
    tx.commit().await.unwrap();
    t.db.execute(format!("update users set role = 'read_only' where id = '{}'", context.user)).await;
    let job = t.app.db.claim_job(at(0)).await.unwrap().unwrap();
    assert_eq!((job.firm, job.user, job.request_id, job.role.as_str()), (context.firm, context.user, context.request_id, "read_only"));
    assert_eq!((job.kind.as_str(), &job.payload), ("test.job", &json!({"n": 1})));
}

#[tokio::test]
async fn be_5_a_job_of_a_transaction_that_is_rolled_back_never_was() {
    let t = TestApp::start().await;
    let mut tx = t.app.db.write(t.a.context(Who::Will)).await.unwrap();
    jobs::enqueue(&mut tx, "test.job", &json!({})).await.unwrap();
    drop(tx);
    assert!(t.app.db.claim_job(at(0)).await.unwrap().is_none());
}
