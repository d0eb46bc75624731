//! Forms: what is asked, in every language.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Keep, json};
use crate::{
    domain::ids::FormId,
    http::{
        openapi::Problem,
        problem::{ApiError, Thing},
        state::AppState,
    },
    report::form_json::{self, FormDocument, FormSummary},
};

/// The published forms.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormList {
    /// The newest version of each, by id.
    forms: Vec<FormSummary>,
}

/// The newest version of every form, by id.
#[utoipa::path(
    get, path = "/api/v1/forms", tag = "forms",
    responses((status = 200, description = "The forms", body = FormList))
)]
pub async fn list(state: Data<AppState>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let catalogue = state.mirror.forms();
    let forms = catalogue.newest_all().map(|form| form_json::summary(form)).collect();
    json(&request, &FormList { forms }, Keep::Public)
}

/// The newest version of a form.
#[utoipa::path(
    get, path = "/api/v1/forms/{id}", tag = "forms",
    params(("id" = String, Path, description = "The form's id", example = "one-stop-short")),
    responses(
        (status = 200, description = "The form", body = FormDocument),
        (status = 404, body = Problem, description = "No such form", content_type = "application/problem+json"),
    )
)]
pub async fn newest(
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id: FormId = id.parse().map_err(|_name| ApiError::NotFound(Thing::Form))?;
    let catalogue = state.mirror.forms();
    let form = catalogue.newest(&id).ok_or(ApiError::NotFound(Thing::Form))?;
    json(&request, &form_json::full(form), Keep::Public)
}

/// One version of a form. It never changes.
#[utoipa::path(
    get, path = "/api/v1/forms/{id}/{version}", tag = "forms",
    params(
        ("id" = String, Path, description = "The form's id", example = "one-stop-short"),
        ("version" = u16, Path, description = "Its version", example = 1),
    ),
    responses(
        (status = 200, description = "The form", body = FormDocument),
        (status = 404, body = Problem, description = "No such version", content_type = "application/problem+json"),
    )
)]
pub async fn version(
    state: Data<AppState>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (id, version) = path.into_inner();
    let unknown = || ApiError::NotFound(Thing::Form);
    let id: FormId = id.parse().map_err(|_name| unknown())?;
    let version: u16 = version.parse().map_err(|_number| unknown())?;
    let catalogue = state.mirror.forms();
    let form = catalogue.get(&id, version).ok_or_else(unknown)?;
    json(&request, &form_json::full(form), Keep::Forever)
}
