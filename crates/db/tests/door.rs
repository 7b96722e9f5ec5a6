//! Requests that come in together are asked for together; each is still counted, and none passes on an older answer.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use futures_util::future::join_all;
use magfin_db::sign_in::Rate;
use magfin_testkit::{TestApp, Who};

#[tokio::test]
async fn au_9_requests_that_wait_together_are_counted_one_by_one() {
    let t = TestApp::start().await;
    let hash = TestApp::hash(&t.sign_in(&t.a, Who::Will).await);
    let rate = Rate { per_minute: 1, burst: 20 };
    let answers = join_all((0..50).map(|_| t.app.db.enter(&hash, t.app.now(), rate))).await;
    let principals: Vec<_> = answers.into_iter().map(|a| a.unwrap().unwrap()).collect();
    assert_eq!(principals.iter().filter(|p| p.admitted.is_ok()).count(), 20);
    assert!(principals.iter().filter_map(|p| p.admitted.err()).all(|wait| (1..=60_000).contains(&wait)));
}

#[tokio::test]
async fn au_5_a_session_revoked_while_others_wait_passes_nobody_who_comes_later() {
    let t = TestApp::start().await;
    let session = t.sign_in(&t.a, Who::Will).await;
    let hash = TestApp::hash(&session);
    let rate = Rate { per_minute: 600, burst: 600 };
    let early: Vec<_> = join_all((0..10).map(|_| t.app.db.enter(&hash, t.app.now(), rate))).await;
    assert!(early.into_iter().all(|a| a.unwrap().is_some()));
    t.app.sign_out(&session).await.unwrap();
    let late = join_all((0..10).map(|_| t.app.db.enter(&hash, t.app.now(), rate))).await;
    assert!(late.into_iter().all(|a| a.unwrap().is_none()));
}

#[tokio::test]
async fn au_5_who_goes_away_at_the_door_leaves_the_others_their_answer() {
    let t = TestApp::start().await;
    let hash = TestApp::hash(&t.sign_in(&t.a, Who::Will).await);
    let rate = Rate { per_minute: 600, burst: 600 };
    for _ in 0..20 {
        {
            let mut first = pin!(t.app.db.enter(&hash, t.app.now(), rate));
            poll_fn(|cx| Poll::Ready(first.as_mut().poll(cx).is_ready())).await;
        }
        assert!(t.app.db.enter(&hash, t.app.now(), rate).await.unwrap().is_some());
    }
}
