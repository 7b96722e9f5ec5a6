//! Accounts of `magfin:financials`. Must not sum; it turns one source row into a typed row, a merge or a refusal.

use serde_json::Value;

use crate::book::AccountRow;
use crate::money::{self, Balance};
use crate::rows::{Claim, Ids, Outcome, fields, id_of};
use crate::schema::Node;
use crate::state::State;
use crate::typed::Findings;
use crate::value::{self, field_text};

const ACCOUNT: [(&str, Node); 10] = [
    ("id", Node::Identity),
    ("name", Node::Text),
    ("kind", Node::Text),
    ("custodian", Node::Text),
    ("ownerIds", Node::Texts),
    ("number", Node::Text),
    ("balance", Node::Text),
    ("asOf", Node::Day),
    ("source", Node::Text),
    ("beneficiaryId", Node::Text),
];

/// One account of `magfin:financials`; `at` is the household its key names.
pub fn account(state: &State, ids: &mut Ids, findings: &mut Findings, at: Option<usize>, row: &Value) -> Outcome<AccountRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let Some(home) = at.and_then(|at| state.households.get(at)) else {
        return Outcome::Refused(given, "household_unknown");
    };
    let (id, _) = id_of(row);
    match ids.claim(&id, value::fingerprint(row)) {
        Claim::Fresh => {}
        Claim::Same => return Outcome::Merged,
        Claim::Other => return Outcome::Refused(given, "id_conflict"),
    }
    let mut fields = fields(row, Some(home), format!("accounts[{id}]."), &ACCOUNT, "accounts", findings);
    let balance = balance(row);
    if balance == Balance::Unreadable {
        fields.unparsed("balance", row.get("balance").unwrap_or(&Value::Null));
    }
    Outcome::Imported(Box::new(AccountRow {
        legacy_id: id,
        household: home.legacy_id.clone(),
        name: fields.text("name"),
        kind: fields.text("kind"),
        custodian: fields.text("custodian"),
        owners: fields.texts("ownerIds"),
        number: fields.text("number"),
        balance: if let Balance::Known(money) = balance { Some(money) } else { None },
        as_of: fields.day("asOf"),
        linked: fields.text("source").is_some_and(|source| source.eq_ignore_ascii_case("linked")),
        beneficiary: fields.text("beneficiaryId"),
        last_sync: None,
        live: !home.deleted,
        extra: fields.extra,
    }))
}

fn balance(row: &Value) -> Balance {
    match row.get("balance") {
        None | Some(Value::Null) => Balance::Unknown,
        Some(Value::Number(number)) => money::parse_number(&number.to_string()),
        Some(Value::String(text)) => money::parse(text),
        Some(_) => Balance::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn state() -> State {
        let mut state = State::default();
        state.admit(json!({"id": "h", "slug": "s"}));
        state.admit(json!({"id": "h", "slug": "t"}));
        state
    }

    #[test]
    fn st_3_an_unknown_balance_is_not_zero_and_an_unreadable_one_is_reported() {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        let mut balance = |id: &str, balance: Value| match account(
            &state,
            &mut ids,
            &mut findings,
            Some(0),
            &json!({"id": id, "balance": balance, "source": "Linked", "x": 1}),
        ) {
            Outcome::Imported(row) => row.balance.map(|money| money::to_text(money.amount)),
            other => panic!("{other:?}"),
        };
        assert_eq!(balance("a", json!("tbd")), None);
        assert_eq!(balance("b", json!(0)), Some("0.00".to_owned()));
        assert_eq!(balance("c", json!("lots")), None);
        assert_eq!(balance("d", json!({"amount": 1})), None);
        assert_eq!(findings.unparsed.iter().map(|u| u.path.as_str()).collect::<Vec<_>>(), ["accounts[c].balance", "accounts[d].balance"]);
        assert_eq!(findings.unknown["accounts.x"], 4);
    }

    #[test]
    fn st_3_an_account_id_with_other_content_is_refused_so_no_balance_counts_twice() {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        let mut import = |at, row: Value| account(&state, &mut ids, &mut findings, at, &row);
        assert!(matches!(import(Some(0), json!({"id": "a", "balance": 1})), Outcome::Imported(_)));
        assert_eq!(import(Some(0), json!({"id": "a", "balance": 1.0})), Outcome::Merged);
        assert_eq!(import(Some(0), json!({"id": "a", "balance": 2})), Outcome::Refused(Some("a".to_owned()), "id_conflict"));
        assert_eq!(import(Some(1), json!({"id": "a", "balance": 1})), Outcome::Merged, "wherever it stands");
        assert_eq!(import(Some(1), json!({"id": "a", "balance": 3})), Outcome::Refused(Some("a".to_owned()), "id_conflict"));
        assert_eq!(import(None, json!({"id": "b"})), Outcome::Refused(Some("b".to_owned()), "household_unknown"));
    }
}
