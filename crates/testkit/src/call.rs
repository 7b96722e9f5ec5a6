//! Calling the router in process, and reading what it answers.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tower::ServiceExt;

/// Who calls; make any number of requests with it.
#[derive(Debug, Clone)]
pub struct Call {
    router: Router,
    headers: Vec<(String, Vec<u8>)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub bytes: Vec<u8>,
}

impl Call {
    /// Calls of nobody.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self { router, headers: Vec::new() }
    }

    /// With this header; one of the same name is replaced.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.raw_header(name, value.as_bytes())
    }

    /// With this header, which need not be text.
    #[must_use]
    pub fn raw_header(mut self, name: &str, value: &[u8]) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_vec()));
        self
    }

    /// Without this header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// With this API key.
    #[must_use]
    pub fn bearer(self, key: &SecretString) -> Self {
        self.header("authorization", &format!("Bearer {}", key.expose_secret()))
    }

    /// On another router: another process, or one with more routes.
    #[must_use]
    pub fn on(mut self, router: &Router) -> Self {
        self.router = router.clone();
        self
    }

    /// Sends bytes.
    pub async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let (parts, mut body) = self.response(method, path, body.into()).await.into_parts();
        let bytes = if parts.headers.get("content-type").is_some_and(|v| v == "text/event-stream") {
            // A stream has no end: its first event is the answer.
            body.frame().await.and_then(|f| f.expect("a frame").into_data().ok()).unwrap_or_default().to_vec()
        } else {
            body.collect().await.expect("a body").to_bytes().to_vec()
        };
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    async fn response(&self, method: &str, path: &str, body: Body) -> Response {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).expect("a method")).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name.as_str(), value.as_slice());
        }
        let request = request.body(body).expect("a request");
        self.router.clone().oneshot(request).await.expect("the router never fails")
    }

    /// Opens a stream of server-sent events.
    ///
    /// # Panics
    /// When the answer is not one.
    pub async fn stream(&self, path: &str) -> Events {
        let response = self.response("GET", path, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { body: response.into_body(), text: String::new() }
    }

    /// Sends JSON.
    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.clone().header("content-type", "application/json").send(method, path, body.to_string()).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Body::empty()).await
    }

    /// POST with JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, body).await
    }

    /// PATCH with JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.json("PATCH", path, body).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, Body::empty()).await
    }
}

/// An open stream of server-sent events.
#[derive(Debug)]
pub struct Events {
    body: Body,
    text: String,
}

/// One of its events.
#[derive(Debug, Clone)]
pub struct Event {
    /// Name.
    pub name: String,
    /// The id to come back with.
    pub id: String,
    /// Data.
    pub data: Value,
}

impl Events {
    /// The next event; `None` when the stream has ended.
    ///
    /// # Panics
    /// When none comes within 20 seconds.
    pub async fn next(&mut self) -> Option<Event> {
        tokio::time::timeout(std::time::Duration::from_secs(20), self.read()).await.expect("an event in time")
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim_start().to_owned());
                let found = field("event:").map(|name| Event {
                    name,
                    id: field("id:").unwrap_or_default(),
                    data: field("data:").and_then(|data| serde_json::from_str(&data).ok()).unwrap_or_default(),
                });
                self.text = rest.to_owned();
                if found.is_some() {
                    return found;
                }
                continue;
            }
            let frame = self.body.frame().await?.expect("a frame");
            self.text.push_str(std::str::from_utf8(frame.data_ref().map_or(&[][..], |d| &d[..])).expect("UTF-8"));
        }
    }

    /// The next event of this name; others are passed over.
    ///
    /// # Panics
    /// When the stream ends before.
    pub async fn until(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }
}

impl Answer {
    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header's text; empty when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The body, after the status has been checked.
    ///
    /// # Panics
    /// When the status is another.
    #[must_use]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()
    }

    /// The problem document, after its status, media type and shape have been checked.
    ///
    /// # Panics
    /// When it is something else.
    #[must_use]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(u64::from(status)), Some(code)), "{problem}");
        assert_eq!(problem["request_id"].as_str(), Some(self.header("x-request-id")), "{problem}");
        for part in ["type", "title", "detail"] {
            assert!(problem[part].as_str().is_some_and(|text| !text.is_empty()), "{part} of {problem}");
        }
        problem
    }
}
