//! Who asks. An [`Op`] exists only for a known caller, and every use case begins with [`Op::read`] or [`Op::write`],
//! which check the permission and open the caller's own transaction.

use magfin_db::sign_in::{Principal, Via};
use magfin_db::tenant::{Context, Source, TenantTx};
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::{App, AppError};

/// A known caller and their request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user, their firm and role.
    pub principal: Principal,
    /// The request; edits, events and jobs carry it.
    pub request_id: Uuid,
}

/// One operation of one caller.
#[derive(Debug, Clone, Copy)]
pub struct Op<'a> {
    /// The product.
    pub app: &'a App,
    /// Who asks.
    pub caller: &'a Caller,
}

impl<'a> Op<'a> {
    /// An operation of this caller.
    #[must_use]
    pub fn new(app: &'a App, caller: &'a Caller) -> Self {
        Self { app, caller }
    }

    /// Refuses unless the caller's role may do this.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn authorise(&self, permission: Permission) -> Result<(), AppError> {
        if self.caller.principal.role.may(permission) { Ok(()) } else { Err(AppError::Forbidden(permission)) }
    }

    pub(crate) fn context(&self) -> Context {
        let p = &self.caller.principal;
        let source = match p.via {
            Via::Session => Source::Ui,
            Via::ApiKey | Via::Operator => Source::Api,
        };
        Context { firm: p.firm, user: p.user, role: p.role, source, request_id: self.caller.request_id }
    }

    pub(crate) async fn read(&self, permission: Permission) -> Result<TenantTx, AppError> {
        self.authorise(permission)?;
        Ok(self.app.db.read(self.context()).await?)
    }

    /// A transaction that reads the facts as they are, or as they were known at `at`.
    pub(crate) async fn read_at(&self, permission: Permission, at: Option<Ts>) -> Result<TenantTx, AppError> {
        self.authorise(permission)?;
        Ok(match at {
            Some(at) => self.app.db.read_as_of(self.context(), at).await?,
            None => self.app.db.read(self.context()).await?,
        })
    }

    pub(crate) async fn write(&self, permission: Permission) -> Result<TenantTx, AppError> {
        self.authorise(permission)?;
        Ok(self.app.db.write(self.context()).await?)
    }

    /// A new id, made now.
    pub(crate) fn new_id(&self) -> Uuid {
        self.app.new_id()
    }
}
