//! Importing a tree of today's layout with the command that an operator runs, and taking it back.

use std::path::PathBuf;

use crate::common::{Dir, magfin, sample_book, stdout};
use serde_json::{Value, json};

const SECTIONS: [&str; 12] = [
    "households",
    "patches",
    "accounts",
    "notes",
    "tasks",
    "open_loops",
    "people",
    "keys",
    "settings",
    "unknown_fields_kept",
    "unparsed_values",
    "final_state",
];

#[test]
fn st_3_the_sample_book_is_imported_once_reported_exactly_and_reverted_as_a_unit() {
    let Some(book) = sample_book() else { return };
    let (dir, book) = (Dir::new("import"), book.display().to_string());
    let (data, report) = (dir.at("data"), dir.at("report.json"));
    let report_path = report.display().to_string();

    let dry = stdout(magfin(&data, &["import", "legacy", &book]));
    assert!(dry.contains("nothing was written") && !data.exists(), "a dry run makes no database");

    let first = stdout(magfin(&data, &["import", "legacy", &book, "--commit", "--report", &report_path]));
    let read = |path: PathBuf| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let (got, expected) = (read(report), read(PathBuf::from(&book).join("truth/expected_import.json")));
    for section in SECTIONS {
        assert_eq!(got[section], expected[section], "section {section}");
    }
    for counted in ["files", "documents", "recordings", "tokens"] {
        assert!(got[counted]["status"].as_str().is_some_and(|s| s.contains("not yet imported")), "{counted} is named as not yet imported");
    }

    let second = stdout(magfin(&data, &["import", "legacy", &book, "--commit"]));
    assert!(second.contains("nothing was written"), "{second}");

    let id = first.split_once("import revert ").and_then(|(_, rest)| rest.split_whitespace().next()).unwrap();
    let reverted = stdout(magfin(&data, &["import", "revert", id, "--firm", "Harborlane Wealth"]));
    assert!(reverted.contains("\"households\":40") && !reverted.contains("Kept"), "{reverted}");

    let again = stdout(magfin(&data, &["import", "legacy", &book, "--commit"]));
    assert_eq!(written(&first), written(&again), "after a revert the tree can be imported again, whole");
}

fn written(output: &str) -> &str {
    output.lines().find(|line| line.starts_with("Imported into")).unwrap()
}

#[test]
fn st_3_a_later_export_says_what_it_added_and_which_changes_it_did_not_replay() {
    let dir = Dir::new("import-later");
    let data = dir.at("data");
    let import = |notes: Value, patches: Value| {
        let seed = json!([{"id": "h1", "slug": "h1", "name": "Moss", "tier": "A"}]);
        let settings = json!({"firm": "Harbor"});
        let export = json!({"magfin:settings": settings.to_string(), "magfin:households:seed": seed.to_string(),
            "magfin:notes": notes.to_string(), "magfin:households:patches": patches.to_string()});
        let tree = dir.at("tree");
        std::fs::create_dir_all(&tree).unwrap();
        std::fs::write(tree.join("localstorage.json"), export.to_string()).unwrap();
        stdout(magfin(&data, &["import", "legacy", &tree.display().to_string(), "--commit"]))
    };
    let note = |id: &str| json!({"id": id, "householdId": "h1", "body": "Met"});
    let patch = json!({"id": "c1", "householdId": "h1", "op": "set", "path": "tier", "old": "A", "new": "B"});
    assert!(import(json!([note("n1")]), json!([])).contains("Imported into Harbor"));
    let later = import(json!([note("n1"), note("n2")]), json!([patch]));
    assert!(later.contains("\"notes\":1") && later.contains("Households of an earlier import that have new rows: 1"), "{later}");
    assert!(later.contains("Changes of the log not replayed, or not in full: 1."), "{later}");
    let again = import(json!([note("n1"), note("n2")]), json!([patch]));
    assert!(again.contains("nothing was written") && !again.contains("Every row of this tree"), "{again}");
    assert!(again.contains("Changes of the log not replayed, or not in full: 1."), "{again}");
}
