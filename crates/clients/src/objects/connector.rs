//! Carries the calls of the object store's library through our own HTTP client, with its limits.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService};

use super::OBJECT_MAX_BYTES;
use crate::http::{Client, FetchError, Transport};

/// For the largest object over a slow line.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Makes the client; the library's own options about addresses and proxies do not count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Connector(pub(super) Transport);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = Client::new(self.0).map_err(|source| object_store::Error::Generic { store: "http", source: Box::new(source) })?;
        Ok(HttpClient::new(Service(client)))
    }
}

struct Service(Client);

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|e| HttpError::new_boxed(HttpErrorKind::Unknown, Box::new(e)))?.to_bytes();
        // What encloses an object, such as the pages of a list, is far smaller than one.
        let request = http::Request::from_parts(parts, body);
        let answer = self.0.exchange(request, TIMEOUT, OBJECT_MAX_BYTES + (1 << 20)).await.map_err(|error| {
            let kind = match error {
                FetchError::Unreachable => HttpErrorKind::Interrupted,
                FetchError::TimedOut => HttpErrorKind::Timeout,
                FetchError::NotPermitted | FetchError::TooLarge => HttpErrorKind::Unknown,
            };
            HttpError::new(kind, error)
        })?;
        let (parts, body) = answer.into_parts();
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::from(body)))
    }
}
