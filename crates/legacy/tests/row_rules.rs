//! Rows, values and keys of wrong shapes, and the live totals, on small trees.

use crate::common::{export, fold_all, household, run, set};
use magfin_legacy::localstorage::ReadSeek;
use magfin_legacy::{FoldError, Item, MemTree, Report, Stop, Tree, fold};
use serde_json::{Value, json};

#[test]
fn st_3_deleted_households_keep_their_rows_outside_the_live_totals() {
    let account = |id: &str, balance: Value| json!({"id": id, "balance": balance, "source": "linked"});
    let (report, items) = fold_all(&export(&[
        ("magfin:households:seed", &json!([household("h", "s"), household("i", "t")])),
        ("magfin:households:patches", &json!([{"id": "1", "householdId": "i", "op": "delete"}])),
        (
            "magfin:financials",
            &json!({"h": {"accounts": [account("a", json!("$1.2M")), account("b", json!("tbd")), account("c", json!("€5"))], "lastSync": "6/11/2026"}, "i": {"lastSync": null, "accounts": [account("d", json!(7))]}, "x": null}),
        ),
        ("magfin:notes", &json!([{"id": "n", "householdId": "i", "body": "x"}])),
    ]));
    let accounts = report.to_json()["accounts"].clone();
    assert_eq!(accounts["balance_by_currency_all"], json!({"USD": "1200007.00", "EUR": "5.00"}));
    assert_eq!(
        (&accounts["balance_usd_live"], &accounts["usd_by_household"], &accounts["unknown_balance"]),
        (&json!("1200000.00"), &json!({"s": "1200000.00"}), &json!(1))
    );
    assert_eq!(report.notes.imported, 1);
    assert!(items.iter().any(|item| matches!(item, Item::Note(note) if !note.live)));
    assert!(items.iter().any(|item| matches!(item, Item::Account(row) if row.legacy_id == "a" && row.last_sync.is_some())));
    assert_eq!(report.notices["lists_of_another_shape"], 1);
}

#[test]
fn st_3_values_of_a_wrong_shape_are_kept_and_reported() {
    let odd = json!([{
        "id": 7, "slug": "s", "name": ["x"], "type": "Lead", "tier": 5, "advisorId": "Nobody", "members": [{"id": "p", "role": "boss", "birthDate": "soon", "emails": "a@x.example", "phones": [{"number": 4_255_550_138_i64}, "ask Bob", {"label": "fax"}, {"number": {}}]}, null, "x"],
        "address": "1 A St", "reviewCadenceMonths": "often", "nextReview": 5, "goals": {"a": 1}, "tags": ["a", null, ["b"], ""], "new\u{0}Field": "a\u{0}b",
    }]);
    let (report, items) = run(&odd, &json!([]));
    let paths: Vec<&str> = report.unparsed_values.iter().map(|found| found.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "type",
            "name",
            "address",
            "reviewCadenceMonths",
            "nextReview",
            "goals",
            "tags[2]",
            "members[p].birthDate",
            "members[p].phones[1]",
            "members[p].phones[3].number",
            "members[1]",
            "members[2]"
        ]
    );
    let Some(Item::Household(row)) = items.iter().find(|item| matches!(item, Item::Household(_))) else { panic!("household") };
    assert_eq!((row.legacy_id.as_str(), row.tier.as_deref()), ("7", Some("5")));
    assert_eq!((row.kind.as_deref(), row.tags.as_slice()), (Some("lead"), ["a".to_owned()].as_slice()));
    assert_eq!((&row.extra["address"], &row.extra["newField"]), (&json!("1 A St"), &json!("ab")));
    assert_eq!(row.advisor_unmapped.as_deref(), Some("Nobody"));
    let Some(Item::Person(person)) = items.iter().find(|item| matches!(item, Item::Person(_))) else { panic!("person") };
    assert_eq!((person.emails.len(), person.phones.len()), (1, 2));
    assert_eq!(person.phones[0].number.as_ref().unwrap().e164, "+14255550138");
    assert_eq!(person.phones[1].text.as_deref(), Some("ask Bob"));
    assert_eq!(report.unknown_fields_kept["households.newField"], 1);
}

#[test]
fn st_3_bad_rows_and_keys_never_stop_an_import() {
    let big = "x".repeat(1_200_000);
    let mut tree = export(&[
        ("magfin:households:seed", &json!([null, [], {"note": big, "id": "big"}, household("h", "s"), {}, {"id": ""}])),
        ("magfin:households:patches", &json!({"not": "a list"})),
        ("magfin:notes", &json!([{"id": "n", "householdId": "h", "body": big}, {"id": "m", "householdId": "h", "body": "ok"}])),
        ("magfin:financials", &json!([1])),
    ]);
    let (report, _) = fold_all(&tree);
    let refused: Vec<_> = report.households.refused.iter().map(|refusal| refusal.reason).collect();
    assert_eq!(refused, ["malformed", "malformed", "row_too_large", "missing_id", "missing_id"]);
    assert_eq!((report.notes.refused[0].reason, report.notes.imported), ("row_too_large", 1));
    assert_eq!(report.notices["lists_of_another_shape"], 2);
    tree.files.insert(
        "localstorage.json".to_owned(),
        br#"{"magfin:households:seed": "[{\"id\":\"h\",\"slug\":\"s\"},]", "magfin:notes": "[", "magfin:tasks": 5}"#.to_vec(),
    );
    let (report, _) = fold_all(&tree);
    assert_eq!(report.keys.unreadable, ["magfin:households:seed", "magfin:notes", "magfin:tasks"]);
    assert_eq!(report.households.seed_rows, 0);
}

#[test]
fn st_3_an_import_without_an_export_says_what_is_missing() {
    let mut sink = |_: Item| Ok(());
    assert!(matches!(fold(&MemTree::default(), &mut sink), Err(FoldError::NoExport)));
    let mut tree = MemTree::default();
    tree.files.insert("localstorage.json".to_owned(), b"[]".to_vec());
    assert!(matches!(fold(&tree, &mut sink), Err(FoldError::Export(_))));
    let mut full = |_: Item| Err(Stop);
    assert!(matches!(fold(&export(&[]), &mut full), Err(FoldError::Stopped)));
}

#[test]
fn st_3_the_order_of_keys_in_the_file_does_not_matter() {
    let seed = json!([household("h", "s")]);
    let patches = json!([set("1", "tier", json!("B"), json!("A"))]);
    let notes = json!([{"id": "n", "householdId": "h", "body": "x", "author": "wa"}]);
    let settings = json!({"advisors": [{"id": "will", "aliases": ["wa"]}]});
    let values = [
        ("magfin:households:seed", &seed),
        ("magfin:households:patches", &patches),
        ("magfin:notes", &notes),
        ("magfin:settings", &settings),
    ];
    let file = |order: [usize; 4]| {
        let parts: Vec<String> = order.iter().map(|at| format!("{}:{}", json!(values[*at].0), json!(values[*at].1.to_string()))).collect();
        let mut tree = MemTree::default();
        tree.files.insert("localstorage.json".to_owned(), format!("{{{}}}", parts.join(",")).into_bytes());
        let (report, items) = fold_all(&tree);
        (Report { keys: magfin_legacy::report::KeysReport::default(), ..report }, items)
    };
    assert_eq!(file([0, 1, 2, 3]), file([3, 2, 1, 0]));
    assert_eq!(file([0, 1, 2, 3]), file([1, 3, 0, 2]));
}

/// A tree in which some files cannot be read.
struct Faulty(MemTree, &'static [&'static str]);

impl Tree for Faulty {
    fn open(&self, path: &str) -> std::io::Result<Option<Box<dyn ReadSeek>>> {
        if self.1.contains(&path) { Err(std::io::ErrorKind::PermissionDenied.into()) } else { self.0.open(path) }
    }

    fn walk(&self, folder: &str, found: &mut dyn FnMut(&str, u64)) -> std::io::Result<()> {
        self.0.walk(folder, found)
    }
}

#[test]
fn st_3_a_file_that_cannot_be_read_is_refused_and_the_import_goes_on() {
    const PROFILE: &str = "brain/advisor_x/clients/s/profile.md";
    let mut tree = export(&[("magfin:households:seed", &json!([household("h", "s")]))]);
    tree.files.insert(PROFILE.to_owned(), b"MAGB1".to_vec());
    let (report, _) = fold_all(&Faulty(tree, &[PROFILE, "brain.key", "identities.json"]));
    assert_eq!((report.households.live, report.notices["identities_unreadable"]), (1, 1));
    assert_eq!((report.profiles.failed.len(), report.profiles.failed[0].reason), (1, "unreadable"));
}

#[test]
fn st_3_many_rows_of_one_id_or_key_each_get_their_own() {
    let many: u64 = 30_000;
    let seed: Vec<Value> = (0..many).map(|n| json!({"id": "h", "slug": format!("s{n}")})).collect();
    let notes: Vec<Value> = (0..many).map(|n| json!({"id": "n", "householdId": "h", "body": n})).collect();
    let mut keys: Vec<(String, Value)> = (0..many).map(|n| (format!("magfin:odd:{n}"), json!(n))).collect();
    keys.extend([("magfin:households:seed".to_owned(), json!(seed)), ("magfin:notes".to_owned(), json!(notes))]);
    let keys: Vec<(&str, &Value)> = keys.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let (report, items) = fold_all(&export(&keys));
    assert_eq!((report.households.live, report.notes.ids_reissued, report.keys.ignored.len()), (many, many - 1, 30_000));
    let ids: std::collections::HashSet<&str> =
        items.iter().filter_map(|item| if let Item::Note(note) = item { Some(note.legacy_id.as_str()) } else { None }).collect();
    assert!(ids.len() == 30_000 && ids.contains("n~30000"));
}
