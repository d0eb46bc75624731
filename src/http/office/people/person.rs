//! `/office/people/{id}`: one account, with its roles and what can be done to it.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{address_of, page, reached};
use crate::{
    domain::access::{Area, Grant, Right, reach::covers_person},
    http::{
        extract::{caller::Person, query::Query, reader::Reader},
        pages::office::people::person::{self as looks, Shown},
        problem::ApiError,
        state::AppState,
    },
};

/// What was done a moment ago.
const DONE: [(&str, &str); 7] = [
    ("grant", "done-grant"),
    ("withdraw", "done-withdraw"),
    ("disable", "done-disable"),
    ("enable", "done-enable"),
    ("factor", "done-factor-removed"),
    ("join", "done-joined"),
    ("part", "done-parted"),
];

/// The page.
///
/// # Errors
/// Where there is no such account within the caller's reach.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    id: Path<String>,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let done = query.one_of("done", &DONE).unwrap_or_default();
    query.finish()?;
    let (account, stored) = reached(&state, &person, &id, Right::PeopleRead).await?;
    let units = state.mirror.units();
    let roles: Vec<Grant> = stored.iter().map(|stored| stored.grant.clone()).collect();
    let may_change = account.id != person.account.id
        && covers_person(&person.area(Right::PeopleChange), &units, &roles, person.today);
    let may_join = person.area(Right::PeopleChange) == Area::Everywhere;
    let path = format!("/office/people/{}", address_of(account.id));
    let shown = Shown {
        account: &account,
        grants: &stored,
        units: &units,
        today: person.today,
        may_change,
        may_join,
        done,
    };
    page(&state, reader, &path, Some(&person), StatusCode::OK, |frame| looks::render(frame, &path, &shown))
}
