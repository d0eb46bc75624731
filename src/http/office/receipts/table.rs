//! `/office/receipts/table`: receipts of a table, a row each: what the dossier system exported.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{Batch, Said, desk, draft, places};
use crate::{
    http::{
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        issuing::{self, Draft},
        office::{by, page},
        pages::office::{
            field::Faults,
            receipts::{Table, Typed, table as draw},
        },
        problem::ApiError,
        state::AppState,
    },
    report::receipt_table::{self, Fault},
};

const PATH: &str = "/office/receipts/table";

/// The empty page.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    query.finish()?;
    asked(&state, reader, &person, StatusCode::OK, &Typed::default(), &Wrong::default())
}

/// What is wrong with a table, and with the fields around it.
#[derive(Default)]
struct Wrong {
    table: Vec<Fault>,
    fields: Faults,
}

fn asked(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    typed: &Typed,
    wrong: &Wrong,
) -> Result<HttpResponse, ApiError> {
    let (units, may) = (state.mirror.units(), places(state, person));
    let table = Table { units: &units, may: &may, typed, faults: &wrong.table, fields: &wrong.fields };
    page(state, reader, PATH, Some(person), status, |frame| draw(frame, &table))
}

/// Issues a receipt for each row, or says what is wrong and gives everything back that was typed.
///
/// # Errors
/// 403 for a unit that is not this person's; where the database cannot be written.
pub async fn send(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let typed = Typed::sent(&fields);
    let mut faults = Faults::default();
    let shared = draft(&state, &person, &typed, &mut faults)?;
    let rows = receipt_table::read(&typed.table);
    let (rows, shared) = match (rows, shared, faults.is_empty()) {
        (Ok(rows), Some(shared), true) => (rows, shared),
        (rows, _, _) => {
            let wrong = Wrong { table: rows.err().unwrap_or_default(), fields: faults };
            return asked(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &typed, &wrong);
        }
    };
    let drafts = rows.into_iter().map(|row| Draft {
        expires: row.days.map_or(shared.expires, |days| person.today.plus(i32::from(days))),
        service_field: row.service_field,
        procedure: row.procedure,
        ..shared.clone()
    });
    let issued = issuing::issue(&state, by(&state, &person), drafts.collect()).await?;
    let next = Typed { count: "1".to_owned(), table: String::new(), ..typed };
    let said = Said { issued: Batch::new(issued), ..Said::new(&next) };
    desk(&state, reader, &person, StatusCode::OK, &said)
}
