//! The households' keys. Each is opened by the key service and kept in memory for a short while, so that reading goes on when the
//! service does not answer; a writer always asks the service.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use magfin_clients::keys::{KeyService, KeyServiceError, WrappedBy};
use magfin_domain::brain::KeptKey;
use magfin_domain::ids::FirmId;
use magfin_domain::time::Ts;
use magfin_vault::key::{HouseholdKey, SystemEntropy};
use uuid::Uuid;

use crate::AppError;

/// How long an opened key serves readers without the service being asked again.
pub const CACHE: SignedDuration = SignedDuration::from_mins(5);
/// Keys that are kept open at most; with one more, all are opened anew.
const MOST: usize = 10_000;

/// Why a key is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To read: a key from the cache will do.
    Read,
    /// To write: the service must answer.
    Write,
}

/// A key and when it was opened.
type Opened = (Arc<HouseholdKey>, Ts);

/// Opens and makes households' keys.
#[derive(Debug)]
pub struct Keyring {
    service: Arc<dyn KeyService>,
    open: Mutex<HashMap<(FirmId, Uuid), Opened>>,
}

impl From<KeyServiceError> for AppError {
    fn from(error: KeyServiceError) -> Self {
        match error {
            KeyServiceError::Unavailable => Self::Unavailable("the key service"),
            KeyServiceError::Refused => Self::Internal("key service refused".to_owned()),
        }
    }
}

impl Keyring {
    /// Keys that this service opens.
    #[must_use]
    pub fn new(service: Arc<dyn KeyService>) -> Self {
        Self { service, open: Mutex::default() }
    }

    pub(super) fn service(&self) -> &dyn KeyService {
        self.service.as_ref()
    }

    /// A new key, with what is to be kept of it.
    ///
    /// # Errors
    /// `Unavailable` when the service does not answer.
    pub async fn make(&self, firm: FirmId, id: Uuid) -> Result<(Arc<HouseholdKey>, KeptKey), AppError> {
        let key = HouseholdKey::generate(&mut SystemEntropy).map_err(|e| AppError::Internal(e.to_string()))?;
        let wrapped = self.service.wrap(firm.0, &key).await?;
        Ok((Arc::new(key), KeptKey { id, wrapped_by: wrapped.name, wrapped: wrapped.bytes }))
    }

    /// Opens a key that is kept.
    ///
    /// # Errors
    /// `Unavailable` when the service does not answer and the cache does not help; `Internal` when the service refuses.
    pub async fn open(&self, firm: FirmId, kept: &KeptKey, why: Use, now: Ts) -> Result<Arc<HouseholdKey>, AppError> {
        if why == Use::Read
            && let Some(key) = self.cached(firm, kept.id, now)
        {
            return Ok(key);
        }
        let wrapped = WrappedBy { name: kept.wrapped_by.clone(), bytes: kept.wrapped.clone() };
        let key = Arc::new(self.service.unwrap(firm.0, &wrapped).await?);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (_, since)| fresh(*since, now));
        if open.len() >= MOST {
            open.clear();
        }
        open.insert((firm, kept.id), (Arc::clone(&key), now));
        Ok(key)
    }

    /// Forgets the firm's keys: one of them was destroyed.
    pub(crate) fn forget(&self, firm: FirmId) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| *of != firm);
    }

    fn cached(&self, firm: FirmId, id: Uuid, now: Ts) -> Option<Arc<HouseholdKey>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(&(firm, id)).filter(|(_, since)| fresh(*since, now)).map(|(key, _)| Arc::clone(key))
    }
}

fn fresh(since: Ts, now: Ts) -> bool {
    now.0.duration_since(since.0) < CACHE
}
