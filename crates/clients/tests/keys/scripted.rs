//! A server that gives prepared answers, the last one for ever, and counts.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::clock::Clock;

pub type Answer = (u16, Vec<(&'static str, String)>, String);

pub struct Scripted {
    pub endpoint: String,
    shared: Arc<Shared>,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<usize>,
    /// How long each answer takes, by the clock of the test.
    takes: Duration,
    clock: Arc<Clock>,
}

/// Serves these answers; `takes` passes on the clock before each.
pub async fn start(answers: impl IntoIterator<Item = Answer>, clock: &Arc<Clock>, takes: Duration) -> Scripted {
    let answers = Mutex::new(answers.into_iter().collect());
    let shared = Arc::new(Shared { answers, asked: Mutex::new(0), takes, clock: Arc::clone(clock) });
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
}

async fn answer(State(shared): State<Arc<Shared>>, _: Request) -> Response {
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
