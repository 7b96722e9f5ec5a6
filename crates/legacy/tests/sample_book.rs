//! The sample book against its truth.

use crate::common;
use magfin_legacy::book::Action;
use magfin_legacy::{DirTree, Item};
use serde_json::Value;

#[test]
fn st_3_the_sample_book_is_read_exactly_as_its_truth_says() {
    let Some(folder) = common::book() else { return };
    let truth: Value = serde_json::from_slice(&std::fs::read(folder.join("truth/expected_import.json")).unwrap()).unwrap();
    let (report, items) = common::fold_all(&DirTree::new(folder));
    let report = report.to_json();
    common::assert_equal(&report, &truth, "sample book");
    for (section, field) in [
        ("files", "markdown"),
        ("files", "by_advisor"),
        ("files", "feedback_files"),
        ("recordings", "sidecars"),
        ("recordings", "vtt"),
        ("recordings", "missing_vtt"),
        ("recordings", "orphan_vtt"),
    ] {
        assert_eq!(report[section][field], truth[section][field], "{section}.{field}");
    }
    for section in ["files", "documents", "recordings", "tokens"] {
        assert_eq!(report[section]["status"], "not yet imported");
    }
    assert_eq!(report["profiles"]["failed"], Value::Array(Vec::new()));
    let count = |wanted: fn(&Item) -> bool| items.iter().filter(|item| wanted(item)).count();
    assert_eq!(count(|item| matches!(item, Item::Change(_))), 68);
    assert_eq!(count(|item| matches!(item, Item::Profile(_))), 40);
    assert_eq!(count(|item| matches!(item, Item::Final(_))), 42);
    assert!(items.iter().all(|item| !matches!(item, Item::Change(change) if matches!(&change.action, Action::Edit { edits, added, removed } if edits.is_empty() && added.is_empty() && removed.is_empty()))));
    println!("{}", serde_json::to_string_pretty(&report["profiles"]).unwrap());
}
