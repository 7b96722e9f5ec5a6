//! Writes the browser export while its rows are made; also the settings, foreign keys and identities.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::rng::Rng;
use super::truth::Truth;
use super::words::ADVISORS;
use crate::tree::TreeWriter;

/// An export being written.
pub(super) struct Export<'a> {
    out: Box<dyn Write + 'a>,
    line: &'static str,
    first_key: bool,
    first_row: bool,
    /// Writes everything beyond ASCII as escapes, as some browsers do.
    ascii: bool,
}

impl<'a> Export<'a> {
    pub(super) fn begin(mut out: Box<dyn Write + 'a>, rng: &mut Rng) -> io::Result<Self> {
        if rng.chance(300) {
            out.write_all(b"\xEF\xBB\xBF")?;
        }
        let line = rng.word(&["\n", "\r\n", ""]);
        write!(out, "{{{line}")?;
        Ok(Self { out, line, first_key: true, first_row: true, ascii: rng.chance(300) })
    }

    fn escaped(&mut self, text: &str) -> io::Result<()> {
        let json = serde_json::to_string(text)?;
        let inside = json.get(1..json.len() - 1).unwrap_or_default();
        if !self.ascii || inside.is_ascii() {
            return self.out.write_all(inside.as_bytes());
        }
        for c in inside.chars() {
            if c.is_ascii() {
                write!(self.out, "{c}")?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(self.out, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    /// Begins a key; `open` is the first character of its JSON text.
    pub(super) fn open(&mut self, key: &str, open: &str) -> io::Result<()> {
        if !self.first_key {
            write!(self.out, ",{}", self.line)?;
        }
        self.first_key = false;
        self.first_row = true;
        write!(self.out, " {}: \"", serde_json::to_string(key)?)?;
        self.escaped(open)
    }

    /// A row of the array, or a member of the object when it has a name.
    pub(super) fn row(&mut self, name: Option<&str>, row: &Value) -> io::Result<()> {
        let comma = if self.first_row { "" } else { "," };
        self.first_row = false;
        let text = match name {
            Some(name) => format!("{comma}{}:{row}", json!(name)),
            None => format!("{comma}{row}"),
        };
        self.escaped(&text)
    }

    pub(super) fn close(&mut self, close: &str) -> io::Result<()> {
        self.escaped(close)?;
        self.out.write_all(b"\"")
    }

    /// A whole key at once.
    pub(super) fn key(&mut self, key: &str, text: &str) -> io::Result<()> {
        self.open(key, text)?;
        self.out.write_all(b"\"")
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        write!(self.out, "{}}}", self.line)?;
        self.out.flush()
    }
}

pub(super) fn settings(export: &mut Export<'_>, truth: &mut Truth) -> io::Result<()> {
    let advisors: Vec<Value> = ADVISORS
        .iter()
        .map(|(id, name, role, aliases, emails)| json!({"id": id, "name": name, "role": role, "aliases": aliases, "emails": emails}))
        .collect();
    let settings = json!({
        "firm": "Quiet Harbor Wealth",
        "theme": "dark",
        "advisors": advisors,
        "adminAdvisorIds": ["priya"],
        "consentStates": ["CA", "FL", "WA"],
        "phoneOverrides": [{"number": "(206) 555-0199", "label": "Front desk", "clientSlug": null, "reason": "internal"}],
    });
    for (key, text) in [
        ("magfin:households:seedVersion", "7".to_owned()),
        ("magfin:emailTone", json!("formal").to_string()),
        ("magfin:settings", settings.to_string()),
    ] {
        export.key(key, &text)?;
        truth.known(key);
    }
    truth.settings =
        json!({"email_tone": "formal", "advisors": ADVISORS.len(), "admin_advisor_ids": ["priya"], "identities": 5, "phone_overrides": 1});
    Ok(())
}

/// Keys of the old user interface and other software, and one whose JSON is broken.
pub(super) fn strangers(export: &mut Export<'_>, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    for (key, text) in
        [("magfin:ui:lastRoute", "\"/households\""), ("__clerk_db_jwt", "FAKE-not-a-token"), ("other-cache", "{\"version\":\"4\"}")]
    {
        export.key(key, text)?;
        truth.ignored.push(key.to_owned());
    }
    let broken = rng.word(&["{\"body\":\"half a sent", "[1,2", "", "{\"a\":1}}", "nul"]);
    export.key("magfin:draft:note:hh_x", broken)?;
    truth.unreadable.push("magfin:draft:note:hh_x".to_owned());
    Ok(())
}

pub(super) fn identities(out: &mut dyn TreeWriter) -> io::Result<()> {
    let sign_ins = ADVISORS.iter().flat_map(|(id, _, role, _, emails)| emails.iter().map(move |email| (id, role, email)));
    let rows: Vec<Value> = sign_ins
        .enumerate()
        .map(|(i, (id, role, email))| {
            let kind = if email.contains("gmail") { "gmail" } else { "work" };
            json!({"issuer": "https://id.quietharbor.example", "subject": format!("user_{i:016x}"), "email": email, "kind": kind, "advisor_id": id, "role": role})
        })
        .collect();
    let mut file = out.create("identities.json")?;
    serde_json::to_writer_pretty(&mut file, &rows)?;
    file.flush()
}
