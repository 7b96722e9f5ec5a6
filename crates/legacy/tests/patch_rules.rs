//! Merge rule 3 and one person in two households, on small trees.

use crate::common::{household, household as household_of, run, set};
use magfin_legacy::book::{Action, Change, PersonRow, Target};
use magfin_legacy::{Item, Report};
use serde_json::{Value, json};

/// Verdicts of patches on one household `h`/`s`: `ok`, `dup` or the reason.
fn verdicts(patches: &[Value]) -> Vec<String> {
    let (report, items) = run(&json!([household("h", "s")]), &json!(patches));
    let applied: Vec<u64> =
        items.iter().filter_map(|item| if let Item::Change(change) = item { Some(change.position) } else { None }).collect();
    let mut refused = report.patches.refused_list.iter().map(|refusal| refusal.reason.to_owned());
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
        set("7", phone, json!("+1 425.555.0138"), json!("425-555-0139 x7")),
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
        set("18", "address", json!({"line1": "1 A St ", "city": null}), json!({"line1": "2 B St"})),
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
        set("9", "members[p_s].birthDate", json!("2 Jan 1951"), json!("")),
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
    assert_eq!((report.patches.applied, report.patches.refused, report.patches.duplicate_list.len()), (1, 1, 1));
    assert_eq!(report.final_state[0].tier.as_deref(), Some("A"));
}

/// A log of creations, additions and a deletion, some of them impossible.
fn building() -> (Report, Vec<Item>) {
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
    run(&json!([household("h", "s")]), &patches)
}

#[test]
fn st_3_create_add_and_delete_apply_where_they_can() {
    let (report, _) = building();
    let refused = report.patches.refused_list.iter();
    let refused: Vec<_> = refused.map(|r| (r.id.as_deref().unwrap(), r.reason)).collect();
    let expected = [("3", "old_mismatch"), ("5", "old_mismatch"), ("6", "invalid_value"), ("8", "path_not_found")];
    assert_eq!(refused, expected);
    let households = &report.households;
    assert_eq!((households.created_by_patch, households.live, households.deleted), (2, 2, 1));
    assert_eq!(households.id_collisions_reissued, ["other"]);
    assert_eq!(report.people.in_two_households, ["p_s"]);
    assert_eq!(report.people.added_by_patch, 1);
}

#[test]
fn st_3_create_add_and_delete_change_what_they_name() {
    let (_, items) = building();
    let changes: Vec<&Change> = changes(&items);
    let Action::Create(row, members) = &changes[0].action else { panic!("create") };
    assert_eq!((row.legacy_id.as_str(), members.len(), members[0].is_new_person), ("n", 1, true));
    let Action::Edit { added, .. } = &changes[2].action else { panic!("add") };
    assert_eq!((added[0].membership.role.as_str(), added[0].is_new_person), ("spouse", false));
    assert_eq!(added[0].person.first_name.as_deref(), Some("Ann"));
    let Action::Edit { edits, .. } = &changes[3].action else { panic!("phone") };
    assert_eq!(edits[0].target, Target::Person("p_fresh".to_owned()));
    assert_eq!((edits[0].field.as_str(), &edits[0].new[1]["number"]["extension"]), ("phones", &json!("1")));
    assert_eq!(changes.last().unwrap().action, Action::Delete);
}

fn changes(items: &[Item]) -> Vec<&Change> {
    let mut found = Vec::new();
    for item in items {
        if let Item::Change(change) = item {
            found.push(&**change);
        }
    }
    found
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
        report.final_state.iter().map(|line| line.primary_mobile.as_deref().unwrap()).collect::<Vec<_>>(),
        ["+14255550101", "+14255550101"]
    );
    let people: Vec<&PersonRow> =
        items.iter().filter_map(|item| if let Item::Person(person) = item { Some(&**person) } else { None }).collect();
    assert_eq!((people.len(), people[0].employer.as_deref()), (1, Some("Mill")));
    let Some(Item::Change(last)) = items.iter().rfind(|item| matches!(item, Item::Change(_))) else { panic!("change") };
    let Action::Edit { edits, .. } = &last.action else { panic!("edit") };
    assert_eq!((edits.len(), &edits[0].target), (1, &Target::Membership("p_s".to_owned())));
}

/// The phones that each household has of one person after a patch on the first of them.
fn phones_after(first: &Value, second: &Value, (household, path): (&str, &str), old: &str, new: &str) -> Vec<Vec<String>> {
    let home = |id: &str, slug: &str, phones: &Value| {
        let mut home = household_of(id, slug);
        home["members"] = json!([{"id": "p", "role": "primary", "phones": phones}]);
        home
    };
    let patches = json!([{"id": "1", "householdId": household, "op": "set", "path": path, "old": old, "new": new}]);
    let (report, items) = run(&json!([home("a", "a", first), home("b", "b", second)]), &patches);
    assert_eq!(report.patches.applied, 1, "{:?}", report.patches.refused_by_reason);
    let last = items.iter().filter_map(|item| if let Item::Change(change) = item { Some(change) } else { None }).next_back().unwrap();
    let Action::Edit { edits, .. } = &last.action else { panic!("edit") };
    let of = |list: &Value| -> Vec<String> {
        let shown =
            |phone: &Value| format!("{} {}", phone["label"].as_str().unwrap_or("-"), &phone["number"]["e164"].as_str().unwrap()[8..]);
        list.as_array().unwrap().iter().map(shown).collect()
    };
    edits.iter().map(|edit| of(&edit.new)).collect()
}

#[test]
fn st_3_a_phone_that_a_person_has_in_two_orders_is_changed_where_it_is() {
    let phone = |label: &str, number: &str| json!({"label": label, "number": format!("415555{number}")});
    let (a, b) = (json!([phone("mobile", "0100")]), json!([phone("home", "0111"), phone("mobile", "0100")]));
    let number = "members[p].phones[0].number";
    let united = [["mobile 0199", "home 0111"].map(str::to_owned).to_vec()];
    assert_eq!(phones_after(&a, &b, ("a", number), "4155550100", "4155550199"), united, "the other number of b is not lost");
    assert_eq!(phones_after(&a, &b, ("b", number), "4155550100", "4155550199"), united, "nor where a speaks for the person");
    let label = "members[p].phones[0].label";
    let (a, b) = (json!([phone("", "0100")]), json!([phone("", "0111"), phone("", "0100")]));
    let labelled = [["cell 0100", "- 0111"].map(str::to_owned).to_vec()];
    assert_eq!(phones_after(&a, &b, ("a", label), "", "cell"), labelled, "a label is that of its number");
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
        let Some(Item::Person(person)) = items.iter().find(|item| matches!(item, Item::Person(_))) else { panic!("person") };
        assert_eq!((person.emails.len(), person.phones.len(), person.employer.as_deref()), (2, 2, Some("Quarry")));
        let Some(Item::Change(change)) = items.iter().find(|item| matches!(item, Item::Change(_))) else { panic!("change") };
        let Action::Edit { edits, .. } = &change.action else { panic!("edit") };
        assert_eq!((&edits[0].old, &edits[0].new), (&json!("Quarry"), &json!("Dock")));
        assert_eq!(report.final_state[1].primary_mobile.as_deref(), Some("+14255550111"));
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
    let refused: Vec<_> = report.patches.refused_list.iter().map(|r| (r.id.as_deref().unwrap(), r.reason)).collect();
    assert_eq!(refused, [("1", "invalid_value"), ("2", "invalid_value"), ("3", "invalid_value")]);
    assert_eq!((report.final_state[0].household.as_str(), report.final_state[0].tier.as_deref()), ("new", Some("C")));
}
