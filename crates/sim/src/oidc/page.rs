//! The provider's two pages: whom to sign in as, and why not.
//!
//! Must say plainly that this is a simulation. No script, no third-party address, every value escaped.

use std::collections::HashMap;
use std::fmt::Write;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Response};

use super::Person;

/// No form-action: browsers apply it to the redirect that follows the choice, which leaves this origin by design.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whoever ticks it is asked again where the application wants to know that it is really them.
const REMEMBERED: &str = "<label class=\"tick\"><input type=\"checkbox\" name=\"remembered\" value=\"1\">\
    I have been signed in here for an hour</label>";

pub(super) fn people(people: &[Person], parameters: &HashMap<String, String>) -> Response {
    let mut body = String::from(
        "<p class=\"tag\">Simulation</p><h1>Simulated identity provider</h1>\
         <p>Choose who signs in. No password is asked, and nothing leaves this computer.</p>",
    );
    let mut kept = String::new();
    let mut hidden: Vec<_> =
        parameters.iter().filter(|(name, _)| !matches!(name.as_str(), "sub" | "guest" | "remembered" | "cancel")).collect();
    hidden.sort();
    for (name, value) in hidden {
        let _ = write!(kept, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
    }
    let _ = write!(body, "<form method=\"post\" action=\"/authorize\">{kept}{REMEMBERED}<ul>");
    for person in people {
        let _ = write!(
            body,
            "<li><button name=\"sub\" value=\"{}\"><strong>{}</strong><span>{}</span><span class=\"note\">{}</span></button></li>",
            escape(&person.sub),
            escape(&person.name),
            escape(&person.email),
            escape(&person.note),
        );
    }
    body.push_str("</ul><button class=\"cancel\" name=\"cancel\" value=\"1\">Cancel</button></form>");
    let _ = write!(
        body,
        "<form method=\"post\" action=\"/authorize\">{kept}<label>Somebody else, who may have been invited\
         <input name=\"guest\" required maxlength=\"60\" autocomplete=\"off\"></label><button>Continue</button></form>"
    );
    document(StatusCode::OK, "Sign in", &body)
}

pub(super) fn refused(message: &str) -> Response {
    let body = format!(
        "<p class=\"tag\">Simulation</p><h1>This sign-in cannot start</h1><p>{}</p>\
         <p>Go back to the application and try again.</p>",
        escape(message)
    );
    document(StatusCode::BAD_REQUEST, "Sign-in refused", &body)
}

fn document(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} – Simulated identity provider</title>\
         <link rel=\"stylesheet\" href=\"/style.css\"></head><body><main>{body}</main></body></html>"
    );
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    (status, headers, Html(html)).into_response()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

pub(super) const STYLE: &str = "\
:root { --paper: #f5f4f1; --card: #ffffff; --ink: #1f2328; --soft: #57606a; --line: #8c959f; --accent: #0b5c8a; --tag: #7a4a00; --tag-paper: #fff1d6; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --card: #1d2125; --ink: #e9ecef; --soft: #adb5bd; --line: #6c757d; --accent: #7cc4ee; --tag: #ffd58a; --tag-paper: #3d2e0f; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
h1 { margin: 0.75rem 0 0.5rem; font-size: 1.4rem; line-height: 1.25; }
p { margin: 0 0 1.25rem; color: var(--soft); }
.tag { display: inline-block; margin: 0; padding: 0.1rem 0.6rem; border-radius: 1rem; background: var(--tag-paper); color: var(--tag); font-size: 0.8rem; font-weight: 600; }
ul { list-style: none; margin: 0 0 1.25rem; padding: 0; display: grid; gap: 0.6rem; }
button { font: inherit; color: inherit; cursor: pointer; background: none; border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.7rem 1rem; }
li button { width: 100%; text-align: left; display: grid; gap: 0.1rem; overflow-wrap: anywhere; }
button span { color: var(--soft); font-size: 0.9rem; }
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
form + form { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); display: grid; gap: 0.6rem; }
label { color: var(--soft); font-size: 0.9rem; }
input:not([type]) { box-sizing: border-box; width: 100%; margin-top: 0.25rem; padding: 0.6rem 0.75rem; font: inherit; color: var(--ink); background: none; border: 1px solid var(--line); border-radius: 0.5rem; }
input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.tick { display: flex; gap: 0.5rem; align-items: center; margin-bottom: 1rem; }
.cancel { border-color: transparent; color: var(--accent); padding-left: 0.25rem; padding-right: 0.25rem; }
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_on_the_page_is_escaped() {
        assert_eq!(escape("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    }
}
