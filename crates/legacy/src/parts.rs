//! The lines of a profile that have a known form: estate documents, beneficiaries, professionals, members.
//!
//! Must not fail: what has no known form is left to the caller as text.

use jiff::civil::Date;
use serde::Serialize;

use crate::dates::{self, DateText};

/// A member as the profile describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProfileMember {
    /// Name of the heading, without the native name.
    pub name: String,
    /// Name in another script, from brackets in the heading.
    pub native_name: Option<String>,
    /// `Label: text` lines in order, e.g. `("Born", "25 February 1991")`.
    pub lines: Vec<(String, String)>,
}

/// An estate document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EstateDocument {
    /// The line up to its first comma, e.g. `Chen Family Trust`.
    pub title: String,
    /// Day of signature.
    pub signed: Option<Date>,
    /// Successor trustee.
    pub successor_trustee: Option<String>,
    /// The whole line.
    pub text: String,
}

/// A beneficiary designation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beneficiary {
    /// Account name.
    pub account: String,
    /// Masked account number.
    pub number: Option<String>,
    /// Name of the beneficiary.
    pub name: String,
    /// Share in percent, 0 to 100.
    pub percent: Option<u8>,
    /// The whole line.
    pub text: String,
}

/// A professional of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Professional {
    /// E.g. `CPA`.
    pub role: String,
    /// Name.
    pub name: String,
}

pub(crate) fn day(text: &str) -> Option<Date> {
    match dates::parse(text) {
        DateText::Day(day) => Some(day),
        DateText::Unknown | DateText::Unreadable => None,
    }
}

pub(crate) fn bullets(lines: &[&str]) -> Vec<String> {
    let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines.map(|line| line.strip_prefix("- ").unwrap_or(line).trim().to_owned()).collect()
}

pub(crate) fn estate(line: &str) -> EstateDocument {
    let title = line.split([',', ';']).next().unwrap_or_default().trim().to_owned();
    let after = |mark: &str| line.split_once(mark).map(|(_, rest)| rest.split([';', ',']).next().unwrap_or_default().trim());
    EstateDocument {
        title,
        signed: after("signed ").and_then(day),
        successor_trustee: after("successor trustee ").map(str::to_owned),
        text: line.to_owned(),
    }
}

pub(crate) fn beneficiary(line: &str) -> Option<Beneficiary> {
    let (account, rest) = line.split_once(": ")?;
    let (name, percent) = match rest.rsplit_once(',') {
        Some((name, share)) => (name, share.trim().strip_suffix("percent").map(str::trim).and_then(|n| n.parse().ok())),
        None => (rest, None),
    };
    let (account, number) = match account.trim().strip_suffix(')').and_then(|account| account.rsplit_once(" (")) {
        Some((account, number)) => (account, Some(number.to_owned())),
        None => (account, None),
    };
    Some(Beneficiary {
        account: account.trim().to_owned(),
        number,
        name: name.trim().to_owned(),
        percent: percent.filter(|n| *n <= 100),
        text: line.to_owned(),
    })
}

pub(crate) fn professional(line: &str) -> Option<Professional> {
    let (role, name) = line.split_once(':')?;
    Some(Professional { role: role.trim().to_owned(), name: name.trim().to_owned() })
}
