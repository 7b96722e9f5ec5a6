//! Random damage to whole trees: nothing panics, nothing stops the import, and every row is accounted for.

use crate::common;
use magfin_legacy::generate::{Plan, generate};
use magfin_legacy::{FoldError, Item, MemTree, Stop, fold};
use serde_json::{Map, Value, json};

/// A small generator of its own, so the damage owes nothing to the generator of trees.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap()).unwrap()
    }

    fn odd(&mut self) -> Value {
        let odd = [
            json!(null),
            json!(true),
            json!(0),
            json!(-1.5e300),
            json!(1e21),
            json!(""),
            json!("  "),
            json!("\u{0}"),
            json!([]),
            json!({}),
            json!([[]]),
            json!("hh_9ebad5a5"),
            json!({"id": "x"}),
            json!("2020-02-30"),
            json!("+1"),
            json!("€"),
            json!([null, 1, "x", {"id": 5}]),
            json!(u64::MAX),
            json!("𝕏\u{202e}"),
        ];
        odd[self.roll(odd.len())].clone()
    }

    /// Changes one random place of a value.
    fn damage(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) if !items.is_empty() && self.roll(8) > 0 => {
                let at = self.roll(items.len());
                match self.roll(12) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    2 => items.reverse(),
                    3 => items.insert(at, self.odd()),
                    _ => self.damage(&mut items[at]),
                }
            }
            Value::Object(map) if !map.is_empty() && self.roll(8) > 0 => {
                let key = map.keys().nth(self.roll(map.len())).unwrap().clone();
                match self.roll(12) {
                    0 => drop(map.remove(&key)),
                    1 => drop(map.insert(format!("{key}2"), self.odd())),
                    2 => {
                        let other = map.keys().nth(self.roll(map.len())).unwrap().clone();
                        let value = map[&other].clone();
                        map.insert(key, value);
                    }
                    _ => self.damage(map.get_mut(&key).unwrap()),
                }
            }
            _ => *value = self.odd(),
        }
    }
}

fn fold_quietly(tree: &MemTree) -> Result<magfin_legacy::Report, FoldError> {
    let mut sink = |_: Item| -> Result<(), Stop> { Ok(()) };
    fold(tree, &mut sink)
}

fn light(tree: &mut MemTree) {
    tree.files.retain(|path, _| !path.starts_with("brain/advisor_") || path.ends_with("profile.md"));
}

fn start() -> MemTree {
    let mut tree = MemTree::default();
    generate(Plan { seed: 77, households: 12, more_files: 0 }, &mut tree).unwrap();
    light(&mut tree);
    if let Some(folder) = common::book() {
        for file in ["localstorage.json", "identities.json"] {
            tree.files.insert(file.to_owned(), std::fs::read(folder.join(file)).unwrap());
        }
    }
    tree
}

#[test]
fn st_3_structural_damage_never_stops_an_import_and_every_row_is_accounted_for() {
    let mut tree = start();
    let text = tree.files["localstorage.json"].clone();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    let whole: Map<String, Value> = serde_json::from_slice(text).unwrap();
    let parsed: Vec<(String, Value)> =
        whole.iter().filter_map(|(key, text)| Some((key.clone(), serde_json::from_str(text.as_str()?).ok()?))).collect();
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    for round in 0..150 {
        let mut values = parsed.clone();
        for _ in 0..1 + dice.roll(40) {
            let at = dice.roll(values.len());
            dice.damage(&mut values[at].1);
        }
        let file: Map<String, Value> = values.iter().map(|(key, value)| (key.clone(), json!(value.to_string()))).collect();
        tree.files.insert("localstorage.json".to_owned(), serde_json::to_vec(&file).unwrap());
        let report = fold_quietly(&tree).unwrap();
        assert_eq!(report.reconciles(), Ok(()), "round {round}");
        for (key, rows) in [
            ("magfin:households:seed", report.households.seed_rows),
            ("magfin:households:patches", report.patches.rows),
            ("magfin:notes", report.notes.rows),
            ("magfin:tasks", report.tasks.rows),
            ("magfin:openLoops", report.open_loops.rows),
        ] {
            let sent = values.iter().find(|(found, _)| found == key).and_then(|(_, value)| value.as_array()).map_or(0, Vec::len);
            assert_eq!(rows, u64::try_from(sent).unwrap(), "round {round}: {key}");
        }
    }
}

#[test]
fn st_3_damaged_bytes_never_cause_a_panic() {
    let tree = start();
    let mut dice = Dice(0xFEED_FACE_CAFE_BEEF);
    for round in 0..120 {
        let mut tree = tree.clone();
        let paths: Vec<String> = tree.files.keys().cloned().collect();
        let path = if round % 3 == 0 { paths[dice.roll(paths.len())].clone() } else { "localstorage.json".to_owned() };
        let bytes = tree.files.get_mut(&path).unwrap();
        match dice.roll(4) {
            0 => bytes.truncate(dice.roll(bytes.len())),
            1 => {
                let at = dice.roll(bytes.len());
                drop(bytes.splice(at..at, b"\"}],\\u0000\xFF".iter().copied()));
            }
            _ => {
                for _ in 0..1 + dice.roll(9) {
                    let at = dice.roll(bytes.len());
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = b"\"\\[]{},:0a\xC3\n"[dice.roll(12)];
                    }
                }
            }
        }
        match fold_quietly(&tree) {
            Ok(report) => assert_eq!(report.reconciles(), Ok(()), "round {round}: {path}"),
            Err(error) => assert!(matches!(error, FoldError::Export(_)), "round {round}: {path}: {error}"),
        }
    }
}

#[test]
fn st_3_damaged_brain_files_are_named_and_the_others_are_read() {
    let mut tree = start();
    let profiles: Vec<String> = tree.files.keys().filter(|path| path.ends_with("profile.md")).cloned().collect();
    let total = u64::try_from(profiles.len()).unwrap();
    tree.files.insert(profiles[0].clone(), b"# plain".to_vec());
    tree.files.get_mut(&profiles[1]).unwrap()[40] ^= 1;
    let moved = tree.files[&profiles[2]].clone();
    tree.files.insert("brain/advisor_evan/clients/nobody/profile.md".to_owned(), moved);
    let report = fold_quietly(&tree).unwrap();
    let mut failed: Vec<_> = report.profiles.failed.iter().map(|refusal| (refusal.path.as_str(), refusal.reason)).collect();
    failed.sort_unstable();
    let mut expected = [
        (profiles[0].as_str(), "not_encrypted"),
        (profiles[1].as_str(), "decrypt_failed"),
        ("brain/advisor_evan/clients/nobody/profile.md", "decrypt_failed"),
    ];
    expected.sort_unstable();
    assert_eq!(failed, expected);
    assert_eq!(report.profiles.read, total - 2);
}
