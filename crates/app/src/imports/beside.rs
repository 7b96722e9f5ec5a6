//! Values that no column holds lie beside their row; a change of the old log brings and replaces them as it does columns.

use magfin_db::facts::Stored;
use magfin_db::imports;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::columns::Columns;
use super::writer::Writer;
use crate::AppError;

impl Writer<'_> {
    /// Remembers which columns of a new row have their whole value beside it.
    pub(super) fn note_beside(&mut self, id: Uuid, row: &Value) {
        let Some(extra) = row.get("extra").and_then(Value::as_object) else { return };
        for name in extra.keys().filter(|name| row.get(name.as_str()).is_some()) {
            self.beside.entry(id).or_default().insert(name.clone());
        }
    }

    /// Changes columns of a row, and what lies beside it of them.
    pub(super) async fn change_whole<F: Stored>(&mut self, id: Uuid, columns: Columns) -> Result<(), AppError> {
        let (values, extra) = columns.apart();
        let (gone, fresh): (Map<_, _>, Map<_, _>) = extra.into_iter().partition(|(_, value)| value.is_null());
        let mut gone: Vec<String> = gone.into_iter().map(|(name, _)| name).collect();
        if let Some(before) = self.beside.get_mut(&id) {
            gone.extend(before.extract_if(|name| values.contains_key(name) && !fresh.contains_key(name)));
        }
        let beside = fresh.keys().filter(|name| values.contains_key(*name)).cloned();
        let beside: Vec<String> = beside.collect();
        if !beside.is_empty() {
            self.beside.entry(id).or_default().extend(beside);
        }
        if !values.is_empty() {
            self.change::<F>(id, Value::Object(values)).await?;
        }
        if !gone.is_empty() || !fresh.is_empty() {
            imports::put_beside(&mut self.tx, F::TABLE, id, &gone, &Value::Object(fresh)).await?;
        }
        Ok(())
    }
}
