//! `/office/forms`: the instruments as printed, their versions, and how two versions differ.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::page;
use crate::{
    domain::{
        form::Form,
        form_change::{self, Change},
        ids::FormId,
    },
    http::{
        extract::{caller::Person, query::Query, reader::Reader},
        pages::office::forms as pages,
        problem::{ApiError, Thing},
        state::AppState,
    },
    report::form_json,
};

/// Every version of every form.
///
/// # Errors
/// Where the page cannot be made.
pub async fn list(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    let forms = state.mirror.forms();
    let all: Vec<_> = forms.all().map(|form| form_json::summary(form)).collect();
    page(&state, reader, "/office/forms", Some(&person), StatusCode::OK, |frame| pages::list(frame, &all))
}

/// One version, and how it differs from the version `with`.
///
/// # Errors
/// 404 where there is no such form or version.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    path: Path<(String, u16)>,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let (id, version) = path.into_inner();
    let nothing = || ApiError::NotFound(Thing::Form);
    let id: FormId = id.parse().map_err(|_name| nothing())?;
    let forms = state.mirror.forms();
    let form = forms.get(&id, version).ok_or_else(nothing)?;
    let other = match query.text("with") {
        Some(text) => {
            let number = text.parse().map_err(|_number| nothing())?;
            Some(forms.get(&id, number).ok_or_else(nothing)?)
        }
        None => None,
    };
    let compared = other.map(|other| (other.version, changes(other, form)));
    let versions: Vec<u16> = forms.all().filter(|form| form.id == id).map(|form| form.version).collect();
    let here = format!("/office/forms/{id}/{version}");
    let address = other.map_or_else(|| here.clone(), |other| format!("{here}?with={}", other.version));
    page(&state, reader, &address, Some(&person), StatusCode::OK, |frame| {
        pages::one(frame, &form_json::full(form), &versions, compared)
    })
}

/// What differs, from the older version to the newer one.
fn changes(one: &Form, other: &Form) -> Vec<Change> {
    let (old, new) = if one.version <= other.version { (one, other) } else { (other, one) };
    form_change::of_forms(old, new).map(|difference| difference.changes).unwrap_or_default()
}
