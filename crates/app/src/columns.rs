//! Between the book and its sealed columns: what is written is sealed, what is read is masked.

use magfin_domain::fact::Fact;
use magfin_domain::sealed::SealedKind;
use magfin_domain::time::Day;
use magfin_vault::column::{MasterKey, Place};
use serde_json::Value;
use uuid::Uuid;

use crate::{App, AppError};

fn place<'a>(firm: &'a Uuid, table: &'a str, column: &'a str, row: &'a Uuid) -> Place<'a> {
    Place { firm: firm.as_bytes(), table, column, row: row.as_bytes() }
}

/// Replaces the plain values of sealed columns in `values` by their ciphertexts, as PostgreSQL writes bytes (`\x…`).
///
/// # Errors
/// When there is no randomness.
pub fn seal<F: Fact>(key: &MasterKey, firm: Uuid, row: Uuid, values: &mut Value) -> Result<(), AppError> {
    for (column, _) in F::SEALED {
        let Some(value) = values.get_mut(column) else { continue };
        if let Value::String(plain) = value {
            let sealed = key.seal(place(&firm, F::TABLE, column, &row), plain.as_bytes()).map_err(|e| AppError::Internal(e.to_string()))?;
            *value = Value::String(format!("\\x{}", hex::encode(sealed)));
        }
    }
    Ok(())
}

/// Fills in what may be shown of the row's sealed values.
pub fn mask<F: Fact>(app: &App, firm: Uuid, row: &mut F) {
    let id = row.id();
    for (column, kind, slot) in row.sealed_mut() {
        let Some(sealed) = slot else { continue };
        // A value that does not open is shown as fully masked: the row itself stays readable.
        if let Ok(plain) = app.key.open(place(&firm, F::TABLE, column, &id), &sealed.cipher) {
            sealed.masked = kind.mask(&plain);
            sealed.age = age(app, kind, &plain);
        }
    }
}

fn age(app: &App, kind: SealedKind, plain: &str) -> Option<i16> {
    (kind == SealedKind::BirthDate).then(|| Day::parse(plain).ok()).flatten()?.age_on(app.now().0.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Opens one sealed value as it was recorded (`\x…`) and masks it.
pub fn mask_recorded(key: &MasterKey, firm: Uuid, (table, column, kind): (&str, &str, SealedKind), row: Uuid, recorded: &str) -> String {
    recorded
        .strip_prefix("\\x")
        .and_then(|hex| hex::decode(hex).ok())
        .and_then(|bytes| key.open(place(&firm, table, column, &row), &bytes).ok())
        .map_or_else(|| "•••".to_owned(), |plain| kind.mask(&plain))
}

/// Opens one sealed value.
///
/// # Errors
/// When the bytes were not sealed for this place.
pub fn open(key: &MasterKey, firm: Uuid, table: &str, column: &str, row: Uuid, cipher: &[u8]) -> Result<String, AppError> {
    key.open(place(&firm, table, column, &row), cipher).map_err(|e| AppError::Internal(e.to_string()))
}
