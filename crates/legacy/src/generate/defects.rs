//! Patches that must be refused. Most have more than one defect, so the order of the checks shows.

use serde_json::{Value, json};

use super::rng::Rng;

/// What is wrong with a patch, and its parts.
pub(super) struct Defect {
    pub(super) reason: &'static str,
    pub(super) path: String,
    pub(super) old: Value,
    pub(super) new: Value,
}

/// A defect of a patch on a household with this member.
pub(super) fn defect(rng: &mut Rng, member: &str) -> Defect {
    match rng.below(5) {
        0 => {
            let path = match rng.below(3) {
                0 => unknown(rng, member),
                1 => missing(rng, member),
                _ => "tier".to_owned(),
            };
            Defect { reason: "household_unknown", path, old: json!("B"), new: json!("A") }
        }
        1 => Defect { reason: "unknown_field", path: unknown(rng, member), old: json!("?"), new: json!("13/45/1960") },
        2 => Defect { reason: "path_not_found", path: missing(rng, member), old: json!("wrong"), new: json!("x") },
        3 => {
            let (path, new) = match rng.below(3) {
                0 => (format!("members[{member}].birthDate"), "13/45/1960"),
                1 => ("nextReview".to_owned(), "next week"),
                _ => ("clientSince".to_owned(), "31 Feb 2020"),
            };
            Defect { reason: "invalid_value", path, old: json!("1 Jan 1900"), new: json!(new) }
        }
        _ => {
            let (path, old, new) = match rng.below(5) {
                0 => ("tier", json!("AAA"), json!("A")),
                1 => ("riskProfile", json!("Balanced"), json!("Moderate")),
                2 => ("address.city", json!("Gotham"), json!("Metropolis")),
                3 => ("reviewCadenceMonths", json!(99), json!("12")),
                _ => ("tags", json!(["no such tag"]), json!([])),
            };
            Defect { reason: "old_mismatch", path: path.to_owned(), old, new }
        }
    }
}

/// A path that is no field, whether or not the rest of it leads somewhere.
fn unknown(rng: &mut Rng, member: &str) -> String {
    match rng.below(6) {
        0 => "zodiacSign".to_owned(),
        1 => format!("members[{member}].favColor"),
        2 => "address.planet".to_owned(),
        3 => "members[p_00000000].shoeSize".to_owned(),
        4 => "goals[9].mood".to_owned(),
        _ => String::new(),
    }
}

/// A path of known fields that leads nowhere.
fn missing(rng: &mut Rng, member: &str) -> String {
    match rng.below(4) {
        0 => "members[p_00000000].firstName".to_owned(),
        1 => "goals[9]".to_owned(),
        2 => format!("members[{member}].phones[7].number"),
        _ => "members[0].lastName".to_owned(),
    }
}
