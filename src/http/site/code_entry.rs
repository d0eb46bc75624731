//! `/r`: where the code on a receipt is typed by hand.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{framed, page, see_other, views};
use crate::{
    domain::receipt::ReceiptCode,
    http::{
        extract::{query::Query, reader::Reader},
        problem::ApiError,
        state::AppState,
    },
};

/// Shows the field, or leads to the form of the code that was typed. A slip is told without a look-up.
///
/// # Errors
/// Where the address has parameters that nobody asked for.
pub async fn show(state: Data<AppState>, reader: Reader, mut query: Query) -> Result<HttpResponse, ApiError> {
    let typed = query.text("code");
    query.finish()?;
    let frame = framed(&state, reader);
    match typed.as_deref().map(str::parse::<ReceiptCode>) {
        None => Ok(page(StatusCode::OK, reader, views::code_entry(frame, None)?)),
        Some(Ok(code)) => Ok(see_other(&format!("/r/{}", code.compact()))),
        Some(Err(_slip)) => {
            let html = views::code_entry(frame, typed.as_deref())?;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, reader, html))
        }
    }
}
