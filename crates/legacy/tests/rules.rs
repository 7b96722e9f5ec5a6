//! The merge rules one by one, on small trees.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Tests stop at the first surprise.

mod common;

use common::{export, fold_all};
use magfin_legacy::book::{Action, Change, PersonRow, Target};
use magfin_legacy::{FoldError, Item, MemTree, Report, Stop, fold};
use serde_json::{Value, json};

fn household(id: &str, slug: &str) -> Value {
    json!({
        "id": id, "slug": slug, "name": slug, "type": "Client", "tier": "B ", "advisorId": "will", "nextReview": "7/5/2026", "reviewCadenceMonths": 6,
        "address": {"line1": "1 A St"}, "goals": ["one", "two"], "tags": [],
        "members": [{"id": format!("p_{slug}"), "firstName": "Ann", "lastName": slug, "role": "primary", "birthDate": "1/2/1950", "phones": [{"label": "mobile", "number": "(425) 555-0138"}]}],
    })
}

fn run(seed: &Value, patches: &Value) -> (Report, Vec<Item>) {
    fold_all(&export(&[
        ("magfin:households:seed", seed),
        ("magfin:households:patches", patches),
    ]))
}

/// Verdicts of patches on one household `h`/`s`: `ok`, `dup` or the reason.
fn verdicts(patches: &[Value]) -> Vec<String> {
    let (report, items) = run(&json!([household("h", "s")]), &json!(patches));
    let applied: Vec<u64> = items
        .iter()
        .filter_map(|item| {
            if let Item::Change(change) = item {
                Some(change.position)
            } else {
                None
            }
        })
        .collect();
    let mut refused = report
        .patches
        .refused_list
        .iter()
        .map(|refusal| refusal.reason.to_owned());
    let mut duplicates = report.patches.duplicate_list.iter();
    let mut seen = Vec::new();
    patches
        .iter()
        .enumerate()
        .map(|(i, patch)| {
            let again = seen.contains(patch);
            seen.push(patch.clone());
            if applied.contains(&u64::try_from(i).unwrap()) {
                "ok".to_owned()
            } else if again {
                duplicates.next().map(|_| "dup".to_owned()).unwrap()
            } else {
                refused.next().unwrap()
            }
        })
        .collect()
}

fn set(id: &str, path: &str, old: Value, new: Value) -> Value {
    json!({"id": id, "ts": "2025-01-01T00:00:00Z", "householdId": "h", "op": "set", "path": path, "old": old, "new": new, "author": "x"})
}

#[test]
fn st_3_old_is_compared_after_normalisation() {
    let phone = "members[p_s].phones[0].number";
    let patches = [
        set("1", "tier", json!(" B"), json!("A ")),
        set("2", "tier", json!("A"), json!("C")),
        set("3", "nextReview", json!("5 Jul 2026"), json!("")),
        set("4", "nextReview", Value::Null, json!("2026-08-01")),
        set("5", "reviewCadenceMonths", json!("6"), json!("12")),
        set("6", "reviewCadenceMonths", json!(12.0), json!(3)),
        set(
            "7",
            phone,
            json!("+1 425.555.0138"),
            json!("425-555-0139 x7"),
        ),
        set("8", phone, json!("4255550139"), json!("4255550138")),
        set("9", phone, json!("4255550139 ext 7"), json!("4255550138")),
        set("10", "goals", json!([" one", "two "]), json!(["three"])),
        set("11", "goals[0]", json!("three"), json!("four")),
        set("12", "tags", Value::Null, json!(["x"])),
        set("13", "type", json!("CLIENT"), json!("Past Client")),
        set("14", "type", json!("former"), json!("prospect")),
        set("15", "stage", json!(""), json!("New")),
        set("16", "tier", json!("c"), json!("A")),
        json!({"id": "17", "householdId": "h", "op": "SET", "path": " source ", "new": "web"}),
        set(
            "18",
            "address",
            json!({"line1": "1 A St ", "city": null}),
            json!({"line1": "2 B St"}),
        ),
        set("19", "address.line1", json!("2 B St"), json!("3 C St")),
        set("20", "address.city", json!(""), json!("Salem")),
    ];
    let expected = [
        "ok",
        "ok",
        "ok",
        "ok",
        "ok",
        "ok",
        "ok",
        "old_mismatch",
        "ok",
        "ok",
        "ok",
        "ok",
        "ok",
        "ok",
        "ok",
        "old_mismatch",
        "ok",
        "ok",
        "ok",
        "ok",
    ];
    assert_eq!(verdicts(&patches), expected);
}

#[test]
fn st_3_the_first_failure_in_the_order_of_the_layout_is_the_reason() {
    let bad = |id: &str, path: &str| set(id, path, json!("wrong"), json!("13/45/1960"));
    let patches = [
        set("1", "tier", json!("B"), json!("A")),
        set("1", "tier", json!("B"), json!("A")),
        set("1", "zodiac", json!("B"), json!("A")),
        json!({"id": "2", "householdId": "nobody", "op": "set", "path": "zodiac"}),
        json!({"id": "3", "householdId": "h", "householdSlug": "nobody", "op": "set", "path": "tier", "old": "A", "new": "B"}),
        json!({"id": "4", "op": "set", "path": "tier"}),
        bad("5", "members[nobody].shoe"),
        bad("6", "members[nobody].birthDate"),
        bad("7", "goals[2]"),
        bad("8", "members[p_s].birthDate"),
        set(
            "9",
            "members[p_s].birthDate",
            json!("2 Jan 1951"),
            json!(""),
        ),
        json!({"id": "10", "householdId": "h", "op": "add", "path": "tier", "new": "x"}),
        json!({"id": "11", "householdId": "h", "op": "rename", "path": "tier"}),
        json!("no patch"),
        json!({"id": "12", "householdId": "h", "op": "delete"}),
        json!({"id": "12", "householdId": "h", "op": "delete"}),
        json!({"id": "13", "householdId": "h", "op": "delete"}),
        bad("14", "zodiac"),
        json!({"id": "15", "householdId": "h", "op": "create", "new": household("h", "s")}),
    ];
    let expected = [
        "ok",
        "dup",
        "patch_id_conflict",
        "household_unknown",
        "household_unknown",
        "household_unknown",
        "unknown_field",
        "path_not_found",
        "path_not_found",
        "invalid_value",
        "old_mismatch",
        "path_not_found",
        "unknown_op",
        "malformed",
        "ok",
        "dup",
        "household_deleted",
        "household_deleted",
        "household_deleted",
    ];
    assert_eq!(verdicts(&patches), expected);
}

#[test]
fn st_3_a_copy_of_a_conflicting_patch_is_a_duplicate_of_it() {
    let (report, _) = run(
        &json!([household("h", "s")]),
        &json!([
            set("1", "tier", json!("B"), json!("A")),
            set("1", "tier", json!("B"), json!("Q")),
            set("1", "tier", json!("B"), json!("Q"))
        ]),
    );
    assert_eq!(
        (
            report.patches.applied,
            report.patches.refused,
            report.patches.duplicate_list.len()
        ),
        (1, 1, 1)
    );
    assert_eq!(report.final_state[0].tier.as_deref(), Some("A"));
}

#[test]
fn st_3_create_add_and_delete_change_what_they_name() {
    let mut bare = household("x", "fresh");
    bare["id"] = Value::Null;
    let patches = json!([
        {"id": "1", "householdId": "n", "op": "create", "new": bare},
        {"id": "2", "householdId": "h", "op": "create", "new": household("h", "other")},
        {"id": "3", "householdId": "h", "op": "create", "new": household("h", "s")},
        {"id": "4", "householdId": "n", "op": "add", "path": "members", "new": {"id": "p_s", "role": "spouse"}},
        {"id": "5", "householdId": "n", "op": "add", "path": "members", "new": {"id": "p_s", "role": "spouse", "x": 1}},
        {"id": "6", "householdId": "n", "op": "add", "path": "members[p_fresh].phones", "new": {"label": "work", "number": "ask Bob"}},
        {"id": "7", "householdId": "n", "op": "add", "path": "members[p_fresh].phones", "new": {"label": "work", "number": "4255550100 x1"}},
        {"id": "8", "householdId": "n", "op": "add", "path": "stage", "new": "x"},
        {"id": "9", "householdId": "n", "op": "add", "path": "coAdvisorIds", "new": "matt"},
        {"id": "10", "householdId": "h", "householdSlug": "other", "op": "delete"},
    ]);
    let (report, items) = run(&json!([household("h", "s")]), &patches);
    let refused: Vec<_> = report
        .patches
        .refused_list
        .iter()
        .map(|r| (r.id.as_deref().unwrap(), r.reason))
        .collect();
    assert_eq!(
        refused,
        [
            ("3", "old_mismatch"),
            ("5", "old_mismatch"),
            ("6", "invalid_value"),
            ("8", "path_not_found")
        ]
    );
    assert_eq!(
        (
            report.households.created_by_patch,
            report.households.live,
            report.households.deleted
        ),
        (2, 2, 1)
    );
    assert_eq!(report.households.id_collisions_reissued, ["other"]);
    assert_eq!(report.people.in_two_households, ["p_s"]);
    assert_eq!(report.people.added_by_patch, 1);
    let changes: Vec<&Change> = items
        .iter()
        .filter_map(|item| {
            if let Item::Change(change) = item {
                Some(&**change)
            } else {
                None
            }
        })
        .collect();
    let Action::Create(row, members) = &changes[0].action else {
        panic!("create")
    };
    assert_eq!(
        (
            row.legacy_id.as_str(),
            members.len(),
            members[0].is_new_person
        ),
        ("n", 1, true)
    );
    let Action::Edit { added, .. } = &changes[2].action else {
        panic!("add")
    };
    assert_eq!(
        (
            added[0].membership.role.as_str(),
            added[0].is_new_person,
            added[0].person.first_name.as_deref()
        ),
        ("spouse", false, Some("Ann"))
    );
    let Action::Edit { edits, .. } = &changes[3].action else {
        panic!("phone")
    };
    assert_eq!(
        (
            edits[0].target.clone(),
            edits[0].field.as_str(),
            &edits[0].new[1]["number"]["extension"]
        ),
        (Target::Person("p_fresh".to_owned()), "phones", &json!("1"))
    );
    assert_eq!(changes.last().unwrap().action, Action::Delete);
}

#[test]
fn st_3_one_person_in_two_households_has_one_phone() {
    let mut second = household("i", "t");
    second["members"] = household("h", "s")["members"].clone();
    second["members"][0]["role"] = json!("trustee");
    second["members"][0]["employer"] = json!("Mill");
    let patches = json!([
        {"id": "1", "householdId": "h", "op": "set", "path": "members[p_s].phones[0].number", "old": "4255550138", "new": "4255550100"},
        {"id": "2", "householdId": "i", "op": "set", "path": "members[p_s].phones[0].number", "old": "4255550100", "new": "4255550101"},
        {"id": "3", "householdId": "i", "op": "set", "path": "members[p_s].role", "old": "trustee", "new": "other"},
    ]);
    let (report, items) = run(&json!([household("h", "s"), second]), &patches);
    assert_eq!(report.patches.applied, 3);
    assert_eq!(
        report
            .final_state
            .iter()
            .map(|line| line.primary_mobile.as_deref().unwrap())
            .collect::<Vec<_>>(),
        ["+14255550101", "+14255550101"]
    );
    let people: Vec<&PersonRow> = items
        .iter()
        .filter_map(|item| {
            if let Item::Person(person) = item {
                Some(&**person)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        (people.len(), people[0].employer.as_deref()),
        (1, Some("Mill"))
    );
    let Some(Item::Change(last)) = items.iter().rfind(|item| matches!(item, Item::Change(_)))
    else {
        panic!("change")
    };
    let Action::Edit { edits, .. } = &last.action else {
        panic!("edit")
    };
    assert_eq!(
        (edits.len(), &edits[0].target),
        (1, &Target::Membership("p_s".to_owned()))
    );
}

#[test]
fn st_3_a_person_two_rows_describe_differently_is_united_and_either_old_value_applies() {
    let mut second = household("i", "t");
    second["members"] = json!([{"id": "p_s", "role": "primary", "employer": "Mill", "emails": ["A@x.example"], "phones": [{"label": "mobile", "number": "4255550111"}]}]);
    let mut first = household("h", "s");
    first["members"][0]["employer"] = json!("Quarry");
    first["members"][0]["emails"] = json!(["a@x.example", " b@x.example"]);
    for old in ["Mill", "Quarry"] {
        let patches = json!([{"id": "1", "householdId": "i", "op": "set", "path": "members[p_s].employer", "old": old, "new": "Dock"}]);
        let (report, items) = run(&json!([first.clone(), second.clone()]), &patches);
        assert_eq!(report.patches.applied, 1, "{old}");
        let Some(Item::Person(person)) = items.iter().find(|item| matches!(item, Item::Person(_)))
        else {
            panic!("person")
        };
        assert_eq!(
            (
                person.emails.len(),
                person.phones.len(),
                person.employer.as_deref()
            ),
            (2, 2, Some("Quarry"))
        );
        let Some(Item::Change(change)) = items.iter().find(|item| matches!(item, Item::Change(_)))
        else {
            panic!("change")
        };
        let Action::Edit { edits, .. } = &change.action else {
            panic!("edit")
        };
        assert_eq!(
            (&edits[0].old, &edits[0].new),
            (&json!("Quarry"), &json!("Dock"))
        );
        assert_eq!(
            report.final_state[1].primary_mobile.as_deref(),
            Some("+14255550111")
        );
    }
}

#[test]
fn st_3_ids_of_households_and_members_never_change_and_a_slug_stays_unique() {
    let (report, _) = run(
        &json!([household("h", "s"), household("i", "t")]),
        &json!([
            set("1", "id", json!("h"), json!("z")),
            set("2", "members[p_s].id", json!("p_s"), json!("p_z")),
            set("3", "slug", json!("s"), json!("t")),
            set("4", "slug", json!("s"), json!(" new ")),
            {"id": "5", "householdSlug": "new", "op": "set", "path": "tier", "old": "B", "new": "A"},
            {"id": "6", "householdSlug": "s", "op": "set", "path": "tier", "old": "A", "new": "C"},
        ]),
    );
    let refused: Vec<_> = report
        .patches
        .refused_list
        .iter()
        .map(|r| (r.id.as_deref().unwrap(), r.reason))
        .collect();
    assert_eq!(
        refused,
        [
            ("1", "invalid_value"),
            ("2", "invalid_value"),
            ("3", "invalid_value")
        ]
    );
    assert_eq!(
        (
            report.final_state[0].household.as_str(),
            report.final_state[0].tier.as_deref()
        ),
        ("new", Some("C"))
    );
}

#[test]
fn st_3_deleted_households_keep_their_rows_outside_the_live_totals() {
    let account =
        |id: &str, balance: Value| json!({"id": id, "balance": balance, "source": "linked"});
    let (report, items) = fold_all(&export(&[
        (
            "magfin:households:seed",
            &json!([household("h", "s"), household("i", "t")]),
        ),
        (
            "magfin:households:patches",
            &json!([{"id": "1", "householdId": "i", "op": "delete"}]),
        ),
        (
            "magfin:financials",
            &json!({"h": {"accounts": [account("a", json!("$1.2M")), account("b", json!("tbd")), account("c", json!("€5"))], "lastSync": "6/11/2026"}, "i": {"lastSync": null, "accounts": [account("d", json!(7))]}, "x": null}),
        ),
        (
            "magfin:notes",
            &json!([{"id": "n", "householdId": "i", "body": "x"}]),
        ),
    ]));
    let accounts = report.to_json()["accounts"].clone();
    assert_eq!(
        accounts["balance_by_currency_all"],
        json!({"USD": "1200007.00", "EUR": "5.00"})
    );
    assert_eq!(
        (
            &accounts["balance_usd_live"],
            &accounts["usd_by_household"],
            &accounts["unknown_balance"]
        ),
        (&json!("1200000.00"), &json!({"s": "1200000.00"}), &json!(1))
    );
    assert_eq!(report.notes.imported, 1);
    assert!(
        items
            .iter()
            .any(|item| matches!(item, Item::Note(note) if !note.live))
    );
    assert!(items.iter().any(
        |item| matches!(item, Item::Account(row) if row.legacy_id == "a" && row.last_sync.is_some())
    ));
    assert_eq!(report.notices["lists_of_another_shape"], 1);
}

#[test]
fn st_3_values_of_a_wrong_shape_are_kept_and_reported() {
    let odd = json!([{
        "id": 7, "slug": "s", "name": ["x"], "type": "Lead", "tier": 5, "advisorId": "Nobody", "members": [{"id": "p", "role": "boss", "birthDate": "soon", "emails": "a@x.example", "phones": [{"number": 4_255_550_138_i64}, "ask Bob", {"label": "fax"}, {"number": {}}]}, null, "x"],
        "address": "1 A St", "reviewCadenceMonths": "often", "nextReview": 5, "goals": {"a": 1}, "tags": ["a", null, ["b"], ""], "new\u{0}Field": "a\u{0}b",
    }]);
    let (report, items) = run(&odd, &json!([]));
    let paths: Vec<&str> = report
        .unparsed_values
        .iter()
        .map(|found| found.path.as_str())
        .collect();
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
    let Some(Item::Household(row)) = items.iter().find(|item| matches!(item, Item::Household(_)))
    else {
        panic!("household")
    };
    assert_eq!(
        (
            row.legacy_id.as_str(),
            row.tier.as_deref(),
            row.kind.as_deref(),
            row.tags.as_slice()
        ),
        ("7", Some("5"), Some("lead"), ["a".to_owned()].as_slice())
    );
    assert_eq!(
        (
            &row.extra["address"],
            &row.extra["newField"],
            row.advisor_unmapped.as_deref()
        ),
        (&json!("1 A St"), &json!("ab"), Some("Nobody"))
    );
    let Some(Item::Person(person)) = items.iter().find(|item| matches!(item, Item::Person(_)))
    else {
        panic!("person")
    };
    assert_eq!(
        (
            person.emails.len(),
            person.phones.len(),
            person.phones[0].number.as_ref().unwrap().e164.as_str(),
            person.phones[1].text.as_deref()
        ),
        (1, 2, "+14255550138", Some("ask Bob"))
    );
    assert_eq!(report.unknown_fields_kept["households.newField"], 1);
}

#[test]
fn st_3_bad_rows_and_keys_never_stop_an_import() {
    let big = "x".repeat(1_200_000);
    let mut tree = export(&[
        (
            "magfin:households:seed",
            &json!([null, [], {"note": big, "id": "big"}, household("h", "s"), {}, {"id": ""}]),
        ),
        ("magfin:households:patches", &json!({"not": "a list"})),
        (
            "magfin:notes",
            &json!([{"id": "n", "householdId": "h", "body": big}, {"id": "m", "householdId": "h", "body": "ok"}]),
        ),
        ("magfin:financials", &json!([1])),
    ]);
    let (report, _) = fold_all(&tree);
    let refused: Vec<_> = report
        .households
        .refused
        .iter()
        .map(|refusal| refusal.reason)
        .collect();
    assert_eq!(
        refused,
        [
            "malformed",
            "malformed",
            "row_too_large",
            "missing_id",
            "missing_id"
        ]
    );
    assert_eq!(
        (report.notes.refused[0].reason, report.notes.imported),
        ("row_too_large", 1)
    );
    assert_eq!(report.notices["lists_of_another_shape"], 2);
    tree.files.insert("localstorage.json".to_owned(), br#"{"magfin:households:seed": "[{\"id\":\"h\",\"slug\":\"s\"},]", "magfin:notes": "[", "magfin:tasks": 5}"#.to_vec());
    let (report, _) = fold_all(&tree);
    assert_eq!(
        report.keys.unreadable,
        ["magfin:households:seed", "magfin:notes", "magfin:tasks"]
    );
    assert_eq!(report.households.seed_rows, 0);
}

#[test]
fn st_3_an_import_without_an_export_says_what_is_missing() {
    let mut sink = |_: Item| Ok(());
    assert!(matches!(
        fold(&MemTree::default(), &mut sink),
        Err(FoldError::NoExport)
    ));
    let mut tree = MemTree::default();
    tree.files
        .insert("localstorage.json".to_owned(), b"[]".to_vec());
    assert!(matches!(fold(&tree, &mut sink), Err(FoldError::Export(_))));
    let mut full = |_: Item| Err(Stop);
    assert!(matches!(
        fold(&export(&[]), &mut full),
        Err(FoldError::Stopped)
    ));
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
        let parts: Vec<String> = order
            .iter()
            .map(|at| {
                format!(
                    "{}:{}",
                    json!(values[*at].0),
                    json!(values[*at].1.to_string())
                )
            })
            .collect();
        let mut tree = MemTree::default();
        tree.files.insert(
            "localstorage.json".to_owned(),
            format!("{{{}}}", parts.join(",")).into_bytes(),
        );
        let (report, items) = fold_all(&tree);
        (
            Report {
                keys: magfin_legacy::report::KeysReport::default(),
                ..report
            },
            items,
        )
    };
    assert_eq!(file([0, 1, 2, 3]), file([3, 2, 1, 0]));
    assert_eq!(file([0, 1, 2, 3]), file([1, 3, 0, 2]));
}
