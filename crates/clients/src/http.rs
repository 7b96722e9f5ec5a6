//! The only place that builds an HTTP client.
//!
//! Every client has a connect timeout, a total timeout and an answer size limit, and follows no redirect at all, so that
//! neither a bearer token nor a client secret can travel to another origin. Must not log addresses, headers or bodies: they may carry
//! tokens. There is no retry here; the callers that need one (key sets, provider metadata) ask again later, on a pause.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url, form_urlencoded};

/// Longest time to open a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest time for a whole call, answer body included.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer body that is read, in bytes (1 MiB): key sets and metadata take a few kilobytes.
pub const ANSWER_MAX_BYTES: usize = 1 << 20;

/// Which addresses a client may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `https` alone. What production uses.
    HttpsOnly,
    /// Also plain `http`, to this machine's loopback alone: the demo and tests against a local provider.
    LoopbackHttp,
}

impl Transport {
    /// The transport for a configured address: https where none is configured, plain http where it is on this machine. Nothing when the
    /// address may not be called at all.
    #[must_use]
    pub fn to(endpoint: Option<&Url>) -> Option<Self> {
        let Some(url) = endpoint else { return Some(Self::HttpsOnly) };
        [Self::HttpsOnly, Self::LoopbackHttp].into_iter().find(|transport| transport.permits(url))
    }

    /// Whether `url` may be called: no credentials in the address, and `https` or, where allowed, `http` on loopback
    /// (`127.0.0.0/8`, `::1`, `localhost`).
    #[must_use]
    pub fn permits(self, url: &Url) -> bool {
        let bare = url.username().is_empty() && url.password().is_none() && url.host().is_some();
        bare && match url.scheme() {
            "https" => true,
            "http" => self == Self::LoopbackHttp && is_loopback(url),
            _ => false,
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Why a call gave no answer. Names no address: queries and paths may be secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is not one that this client may call.
    #[error("address refused: use https, or http on loopback where the configuration allows it")]
    NotPermitted,
    /// Name resolution, connection, TLS or transmission failed.
    #[error("server unreachable")]
    Unreachable,
    /// No complete answer within [`TOTAL_TIMEOUT`], or no connection within [`CONNECT_TIMEOUT`].
    #[error("no complete answer in time (5 s to connect, 10 s in all)")]
    TimedOut,
    /// The answer is larger than [`ANSWER_MAX_BYTES`].
    #[error("answer larger than 1 MiB")]
    TooLarge,
}

/// The HTTP library could not be set up (TLS roots or resolver missing on this machine).
#[derive(Debug, thiserror::Error)]
#[error("HTTP client could not be set up: check the system's TLS root certificates")]
pub struct BuildError;

/// A complete answer.
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// Media type without parameters, in lower case; empty when the header is absent.
    pub media_type: String,
    /// Body, at most [`ANSWER_MAX_BYTES`].
    pub body: Vec<u8>,
}

/// An HTTP client with the limits of this module.
#[derive(Clone)]
pub struct Client {
    inner: reqwest::Client,
    transport: Transport,
}

impl Client {
    /// A client that may call what `transport` permits.
    ///
    /// # Errors
    /// [`BuildError`] when the HTTP library cannot be set up.
    pub fn new(transport: Transport) -> Result<Self, BuildError> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(Policy::none())
            .https_only(transport == Transport::HttpsOnly)
            .user_agent("magfin");
        if transport == Transport::LoopbackHttp {
            // A proxy from the environment would be asked for loopback names and could answer in their place.
            builder = builder.no_proxy();
        }
        let inner = builder.build().map_err(|_| BuildError)?;
        Ok(Self { inner, transport })
    }

    /// GET, asking for JSON.
    ///
    /// # Errors
    /// [`FetchError`] when there is no complete answer. Any status is an answer, redirects included.
    pub async fn get_json(&self, url: &Url) -> Result<Answer, FetchError> {
        self.send(url, self.inner.get(url.clone())).await
    }

    /// POST of a form with HTTP Basic credentials, encoded as RFC 6749 §2.3.1 asks (each part form-encoded first).
    ///
    /// # Errors
    /// As [`Client::get_json`].
    pub async fn post_form(&self, url: &Url, user: &str, password: &SecretString, fields: &[(&str, &str)]) -> Result<Answer, FetchError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .inner
            .post(url.clone())
            .header(AUTHORIZATION, basic(user, password)?)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        self.send(url, request).await
    }

    /// GET, or POST of a JSON body where one is given, as the holder of a bearer token.
    ///
    /// # Errors
    /// As [`Client::get_json`].
    pub async fn as_bearer(&self, url: &Url, token: &SecretString, body: Option<String>) -> Result<Answer, FetchError> {
        let request = match body {
            Some(body) => self.inner.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body),
            None => self.inner.get(url.clone()),
        };
        // The header is marked as sensitive by the library.
        self.send(url, request.bearer_auth(token.expose_secret())).await
    }

    async fn send(&self, url: &Url, request: RequestBuilder) -> Result<Answer, FetchError> {
        if !self.transport.permits(url) {
            return Err(FetchError::NotPermitted);
        }
        let mut response = request.header(ACCEPT, "application/json").send().await.map_err(|e| failure(&e))?;
        let status = response.status().as_u16();
        let media_type = media_type(response.headers().get(CONTENT_TYPE));
        let body = read(&mut response, ANSWER_MAX_BYTES).await?;
        Ok(Answer { status, media_type, body })
    }

    /// Any call, for a library that makes its own requests. `timeout` and `max_bytes` take the place of [`TOTAL_TIMEOUT`] and
    /// [`ANSWER_MAX_BYTES`].
    ///
    /// # Errors
    /// As [`Client::get_json`].
    pub async fn exchange(
        &self,
        request: http::Request<Bytes>,
        timeout: Duration,
        max_bytes: usize,
    ) -> Result<http::Response<Bytes>, FetchError> {
        let mut request = reqwest::Request::try_from(request).map_err(|_| FetchError::NotPermitted)?;
        if !self.transport.permits(request.url()) {
            return Err(FetchError::NotPermitted);
        }
        *request.timeout_mut() = Some(timeout);
        let mut response = self.inner.execute(request).await.map_err(|e| failure(&e))?;
        let mut answer = http::Response::builder().status(response.status()).version(response.version());
        if let Some(headers) = answer.headers_mut() {
            headers.clone_from(response.headers());
        }
        let body = read(&mut response, max_bytes).await?;
        answer.body(body.into()).map_err(|_| FetchError::Unreachable)
    }
}

async fn read(response: &mut reqwest::Response, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| failure(&e))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failure(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() { FetchError::TimedOut } else { FetchError::Unreachable }
}

fn media_type(header: Option<&HeaderValue>) -> String {
    let text = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn basic(user: &str, password: &SecretString) -> Result<HeaderValue, FetchError> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(user), encode(password.expose_secret()));
    let mut header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).map_err(|_| FetchError::NotPermitted)?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::header::LOCATION;
    use axum::response::IntoResponse;
    use axum::routing::get;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    async fn serve(router: Router) -> Url {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url(&format!("http://{address}/"))
    }

    #[test]
    fn http_is_permitted_on_loopback_alone_and_only_when_asked_for() {
        for good in ["http://127.0.0.1:9/x", "http://localhost/", "http://[::1]:80/", "https://id.example/"] {
            assert!(Transport::LoopbackHttp.permits(&url(good)), "{good}");
        }
        for bad in [
            "http://id.example/",
            "http://localhost.id.example/",
            "http://128.0.0.1/",
            "ftp://127.0.0.1/",
            "https://a:b@id.example/",
            "file:///etc/hosts",
        ] {
            assert!(!Transport::LoopbackHttp.permits(&url(bad)), "{bad}");
        }
        assert!(!Transport::HttpsOnly.permits(&url("http://127.0.0.1:9/x")));
        assert!(Transport::HttpsOnly.permits(&url("https://id.example/")));
    }

    #[tokio::test]
    async fn redirect_is_an_answer_and_is_not_followed() {
        let target = serve(Router::new().route("/", get(|| async { "followed" }))).await;
        let there = target.to_string();
        let origin = serve(
            Router::new().route("/", get(move || async move { (axum::http::StatusCode::FOUND, [(LOCATION, there)]).into_response() })),
        )
        .await;
        let answer = Client::new(Transport::LoopbackHttp).unwrap().get_json(&origin).await.unwrap();
        assert_eq!(answer.status, 302);
        assert!(answer.body.is_empty());
    }

    #[tokio::test]
    async fn answer_above_one_mebibyte_is_refused() {
        let body = |size: usize| get(move || async move { vec![b' '; size] });
        let base = serve(Router::new().route("/fits", body(ANSWER_MAX_BYTES)).route("/over", body(ANSWER_MAX_BYTES + 1))).await;
        let client = Client::new(Transport::LoopbackHttp).unwrap();
        let fits = client.get_json(&base.join("fits").unwrap()).await.unwrap();
        assert_eq!(fits.body.len(), ANSWER_MAX_BYTES);
        let over = client.get_json(&base.join("over").unwrap()).await;
        assert!(matches!(over, Err(FetchError::TooLarge)));
    }

    #[tokio::test]
    async fn address_outside_the_transport_is_refused_before_any_connection() {
        let base = serve(Router::new().route("/", get(|| async { "reached" }))).await;
        let refused = Client::new(Transport::HttpsOnly).unwrap().get_json(&base).await;
        assert!(matches!(refused, Err(FetchError::NotPermitted)));
    }

    #[test]
    fn basic_credentials_are_form_encoded_before_base64() {
        let header = basic("crm web", &SecretString::from("p:%+é")).unwrap();
        let encoded = header.to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned();
        assert_eq!(STANDARD.decode(encoded).unwrap(), b"crm+web:p%3A%25%2B%C3%A9");
        assert!(header.is_sensitive());
    }
}
