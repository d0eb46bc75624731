//! `/office/tokens`: tokens of other systems. Who administers a part of the tree sees and makes only those of it.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{by, page, see_other, units_in};
use crate::{
    domain::{
        access::{
            Area, Right,
            reach::{self, Denied},
        },
        audit::Action,
        ids::UnitCode,
        period::Day,
        token::{Scope, Scopes},
    },
    http::{
        doors::form_urlencoded,
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        pages::office::{
            field::Faults,
            tokens::{self as view, List, May, Typed},
        },
        problem::{ApiError, Refusal, Thing},
        state::AppState,
    },
    storage::{
        Db, audit,
        tokens::{self, StoredToken, TokenHash},
    },
};

const PATH: &str = "/office/tokens";
/// Days that a token works, where nobody says how long.
const USUAL_DAYS: i32 = 365;
/// Longest name, in letters.
const NAME: usize = 60;

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
    let expires = state.clock.today().plus(USUAL_DAYS).to_string();
    let typed = Typed { expires, ..Typed::default() };
    let said = Said { revoked: revoked.as_deref(), ..Said::new(&typed) };
    list(&state, reader, &person, StatusCode::OK, &said).await
}

/// What the list says beside itself.
struct Said<'a> {
    typed: &'a Typed,
    faults: Faults,
    made: Option<(&'a str, &'a str)>,
    revoked: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn new(typed: &'a Typed) -> Self {
        Self { typed, faults: Faults::default(), made: None, revoked: None }
    }
}

async fn list(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    said: &Said<'_>,
) -> Result<HttpResponse, ApiError> {
    let units = state.mirror.units();
    let (sees, may) = (person.area(Right::TokensRead), person.area(Right::TokensChange));
    let mut all = state.store.run(tokens::all).await?;
    all.retain(|token| sees.covers_all(&units, token.unit.as_ref()));
    // What works stands before what does not.
    all.sort_by_key(|token| token.revoked.is_some());
    let list = List {
        tokens: &all,
        units: &units,
        today: person.today,
        may: (!may.is_nowhere())
            .then(|| May { everywhere: may == Area::Everywhere, units: units_in(&may, &units) }),
        typed: said.typed,
        faults: &said.faults,
        made: said.made,
        revoked: said.revoked,
    };
    page(state, reader, PATH, Some(person), status, |frame| view::render(frame, &list))
}

/// Makes a token. The answer is the only page that ever shows its secret, so nothing leads elsewhere.
///
/// # Errors
/// Where the unit lies elsewhere than this administrator's; where the database cannot be written.
pub async fn create(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let never = fields.given("never").is_some();
    let typed = Typed {
        name: fields.text("name").trim().to_owned(),
        scopes: fields.all("scope").map(str::to_owned).collect(),
        unit: fields.text("unit").to_owned(),
        expires: if never { String::new() } else { fields.text("expires").trim().to_owned() },
    };
    let new = match read(&state, &person, &typed, never)? {
        Ok(new) => new,
        Err(faults) => {
            let said = Said { faults, ..Said::new(&typed) };
            return list(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &said).await;
        }
    };
    let (secret, by) = (tokens::secret(), by(&state, &person));
    let (hash, event) = (TokenHash::of(&secret), new.event(&by, Action::TokenCreate));
    let make = move |db: &mut Db| tokens::create(db, hash, &new);
    let told = |made: &bool| made.then_some(event);
    if !state.store.run(move |db| audit::recorded(db, by.at, make, told)).await? {
        let mut faults = Faults::default();
        faults.add("name", "tokens-taken");
        let said = Said { faults, ..Said::new(&typed) };
        return list(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &said).await;
    }
    let empty = Typed { expires: person.today.plus(USUAL_DAYS).to_string(), ..Typed::default() };
    let said = Said { made: Some((&typed.name, &secret)), ..Said::new(&empty) };
    list(&state, reader, &person, StatusCode::OK, &said).await
}

/// A token as it was typed, or what is wrong.
fn read(
    state: &AppState,
    person: &Person,
    typed: &Typed,
    never: bool,
) -> Result<Result<StoredToken, Faults>, ApiError> {
    let (units, mut faults) = (state.mirror.units(), Faults::default());
    let length = typed.name.chars().count();
    if length == 0 || length > NAME || typed.name.chars().any(char::is_control) {
        faults.add("name", "tokens-name-wrong");
    }
    let scopes: Result<Scopes, _> = typed.scopes.iter().map(|scope| scope.parse::<Scope>()).collect();
    let scopes = scopes.ok().filter(|_| !typed.scopes.is_empty());
    if scopes.is_none() {
        faults.add("scope", "tokens-scope-wrong");
    }
    let unit: Option<UnitCode> = typed.unit.parse().ok();
    let everywhere = person.area(Right::TokensChange) == Area::Everywhere;
    if typed.unit.is_empty() && !everywhere {
        faults.add("unit", "tokens-unit-missing");
    } else if !typed.unit.is_empty() && unit.as_ref().and_then(|unit| units.get(unit)).is_none() {
        faults.add("unit", "office-unit-wrong");
    }
    let expires: Option<Day> = typed.expires.parse().ok().filter(|day| *day >= person.today);
    if !never && expires.is_none() {
        faults.add("expires", "tokens-expires-wrong");
    }
    let key = (unit.as_ref(), expires);
    match reach::may_leave(&person.grants, &units, Right::TokensChange, key, person.today) {
        _ if !faults.is_empty() => {}
        Ok(()) => {}
        Err(Denied::Outlasts) => faults.add("expires", "tokens-expires-outlasts"),
        Err(_outside) => return Err(ApiError::Forbidden(Refusal::OutsideSubtree)),
    }
    let (Some(scopes), true) = (scopes, faults.is_empty()) else { return Ok(Err(faults)) };
    Ok(Ok(StoredToken {
        name: typed.name.clone(),
        scopes: scopes.to_string(),
        unit,
        created: person.today,
        revoked: None,
        expires,
        last_used: None,
    }))
}

/// The token with this name, where this administrator may revoke it.
async fn own(state: &AppState, person: &Person, name: &str) -> Result<StoredToken, ApiError> {
    let all = state.store.run(tokens::all).await?;
    let token = all.into_iter().find(|token| token.name == name && token.revoked.is_none());
    let token = token.ok_or(ApiError::NotFound(Thing::Page))?;
    let may = person.area(Right::TokensChange);
    if !may.covers_all(&state.mirror.units(), token.unit.as_ref()) {
        return Err(ApiError::Forbidden(Refusal::OutsideSubtree));
    }
    Ok(token)
}

/// Asks before a token is revoked.
///
/// # Errors
/// 404 for a token that does not work any more, 403 for one of other units.
pub async fn ask(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let name = query.text("name").unwrap_or_default();
    query.finish()?;
    let token = own(&state, &person, &name).await?;
    let path = format!("{PATH}/revoke?name={}", form_urlencoded(&name));
    page(&state, reader, &path, Some(&person), StatusCode::OK, |frame| view::confirm(frame, &token.name))
}

/// Revokes a token.
///
/// # Errors
/// 404 for a token that does not work any more, 403 for one of other units; where the database cannot be written.
pub async fn revoke(state: Data<AppState>, person: Person, fields: Fields) -> Result<HttpResponse, ApiError> {
    let token = own(&state, &person, fields.text("name")).await?;
    let (by, today) = (by(&state, &person), person.today);
    let event = token.event(&by, Action::TokenRevoke);
    let address = format!("{PATH}?revoked={}", form_urlencoded(&token.name));
    let revoke = move |db: &mut Db| tokens::revoke(db, &token.name, today);
    let told = |done: &bool| done.then_some(event);
    state.store.run(move |db| audit::recorded(db, by.at, revoke, told)).await?;
    Ok(see_other(&address))
}
