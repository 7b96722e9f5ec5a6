//! Requests that are called off while they wait for the database: a browser that leaves a page does that all the time.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use magfin_db::jobs;
use magfin_testkit::{TestApp, Who};
use serde_json::json;

#[tokio::test]
async fn au_4_a_transaction_called_off_while_it_begins_is_not_handed_to_the_next_request() {
    let t = TestApp::start().await;
    let context = t.a.context(Who::Will);
    for round in 0..20 {
        {
            let mut begin = pin!(t.app.db.read(context));
            // One step: the BEGIN is on the wire, its answer is not here yet. Then nobody wants it any more.
            poll_fn(|cx| Poll::Ready(begin.as_mut().poll(cx).is_ready())).await;
        }
        let mut tx = t.app.db.write(context).await.unwrap();
        let written = jobs::enqueue(&mut tx, "test.job", &json!({"round": round})).await;
        assert!(written.is_ok(), "round {round}: the transaction is not of its own: {written:?}");
        tx.commit().await.unwrap();
    }
    assert_eq!(t.db.value("select count(*) from jobs").await, 20);
}
