//! What a dry run says as a whole: counts by section, totals that reconcile, and what is not imported yet.

use magfin_legacy::Report;
use magfin_legacy::money::to_text;
use serde_json::{Value, json};

use super::colleagues::WayIn;
use super::earlier::Earlier;
use super::run::Written;
use super::writer::Totals;

fn section(name: &str, rows: u64, imported: u64, merged: u64, refused: usize) -> Value {
    json!({"section": name, "rows": rows, "imported": imported, "merged": merged, "refused": refused})
}

/// The summary of a dry run. Holds counts, amounts and names of keys; what it says of single rows is in the lines.
pub(super) fn of(
    report: &Report,
    (written, totals, earlier, refused): (&Written, &Totals, Earlier, &[WayIn]),
    facets: &[(String, String, String, i64)],
) -> Value {
    let r = report;
    let (h, p, a) = (&r.households, &r.patches, &r.accounts);
    let sections = [
        section("households", h.seed_rows + h.created_by_patch, h.imported, h.duplicate_rows_merged, h.refused.len()),
        section("patches", p.rows, p.applied, p.duplicates_skipped, p.refused_list.len()),
        section("accounts", a.rows, a.imported, a.duplicates_merged, a.refused.len()),
        section("notes", r.notes.rows, r.notes.imported, r.notes.duplicates_merged, r.notes.refused.len()),
        section("tasks", r.tasks.rows, r.tasks.imported, r.tasks.duplicates_merged, r.tasks.refused.len()),
        section("open_loops", r.open_loops.rows, r.open_loops.imported, r.open_loops.duplicates_merged, r.open_loops.refused.len()),
        section(
            "profiles",
            r.profiles.read + u64::try_from(r.profiles.failed.len()).unwrap_or_default(),
            r.profiles.read,
            0,
            r.profiles.failed.len(),
        ),
    ];
    let facets: Vec<Value> = facets
        .iter()
        .map(|(section, fate, reason, count)| json!({"section": section, "fate": fate, "reason": reason, "count": count}))
        .collect();
    let o = &r.others;
    json!({
        "sections": sections,
        "written": written,
        "earlier": earlier,
        "ways_in_refused": refused,
        "facets": facets,
        "totals": {
            "live_households": h.live,
            "deleted_households": h.deleted,
            "people": r.people.distinct,
            "possible_duplicates": r.people.possible_duplicates.len(),
            // What the source adds up to, and what this run brings into the book; equal where the source is new.
            "source_linked_usd": to_text(a.linked_usd_live),
            "source_manual_usd": to_text(a.manual_usd_live),
            "source_usd": to_text(a.balance_usd_live),
            "new_usd": to_text(totals.linked + totals.manual),
            "unknown_balances": a.unknown_balance,
            "other_currencies": a.balance_by_currency_all.iter().filter(|(currency, _)| *currency != "USD")
                .map(|(currency, amount)| json!({"currency": currency, "amount": to_text(*amount)})).collect::<Vec<_>>(),
        },
        "keys": {"ignored": r.keys.ignored, "unreadable": r.keys.unreadable},
        "unknown_fields": r.unknown_fields_kept,
        "notices": r.notices,
        "not_yet": {
            "files": o.files.markdown,
            "documents": o.documents.stored_files,
            "recordings": o.recordings.sidecars,
            "tokens": u64::from(o.tokens.store_present),
        },
    })
}
