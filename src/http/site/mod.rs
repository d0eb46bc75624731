//! Pages: what each address does. How a page looks is in [`crate::http::pages`].

pub mod accessibility;
pub mod code_entry;
mod filling;
pub mod kiosk;
pub mod poster;
pub mod privacy;
pub mod problem_page;
pub mod receipt;
pub mod scores;
pub mod start;
mod start_time;
pub mod statics;
mod submission;
mod views;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

use super::{extract::reader::Reader, pages::plain::Frame, state::AppState};
use crate::domain::{
    ids::{FormId, UnitCode},
    unit::UnitTree,
};

/// The form of units that name none.
const USUAL_FORM: &str = "one-stop-short";

/// The form that a unit's receipts and posters lead to.
pub(super) fn form_for(units: &UnitTree, unit: &UnitCode) -> Option<FormId> {
    units.form_of(unit).cloned().or_else(|| USUAL_FORM.parse().ok())
}

/// A page in the reader's language, which is remembered where it was just chosen.
fn page(status: StatusCode, reader: Reader, html: String) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, reader.language.as_str()))
        .insert_header((header::VARY, "accept-language, cookie"));
    if let Some(cookie) = reader.cookie() {
        response.insert_header((header::SET_COOKIE, cookie));
    }
    response.body(html)
}

/// The frame of a page for this reader.
fn framed(state: &AppState, reader: Reader) -> Frame<'static> {
    views::frame(reader.language, state.settings.origin)
}

/// To another page, which is fetched with GET.
fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}
