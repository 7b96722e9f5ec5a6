//! What a verification says it did, in plain words.

use magfin_domain::audit::Verification;

use super::Against;

/// What was checked, one sentence each. Of a log that is not as it was nothing is claimed but how much of it was read.
pub(super) fn in_words(v: &Verification, erased: i64, versions: i64, against: &Against) -> Vec<String> {
    let mut says = Vec::new();
    if !v.good {
        let (count, are) = (v.faults.len(), if v.faults.len() == 1 { "thing is" } else { "things are" });
        says.push(format!("{count} {are} wrong."));
    }
    says.push(format!(
        "{} computed again, and {} compared with the record they stand for.",
        counted(v.leaves, "entry was", "entries were"),
        counted(v.rows, "was", "were")
    ));
    if v.good {
        let fit = counted(v.checkpoints, "signed checkpoint fits", "signed checkpoints fit");
        says.push(format!("{fit} the entries: none was changed, added or taken out."));
        if versions > 0 {
            says.push(format!(
                "{} the log tells of.",
                counted(versions, "version of a brain file is what", "versions of brain files are what")
            ));
        }
        says.push(match (&against.folder, v.outside) {
            (None, _) => {
                "No checkpoint from outside was compared: whoever holds the database and the key could have written all of it again."
                    .to_owned()
            }
            (Some(_), 0) => "The outside folder has no checkpoint of this log yet.".to_owned(),
            (Some(_), n) => format!("{} outside and the same.", counted(n, "checkpoint is kept", "checkpoints are kept")),
        });
    }
    if erased > 0 {
        let stand = counted(erased, "entry stands for a record", "entries stand for records");
        says.push(format!("{stand} of households that were erased; the log holds the certificate of each."));
    }
    if v.waiting > 0 {
        let wait = counted(v.waiting, "record is younger than the log and waits", "records are younger than the log and wait");
        says.push(format!("{wait} for an entry."));
    }
    says
}

/// A number and what it counts: `1 entry`, `2,074 entries`.
fn counted(number: i64, one: &str, many: &str) -> String {
    let digits = number.to_string();
    let grouped = digits.as_bytes().rchunks(3).rev().map(|three| String::from_utf8_lossy(three)).collect::<Vec<_>>().join(",");
    format!("{grouped} {}", if number == 1 { one } else { many })
}
