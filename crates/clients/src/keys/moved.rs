//! From the file to a service: new keys are wrapped by the service, and those of before still open, until a rotation has wrapped
//! them all anew.

use std::sync::Arc;

use async_trait::async_trait;
use magfin_vault::key::HouseholdKey;
use uuid::Uuid;

use super::{FileKeys, KeyService, KeyServiceError, WrappedBy, file};

/// A service that took the place of a file.
#[derive(Debug)]
pub struct Moved {
    to: Arc<dyn KeyService>,
    from: FileKeys,
}

impl Moved {
    /// Wraps by `to`, and opens also what `from` has wrapped.
    #[must_use]
    pub fn new(from: FileKeys, to: Arc<dyn KeyService>) -> Self {
        Self { to, from }
    }
}

#[async_trait]
impl KeyService for Moved {
    async fn current(&self, firm: Uuid) -> Result<String, KeyServiceError> {
        self.to.current(firm).await
    }

    async fn wrap(&self, firm: Uuid, key: &HouseholdKey) -> Result<WrappedBy, KeyServiceError> {
        self.to.wrap(firm, key).await
    }

    async fn unwrap(&self, firm: Uuid, wrapped: &WrappedBy) -> Result<HouseholdKey, KeyServiceError> {
        if wrapped.name.starts_with(file::PREFIX) { self.from.unwrap(firm, wrapped).await } else { self.to.unwrap(firm, wrapped).await }
    }
}
