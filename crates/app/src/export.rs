//! The list of households as a file. It leaves the product, so it is a right of its own and is recorded.

use magfin_db::events::{self, Event};
use magfin_db::households;
use magfin_domain::household_list::{Column, Filter, HouseholdLine, Sort};
use magfin_domain::role::Permission;
use serde_json::json;

use crate::{AppError, Op};

/// Rows that are read at once.
const PAGE: i64 = 2_000;

impl Op<'_> {
    /// The households of a filter as CSV (RFC 4180) in UTF-8, with a head line.
    ///
    /// # Errors
    /// `Forbidden` without the right to export, `StepUp` when the sign-in is too old.
    pub async fn export_households(&self, filter: Filter, sort: Sort, columns: &[Column]) -> Result<Vec<u8>, AppError> {
        let mut tx = self.write(Permission::BookExport).await?;
        self.confirmed(&mut tx).await?;
        let filter = self.resolved(&mut tx, filter).await?;
        let mut csv = csv::Writer::from_writer(Vec::new());
        write(&mut csv, columns.iter().map(|c| c.as_str().to_owned()))?;
        let (mut cursor, mut rows) = (None, 0);
        loop {
            let page = households::list(&mut tx, &filter, sort, cursor, PAGE).await?;
            for line in &page {
                write(&mut csv, columns.iter().map(|c| cell(line, *c)))?;
            }
            rows += page.len();
            cursor = page.last().map(|line| line.id);
            if i64::try_from(page.len()).is_ok_and(|n| n < PAGE) {
                break;
            }
        }
        let detail = json!({"rows": rows, "columns": columns});
        events::add(&mut tx, Event { kind: "households.exported", household: None, row: None, detail }).await?;
        tx.commit().await?;
        csv.into_inner().map_err(|_| AppError::Internal("csv".to_owned()))
    }
}

fn write(csv: &mut csv::Writer<Vec<u8>>, cells: impl Iterator<Item = String>) -> Result<(), AppError> {
    csv.write_record(cells).map_err(|_| AppError::Internal("csv".to_owned()))
}

fn cell(line: &HouseholdLine, column: Column) -> String {
    let day = |day: &Option<magfin_domain::time::Day>| day.map(|d| d.date().to_string()).unwrap_or_default();
    match column {
        Column::Name => harmless(&line.name),
        Column::Type => line.r#type.as_str().to_owned(),
        Column::Tier => harmless(line.tier.as_deref().unwrap_or_default()),
        Column::Stage => harmless(line.stage.as_deref().unwrap_or_default()),
        Column::Tags => harmless(&line.tags.0.iter().map(|t| t.as_str()).collect::<Vec<_>>().join("; ")),
        Column::Team => harmless(&line.team_name),
        Column::PrimaryName => harmless(line.primary_name.as_deref().unwrap_or_default()),
        Column::PrimaryPhone => harmless(line.primary_phone.as_deref().unwrap_or_default()),
        Column::City => harmless(line.city.as_deref().unwrap_or_default()),
        Column::State => harmless(line.state.as_deref().unwrap_or_default()),
        Column::Aum => line.aum_usd.0.to_string(),
        Column::HeldAway => line.held_away_usd.0.to_string(),
        Column::OldestAsOf => day(&line.oldest_as_of),
        Column::LastTouch => day(&line.last_touch_on),
        Column::ReviewCadence => line.review_cadence_months.map(|n| n.to_string()).unwrap_or_default(),
        Column::ClientSince => day(&line.client_since),
        Column::MissingBeneficiaries => line.missing_beneficiaries.to_string(),
        Column::NextReview => day(&line.next_review),
        Column::OpenTasks => line.open_tasks.to_string(),
        Column::OpenLoops => line.open_loops.to_string(),
    }
}

/// A text that a spreadsheet would run as a formula begins with an apostrophe (OWASP, CSV injection).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
