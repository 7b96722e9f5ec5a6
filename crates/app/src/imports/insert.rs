//! Writes rows with what they came from; a row that a person corrected says so in the evidence of its edit.

use magfin_db::facts::Stored;
use magfin_legacy::fixes::MARK;
use serde_json::{Value, json};
use uuid::Uuid;

use super::columns;
use super::writer::Writer;
use crate::AppError;

impl Writer<'_> {
    /// From here on, rows come from this.
    pub(super) async fn comes_from(&mut self, evidence: Value) -> Result<(), AppError> {
        self.tx.set_evidence(&columns::clean_json(evidence.clone()).to_string()).await?;
        self.evidence = evidence;
        Ok(())
    }

    /// Seals and inserts rows of one table.
    pub(super) async fn insert<F: Stored>(&mut self, mut rows: Vec<Value>) -> Result<(), AppError> {
        if rows.is_empty() {
            return Ok(());
        }
        let firm = self.tx.context().firm.0;
        let mut corrected = Vec::new();
        for row in &mut rows {
            let id: Uuid = row["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
            crate::columns::seal::<F>(&self.op.app.key, firm, id, row)?;
            corrected.push(take_mark(row));
            self.note_beside(id, row);
        }
        *self.written.entry(F::TABLE).or_default() += rows.len() as u64;
        // A row that a person corrected says so in its evidence, so it is written by itself; the others go at once.
        let mut plain = Vec::with_capacity(rows.len());
        for (row, mark) in rows.into_iter().zip(corrected) {
            let Some(mark) = mark else {
                plain.push(row);
                continue;
            };
            self.evidence_of(Some(mark)).await?;
            F::insert_many(&mut self.tx, &json!([row])).await?;
            self.evidence_of(None).await?;
        }
        if plain.is_empty() { Ok(()) } else { Ok(F::insert_many(&mut self.tx, &Value::Array(plain)).await?) }
    }

    /// The evidence of the next statement, with what a person corrected in it before.
    pub(super) async fn evidence_of(&mut self, corrected: Option<Value>) -> Result<(), AppError> {
        let mut evidence = self.evidence.clone();
        if let (Some(corrected), Some(map)) = (corrected, evidence.as_object_mut()) {
            map.insert("corrected".to_owned(), corrected);
        }
        let text = if evidence.is_null() { String::new() } else { columns::clean_json(evidence).to_string() };
        Ok(self.tx.set_evidence(&text).await?)
    }
}

/// Takes out of a row what a person corrected in it.
fn take_mark(row: &mut Value) -> Option<Value> {
    let extra = row.get_mut("extra")?;
    let mark = extra.as_object_mut()?.remove(MARK)?;
    if extra.as_object().is_some_and(serde_json::Map::is_empty) {
        *extra = Value::Null;
    }
    Some(mark)
}
