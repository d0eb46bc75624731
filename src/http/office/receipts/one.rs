//! `/office/receipts/code`: one receipt by its code: printed anew with another code, or taken back.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{Batch, Said, desk};
use crate::{
    domain::{
        access::Right,
        receipt::{ReceiptCode, ReceiptState},
    },
    http::{
        extract::{caller::Person, fields::Fields, reader::Reader},
        issuing,
        office::by,
        pages::office::{field::Faults, receipts::Typed},
        problem::ApiError,
        state::AppState,
        submit::{self, Opened},
    },
};

/// Does it.
///
/// # Errors
/// Where the database cannot be read or written.
pub async fn change(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let mut typed = Typed { count: "1".to_owned(), ..Typed::sent(&fields) };
    let opened = match own(&state, &person, &typed.code).await? {
        Ok(opened) => opened,
        Err(key) => {
            let said = Said { faults: Faults::one("code", key), ..Said::new(&typed) };
            return desk(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &said);
        }
    };
    typed.code = String::new();
    let by = by(&state, &person);
    let mut said = Said::new(&typed);
    if fields.text("do") == "void" {
        issuing::void(&state, by, &opened).await?;
        said.note = "receipts-void-done";
    } else {
        said.issued = Batch::new(vec![issuing::replace(&state, by, opened).await?]);
        said.note = "receipts-replace-done";
    }
    desk(&state, reader, &person, StatusCode::OK, &said)
}

/// The receipt of a code, where it is this person's and can still be used; else what to say. A code of another unit is
/// as unknown as one that nobody has.
async fn own(
    state: &AppState,
    person: &Person,
    typed: &str,
) -> Result<Result<Opened, &'static str>, ApiError> {
    let Ok(code) = typed.parse::<ReceiptCode>() else { return Ok(Err("receipts-code-slip")) };
    let opened = match submit::open_known(state, &code).await {
        Ok(opened) => opened,
        Err(ApiError::NotFound(_)) => return Ok(Err("receipts-code-unknown")),
        Err(other) => return Err(other),
    };
    let area = person.area(Right::ReceiptsWrite);
    if !area.covers(&state.mirror.units(), &opened.stored.receipt.unit) {
        return Ok(Err("receipts-code-unknown"));
    }
    Ok(match opened.stored.state_on(person.today) {
        ReceiptState::Issued => Ok(opened),
        ReceiptState::Used => Err("receipts-code-used"),
        ReceiptState::Expired => Err("receipts-code-expired"),
        ReceiptState::Void => Err("receipts-code-void"),
        ReceiptState::Replaced => Err("receipts-code-replaced"),
    })
}
