//! `/office/receipts`: the clerk issues receipts, prints them, prints one anew, takes one back.
//!
//! Keyboard first: the page opens on the button that issues, the answer opens on the button that prints.

mod batch;
pub mod one;
pub mod printing;
pub mod table;

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use self::batch::Batch;
use super::{by, page, units_in};
use crate::{
    domain::{
        access::Right,
        ids::{FieldCode, UnitCode},
    },
    http::{
        extract::{
            caller::{Person, check_covers},
            fields::Fields,
            query::Query,
            reader::Reader,
        },
        issuing::{self, Draft, MOST, MOST_DAYS},
        pages::office::{
            field::Faults,
            receipts::{self as view, Desk, Done, Typed},
        },
        problem::ApiError,
        site::form_for,
        state::AppState,
    },
    report::qr,
};

const PATH: &str = "/office/receipts";

/// The page.
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
    let typed = Typed { count: "1".to_owned(), ..Typed::default() };
    desk(&state, reader, &person, StatusCode::OK, &Said::new(&typed))
}

/// What the page says beside itself.
struct Said<'a> {
    typed: &'a Typed,
    faults: Faults,
    issued: Option<Batch>,
    /// Key of a sentence about what was done.
    note: &'static str,
}

impl<'a> Said<'a> {
    fn new(typed: &'a Typed) -> Self {
        Self { typed, faults: Faults::default(), issued: None, note: "" }
    }
}

/// The units where this person may issue today, in the order of the tree.
fn places(state: &AppState, person: &Person) -> Vec<UnitCode> {
    let units = state.mirror.units();
    let open = |code: &UnitCode| units.get(code).is_some_and(|unit| unit.is_valid_on(person.today));
    units_in(&person.area(Right::ReceiptsWrite), &units).into_iter().filter(open).collect()
}

fn desk(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    said: &Said<'_>,
) -> Result<HttpResponse, ApiError> {
    let (units, may) = (state.mirror.units(), places(state, person));
    let done = said.issued.as_ref().map(|batch| done(state, person, batch)).transpose()?;
    let desk = Desk {
        units: &units,
        may: &may,
        typed: said.typed,
        faults: &said.faults,
        done,
        note: said.note,
        usual_days: state.settings.policy.receipt_expires_days,
        longest_host: qr::check_address(&state.settings.public_url).err().map(qr::QrError::longest_host),
    };
    page(state, reader, PATH, Some(person), status, |frame| view::render(frame, &desk))
}

fn done(state: &AppState, person: &Person, batch: &Batch) -> Result<Done, ApiError> {
    let code = |receipt: Option<&crate::http::pages::print::Receipt>| {
        receipt.map(|receipt| receipt.code.to_string()).unwrap_or_default()
    };
    let days = || batch.receipts.iter().map(|receipt| receipt.expires);
    let symbol = match batch.receipts.as_slice() {
        [only] => qr::receipt(&state.settings.public_url, &only.code).ok().map(|symbol| qr::svg(&symbol)),
        _ => None,
    };
    Ok(Done {
        batch: batch.seal(state, person)?,
        unit: batch.unit.clone(),
        count: batch.receipts.len(),
        first: code(batch.receipts.first()),
        last: code(batch.receipts.last()),
        expires: (days().min().unwrap_or(person.today), days().max().unwrap_or(person.today)),
        symbol,
    })
}

/// Issues receipts. The answer is the only page that ever has their codes, so nothing leads elsewhere.
///
/// # Errors
/// 403 for a unit that is not this person's; where the database cannot be written.
pub async fn issue(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let typed = Typed::sent(&fields);
    let mut faults = Faults::default();
    let count = typed.count.parse().ok().filter(|count| (1..=MOST).contains(count));
    if count.is_none() {
        faults.add_with("count", "receipts-count-wrong", MOST.to_string());
    }
    let draft = draft(&state, &person, &typed, &mut faults)?;
    let (Some(count), Some(draft), true) = (count, draft, faults.is_empty()) else {
        let said = Said { faults, ..Said::new(&typed) };
        return desk(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &said);
    };
    let issued = issuing::issue(&state, by(&state, &person), vec![draft; usize::from(count)]).await?;
    // The next one is mostly one again.
    let next = Typed { count: "1".to_owned(), ..typed };
    let said = Said { issued: Batch::new(issued), ..Said::new(&next) };
    desk(&state, reader, &person, StatusCode::OK, &said)
}

/// What all receipts of a form share, or what is wrong with it.
///
/// # Errors
/// 403 for a unit that is not this person's.
fn draft(
    state: &AppState,
    person: &Person,
    typed: &Typed,
    faults: &mut Faults,
) -> Result<Option<Draft>, ApiError> {
    let units = state.mirror.units();
    let unit: Option<UnitCode> = typed.unit.parse().ok().filter(|unit| units.get(unit).is_some());
    if let Some(unit) = &unit {
        check_covers(&person.area(Right::ReceiptsWrite), &units, unit)?;
    }
    let unit = unit.filter(|unit| places(state, person).contains(unit));
    if unit.is_none() {
        faults.add("unit", "office-unit-wrong");
    }
    let mut name = |id, text: &str| -> Option<FieldCode> {
        let name = text.parse().ok();
        if name.is_none() && !text.is_empty() {
            faults.add(id, "receipts-name-wrong");
        }
        name
    };
    let service_field = name("service_field", &typed.service_field);
    let procedure = name("procedure", &typed.procedure);
    let usual = state.settings.policy.receipt_expires_days;
    let days = if typed.days.is_empty() { Some(usual) } else { typed.days.parse().ok() };
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        faults.add_with("days", "receipts-days-wrong", MOST_DAYS.to_string());
    }
    let (Some(unit), Some(days)) = (unit, days) else { return Ok(None) };
    let Some(form) = form_for(&units, &unit) else { return Ok(None) };
    Ok(Some(Draft {
        unit,
        form,
        service_field,
        procedure,
        issued: person.today,
        expires: person.today.plus(i32::from(days)),
    }))
}
