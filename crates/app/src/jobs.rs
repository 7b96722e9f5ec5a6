//! Background work: one loop that any number of processes may run. A job acts as the user who asked, in the role they
//! have now, and logs under their request id.

use std::convert::Infallible;
use std::time::Duration;

use magfin_db::jobs::Job;
use magfin_db::sign_in::{Principal, Via};
use magfin_domain::ids::{ImportId, SessionId, UploadId};
use tracing::Instrument;
use uuid::Uuid;

use crate::{App, AppError, Caller, Op};

/// A lease outlives two renewals that fail.
const RENEWED_EVERY: Duration = Duration::from_secs(magfin_db::jobs::LEASE_S / 4);
/// A job that waits for ever is somebody else's after six hours.
const MOST_RENEWALS: u32 = 720;

impl App {
    /// Does one job that is due. `false`: there was none.
    ///
    /// # Errors
    /// When the database cannot be reached; a job that fails is not an error here, it comes back later.
    pub async fn run_one_job(&self) -> Result<bool, AppError> {
        let Some(job) = self.db.claim_job(self.now()).await? else { return Ok(false) };
        let span = tracing::info_span!("job", kind = job.kind, job = %job.id, request_id = %job.request_id, attempt = job.attempts);
        let outcome = self.hold_while(&job, RENEWED_EVERY, self.run(&job)).instrument(span.clone()).await;
        let code = outcome.as_ref().err().map(code);
        span.in_scope(|| match code {
            None => tracing::info!("job done"),
            Some(code) => tracing::warn!(code, "job failed"),
        });
        self.db.finish_job(&job, self.now(), code).await?;
        Ok(true)
    }

    /// Does the work while its job is held, so that nobody else begins it meanwhile. A lease that was lost, or that could not be
    /// renewed, calls nothing off: what a job does is safe to do twice.
    pub async fn hold_while<T>(&self, job: &Job, every: Duration, work: impl Future<Output = T>) -> T {
        let renewals = async {
            for _ in 0..MOST_RENEWALS {
                tokio::time::sleep(every).await;
                match self.db.renew_job(job, self.now()).await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => tracing::warn!(%error, "the job's lease was not renewed"),
                }
            }
            std::future::pending::<Infallible>().await
        };
        tokio::select! { outcome = work => outcome, never = renewals => match never {} }
    }

    async fn run(&self, job: &Job) -> Result<(), AppError> {
        let caller = Caller {
            principal: Principal {
                firm: job.firm,
                user: job.user,
                role: job.role,
                session: SessionId(Uuid::nil()),
                via: Via::Session,
                admitted: Ok(()),
            },
            request_id: job.request_id,
        };
        let op = Op::new(self, &caller);
        match job.kind.as_str() {
            "import.revert" => {
                let import: ImportId =
                    serde_json::from_value(job.payload["import_id"].clone()).map_err(|_| AppError::Internal("payload".to_owned()))?;
                op.revert_import(import).await.map(|_| ())
            }
            "upload.read" => op.read_upload(upload(&job.payload)?).await,
            "upload.commit" => op.commit_upload(upload(&job.payload)?).await,
            "upload.expire" => op.expire_uploads().await,
            _ => Err(AppError::Internal("kind".to_owned())),
        }
    }
}

fn upload(payload: &serde_json::Value) -> Result<UploadId, AppError> {
    serde_json::from_value(payload["upload_id"].clone()).map_err(|_| AppError::Internal("payload".to_owned()))
}

fn code(error: &AppError) -> &'static str {
    match error {
        AppError::NotFound => "not_found",
        AppError::Forbidden(_) => "forbidden",
        AppError::Clash(_) | AppError::Conflict { .. } => "conflict",
        AppError::Unavailable(_) => "unavailable",
        _ => "internal",
    }
}
