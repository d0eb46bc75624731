//! `/office/receipts/print` and `/office/receipts/poster`: what was issued, and a unit's poster, as a printer takes them.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{self, Data},
};

use super::{Batch, Said, desk};
use crate::{
    domain::{access::Right, ids::UnitCode, unit::Unit},
    http::{
        extract::{
            caller::{Person, check_covers},
            fields::Fields,
            query::Query,
            reader::Reader,
        },
        pages::{
            office::{field::Faults, receipts::Typed},
            print::{self, Office, Receipt},
        },
        problem::{ApiError, Thing},
        state::AppState,
    },
    report::{
        csv::{CsvError, CsvWriter, Field},
        print::{self as prints, Kind, Layout, PrintError, Size},
    },
};

/// Prints what a page carried.
///
/// # Errors
/// 409 where the public address is too long for a receipt.
pub async fn print(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let typed = Typed { count: "1".to_owned(), ..Typed::default() };
    let refused = |key| {
        let said = Said { faults: Faults::one("count", key), ..Said::new(&typed) };
        desk(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &said)
    };
    let Some(batch) = Batch::open(&state, &person, fields.text("batch")) else {
        return refused("receipts-batch-over");
    };
    let units = state.mirror.units();
    check_covers(&person.area(Right::ReceiptsWrite), &units, &batch.unit)?;
    if fields.text("layout") == "csv" {
        let bytes = csv(&state.settings.public_url, &batch.receipts)
            .map_err(|error| ApiError::Internal(error.into()))?;
        return Ok(file("text/csv; charset=utf-8", "attachment", &batch, "csv", bytes));
    }
    let (Some(unit), Ok(layout)) = (units.get(&batch.unit), fields.text("layout").parse::<Layout>()) else {
        return refused("receipts-layout-wrong");
    };
    let texts = print::texts(office(&state, unit));
    let slips: Vec<_> = batch.receipts.iter().map(print::slip).collect();
    let url = state.settings.public_url.clone();
    let bytes = printed(move || prints::receipts(layout, &url, &texts, &slips)).await?;
    // A page is looked at before it is printed; commands of a printer are no page.
    let how = if layout.kind() == Kind::Pdf { "inline" } else { "attachment" };
    Ok(file(layout.kind().media_type(), how, &batch, layout.kind().extension(), bytes))
}

/// A unit's poster.
///
/// # Errors
/// 404 for no unit of this person's.
pub async fn poster(
    state: Data<AppState>,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let unit = query.parsed::<UnitCode>("unit", "a unit's code");
    let size = query.parsed::<Size>("size", "a4, a3").unwrap_or(Size::A4);
    query.finish()?;
    let units = state.mirror.units();
    let unit = unit.as_ref().and_then(|unit| units.get(unit)).ok_or(ApiError::NotFound(Thing::Unit))?;
    check_covers(&person.area(Right::ReceiptsWrite), &units, &unit.code)?;
    let poster = print::poster(office(&state, unit), &state.settings.public_url);
    let bytes = printed(move || prints::poster(&poster, size)).await?;
    let name = format!("inline; filename=\"poster-{}-{size}.pdf\"", unit.code);
    Ok(sent("application/pdf", name, bytes))
}

fn office<'a>(state: &'a AppState, unit: &'a Unit) -> Office<'a> {
    Office {
        organisation: &state.settings.contact.organisation,
        unit,
        title: &state.settings.printing.title,
        words: &state.settings.printing.words,
        origin: state.settings.origin,
    }
}

/// A sheet takes some milliseconds, a thousand receipts a second: not on a thread that answers.
async fn printed(
    work: impl FnOnce() -> Result<Vec<u8>, PrintError> + Send + 'static,
) -> Result<Vec<u8>, ApiError> {
    let done = web::block(work).await.map_err(|error| ApiError::Internal(error.into()))?;
    done.map_err(|error| match error {
        PrintError::Address(error) => ApiError::AddressTooLong(error.longest_host()),
        PrintError::Pdf(_) => ApiError::Internal(error.into()),
    })
}

/// Codes and addresses, for who prints them in a way of their own.
fn csv(public_url: &str, receipts: &[Receipt]) -> Result<Vec<u8>, CsvError> {
    let mut csv = CsvWriter::new(Vec::new(), &["code", "url", "expires", "service_field", "procedure"])?;
    for receipt in receipts {
        let url = format!("{public_url}/r/{}", receipt.code.compact());
        let (code, expires) = (receipt.code.to_string(), receipt.expires.to_string());
        csv.row(&[
            Field::Text(&code),
            Field::Text(&url),
            Field::Text(&expires),
            receipt.service_field.as_ref().map_or(Field::Missing, |name| Field::Text(name.as_str())),
            receipt.procedure.as_ref().map_or(Field::Missing, |name| Field::Text(name.as_str())),
        ])?;
    }
    csv.finish()
}

/// A file, named by unit, number and first day; never by a code.
fn file(kind: &str, how: &str, batch: &Batch, extension: &str, bytes: Vec<u8>) -> HttpResponse {
    let day = batch.receipts.first().map(|receipt| receipt.issued.to_string()).unwrap_or_default();
    let name = format!("receipts-{}-{day}-{}.{extension}", batch.unit, batch.receipts.len());
    sent(kind, format!("{how}; filename=\"{name}\""), bytes)
}

fn sent(kind: &str, disposition: String, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}
