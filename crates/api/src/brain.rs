//! Brain files of a household: what the firm remembers, in Markdown, version after version.

use axum::Json;
use magfin_domain::brain::{BrainFile, BrainProof, BrainRemove, BrainRestore, BrainText, BrainVersion, BrainWrite};
use magfin_domain::ids::{BrainFileId, HouseholdId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id, Params};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(files, write))
        .routes(routes!(read))
        .routes(routes!(versions))
        .routes(routes!(restore))
        .routes(routes!(remove))
        .routes(routes!(proof))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Not the present version but this one, from 1.
    version: Option<i32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listed {
    /// Not the files that are there but those that were removed.
    #[serde(default)]
    removed: bool,
}

/// The brain files of a household, by path.
#[utoipa::path(get, path = "/api/households/{household_id}/brain", operation_id = "list_brain_files", tag = "brain", params(("household_id" = HouseholdId, Path), Listed),
    responses((status = 200, body = All<BrainFile>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn files(caller: Authed, Id(household): Id<HouseholdId>, Params(listed): Params<Listed>) -> Result<Json<All<BrainFile>>, Problem> {
    Ok(Json(All::of(caller.op().brain_files(household, listed.removed).await?)))
}

/// Writes a new file, or the next version of one. Sent again after a lost answer, it is refused as a version that was written since.
#[utoipa::path(put, path = "/api/households/{household_id}/brain", operation_id = "write_brain_file", tag = "brain", params(("household_id" = HouseholdId, Path)),
    request_body = BrainWrite, responses((status = 200, body = BrainFile), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn write(caller: Authed, Id(household): Id<HouseholdId>, body: Body<BrainWrite>) -> Result<Json<BrainFile>, Problem> {
    Ok(Json(caller.op().write_brain(household, &body.value).await?))
}

/// The text of a file.
#[utoipa::path(get, path = "/api/brain/{id}", operation_id = "read_brain_file", tag = "brain", params(("id" = BrainFileId, Path), Which),
    responses((status = 200, body = BrainText), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn read(caller: Authed, Id(id): Id<BrainFileId>, Params(which): Params<Which>) -> Result<Json<BrainText>, Problem> {
    Ok(Json(caller.op().read_brain(id, which.version).await?))
}

/// The versions of a file, the newest first; at most 1,000.
#[utoipa::path(get, path = "/api/brain/{id}/versions", operation_id = "list_brain_versions", tag = "brain", params(("id" = BrainFileId, Path)),
    responses((status = 200, body = All<BrainVersion>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn versions(caller: Authed, Id(id): Id<BrainFileId>) -> Result<Json<All<BrainVersion>>, Problem> {
    Ok(Json(All::of(caller.op().brain_versions(id).await?)))
}

/// Brings the text of an earlier version back, as a new version.
#[utoipa::path(post, path = "/api/brain/{id}/restore", operation_id = "restore_brain_version", tag = "brain", params(("id" = BrainFileId, Path)),
    request_body = BrainRestore, responses((status = 200, body = BrainFile), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn restore(caller: Authed, Id(id): Id<BrainFileId>, body: Body<BrainRestore>) -> Result<Json<BrainFile>, Problem> {
    Ok(Json(caller.op().restore_brain(id, &body.value).await?))
}

/// Removes a file. Its versions stay, and one of them can be brought back.
#[utoipa::path(post, path = "/api/brain/{id}/remove", operation_id = "remove_brain_file", tag = "brain", params(("id" = BrainFileId, Path)),
    request_body = BrainRemove, responses((status = 200, body = BrainFile), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<BrainFileId>, body: Body<BrainRemove>) -> Result<Json<BrainFile>, Problem> {
    Ok(Json(caller.op().remove_brain(id, &body.value).await?))
}

/// Reads a version's object, opens it, and checks its entry in the audit log against the newest signed checkpoint.
#[utoipa::path(get, path = "/api/brain/{id}/proof", operation_id = "prove_brain_version", tag = "brain", params(("id" = BrainFileId, Path), Which),
    responses((status = 200, body = BrainProof), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn proof(caller: Authed, Id(id): Id<BrainFileId>, Params(which): Params<Which>) -> Result<Json<BrainProof>, Problem> {
    Ok(Json(caller.op().brain_proof(id, which.version).await?))
}
