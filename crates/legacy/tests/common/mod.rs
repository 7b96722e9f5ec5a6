//! What the tests of this crate share: the sample book's folder and a readable comparison of reports.

use std::path::PathBuf;

use magfin_legacy::{Item, MemTree, Report, Stop, Tree, TreeWriter, fold};
use serde_json::{Value, json};

/// Sections of the truth that the reader must reproduce exactly.
pub(crate) const SECTIONS: [&str; 12] = [
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

/// The folder of the sample book; says so when it is absent.
#[allow(clippy::disallowed_methods)] // Tests have no configuration; the folder comes from the environment.
pub(crate) fn book() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = std::env::var_os("MAGFIN_BOOK").map(PathBuf::from);
    let folder = root.join(named.unwrap_or_else(|| PathBuf::from("../shared/sample-book")));
    if folder.join("localstorage.json").is_file() {
        return Some(folder);
    }
    println!("SKIP: no sample book at {}; set MAGFIN_BOOK to its folder", folder.display());
    None
}

/// Everything a fold hands out.
pub(crate) fn fold_all(tree: &dyn Tree) -> (Report, Vec<Item>) {
    let mut items = Vec::new();
    let mut sink = |item: Item| -> Result<(), Stop> {
        items.push(item);
        Ok(())
    };
    let report = fold(tree, &mut sink).expect("the tree can be folded");
    report.reconciles().expect("counts add up");
    (report, items)
}

/// Asserts that every section of the truth is equal, naming the first difference.
pub(crate) fn assert_equal(report: &Value, truth: &Value, what: &str) {
    for section in SECTIONS {
        if let Some(difference) = difference(section, &report[section], &truth[section]) {
            panic!("{what}: {difference}");
        }
    }
}

fn difference(path: &str, found: &Value, expected: &Value) -> Option<String> {
    match (found, expected) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            names
                .into_iter()
                .find_map(|name| {
                    difference(
                        &format!("{path}.{name}"),
                        found.get(name).unwrap_or(&Value::Null),
                        expected.get(name).unwrap_or(&Value::Null),
                    )
                })
                .or_else(|| {
                    (a.len() != b.len())
                        .then(|| format!("{path}: {:?} against {:?}", a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>()))
                })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(&format!("{path}[{i}]"), a, b))
        }
        _ if found == expected => None,
        _ => Some(format!("{path}: found {found}, expected {expected}")),
    }
}

/// A tree in memory with one export.
pub(crate) fn export(values: &[(&str, &Value)]) -> MemTree {
    let map: serde_json::Map<String, Value> =
        values.iter().map(|(key, value)| ((*key).to_owned(), Value::String(value.to_string()))).collect();
    let mut tree = MemTree::default();
    let mut file = tree.create("localstorage.json").expect("memory");
    serde_json::to_writer(&mut file, &map).expect("memory");
    drop(file);
    tree
}

/// A plain household of one member.
pub(crate) fn household(id: &str, slug: &str) -> Value {
    json!({
        "id": id, "slug": slug, "name": slug, "type": "Client", "tier": "B ", "advisorId": "will", "nextReview": "7/5/2026", "reviewCadenceMonths": 6,
        "address": {"line1": "1 A St"}, "goals": ["one", "two"], "tags": [],
        "members": [{"id": format!("p_{slug}"), "firstName": "Ann", "lastName": slug, "role": "primary", "birthDate": "1/2/1950", "phones": [{"label": "mobile", "number": "(425) 555-0138"}]}],
    })
}

/// Folds a seed and a patch log.
pub(crate) fn run(seed: &Value, patches: &Value) -> (Report, Vec<Item>) {
    fold_all(&export(&[("magfin:households:seed", seed), ("magfin:households:patches", patches)]))
}

/// A `set` patch on household `h`.
pub(crate) fn set(id: &str, path: &str, old: Value, new: Value) -> Value {
    json!({"id": id, "ts": "2025-01-01T00:00:00Z", "householdId": "h", "op": "set", "path": path, "old": old, "new": new, "author": "x"})
}
