//! `/office/units`: the tree, and its imports: shown first, done as they were shown, taken back.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{page, see_other};
use crate::{
    domain::{
        access::{Area, Right},
        audit::{Action, Actor, Event},
        unit_import::{self, ImportFault, ImportPlan},
    },
    http::{
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        pages::office::units::{self as pages, Asked, Seen, Shown},
        problem::{ApiError, Refusal, Thing},
        state::AppState,
    },
    report::unit_table,
    storage::{
        Db, StorageError, audit,
        imports::{self, Import, TakeBackError},
        mirror, units,
    },
};

/// The tree's address.
const TREE: &str = "/office/units";
/// The import's address.
const IMPORT: &str = "/office/units/import";

/// Refuses who has a right in a part of the tree alone: an import may change any unit.
fn everywhere(person: &Person, right: Right) -> Result<(), ApiError> {
    if person.area(right) == Area::Everywhere { Ok(()) } else { Err(ApiError::Forbidden(Refusal::Role)) }
}

/// The tree, as far as the reader may see it, and the imports.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let done = query.text("done").and_then(|text| text.parse::<i64>().ok());
    let area = person.area(Right::UnitsRead);
    let all = area == Area::Everywhere;
    let (tree, done_by_now) = state
        .store
        .run(move |db| Ok((units::tree(db)?, if all { imports::all(db)? } else { Vec::new() })))
        .await?;
    let seen = Seen {
        tree: &tree,
        area: &area,
        imports: &done_by_now,
        done,
        may_import: person.area(Right::UnitsChange) == Area::Everywhere,
        today: person.today,
    };
    page(&state, reader, TREE, Some(&person), StatusCode::OK, |frame| pages::tree(frame, &seen))
}

/// The empty page to import by.
///
/// # Errors
/// 403 for who may not import everywhere.
pub async fn import(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    everywhere(&person, Right::UnitsChange)?;
    asked(&state, reader, &person, StatusCode::OK, &Asked::default())
}

fn asked(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    asked: &Asked,
) -> Result<HttpResponse, ApiError> {
    page(state, reader, IMPORT, Some(person), status, |frame| pages::import(frame, asked))
}

/// Shows what a table would change, or does it, where it would still do exactly what was shown.
///
/// # Errors
/// 403 for who may not import everywhere; where the database cannot be written.
pub async fn send(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    everywhere(&person, Right::UnitsChange)?;
    // What a page hands back ends its lines otherwise than what was pasted.
    let table = fields.text("table").replace("\r\n", "\n");
    let name = fields.given("name").unwrap_or("").chars().take(100).collect::<String>();
    let shown = fields.given("shown").map(str::to_owned);
    let (now, today) = (state.clock.unix_seconds(), state.clock.today());
    let actor = Actor::Account(person.account.name.clone());
    let (text, file) = (table.clone(), name.clone());
    let outcome = state
        .store
        .run(move |db| {
            db.write(|db| {
                let planned = plan(db, &text)?;
                let Planned::Plan(plan) = planned else { return Ok(Outcome::Show(planned)) };
                if plan.changes.is_empty() || shown.as_deref() != Some(digest(&text, &plan).as_str()) {
                    return Ok(Outcome::Show(Planned::Plan(plan)));
                }
                let id = imports::apply(db, &plan, &file, today)?;
                let event = Event::new(actor, Action::UnitImport, id.to_string())
                    .with("units", plan.changes.len())
                    .with("file", &file);
                audit::append(db, now, &event)?;
                Ok(Outcome::Done(id))
            })
        })
        .await?;
    match outcome {
        Outcome::Done(id) => Ok(see_other(&format!("{TREE}?done={id}"))),
        Outcome::Show(planned) => {
            let confirmed = fields.given("shown").is_some();
            let page = shown_page(planned, table, name, confirmed);
            let status = if page.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            asked(&state, reader, &person, status, &page)
        }
    }
}

/// What became of what was sent.
enum Outcome {
    Show(Planned),
    Done(i64),
}

/// What a table says.
enum Planned {
    /// It cannot be read.
    Unreadable(String),
    /// Its faults.
    Faults(Vec<ImportFault>),
    /// What it would change.
    Plan(ImportPlan),
}

fn plan(db: &mut Db, text: &str) -> Result<Planned, StorageError> {
    let rows = match unit_table::read(text.as_bytes()) {
        Ok(rows) => rows,
        Err(error) => return Ok(Planned::Unreadable(error.what)),
    };
    let (tree, forms) = (units::tree(db)?, mirror::catalogue(db)?);
    let planned = unit_import::plan(&tree, &rows, &|id| forms.newest(id).is_some());
    Ok(planned.map_or_else(Planned::Faults, Planned::Plan))
}

/// What was shown, as a word that tells it from anything else: the table and what it changes.
fn digest(text: &str, plan: &ImportPlan) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("sipas 2026 import of units as it was shown");
    for part in std::iter::once(text.to_owned()).chain(plan.changes.iter().map(|c| format!("{c:?}"))) {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn shown_page(planned: Planned, table: String, name: String, confirmed: bool) -> Asked {
    let page = Asked { name, stale: confirmed, ..Asked::default() };
    match planned {
        Planned::Unreadable(what) => Asked { table, unreadable: what, ..page },
        Planned::Faults(faults) => Asked { table, faults, ..page },
        Planned::Plan(plan) => {
            Asked { shown: Some(Shown { digest: digest(&table, &plan), plan }), table, ..page }
        }
    }
}

async fn find(state: &AppState, id: i64) -> Result<Import, ApiError> {
    let all = state.store.run(imports::all).await?;
    all.into_iter().find(|import| import.id == id).ok_or(ApiError::NotFound(Thing::Page))
}

/// One import, and what it changed.
///
/// # Errors
/// 403 for who may not see all units, 404 where there is none of this number.
pub async fn one(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    id: Path<i64>,
) -> Result<HttpResponse, ApiError> {
    everywhere(&person, Right::UnitsRead)?;
    let import = find(&state, *id).await?;
    one_page(&state, reader, &person, StatusCode::OK, &import, "")
}

fn one_page(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    import: &Import,
    failure: &str,
) -> Result<HttpResponse, ApiError> {
    let may = person.area(Right::UnitsChange) == Area::Everywhere && import.taken_back.is_none();
    let path = format!("{TREE}/imports/{}", import.id);
    page(state, reader, &path, Some(person), status, |frame| pages::one(frame, import, may, failure))
}

/// Takes an import back.
///
/// # Errors
/// 403 for who may not import, 404 where there is none of this number; where the database cannot be written.
pub async fn take_back(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    id: Path<i64>,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    everywhere(&person, Right::UnitsChange)?;
    let id = *id;
    let import = find(&state, id).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if fields.given("sure").is_none() {
        return one_page(&state, reader, &person, status, &import, "units-not-sure");
    }
    let (now, today) = (state.clock.unix_seconds(), state.clock.today());
    let actor = Actor::Account(person.account.name.clone());
    let taken = state
        .store
        .run(move |db| {
            db.write(|db| {
                let taken = imports::take_back(db, id, today)?;
                if taken.is_ok() {
                    audit::append(db, now, &Event::new(actor, Action::UnitTakeBack, id.to_string()))?;
                }
                Ok(taken)
            })
        })
        .await?;
    match taken {
        Ok(_import) => Ok(see_other(&format!("{TREE}/imports/{id}"))),
        Err(TakeBackError::Unknown(_)) => Err(ApiError::NotFound(Thing::Page)),
        Err(TakeBackError::Before(_)) => {
            one_page(&state, reader, &person, status, &import, "units-taken-before")
        }
        Err(TakeBackError::Hangs { why, .. }) => one_page(&state, reader, &person, status, &import, &why),
    }
}
