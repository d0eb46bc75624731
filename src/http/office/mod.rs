//! The pages of the offices: what each address does. How a page looks is in [`crate::http::pages::office`].
//!
//! The guard (`doors.rs`) has let nobody in who may not be here; what a person may do to *which* unit is asked here.

pub mod account;
pub mod audit;
pub mod code;
pub mod devices;
pub mod forms;
pub mod home;
pub mod identity;
mod invite;
mod passwords;
pub mod people;
pub mod policy;
pub mod receipts;
pub mod second_factor;
pub mod sign_in;
pub mod tokens;
pub mod units;
pub mod welcome;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

use super::{
    extract::{caller::Person, reader::Reader},
    pages::office::{OfficeFrame, Seen},
    problem::ApiError,
    state::AppState,
};
use crate::domain::{
    access::{Area, Right},
    audit::{Actor, By},
    ids::UnitCode,
    unit::UnitTree,
};

/// Who does something on a page, for the audit log.
fn by(state: &AppState, person: &Person) -> By {
    By { actor: Actor::Account(person.account.name.clone()), at: state.clock.unix_seconds() }
}

/// The units of an area, in the order of the tree.
fn units_in(area: &Area, units: &UnitTree) -> Vec<UnitCode> {
    let codes = |unit: &crate::domain::unit::Unit| unit.code.clone();
    match area {
        Area::Everywhere => units.in_order().into_iter().map(codes).collect(),
        Area::Under(roots) => {
            let mut found: Vec<UnitCode> = Vec::new();
            for unit in roots.iter().flat_map(|root| units.subtree(root)) {
                if !found.contains(&unit.code) {
                    found.push(unit.code.clone());
                }
            }
            found
        }
    }
}

/// The rights that somebody has anywhere today.
fn rights(person: &Person) -> Vec<Right> {
    Right::ALL.into_iter().filter(|right| !person.area(*right).is_nowhere()).collect()
}

/// A page of the offices at `path` for this reader, made by `draw`.
fn page(
    state: &AppState,
    reader: Reader,
    path: &str,
    person: Option<&Person>,
    status: StatusCode,
    draw: impl FnOnce(OfficeFrame<'_>) -> askama::Result<String>,
) -> Result<HttpResponse, ApiError> {
    let rights = person.map(rights).unwrap_or_default();
    let frame = OfficeFrame {
        language: reader.language,
        path,
        org: &state.settings.contact.organisation,
        origin: state.settings.origin,
        provider: state.provider.as_ref().map(|provider| provider.name()),
        person: person.map(|person| Seen { name: &person.account.display_name, rights: &rights }),
    };
    let html = draw(frame).map_err(|error| ApiError::Internal(error.into()))?;
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::VARY, "accept-language, cookie"));
    if let Some(cookie) = reader.cookie() {
        response.append_header((header::SET_COOKIE, cookie));
    }
    Ok(response.body(html))
}

/// To another page, which is fetched with GET.
fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}
