//! Signature Version 4 of a request to Amazon, by Amazon's own signer.
//!
//! Must not send anything, nor read a clock.

use std::fmt;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

/// The request cannot be signed: a header or address that the protocol does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request cannot be signed")]
pub(super) struct Unsignable;

/// Who signs, and for which service of which region.
pub(super) struct Signer {
    pub(super) key_id: String,
    pub(super) secret: SecretString,
    pub(super) region: String,
    pub(super) service: &'static str,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("region", &self.region).field("service", &self.service).finish_non_exhaustive()
    }
}

impl Signer {
    /// Adds the headers `x-amz-date` and `authorization`, which cover every header that is there, and the body.
    pub(super) fn sign(&self, request: &mut http::Request<Bytes>, now: Timestamp) -> Result<(), Unsignable> {
        let identity = Credentials::new(&self.key_id, self.secret.expose_secret(), None, None, "configuration").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service)
            .time(now.into())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| Unsignable)?
            .into();
        let address = request.uri().to_string();
        let headers = request.headers().iter().map(|(name, value)| Ok((name.as_str(), value.to_str().map_err(|_| Unsignable)?)));
        let headers = headers.collect::<Result<Vec<_>, Unsignable>>()?;
        let signable = SignableRequest::new(request.method().as_str(), &address, headers.into_iter(), SignableBody::Bytes(request.body()));
        let (instructions, _) = sign(signable.map_err(|_| Unsignable)?, &params).map_err(|_| Unsignable)?.into_parts();
        instructions.apply_to_request_http1x(request);
        if let Some(signature) = request.headers_mut().get_mut(AUTHORIZATION) {
            signature.set_sensitive(true);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Suite {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        id: String,
        request: String,
        authorization: String,
    }

    /// The request as it is written in a case, without the date, which signing adds.
    fn request(text: &str) -> http::Request<Bytes> {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let (method, rest) = lines.next().unwrap().split_once(' ').unwrap();
        let path = rest.strip_suffix(" HTTP/1.1").unwrap();
        let mut request = http::Request::builder().method(method).uri(format!("https://example.amazonaws.com{path}"));
        for line in lines {
            let (name, value) = line.split_once(':').unwrap();
            if !name.eq_ignore_ascii_case("x-amz-date") {
                request = request.header(name, value);
            }
        }
        request.body(Bytes::from(body.to_owned())).unwrap()
    }

    fn signer() -> Signer {
        Signer {
            key_id: "AKIDEXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned().into(),
            region: "us-east-1".into(),
            service: "service",
        }
    }

    /// All 26 cases. We hold no session token; the one case that adds a token while it signs has it here as a header of the request, which
    /// is signed the same, and the one that adds it afterwards is signed without.
    #[test]
    fn br_6_every_published_request_is_signed_as_published() {
        let Some(suite) = crate::contract::contract::<Suite>("aws/sigv4-vectors.json") else { return };
        assert_eq!(suite.cases.len(), 26);
        for case in suite.cases {
            let mut request = request(&case.request);
            if case.id == "get-vanilla-with-session-token" {
                let token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
                request.headers_mut().insert("x-amz-security-token", token.parse().unwrap());
            }
            signer().sign(&mut request, "2015-08-30T12:36:00Z".parse().unwrap()).unwrap();
            assert_eq!(request.headers()["authorization"], case.authorization, "{}", case.id);
            assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z", "{}", case.id);
        }
    }

    #[test]
    fn br_6_a_signature_covers_the_body_and_the_target_and_does_not_print() {
        let signed = |target: &str, body: &str| {
            let mut request = request(&format!("POST / HTTP/1.1\nX-Amz-Target:{target}\n\n{body}"));
            signer().sign(&mut request, Timestamp::UNIX_EPOCH).unwrap();
            assert!(request.headers()["authorization"].is_sensitive());
            request.headers()["authorization"].clone()
        };
        let one = signed("TrentService.Decrypt", "{}");
        assert!(one != signed("TrentService.Encrypt", "{}") && one != signed("TrentService.Decrypt", "{ }"));
        assert!(!format!("{:?}", signer()).contains("wJal"));
    }
}
