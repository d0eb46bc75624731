//! `/sign-in` and `/sign-out`: where a session begins and ends.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web::Data,
};

use super::{
    page,
    passwords::{self, Checked},
    see_other,
};
use crate::{
    domain::{
        account::AccountName,
        audit::{Action, Actor, Event},
    },
    http::{
        doors::form_urlencoded,
        extract::{fields::Fields, query::Query, reader::Reader},
        pages::office::sign_in::{self, Failure},
        problem::ApiError,
        security, session,
        state::AppState,
    },
    storage::{
        accounts::{self, Account},
        audit, sessions,
        sessions::{Proof, SessionHash},
    },
};

/// The empty page.
///
/// # Errors
/// Where the address has parameters that nobody asked for.
pub async fn show(state: Data<AppState>, reader: Reader, mut query: Query) -> Result<HttpResponse, ApiError> {
    let next = query.text("next").unwrap_or_default();
    query.finish()?;
    form(&state, reader, StatusCode::OK, "", safe(&next), None)
}

fn form(
    state: &AppState,
    reader: Reader,
    status: StatusCode,
    name: &str,
    next: &str,
    failure: Option<Failure>,
) -> Result<HttpResponse, ApiError> {
    page(state, reader, "/sign-in", None, status, |frame| sign_in::render(frame, name, next, failure))
}

/// Only addresses of this service are led back to.
pub(super) fn safe(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if next.starts_with('/') && !next.starts_with("//") && plain { next } else { "/office" }
}

/// Begins a session, where name and password fit; half of one, where a second factor is still to come.
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
    let account = named(&state, typed).await?;
    let is_shut = account.as_ref().is_some_and(|account| account.disabled.is_some());
    let kept = account.as_ref().filter(|_| !is_shut).and_then(|account| account.password.clone());
    let checked = passwords::check(&state, &request, typed, fields.text("password"), kept).await?;
    let account = match (checked, account) {
        (Checked::Right, Some(account)) => account,
        (Checked::Wait(seconds), _) => {
            let wait = Some(Failure::Wait(seconds));
            let told = form(&state, reader, StatusCode::TOO_MANY_REQUESTS, typed, next, wait)?;
            return Ok(passwords::with_wait(told, checked));
        }
        (_, account) => {
            if let Some(account) = account {
                passwords::note_refusal(&state, &account, if is_shut { "shut" } else { "password" });
            }
            let wrong = Some(Failure::Wrong);
            return form(&state, reader, StatusCode::UNPROCESSABLE_ENTITY, typed, next, wrong);
        }
    };
    let before = session::current(&state, &request).await?.map(|(session, _)| session.hash);
    let Some((secret, half)) = begin(&state, account, before).await? else {
        return form(&state, reader, StatusCode::UNPROCESSABLE_ENTITY, typed, next, Some(Failure::Wrong));
    };
    let there = if half { format!("/sign-in/code?next={}", form_urlencoded(next)) } else { next.to_owned() };
    passwords::with_session(&state, see_other(&there), &secret)
}

/// The account of a name that was typed.
async fn named(state: &AppState, typed: &str) -> Result<Option<Account>, ApiError> {
    let Ok(name) = typed.parse::<AccountName>() else { return Ok(None) };
    Ok(state.store.run(move |db| accounts::named(db, &name)).await?)
}

/// Begins the session of an account whose password was right, in the place of the one that the browser had; its secret,
/// and whether it is half of one. Nothing where the account is not what it was when its password was looked at: whoever
/// waited for a turn meanwhile is not let in past a new password or a new second factor.
async fn begin(
    state: &AppState,
    known: Account,
    before: Option<SessionHash>,
) -> Result<Option<(String, bool)>, ApiError> {
    let now = state.clock.unix_seconds();
    let begun = state.store.run(move |db| {
        db.write(|db| {
            let as_known = |now: &Account| now.disabled.is_none() && now.password == known.password;
            let Some(account) = accounts::hold(db, known.id)?.filter(as_known) else { return Ok(None) };
            let proof = if account.totp.is_some() { Proof::Half } else { Proof::Whole };
            if let Some(before) = before {
                sessions::end(db, before)?;
            }
            let secret = session::begin(db, account.id, proof, now)?;
            // With a second factor nobody is in yet.
            if proof == Proof::Whole {
                audit::append(db, now, &signed_in(&account))?;
            }
            Ok(Some((secret, proof == Proof::Half)))
        })
    });
    Ok(begun.await?)
}

/// Somebody is in.
pub(super) fn signed_in(account: &Account) -> Event {
    Event::new(Actor::Account(account.name.clone()), Action::SignIn, account.name.as_str())
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
    let cookie = HeaderValue::from_str(&session::no_cookie(&state));
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
