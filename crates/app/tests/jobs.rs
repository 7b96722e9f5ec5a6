//! Background work is held by who does it.

use std::time::Duration;

use magfin_db::jobs;
use magfin_testkit::{TestApp, Who};
use serde_json::json;

#[tokio::test]
async fn be_5_a_job_that_takes_longer_than_a_lease_is_begun_by_nobody_else() {
    let t = TestApp::start().await;
    let mut tx = t.app.db.write(t.a.context(Who::Will)).await.unwrap();
    jobs::enqueue(&mut tx, "test.job", &json!({})).await.unwrap();
    tx.commit().await.unwrap();
    t.db.execute("update jobs set run_at = 'epoch'").await;
    let (other, _) = t.second().await;
    let job = t.app.db.claim_job(t.app.now()).await.unwrap().unwrap();
    let lease = async || t.db.value("select leased_until::text from jobs").await;
    let done = t.app.hold_while(&job, Duration::from_millis(1), async {
        for _ in 0..3 {
            let before = lease().await;
            t.pass(100);
            while lease().await == before {
                tokio::task::yield_now().await;
            }
            assert!(other.db.claim_job(t.app.now()).await.unwrap().is_none());
        }
        "done"
    });
    assert_eq!(done.await, "done");
    t.pass(121);
    assert!(other.db.claim_job(t.app.now()).await.unwrap().is_some(), "nobody renews it after that");
}
