//! Generated trees against the truth their generator wrote without looking at the reader.

use crate::common;
use magfin_legacy::generate::{Plan, generate};
use magfin_legacy::{Item, MemTree};
use serde_json::Value;

fn tree(seed: u64, households: usize) -> (MemTree, Value) {
    let mut tree = MemTree::default();
    generate(Plan { seed, households, more_files: 0 }, &mut tree).unwrap();
    let truth = serde_json::from_slice(&tree.files["truth/expected_import.json"]).unwrap();
    (tree, truth)
}

#[test]
fn st_3_sixty_generated_trees_are_read_exactly() {
    for seed in 0..60 {
        let households = [0, 1, 3, 12, 40, 90][usize::try_from(seed % 6).unwrap()];
        let (tree, truth) = tree(seed, households);
        let (report, items) = common::fold_all(&tree);
        let report = report.to_json();
        common::assert_equal(&report, &truth, &format!("seed {seed}, {households} households"));
        assert_eq!(report["files"]["markdown"], truth["files"]["markdown"]);
        assert_eq!(report["profiles"]["differences"], 0, "seed {seed}: {}", report["profiles"]);
        assert_eq!(report["profiles"]["failed"], Value::Array(Vec::new()));
        assert_eq!(report["profiles"]["without_household"], Value::Array(Vec::new()));
        let profiles = items.iter().filter(|item| matches!(item, Item::Profile(_))).count();
        assert_eq!(Value::from(profiles), truth["households"]["live"]);
    }
}

#[test]
fn st_3_generation_is_deterministic() {
    assert_eq!(tree(5, 20).0.files, tree(5, 20).0.files);
    assert_ne!(tree(5, 20).0.files, tree(6, 20).0.files);
}

#[test]
fn st_3_the_planted_mess_covers_every_reason_of_the_layout() {
    let (_, truth) = tree(1, 400);
    let reasons: Vec<&String> = truth["patches"]["refused_by_reason"].as_object().unwrap().keys().collect();
    assert_eq!(
        reasons,
        ["household_deleted", "household_unknown", "invalid_value", "old_mismatch", "patch_id_conflict", "path_not_found", "unknown_field"]
    );
    for (section, field) in [
        ("households", "duplicate_rows_that_differ"),
        ("households", "deleted"),
        ("households", "created_by_patch"),
        ("patches", "duplicates_skipped"),
        ("people", "added_by_patch"),
        ("accounts", "duplicates_merged"),
        ("accounts", "unknown_balance"),
        ("notes", "ids_reissued"),
        ("notes", "duplicates_merged"),
        ("tasks", "without_household"),
        ("open_loops", "duplicates_merged"),
    ] {
        assert_ne!(truth[section][field], 0, "{section}.{field}");
    }
    for (section, field) in [("households", "id_collisions_reissued"), ("people", "in_two_households"), ("people", "possible_duplicates")] {
        assert!(!truth[section][field].as_array().unwrap().is_empty(), "{section}.{field}");
    }
}
