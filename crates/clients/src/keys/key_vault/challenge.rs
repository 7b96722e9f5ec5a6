//! Where a token for a vault may be asked for. The vault says it itself, in its answer to a request without a token (RFC 9110 §11.6.1),
//! and it is believed within what is known of Microsoft's clouds only: our secret goes there, and the token to the vault.
//!
//! Must not send anything.

use url::Url;

use crate::http::Transport;

/// The vaults' audience in each cloud, and where that cloud gives out tokens (Microsoft Learn, "National clouds" and "About keys").
const CLOUDS: [(&str, &[&str]); 3] = [
    ("vault.azure.net", &["login.microsoftonline.com", "login.windows.net"]),
    ("vault.azure.cn", &["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"]),
    ("vault.usgovcloudapi.net", &["login.microsoftonline.us"]),
];
/// Longest challenge that is read, in bytes. A real one has about 150.
const HEADER_MAX_BYTES: usize = 2000;

/// Whether this is the host of a vault: one label before the audience of a cloud.
pub(super) fn is_vault(host: &str) -> bool {
    cloud(host).is_some()
}

fn cloud(vault: &str) -> Option<(&'static str, &'static [&'static str])> {
    CLOUDS.into_iter().find(|(audience, _)| {
        let label = vault.strip_suffix(audience).and_then(|rest| rest.strip_suffix('.'));
        label.is_some_and(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    })
}

/// Where to ask, and what for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The address that gives out tokens.
    pub(super) token_url: Url,
    /// What the token is asked for.
    pub(super) scope: String,
}

impl Challenge {
    /// Reads the challenge of this vault. Nothing when it is none, or when a token got so could serve anywhere but at this vault's
    /// service: a wider audience, another cloud, another host. On `LoopbackHttp` this machine may give out tokens too.
    pub(super) fn read(header: &str, vault: &str, transport: Transport) -> Option<Self> {
        let (scheme, fields) = header.split_once(' ')?;
        if header.len() > HEADER_MAX_BYTES || !scheme.eq_ignore_ascii_case("Bearer") {
            return None;
        }
        let (audience, logins) = cloud(vault)?;
        let resource = field(fields, &["resource"])?;
        if resource != format!("https://{audience}") {
            return None;
        }
        let mut token_url = Url::parse(field(fields, &["authorization", "authorization_uri"])?).ok()?;
        let ours = token_url.scheme() == "http" && transport == Transport::LoopbackHttp;
        let theirs = token_url.port().is_none() && token_url.host_str().is_some_and(|host| logins.contains(&host));
        if !transport.permits(&token_url) || !(ours || theirs) {
            return None;
        }
        let tenant = token_url.path_segments()?.next()?.to_owned();
        if tenant.is_empty() || !tenant.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return None;
        }
        token_url.set_path(&format!("/{tenant}/oauth2/v2.0/token"));
        token_url.set_query(None);
        token_url.set_fragment(None);
        Some(Self { token_url, scope: format!("{resource}/.default") })
    }
}

/// The value of the one field that has one of these names, with or without quotes.
fn field<'a>(fields: &'a str, names: &[&str]) -> Option<&'a str> {
    let mut found = fields.split(',').filter_map(|field| field.split_once('=')).filter(|(name, _)| names.contains(&name.trim()));
    let value = found.next()?.1.trim();
    if found.next().is_some() {
        return None;
    }
    Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Cases {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        name: String,
        vault: Url,
        www_authenticate: Option<String>,
        official_sdk: Official,
        ours_proceeds: bool,
    }

    #[derive(Deserialize)]
    struct Official {
        scope: Option<String>,
        tenant: Option<String>,
    }

    #[test]
    fn br_6_a_challenge_is_followed_to_where_a_token_for_this_vault_is_given_out_and_nowhere_else() {
        let Some(cases) = crate::contract::contract::<Cases>("azure-keyvault/challenge-cases.json") else { return };
        assert_eq!(cases.cases.len(), 15);
        for case in cases.cases {
            let header = case.www_authenticate.unwrap_or_default();
            let read = Challenge::read(&header, case.vault.host_str().unwrap(), Transport::HttpsOnly);
            let wanted = case.ours_proceeds.then(|| Challenge {
                token_url: format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", case.official_sdk.tenant.unwrap())
                    .parse()
                    .unwrap(),
                scope: case.official_sdk.scope.unwrap(),
            });
            assert_eq!(read, wanted, "{}", case.name);
        }
    }

    #[test]
    fn br_6_a_secret_goes_to_no_host_that_is_not_the_clouds_own() {
        let read = |authorization: &str, transport| {
            let header = format!(r#"Bearer authorization="{authorization}", resource="https://vault.azure.net""#);
            Challenge::read(&header, "crm.vault.azure.net", transport)
        };
        assert!(read("https://login.microsoftonline.com/t", Transport::HttpsOnly).is_some());
        assert!(read("http://127.0.0.1:9/t", Transport::LoopbackHttp).is_some());
        for bad in [
            "http://login.microsoftonline.com/t",
            "http://127.0.0.1:9/t",
            "https://login.microsoftonline.com.evil.example/t",
            "https://evil.example/t",
            "https://login.microsoftonline.com:8443/t",
            "https://a:b@login.microsoftonline.com/t",
            "https://login.microsoftonline.us/t",
            "https://login.microsoftonline.com/",
            "https://login.microsoftonline.com/t%2f..",
            "login.microsoftonline.com/t",
        ] {
            assert_eq!(read(bad, Transport::HttpsOnly), None, "{bad}");
        }
        assert_eq!(read("http://evil.example/t", Transport::LoopbackHttp), None);
        let twice =
            r#"Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net", resource="https://x""#;
        assert_eq!(Challenge::read(twice, "crm.vault.azure.net", Transport::HttpsOnly), None);
    }

    #[test]
    fn br_6_a_vault_is_one_label_of_a_known_cloud() {
        for good in ["crm-prod.vault.azure.net", "crm.vault.azure.cn", "crm.vault.usgovcloudapi.net"] {
            assert!(is_vault(good), "{good}");
        }
        for bad in [
            "vault.azure.net",
            ".vault.azure.net",
            "a.b.vault.azure.net",
            "crm.evilvault.azure.net",
            "evilvault.azure.net",
            "crm.vault.azure.net.evil.example",
            "",
        ] {
            assert!(!is_vault(bad), "{bad}");
        }
    }
}
