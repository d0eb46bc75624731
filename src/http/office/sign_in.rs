//! `/sign-in` and `/sign-out`: where a session begins and ends.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};

use super::{page, see_other};
use crate::{
    domain::{
        account::AccountName,
        audit::{Action, Actor, Event},
    },
    http::{
        extract::{fields::Fields, query::Query, reader::Reader},
        pages::office::sign_in,
        problem::ApiError,
        security, session,
        state::AppState,
    },
    keys::password,
    storage::{accounts, audit, sessions, sessions::Proof},
};

/// The empty page.
///
/// # Errors
/// Where the address has parameters that nobody asked for.
pub async fn show(state: Data<AppState>, reader: Reader, mut query: Query) -> Result<HttpResponse, ApiError> {
    let next = query.text("next").unwrap_or_default();
    query.finish()?;
    form(&state, reader, StatusCode::OK, "", safe(&next), "")
}

fn form(
    state: &AppState,
    reader: Reader,
    status: StatusCode,
    name: &str,
    next: &str,
    failure: &str,
) -> Result<HttpResponse, ApiError> {
    page(state, reader, "/sign-in", None, status, |frame| sign_in::render(frame, name, next, failure))
}

/// Only addresses of this service are led back to.
pub(super) fn safe(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if next.starts_with('/') && !next.starts_with("//") && plain { next } else { "/office" }
}

/// Begins a session, where name and password fit.
///
/// # Errors
/// [`crate::http::problem::Refusal::CrossSite`]; where the database cannot be written.
pub async fn submit(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    security::own_page(&request)?;
    let (typed, next) = (fields.text("name"), safe(fields.text("next")));
    let name = typed.parse::<AccountName>().ok();
    let account = match &name {
        Some(name) => {
            let name = name.clone();
            state.store.run(move |db| accounts::named(db, &name)).await?
        }
        None => None,
    };
    let account = account.filter(|account| account.disabled.is_none());
    let (given, kept) =
        (fields.text("password").to_owned(), account.as_ref().and_then(|a| a.password.clone()));
    let checked = actix_web::web::block(move || password::verify(&given, kept.as_deref())).await;
    let right = checked.map_err(|error| ApiError::Internal(error.into()))?;
    let now = state.clock.unix_seconds();
    let Some(account) = account.filter(|_| right) else {
        return form(&state, reader, StatusCode::UNPROCESSABLE_ENTITY, typed, next, "sign-in-wrong");
    };
    let proof = if account.totp.is_some() { Proof::Half } else { Proof::Whole };
    let secret = state
        .store
        .run(move |db| {
            db.write(|db| {
                let secret = session::begin(db, account.id, proof, now)?;
                let actor = Actor::Account(account.name.clone());
                audit::append(db, now, &Event::new(actor, Action::SignIn, account.name.as_str()))?;
                Ok(secret)
            })
        })
        .await?;
    let mut response = see_other(next);
    let cookie = session::cookie(&state, &secret).parse();
    response.headers_mut().insert(header::SET_COOKIE, cookie.map_err(|_bad| ApiError::BadRequest)?);
    Ok(response)
}

/// Ends the session of this browser.
///
/// # Errors
/// [`crate::http::problem::Refusal::CrossSite`]; where the database cannot be written.
pub async fn out(state: Data<AppState>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    security::own_page(&request)?;
    if let Some((current, account)) = session::current(&state, &request).await? {
        let now = state.clock.unix_seconds();
        let ended = state.store.run(move |db| {
            db.write(|db| {
                sessions::end(db, current.hash)?;
                let actor = Actor::Account(account.name.clone());
                audit::append(db, now, &Event::new(actor, Action::SessionEnd, account.name.as_str()))
            })
        });
        ended.await?;
    }
    let mut response = see_other("/sign-in");
    let cookie = session::no_cookie(&state).parse();
    response.headers_mut().insert(header::SET_COOKIE, cookie.map_err(|_bad| ApiError::BadRequest)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_addresses_are_led_back_to() {
        assert_eq!(safe("/office/people?q=1"), "/office/people?q=1");
        for bad in ["", "//evil.test", "https://evil.test", "/\\evil.test", "/a\nb", "javascript:1"] {
            assert_eq!(safe(bad), "/office", "{bad}");
        }
    }
}
