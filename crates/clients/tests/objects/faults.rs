//! A proxy that breaks every other answer of an S3 server, in ways that were seen of real ones.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

const MAX: usize = 80 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// 503, and nothing was done.
    Refuses,
    /// It was done, and the answer says 500.
    DoneAndSaysNot,
    /// Half of what was sent is stored, and the answer says that all was.
    StoresHalf,
    /// Nothing is stored, and the answer says that all was.
    StoresNothing,
    /// Half of the object, as if it were all.
    ReadsHalf,
    /// Another byte in the middle.
    ReadsWrong,
    /// Not there, although it is.
    Stale,
}

const WRITES: [Fault; 4] = [Fault::Refuses, Fault::DoneAndSaysNot, Fault::StoresHalf, Fault::StoresNothing];
const READS: [Fault; 4] = [Fault::Refuses, Fault::ReadsHalf, Fault::ReadsWrong, Fault::Stale];

pub struct Proxy {
    pub endpoint: String,
    shared: Arc<Shared>,
}

struct Shared {
    behind: String,
    client: reqwest::Client,
    random: Mutex<u64>,
    tried: Mutex<BTreeMap<Fault, u32>>,
}

impl Proxy {
    /// Stands before the server at `behind`; the seed decides what breaks.
    pub async fn before(behind: &str, seed: u64) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let shared = Arc::new(Shared { behind: behind.to_owned(), client, random: Mutex::new(seed), tried: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { endpoint, shared }
    }

    pub fn tried(&self) -> BTreeMap<String, u32> {
        self.shared.tried.lock().unwrap().iter().map(|(fault, times)| (format!("{fault:?}"), *times)).collect()
    }

    pub fn every_fault_was_tried(&self) -> bool {
        let tried = self.shared.tried.lock().unwrap();
        WRITES.iter().chain(&READS).all(|fault| tried.contains_key(fault))
    }
}

impl Shared {
    /// Breaks half of all calls.
    fn fault(&self, method: &Method) -> Option<Fault> {
        let faults = match *method {
            Method::PUT => WRITES,
            Method::GET => READS,
            _ => return None,
        };
        let mut random = self.random.lock().unwrap();
        // Numerical Recipes' generator: enough to choose faults, and the same ones every time.
        *random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xffff_ffff;
        let draw = (*random >> 16) as usize;
        let fault = draw.is_multiple_of(2).then(|| faults[draw / 2 % faults.len()])?;
        *self.tried.lock().unwrap().entry(fault).or_default() += 1;
        Some(fault)
    }

    async fn forward(
        &self,
        method: Method,
        path: &str,
        headers: axum::http::HeaderMap,
        body: Vec<u8>,
    ) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
        let mut request = self.client.request(method, format!("{}{path}", self.behind)).body(body);
        for (name, value) in &headers {
            if name != header::HOST && name != header::CONTENT_LENGTH {
                request = request.header(name, value);
            }
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.bytes().await.unwrap().to_vec())
    }
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = to_bytes(body, MAX).await.unwrap().to_vec();
    let fault = shared.fault(&parts.method);
    match fault {
        Some(Fault::Refuses) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::StoresNothing) => return ([(header::ETAG, "\"0\"")], "").into_response(),
        Some(Fault::Stale) => return StatusCode::NOT_FOUND.into_response(),
        Some(Fault::StoresHalf) => body.truncate(body.len() / 2),
        _ => {}
    }
    let path = parts.uri.path_and_query().unwrap().as_str();
    let (status, mut headers, mut answer) = shared.forward(parts.method, path, parts.headers, body).await;
    match fault {
        Some(Fault::DoneAndSaysNot) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::ReadsHalf) => answer.truncate(answer.len() / 2),
        Some(Fault::ReadsWrong) => {
            let middle = answer.len() / 2;
            if let Some(byte) = answer.get_mut(middle) {
                *byte ^= 0x20;
            }
        }
        _ => {}
    }
    headers.remove(header::TRANSFER_ENCODING);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(answer.len()));
    (status, headers, Body::from(answer)).into_response()
}
