//! `/`: where to begin. An empty installation says what to do next.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{framed, page, views};
use crate::{
    http::{
        extract::reader::Reader,
        problem::ApiError,
        state::{AppState, Origin},
    },
    storage::receipts::counts,
};

/// How far an installation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// No unit yet.
    Empty,
    /// Units, but no receipt was ever issued.
    Units,
    /// In use.
    InUse,
}

/// The page.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(state: Data<AppState>, reader: Reader) -> Result<HttpResponse, ApiError> {
    let progress = if state.mirror.units().is_empty() {
        Progress::Empty
    } else if state.store.run(counts::issued_ever).await? == 0 {
        Progress::Units
    } else {
        Progress::InUse
    };
    let poster = if state.settings.origin == Origin::Demo { a_poster(&state) } else { None };
    let html = views::start(framed(&state, reader), progress, poster.as_deref())?;
    Ok(page(StatusCode::OK, reader, html))
}

/// The first unit without units below it that serves today.
fn a_poster(state: &AppState) -> Option<String> {
    let (units, today) = (state.mirror.units(), state.clock.today());
    let leaf = units.in_order().into_iter().find(|unit| {
        unit.is_valid_on(today) && unit.parent.is_some() && units.children(&unit.code).next().is_none()
    });
    leaf.map(|unit| unit.code.to_string())
}
