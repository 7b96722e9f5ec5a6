//! The query that comes back from the provider, judged before anything is sent anywhere.
//!
//! Must not echo a value of the query: all of it is under the control of whoever made the link.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

/// Longest query that is read, in bytes (8 KiB).
pub const QUERY_MAX_BYTES: usize = 8 * 1024;

/// Why a callback is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRefusal {
    /// Longer than [`QUERY_MAX_BYTES`].
    #[error("callback query is longer than 8 KiB")]
    TooLong,
    /// A parameter appears twice (RFC 6749 §3.1).
    #[error("callback has a parameter twice")]
    Repeated,
    /// A token in the query: those only ever come from the token endpoint.
    #[error("callback carries a token in its address")]
    TokenInQuery,
    /// `state` is missing or not the one of this sign-in.
    #[error("callback does not belong to this sign-in: start again")]
    State,
    /// `iss` is not the provider's, or is missing although the provider announces it (RFC 9207).
    #[error("callback is not from the configured provider")]
    Issuer,
    /// The provider reports an error: the person declined, or may not use this application.
    #[error("the identity provider did not sign the person in")]
    Declined,
    /// The provider reports that it cannot answer now (`server_error`, `temporarily_unavailable`).
    #[error("the identity provider cannot sign people in at the moment")]
    ProviderBusy,
    /// `code` is missing or empty.
    #[error("callback carries no authorization code")]
    NoCode,
}

/// What a callback must match.
#[derive(Debug)]
pub struct Expected<'a> {
    /// `state` of the stored flow record.
    pub state: &'a SecretString,
    /// Configured issuer.
    pub issuer: &'a str,
    /// Whether the provider announces `authorization_response_iss_parameter_supported`.
    pub issuer_announced: bool,
}

/// The `state` in a query, to find the stored flow record by. Proves nothing: [`validate`] compares it.
///
/// # Errors
/// [`CallbackRefusal`] when the query is too long, has a parameter twice, or has no `state`.
pub fn state_of(query: &str) -> Result<SecretString, CallbackRefusal> {
    let parameters = Parameters::parse(query)?;
    parameters.get("state").filter(|state| !state.is_empty()).map(SecretString::from).ok_or(CallbackRefusal::State)
}

/// Judges the raw query (without `?`) and gives the authorization code. Unknown parameters are ignored.
///
/// # Errors
/// [`CallbackRefusal`] naming the first check that failed: length, repetition, tokens, `state`, `iss`, `error`, `code`.
pub fn validate(query: &str, expected: &Expected<'_>) -> Result<SecretString, CallbackRefusal> {
    let parameters = Parameters::parse(query)?;
    if ["access_token", "id_token", "refresh_token"].iter().any(|name| parameters.get(name).is_some()) {
        return Err(CallbackRefusal::TokenInQuery);
    }
    let state = parameters.get("state").unwrap_or_default();
    let ours = expected.state.expose_secret();
    if ours.is_empty() || !bool::from(state.as_bytes().ct_eq(ours.as_bytes())) {
        return Err(CallbackRefusal::State);
    }
    match parameters.get("iss") {
        Some(issuer) if issuer != expected.issuer => return Err(CallbackRefusal::Issuer),
        None if expected.issuer_announced => return Err(CallbackRefusal::Issuer),
        _ => {}
    }
    match parameters.get("error") {
        Some("server_error" | "temporarily_unavailable") => {
            return Err(CallbackRefusal::ProviderBusy);
        }
        Some(_) => return Err(CallbackRefusal::Declined),
        None => {}
    }
    parameters.get("code").filter(|code| !code.is_empty()).map(SecretString::from).ok_or(CallbackRefusal::NoCode)
}

struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn parse(query: &str) -> Result<Self, CallbackRefusal> {
        if query.len() > QUERY_MAX_BYTES {
            return Err(CallbackRefusal::TooLong);
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(CallbackRefusal::Repeated);
        }
        Ok(Self(pairs))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(query: &str, issuer_announced: bool) -> Result<String, CallbackRefusal> {
        let expected = Expected { state: &SecretString::from("st"), issuer: "https://id.example", issuer_announced };
        validate(query, &expected).map(|code| code.expose_secret().to_owned())
    }

    #[test]
    fn parameter_sent_twice_is_refused_whatever_its_name() {
        for query in ["code=a&code=a&state=st", "code=a&state=st&x=1&x=2", "code=a&state=st&%63ode=b"] {
            assert_eq!(judge(query, false), Err(CallbackRefusal::Repeated), "{query}");
        }
    }

    #[test]
    fn state_must_be_ours_to_the_last_byte() {
        for query in ["code=a", "code=a&state=", "code=a&state=s", "code=a&state=stt", "code=a&state=ST"] {
            assert_eq!(judge(query, false), Err(CallbackRefusal::State), "{query}");
        }
        let nothing = SecretString::from("");
        let expected = Expected { state: &nothing, issuer: "https://id.example", issuer_announced: false };
        assert_eq!(validate("code=a&state=", &expected).err(), Some(CallbackRefusal::State));
    }

    #[test]
    fn issuer_is_compared_when_present_even_if_not_announced() {
        assert_eq!(judge("code=a&state=st&iss=https://evil.example", false), Err(CallbackRefusal::Issuer));
        assert_eq!(judge("code=a&state=st&iss=https://id.example/", false), Err(CallbackRefusal::Issuer));
        assert_eq!(judge("code=a&state=st", true), Err(CallbackRefusal::Issuer));
        assert_eq!(judge("code=a&state=st", false).as_deref(), Ok("a"));
        assert_eq!(judge("code=a&state=st&iss=https%3A%2F%2Fid.example", true).as_deref(), Ok("a"));
    }

    #[test]
    fn provider_trouble_is_told_apart_from_a_refusal() {
        assert_eq!(judge("error=server_error&state=st", false), Err(CallbackRefusal::ProviderBusy));
        assert_eq!(judge("error=temporarily_unavailable&state=st", false), Err(CallbackRefusal::ProviderBusy));
        assert_eq!(judge("error=access_denied&state=st", false), Err(CallbackRefusal::Declined));
        assert_eq!(judge("error=&code=a&state=st", false), Err(CallbackRefusal::Declined));
        assert_eq!(judge("error=server_error&state=other", false), Err(CallbackRefusal::State));
    }

    #[test]
    fn token_in_the_query_is_refused_even_beside_a_code() {
        for name in ["access_token", "id_token", "refresh_token"] {
            let query = format!("code=a&state=st&{name}=x");
            assert_eq!(judge(&query, false), Err(CallbackRefusal::TokenInQuery), "{query}");
        }
    }

    #[test]
    fn over_long_query_is_refused() {
        let query = format!("code=a&state=st&x={}", "y".repeat(QUERY_MAX_BYTES));
        assert_eq!(judge(&query, false), Err(CallbackRefusal::TooLong));
        assert_eq!(state_of(&query).err(), Some(CallbackRefusal::TooLong));
    }

    #[test]
    fn state_can_be_read_to_find_the_record() {
        assert_eq!(state_of("code=a&state=s%2Dt").unwrap().expose_secret(), "s-t");
        assert_eq!(state_of("code=a").err(), Some(CallbackRefusal::State));
        assert_eq!(state_of("state=a&state=a").err(), Some(CallbackRefusal::Repeated));
    }
}
