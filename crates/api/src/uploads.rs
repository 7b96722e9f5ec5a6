//! Uploads: a tree of today's layout on its way into the book.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};
use magfin_app::imports::uploads::{AdvisorDecision, PART_LIMIT, RowDecision, Upload, UploadCreate};
use magfin_app::imports::{LineFilter, UploadLine};
use magfin_domain::ids::UploadId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id, Limit, Params};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    // Parts are larger than any JSON body may be.
    let parts = OpenApiRouter::new().routes(routes!(put_part)).layer(DefaultBodyLimit::max(PART_LIMIT));
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(find, remove))
        .routes(routes!(lines))
        .routes(routes!(decide_row))
        .routes(routes!(decide_advisor))
        .routes(routes!(read))
        .routes(routes!(commit))
        .merge(parts)
}

/// Begins an upload, or goes on with the unfinished one of the same folder or archive.
#[utoipa::path(post, path = "/api/uploads", operation_id = "create_upload", tag = "imports", request_body = UploadCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Upload), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<UploadCreate>) -> Result<(StatusCode, Json<Upload>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_upload(&body.value, body.key.as_ref()).await?)))
}

/// One's own uploads, newest first. They go by themselves after a day.
#[utoipa::path(get, path = "/api/uploads", operation_id = "list_uploads", tag = "imports", responses((status = 200, body = All<Upload>), Problems),
    extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<All<Upload>>, Problem> {
    Ok(Json(All::of(caller.op().uploads().await?)))
}

/// How far an upload is, and what its dry run said.
#[utoipa::path(get, path = "/api/uploads/{id}", operation_id = "read_upload", tag = "imports", params(("id" = UploadId, Path)),
    responses((status = 200, body = Upload), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn find(caller: Authed, Id(id): Id<UploadId>) -> Result<Json<Upload>, Problem> {
    Ok(Json(caller.op().upload(id).await?))
}

/// Calls an upload off; everything of it is removed at once.
#[utoipa::path(delete, path = "/api/uploads/{id}", operation_id = "remove_upload", tag = "imports", params(("id" = UploadId, Path)),
    responses((status = 204, description = "Removed"), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<UploadId>) -> Result<StatusCode, Problem> {
    caller.op().remove_upload(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The bytes of a part, as they are.
#[derive(Debug)]
struct Part(Bytes);

impl<S: Send + Sync> FromRequest<S> for Part {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind != "application/octet-stream" {
            let title = "The body is not a part of an upload";
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_bytes",
                title,
                "send Content-Type: application/octet-stream",
            ));
        }
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "The part is too large",
                format!("the limit is 4 MiB ({PART_LIMIT} bytes)"),
            ),
            _ => Problem::malformed("the part ended early"),
        })
    }
}

/// Where a part belongs.
#[derive(Debug, Deserialize)]
struct PartOf {
    id: UploadId,
    number: i32,
}

/// Takes a part; the same one again takes its place. It is sealed before it is stored.
#[utoipa::path(put, path = "/api/uploads/{id}/parts/{number}", operation_id = "put_upload_part", tag = "imports",
    params(("id" = UploadId, Path), ("number" = i32, Path, description = "From 0", minimum = 0)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes: as many as `part_size`, the last part what is left"),
    responses((status = 204, description = "Kept"), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn put_part(caller: Authed, Id(to): Id<PartOf>, Part(bytes): Part) -> Result<StatusCode, Problem> {
    caller.op().put_part(to.id, to.number, &bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a dry run in the background: everything is read and compared, and nothing is written.
#[utoipa::path(post, path = "/api/uploads/{id}/read", operation_id = "read_upload_again", tag = "imports", params(("id" = UploadId, Path)),
    responses((status = 202, body = Upload), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn read(caller: Authed, Id(id): Id<UploadId>) -> Result<(StatusCode, Json<Upload>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(caller.op().request_read(id).await?)))
}

/// Asks for the import in the background; asked twice, it is done once.
#[utoipa::path(post, path = "/api/uploads/{id}/commit", operation_id = "commit_upload", tag = "imports", params(("id" = UploadId, Path)),
    responses((status = 202, body = Upload), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn commit(caller: Authed, Id(id): Id<UploadId>) -> Result<(StatusCode, Json<Upload>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(caller.op().request_commit(id).await?)))
}

/// Decides about one row: corrected, left out, or as it was.
#[utoipa::path(put, path = "/api/uploads/{id}/fixes", operation_id = "decide_upload_row", tag = "imports", params(("id" = UploadId, Path)), request_body = RowDecision,
    responses((status = 200, body = Upload), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn decide_row(caller: Authed, Id(id): Id<UploadId>, body: Body<RowDecision>) -> Result<Json<Upload>, Problem> {
    Ok(Json(caller.op().decide_row(id, &body.value).await?))
}

/// Says which user or team a word of the source stands for.
#[utoipa::path(put, path = "/api/uploads/{id}/advisors", operation_id = "decide_upload_advisor", tag = "imports", params(("id" = UploadId, Path)),
    request_body = AdvisorDecision, responses((status = 200, body = Upload), Problems), extensions(("x-permission" = json!("import.run"))),
    security(("session" = []), ("api_key" = [])))]
async fn decide_advisor(caller: Authed, Id(id): Id<UploadId>, body: Body<AdvisorDecision>) -> Result<Json<Upload>, Problem> {
    Ok(Json(caller.op().decide_advisor(id, &body.value).await?))
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Of this section: `households`, `patches`, `accounts`, `notes`, `tasks`, `open_loops`, `profiles` or `advisors`.
    #[param(inline)]
    section: Option<Section>,
    /// Of this fate: `refused`, `merged`, `unread`, `unmapped`, `created`, `changed` or `kept`.
    #[param(inline)]
    fate: Option<Fate>,
    /// After the line of this number.
    #[param(minimum = 0)]
    cursor: Option<u32>,
    /// How many.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
}

/// A section of a source.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Section {
    Households,
    Patches,
    Accounts,
    Notes,
    Tasks,
    OpenLoops,
    Profiles,
    Advisors,
}

/// What became of a row or household.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Refused,
    Merged,
    Unread,
    Unmapped,
    Created,
    Changed,
    Kept,
}

fn word(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// A page of lines.
#[derive(Debug, Serialize, ToSchema)]
struct Lines {
    /// In order.
    items: Vec<UploadLine>,
    /// For the next page; none on the last.
    next_cursor: Option<i32>,
}

/// What the dry run tells: every row that was refused, merged or could not be read, every household that is made or changed.
#[utoipa::path(get, path = "/api/uploads/{id}/rows", operation_id = "list_upload_rows", tag = "imports", params(("id" = UploadId, Path), Which),
    responses((status = 200, body = Lines), Problems), extensions(("x-permission" = json!("import.run"))), security(("session" = []), ("api_key" = [])))]
async fn lines(caller: Authed, Id(id): Id<UploadId>, Params(which): Params<Which>) -> Result<Json<Lines>, Problem> {
    let after = which.cursor.map(i32::try_from).transpose();
    let filter = LineFilter {
        section: which.section.as_ref().and_then(word),
        fate: which.fate.as_ref().and_then(word),
        reason: None,
        after: after.map_err(|_| Problem::field("cursor".to_owned(), format!("must be at most {}", i32::MAX)))?,
    };
    let mut items = caller.op().upload_lines(id, &filter, which.limit.0 + 1).await?;
    let more = i64::try_from(items.len()).is_ok_and(|n| n > which.limit.0);
    items.truncate(usize::try_from(which.limit.0).unwrap_or_default());
    let next_cursor = items.last().filter(|_| more).map(|line| line.number);
    Ok(Json(Lines { items, next_cursor }))
}
