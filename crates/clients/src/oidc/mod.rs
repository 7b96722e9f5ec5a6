//! Sign-in at an OpenID Connect provider: authorization code flow with PKCE, for a confidential client.
//!
//! [`Provider::begin`] makes the address to send the browser to and the record to keep; [`Provider::finish`] turns the
//! query that comes back into an [`Identity`](crate::Identity). The caller must keep the flow record on the server, bind it to the browser that began
//! (a cookie), and hand it out once. Must not know sessions, cookies or the database.
//! Rules: OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636, RFC 9207, RFC 9700.

pub mod callback;
pub mod discovery;
mod exchange;
mod flow;
pub mod id_token;
mod provider;

pub use flow::{FLOW_LIFETIME_S, FlowRecord, FlowRow, FlowSeed, RandomError};
pub use provider::{Config, ConfigError, OidcError, Provider, Refusal};
