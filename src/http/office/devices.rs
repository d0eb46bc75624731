//! `/office/devices`: tablets. Who works for a part of the tree sees and enrols only those of it.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{by, page, see_other, units_in};
use crate::{
    domain::{
        access::Right,
        audit::{Action, Event},
        ids::UnitCode,
        receipt::ReceiptCode,
    },
    http::{
        doors::form_urlencoded,
        extract::{
            caller::{Person, check_covers},
            fields::Fields,
            query::Query,
            reader::Reader,
        },
        pages::office::{
            devices::{self as view, List, Question},
            field::Faults,
        },
        problem::{ApiError, Thing},
        state::AppState,
    },
    storage::{
        Db, audit,
        devices::{self, CODE_LASTS, CredentialHash, Device},
    },
};

const PATH: &str = "/office/devices";

/// What the list says beside itself.
#[derive(Default)]
struct Said<'a> {
    unit: &'a str,
    desk: &'a str,
    faults: Faults,
    invited: Option<(&'a Device, &'a ReceiptCode)>,
    revoked: Option<&'a str>,
}

/// The list, and the form for a new one.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let revoked = query.text("revoked");
    query.finish()?;
    let said = Said { revoked: revoked.as_deref(), ..Said::default() };
    list(&state, reader, &person, StatusCode::OK, &said).await
}

async fn list(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    said: &Said<'_>,
) -> Result<HttpResponse, ApiError> {
    let units = state.mirror.units();
    let (sees, may) = (person.area(Right::DevicesRead), person.area(Right::DevicesChange));
    let mut all = state.store.run(devices::all).await?;
    all.retain(|device| sees.covers(&units, &device.unit));
    // What works stands before what does not.
    all.sort_by_key(|device| device.revoked.is_some());
    let open = units_in(&may, &units);
    let list = List {
        devices: &all,
        units: &units,
        now: state.clock.unix_seconds(),
        may: (!may.is_nowhere()).then_some(&open),
        unit: said.unit,
        desk: said.desk,
        faults: &said.faults,
        invited: said.invited.map(|(device, code)| (device, code.to_string())),
        revoked: said.revoked,
    };
    page(state, reader, PATH, Some(person), status, |frame| view::render(frame, &list))
}

/// Gives a new tablet a code. The answer is the only page that ever shows it, so nothing leads elsewhere.
///
/// # Errors
/// 403 for a unit that is not this person's; where the database cannot be written.
pub async fn invite(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let (units, mut faults) = (state.mirror.units(), Faults::default());
    let (chosen, typed) = (fields.text("unit"), fields.text("desk"));
    let unit: Option<UnitCode> = chosen.parse().ok().filter(|unit| units.get(unit).is_some());
    let desk = devices::desk(typed);
    if desk.is_none() {
        faults.add("desk", "devices-desk-wrong");
    }
    match &unit {
        Some(unit) => check_covers(&person.area(Right::DevicesChange), &units, unit)?,
        None => faults.add("unit", "office-unit-wrong"),
    }
    let (Some(unit), Some(desk)) = (unit, desk) else {
        let said = Said { unit: chosen, desk: typed, faults, ..Said::default() };
        return list(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &said).await;
    };
    let by = by(&state, &person);
    let device = Device { code_expires: Some(by.at + CODE_LASTS), ..Device::new(unit, desk, person.today) };
    let (code, new) = (devices::new_code(), device.clone());
    let (hash, event) = (CredentialHash::of_code(&code), device.event(&by, Action::DeviceInvite));
    let invite = move |db: &mut Db| devices::invite(db, &new, hash, by.at + CODE_LASTS);
    state.store.run(move |db| audit::recorded(db, by.at, invite, |()| Some(event))).await?;
    let said = Said { invited: Some((&device, &code)), ..Said::default() };
    list(&state, reader, &person, StatusCode::OK, &said).await
}

/// The tablet of a path, where this person may change it.
async fn own(state: &AppState, person: &Person, id: &str) -> Result<Device, ApiError> {
    let nothing = || ApiError::NotFound(Thing::Page);
    let mut bytes = [0; 16];
    hex::decode_to_slice(id, &mut bytes).map_err(|_no_id| nothing())?;
    let device = state.store.run(move |db| devices::find(db, bytes)).await?.ok_or_else(nothing)?;
    check_covers(&person.area(Right::DevicesChange), &state.mirror.units(), &device.unit)?;
    Ok(device)
}

fn ask(
    state: &AppState,
    reader: Reader,
    person: &Person,
    device: &Device,
    question: Question,
) -> Result<HttpResponse, ApiError> {
    let word = if question == Question::Again { "again" } else { "revoke" };
    let (path, units) = (format!("{PATH}/{}/{word}", device.long_id()), state.mirror.units());
    page(state, reader, &path, Some(person), StatusCode::OK, |frame| {
        view::confirm(frame, &units, device, question)
    })
}

/// Asks before a tablet is enrolled again.
///
/// # Errors
/// 404 for an unknown tablet, 403 for one of another unit.
pub async fn ask_again(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let device = own(&state, &person, &id).await?;
    ask(&state, reader, &person, &device, Question::Again)
}

/// Gives a tablet another code: it keeps its id, and what it had before ends now.
///
/// # Errors
/// 404 for an unknown tablet, 403 for one of another unit; where the database cannot be written.
pub async fn again(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (device, by) = (own(&state, &person, &id).await?, by(&state, &person));
    let (code, event) = (devices::new_code(), device.event(&by, Action::DeviceInvite).with("again", "yes"));
    let (id, hash) = (device.id, CredentialHash::of_code(&code));
    let invite = move |db: &mut Db| devices::invite_again(db, id, hash, by.at + CODE_LASTS);
    record(&state, by.at, invite, event).await?;
    let device = Device { code_expires: Some(by.at + CODE_LASTS), ..device };
    let said = Said { invited: Some((&device, &code)), ..Said::default() };
    list(&state, reader, &person, StatusCode::OK, &said).await
}

async fn record(
    state: &AppState,
    at: i64,
    work: impl FnOnce(&mut Db) -> Result<bool, crate::storage::StorageError> + Send + 'static,
    event: Event,
) -> Result<(), ApiError> {
    let told = |done: &bool| done.then_some(event);
    state.store.run(move |db| audit::recorded(db, at, work, told)).await?;
    Ok(())
}

/// Asks before a tablet is revoked.
///
/// # Errors
/// 404 for an unknown tablet, 403 for one of another unit.
pub async fn ask_revoke(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let device = own(&state, &person, &id).await?;
    ask(&state, reader, &person, &device, Question::Revoke)
}

/// Revokes a tablet: at once it is nobody.
///
/// # Errors
/// 404 for an unknown tablet, 403 for one of another unit; where the database cannot be written.
pub async fn revoke(
    state: Data<AppState>,
    person: Person,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (device, by) = (own(&state, &person, &id).await?, by(&state, &person));
    let (id, today, event) = (device.id, person.today, device.event(&by, Action::DeviceRevoke));
    record(&state, by.at, move |db| devices::revoke(db, id, today), event).await?;
    Ok(see_other(&format!("{PATH}?revoked={}", form_urlencoded(&device.desk))))
}
