//! `/office/audit`: who did what. Who audits a part of the tree sees only what concerns its units.

use std::str::FromStr;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Data,
};

use super::{by, page, units_in};
use crate::{
    domain::{
        access::{Area, Right},
        audit::Action,
        period::Day,
    },
    http::{
        doors::form_urlencoded,
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        limits::Prefix,
        pages::office::audit::{self as view, Asked, List},
        problem::{ApiError, FieldFault},
        state::AppState,
    },
    report::csv::{CsvWriter, Field},
    storage::{
        Db, StorageError,
        audit::{
            self, COLUMNS, Entry,
            reading::{self, Filter, Page},
        },
    },
};

const PATH: &str = "/office/audit";
/// Entries on one page.
const ON_A_PAGE: usize = 50;
/// Entries that are read at once for a file.
const SLICE: i64 = 1000;

/// A filter as it was typed. What cannot be read is a fault of the sender: the page offers nothing such.
fn filter(state: &AppState, person: &Person, asked: &Asked) -> Result<Filter, ApiError> {
    fn read<T: FromStr>(name: &str, text: &str) -> Result<Option<T>, FieldFault> {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_unreadable| FieldFault::at(name, "invalid"))
    }
    let invalid = |fault| ApiError::Invalid(vec![fault]);
    let area = person.area(Right::AuditRead);
    let units = match &area {
        Area::Everywhere => None,
        Area::Under(_) => {
            Some(units_in(&area, &state.mirror.units()).iter().map(ToString::to_string).collect())
        }
    };
    Ok(Filter {
        actor: Some(asked.actor.clone()).filter(|actor| !actor.is_empty()),
        action: read::<Action>("action", &asked.action).map_err(invalid)?,
        since: read::<Day>("since", &asked.since).map_err(invalid)?,
        until: read::<Day>("until", &asked.until).map_err(invalid)?,
        units,
    })
}

/// The address of this page with a filter, and before an entry where one is given.
fn address(asked: &Asked, before: Option<i64>) -> String {
    let before = before.map(|number| number.to_string()).unwrap_or_default();
    let pairs = [
        ("actor", &asked.actor),
        ("action", &asked.action),
        ("since", &asked.since),
        ("until", &asked.until),
        ("before", &before),
    ];
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> =
        given.map(|(name, value)| format!("{name}={}", form_urlencoded(value))).collect();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", query.join("&")) }
}

/// The newest entries, or those before one.
///
/// # Errors
/// 422 for a filter that cannot be read; where the database cannot be read.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut text = |name| query.text(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let asked =
        Asked { actor: text("actor"), action: text("action"), since: text("since"), until: text("until") };
    let before: Option<i64> = query.parsed("before", "the number of an entry");
    query.finish()?;
    let filter = filter(&state, &person, &asked)?;
    let in_part = filter.units.is_some();
    let from = before.map_or(Page::Newest, Page::Before);
    let most = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut entries = state.store.run(move |db| reading::read(db, &filter, from, most)).await?;
    let more = entries.len() > ON_A_PAGE;
    entries.truncate(ON_A_PAGE);
    let oldest = entries.last().map(|entry| entry.number).filter(|_| more);
    let (units, path) = (state.mirror.units(), address(&asked, before));
    let list = List {
        entries: &entries,
        units: &units,
        asked: &asked,
        older: oldest.map(|number| address(&asked, Some(number))).unwrap_or_default(),
        newest: before.map(|_number| address(&asked, None)).unwrap_or_default(),
        in_part,
    };
    page(&state, reader, &path, Some(&person), StatusCode::OK, |frame| view::render(frame, list))
}

/// The entries as a file, the oldest first.
///
/// # Errors
/// 422 for a filter that cannot be read; where the database cannot be read or written.
pub async fn export(
    state: Data<AppState>,
    from: Prefix,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let text = |name| fields.text(name).trim().to_owned();
    let asked =
        Asked { actor: text("actor"), action: text("action"), since: text("since"), until: text("until") };
    let (filter, by) = (filter(&state, &person, &asked)?, by(&state, &person));
    let event = by.does(Action::ExportAudit, "");
    let turn = state.tables.turn(from).await?;
    let bytes = state
        .store
        .run(move |db| {
            // Kept to the end of the work, also where the reader goes away.
            let _turn = turn;
            audit::record(db, by.at, &event)?;
            written(db, &filter)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""))
        .body(bytes))
}

fn written(db: &mut Db, filter: &Filter) -> Result<Vec<u8>, StorageError> {
    let failed = |error| StorageError::Stream(std::io::Error::other(error));
    let mut csv = CsvWriter::new(Vec::new(), &COLUMNS).map_err(failed)?;
    let mut last = 0;
    loop {
        let slice: Vec<Entry> = reading::read(db, filter, Page::After(last), SLICE)?;
        let Some(end) = slice.last() else { break };
        last = end.number;
        for entry in &slice {
            csv.row(&entry.cells().each_ref().map(|cell| Field::Text(cell))).map_err(failed)?;
        }
    }
    csv.finish().map_err(failed)
}
