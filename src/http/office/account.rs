//! `/account`: one's own account: roles, password, second factor, sessions.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    page,
    passwords::{self, Checked},
    see_other,
};
use crate::{
    domain::audit::{Action, Actor, Event},
    http::{
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        pages::office::{
            account::{self, short},
            field::Faults,
        },
        problem::ApiError,
        session,
        state::AppState,
    },
    storage::{accounts, audit, links, sessions, sessions::Session},
};

/// What was done a moment ago, as the address says it; anything else says nothing.
const DONE: [(&str, &str); 5] = [
    ("password", "done-password"),
    ("reset", "done-reset"),
    ("factor", "done-factor"),
    ("factor-off", "done-factor-off"),
    ("sessions", "done-sessions"),
];

/// The page.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let done = query.one_of("done", &DONE).unwrap_or_default();
    query.finish()?;
    let id = person.account.id;
    let all = state.store.run(move |db| Ok((sessions::of(db, id)?, accounts::recovery_codes(db, id)?)));
    let (sessions, codes) = all.await?;
    let (now, lasting) = (state.clock.unix_seconds(), state.settings.sessions);
    let open: Vec<Session> = sessions.into_iter().filter(|session| lasting.holds(session, now)).collect();
    let units = state.mirror.units();
    page(&state, reader, "/account", Some(&person), StatusCode::OK, |frame| {
        account::render(frame, &account::Own { person: &person, units: &units, sessions: &open, codes, done })
    })
}

/// The page to change the password.
///
/// # Errors
/// Where the page cannot be made.
pub async fn password(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
) -> Result<HttpResponse, ApiError> {
    password_form(&state, reader, &person, StatusCode::OK, &Faults::default())
}

fn password_form(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    page(state, reader, "/account/password", Some(person), status, |frame| {
        account::password(frame, person.account.password.is_some(), faults)
    })
}

/// Changes the password: every other session ends, and this one gets a new secret.
///
/// # Errors
/// Where the database cannot be written.
pub async fn change_password(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let account = &person.account;
    if account.password.is_none() {
        return Ok(see_other("/account"));
    }
    let mut faults = Faults::default();
    let new = passwords::new_password(&state, &request, &fields, &account.name, &mut faults).await?;
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let (Some(new), true) = (new, faults.is_empty()) else {
        return password_form(&state, reader, &person, unprocessable, &faults);
    };
    let checked = passwords::confirm(&state, &request, account, fields.text("current")).await?;
    if checked != Checked::Right {
        let faults = checked.faults("current", "fault-current");
        let told = password_form(&state, reader, &person, unprocessable, &faults)?;
        return Ok(passwords::with_wait(told, checked));
    }
    let kept = passwords::hash(&state, &request, new).await?;
    // What was proved stays proved, and no more: who came by a provider has shown no second factor here.
    let (now, account, proof) = (state.clock.unix_seconds(), account.clone(), person.session.proof);
    let changed = state.store.run(move |db| {
        db.write(|db| {
            accounts::set_password(db, account.id, &kept)?;
            links::end_all(db, Some(account.id))?;
            session::renew(db, &account, proof, now, Action::AccountPassword)
        })
    });
    passwords::with_session(&state, see_other("/account?done=password"), &changed.await?)
}

/// Ends one other session, or all others.
///
/// # Errors
/// Where the database cannot be written.
pub async fn end_sessions(
    state: Data<AppState>,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let wanted = fields.text("session").to_owned();
    let (now, own, account) = (state.clock.unix_seconds(), person.session.hash, person.account);
    let ended = state.store.run(move |db| {
        db.write(|db| {
            let ended = if wanted == "others" {
                sessions::end_all(db, account.id, Some(own))?
            } else {
                let all = sessions::of(db, account.id)?;
                match all.into_iter().find(|session| short(session) == wanted) {
                    Some(one) => usize::from(sessions::end(db, one.hash)?),
                    None => 0,
                }
            };
            if ended > 0 {
                let actor = Actor::Account(account.name.clone());
                let event = Event::new(actor, Action::SessionEnd, account.name.as_str()).with("ended", ended);
                audit::append(db, now, &event)?;
            }
            Ok(())
        })
    });
    ended.await?;
    Ok(see_other("/account?done=sessions"))
}
