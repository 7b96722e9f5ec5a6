//! How much one caller may ask for: requests a minute, bytes a body.

use std::time::{Duration, Instant};

use magfin_testkit::{Answer, Call, Rate, TestApp, Who};
use serde_json::json;

/// A burst of sixty that refills so slowly that no test meets a refill.
const SIXTY: Rate = Rate { per_minute: 1, burst: 60 };

async fn hammer(calls: Vec<Call>, times: usize, path: &'static str) -> Vec<Answer> {
    let mut sent = Vec::new();
    for n in 0..times {
        let call = calls[n % calls.len()].clone();
        sent.push(tokio::spawn(async move { call.get(path).await }));
    }
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

fn accepted(answers: &[Answer]) -> usize {
    answers.iter().filter(|a| a.status == 200).count()
}

#[tokio::test]
async fn be_2_the_sixtieth_request_is_accepted_and_the_next_is_429_with_retry_after() {
    let t = TestApp::with_rate(SIXTY).await;
    let call = t.browser(&t.a, Who::Will).await;
    for n in 1..=60 {
        assert_eq!(call.get("/api/me").await.status, 200, "request {n}");
    }
    let refused = call.get("/api/me").await;
    let _ = refused.problem(429, "rate_limited");
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    // A colleague has a count of their own; another session of the same user has not.
    assert_eq!(t.browser(&t.a, Who::Matt).await.get("/api/me").await.status, 200);
    assert_eq!(t.browser(&t.a, Who::Will).await.get("/api/me").await.status, 429);
}

#[tokio::test]
async fn be_2_two_processes_share_one_exact_count() {
    let t = TestApp::with_rate(SIXTY).await;
    let (_other, router) = t.second().await;
    let call = t.browser(&t.a, Who::Will).await;
    let answers = hammer(vec![call.clone(), call.on(&router)], 100, "/api/me").await;
    assert_eq!(accepted(&answers), 60);
    assert!(answers.iter().all(|a| [200, 429].contains(&a.status.as_u16())));
}

#[tokio::test]
async fn be_2_a_minute_of_sixty_refills_one_a_second() {
    let t = TestApp::with_rate(Rate { per_minute: 60, burst: 60 }).await;
    let call = t.browser(&t.a, Who::Will).await;
    let user = t.a.user(Who::Will);
    // The arrival time is the whole state: so much of the minute is used up.
    for (used, allowed) in [("58.8", true), ("59.8", false), ("0", true), ("-3600", true)] {
        t.db.execute(format!(
            "insert into rate_limits values ('{user}', clock_timestamp() + interval '{used} s')
            on conflict (principal) do update set tat = excluded.tat"
        ))
        .await;
        let answer = call.get("/api/me").await;
        assert_eq!(answer.status.as_u16(), if allowed { 200 } else { 429 }, "{used}");
        if !allowed {
            assert_eq!(answer.header("retry-after"), "1");
        }
    }
}

#[tokio::test]
async fn be_2_strangers_are_counted_by_their_address() {
    let t = TestApp::with_rate(SIXTY).await;
    let answers = hammer(vec![t.stranger()], 70, "/api/auth/login").await;
    assert_eq!(answers.iter().filter(|a| a.status == 303).count(), 60);
    assert_eq!(answers.iter().filter(|a| a.status == 429).count(), 10);
}

#[tokio::test]
async fn be_2_guessed_tokens_are_counted_by_the_address_that_our_own_proxy_saw() {
    let t = TestApp::with_rate(SIXTY).await;
    let guess = |forwarded: &str| t.stranger().header("authorization", "Bearer mfk_guess").header("x-forwarded-for", forwarded);
    // What the guesser writes to the left of the proxy's own entry changes nothing.
    let guesses = (0..70).map(|n| guess(&format!("10.0.0.{n}, 198.51.100.7"))).collect();
    let answers = hammer(guesses, 70, "/api/me").await;
    assert_eq!(answers.iter().filter(|a| a.status == 401).count(), 60);
    assert_eq!(answers.iter().filter(|a| a.status == 429).count(), 10);
    let _ = guess("198.51.100.8").get("/api/me").await.problem(401, "unauthenticated");
    // Whoever holds a token is counted as a user, from whatever address.
    let will = t.browser(&t.a, Who::Will).await.header("x-forwarded-for", "198.51.100.7");
    assert_eq!(will.get("/api/me").await.status, 200);
}

/// A note padded with spaces to exactly this many bytes.
fn padded(bytes: usize) -> String {
    let body = json!({"body": "Padded"}).to_string();
    format!("{body}{}", " ".repeat(bytes - body.len()))
}

#[tokio::test]
async fn be_4_a_body_of_one_mebibyte_is_accepted_and_one_byte_more_is_413() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let call = t.browser(&t.a, Who::Will).await.header("content-type", "application/json");
    let path = format!("/api/households/{}/notes", home.id);
    let _ = call.send("POST", &path, padded(1_048_576)).await.expect(201);
    let _ = call.send("POST", &path, padded(1_048_577)).await.problem(413, "too_large");
    let announced = call.clone().header("content-length", "1048577");
    let _ = announced.send("POST", &path, padded(1_048_577)).await.problem(413, "too_large");
    assert_eq!(t.db.value("select count(*) from notes where body = 'Padded'").await, 1);
}

/// How much the answers for a foreign household and for one that is not there differ in time. The lower quartile of each: what a
/// busy machine adds is not what the product adds.
async fn told_by_time(call: &Call, foreign: &str) -> Duration {
    let nobodys = "/api/households/0195a000-0000-7000-8000-000000000001";
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..40 {
        for (path, times) in [foreign, nobodys].into_iter().zip(&mut times) {
            let started = Instant::now();
            assert_eq!(call.get(path).await.status, 404);
            times.push(started.elapsed());
        }
    }
    let [foreign, nobodys] = times.map(|mut t| {
        t.sort_unstable();
        t[t.len() / 4]
    });
    foreign.abs_diff(nobodys)
}

#[tokio::test]
async fn au_3_a_foreign_row_takes_no_more_time_than_one_that_is_not_there() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let (call, foreign) = (t.browser(&t.a, Who::Evan).await, format!("/api/households/{}", home.id));
    let limit = Duration::from_millis(5);
    let found = told_by_time(&call, &foreign).await;
    assert!(found < limit, "{found:?}");
    // The control: a rule that takes its time over a row that is there.
    t.db.execute(
        "do $$ begin execute (select format('alter policy visible on households using (case when pg_sleep(0.01) is null then false else (%s) end)',
           pg_get_expr(polqual, polrelid)) from pg_policy where polrelid = 'households'::regclass and polname = 'visible'); end $$",
    )
    .await;
    let found = told_by_time(&call, &foreign).await;
    assert!(found >= limit, "{found:?}");
}
