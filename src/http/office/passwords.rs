//! Passwords and codes that were typed: checked within the limits, and never by all cores at once.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use crate::{
    domain::{
        account::AccountName,
        audit::{Action, Actor, Event},
        password::{NewPassword, PasswordError},
    },
    http::{
        extract::fields::Fields,
        limits::{Prefix, sign_ins::Target},
        pages::office::field::Faults,
        problem::ApiError,
        session,
        state::AppState,
    },
    keys::password,
    storage::{accounts::Account, audit},
};

/// What something that was typed came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// It was not looked at: too much was wrong before; seconds to wait.
    Wait(u64),
}

impl Checked {
    /// What is said at a field; `wrong` is the key of what is said of something wrong.
    pub(super) fn faults(self, field: &'static str, wrong: &'static str) -> Faults {
        let mut faults = Faults::default();
        match self {
            Self::Right => {}
            Self::Wrong => faults.add(field, wrong),
            Self::Wait(seconds) if seconds <= 60 => {
                faults.add_with(field, "wait-seconds", seconds.to_string());
            }
            Self::Wait(seconds) => {
                faults.add_with(field, "wait-minutes", seconds.div_ceil(60).to_string());
            }
        }
        faults
    }
}

/// The neighbourhood that a request comes from.
pub(super) fn near(state: &AppState, request: &HttpRequest) -> Prefix {
    Prefix::of(request, &state.settings.forwarded)
}

/// Begins a try at something.
///
/// # Errors
/// Never in practice.
pub(super) fn begin(
    state: &AppState,
    request: &HttpRequest,
    target: Target,
) -> Result<Option<Checked>, ApiError> {
    match state.sign_ins.begin(near(state, request), target, state.clock.unix_seconds()) {
        Ok(()) => Ok(None),
        Err(ApiError::TooMany(seconds)) => Ok(Some(Checked::Wait(seconds))),
        Err(other) => Err(other),
    }
}

/// Ends a try that [`begin`] let through.
pub(super) fn end(state: &AppState, request: &HttpRequest, target: Target, right: bool) -> Checked {
    if right {
        state.sign_ins.right(near(state, request), target);
        Checked::Right
    } else {
        Checked::Wrong
    }
}

/// Checks a password against what is kept, which takes as long where nothing is kept.
///
/// # Errors
/// [`ApiError::Busy`] where too many sign in at once.
pub(super) async fn check(
    state: &AppState,
    request: &HttpRequest,
    name: &str,
    typed: &str,
    kept: Option<String>,
) -> Result<Checked, ApiError> {
    let target = Target::password(name);
    if let Some(wait) = begin(state, request, target)? {
        return Ok(wait);
    }
    let from = near(state, request);
    let turn = state.sign_ins.turn(from).await.inspect_err(|_busy| state.sign_ins.undone(from, target))?;
    let typed = typed.to_owned();
    let verified = web::block(move || {
        let _until_done = turn;
        password::verify(&typed, kept.as_deref())
    });
    let right = verified.await.map_err(|error| ApiError::Internal(error.into()))?;
    Ok(end(state, request, target, right))
}

/// The password of the account that asks for something that not even an open session may do alone.
///
/// # Errors
/// As [`check`].
pub(super) async fn confirm(
    state: &AppState,
    request: &HttpRequest,
    account: &Account,
    typed: &str,
) -> Result<Checked, ApiError> {
    check(state, request, account.name.as_str(), typed, account.password.clone()).await
}

/// A password for an account as the fields `password` and `again` say it; what is wrong with it goes to the faults. To
/// judge one takes as long as to hash it, and has its turn like that.
///
/// # Errors
/// [`ApiError::Busy`] where too many sign in at once.
pub(super) async fn new_password(
    state: &AppState,
    request: &HttpRequest,
    fields: &Fields,
    account: &AccountName,
    faults: &mut Faults,
) -> Result<Option<NewPassword>, ApiError> {
    let turn = state.sign_ins.turn(near(state, request)).await?;
    let (typed, name) = (fields.text("password").to_owned(), account.clone());
    let judged = web::block(move || {
        let _until_done = turn;
        NewPassword::take(&typed, &name)
    });
    let taken = judged.await.map_err(|error| ApiError::Internal(error.into()))?;
    match &taken {
        Ok(new) if new.as_str() != fields.text("again") => faults.add("again", "fault-again"),
        Ok(_) => {}
        Err(PasswordError::Short(length)) => {
            faults.add_with("password", "fault-password-short", length.to_string());
        }
        Err(PasswordError::Long) => faults.add("password", "fault-password-long"),
        Err(PasswordError::Guessable) => faults.add("password", "fault-password-guessable"),
    }
    Ok(taken.ok())
}

/// What is kept of a password.
///
/// # Errors
/// [`ApiError::Busy`] where too many sign in at once.
pub(super) async fn hash(
    state: &AppState,
    request: &HttpRequest,
    new: NewPassword,
) -> Result<String, ApiError> {
    let turn = state.sign_ins.turn(near(state, request)).await?;
    let hashed = web::block(move || {
        let _until_done = turn;
        password::hash(new.as_str())
    });
    let hashed = hashed.await.map_err(|error| ApiError::Internal(error.into()))?;
    hashed.map_err(|error| ApiError::Internal(error.into()))
}

/// Notes in the audit log that something wrong was typed for an account, or that it is shut. Nobody waits for it: else
/// the time would tell whether there is such an account.
pub(super) fn note_refusal(state: &web::Data<AppState>, account: &Account, what: &'static str) {
    let event = Event::new(Actor::Unknown, Action::SignInRefused, account.name.as_str()).with("what", what);
    note(state, Target::password(account.name.as_str()), event);
}

/// Notes a refusal, a few an hour for each target.
pub(super) fn note(state: &web::Data<AppState>, target: Target, event: Event) {
    let now = state.clock.unix_seconds();
    if !state.sign_ins.is_worth_noting(target, now) {
        return;
    }
    let store = state.store.clone();
    actix_web::rt::spawn(async move {
        let noted = store.run(move |db| db.write(|db| audit::append(db, now, &event))).await;
        if let Err(error) = noted {
            tracing::error!(error = ?error, "a refused sign-in could not be noted");
        }
    });
}

/// A response that gives the browser a session.
///
/// # Errors
/// Never in practice.
pub(super) fn with_session(
    state: &AppState,
    mut response: HttpResponse,
    secret: &str,
) -> Result<HttpResponse, ApiError> {
    let cookie = HeaderValue::from_str(&session::cookie(state, secret));
    response
        .headers_mut()
        .append(header::SET_COOKIE, cookie.map_err(|error| ApiError::Internal(error.into()))?);
    Ok(response)
}

/// A response that says when to try again, where one has to wait.
pub(super) fn with_wait(mut response: HttpResponse, checked: Checked) -> HttpResponse {
    if let Checked::Wait(seconds) = checked {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        *response.status_mut() = actix_web::http::StatusCode::TOO_MANY_REQUESTS;
    }
    response
}
