//! A server that gives prepared answers, the last one for ever, and counts.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::clock::Clock;

pub type Answer = (u16, Vec<(&'static str, String)>, String);

pub struct Scripted {
    pub endpoint: String,
    shared: Arc<Shared>,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<usize>,
    /// The last request: what it wanted, and its body.
    last: Mutex<(String, Value)>,
    /// How long each answer takes, by the clock of the test.
    takes: Duration,
    clock: Arc<Clock>,
}

/// Serves these answers; `takes` passes on the clock before each.
pub async fn start(answers: impl IntoIterator<Item = Answer>, clock: &Arc<Clock>, takes: Duration) -> Scripted {
    let answers = Mutex::new(answers.into_iter().collect());
    let shared = Arc::new(Shared { answers, asked: Mutex::new(0), last: Mutex::default(), takes, clock: Arc::clone(clock) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Scripted { endpoint, shared }
}

impl Scripted {
    /// How often it was asked since this was read last.
    pub fn asked(&self) -> usize {
        std::mem::take(&mut self.shared.asked.lock().unwrap())
    }

    /// The last request's target and body.
    pub fn last(&self) -> (String, Value) {
        self.shared.last.lock().unwrap().clone()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = parts.headers.get("x-amz-target").map_or("", |value| value.to_str().unwrap()).to_owned();
    let body = serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap()).unwrap_or_default();
    *shared.last.lock().unwrap() = (target, body);
    *shared.asked.lock().unwrap() += 1;
    shared.clock.advance(shared.takes);
    let mut answers = shared.answers.lock().unwrap();
    let (status, headers, body) = if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() };
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}
