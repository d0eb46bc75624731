//! `/sign-in/oidc` and back: a session that begins at an identity provider; `/account/identity`: joining an identity to
//! an account, and parting it.

mod kept;

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use tokio::{sync::Semaphore, time::timeout};

use self::kept::Kept;
use super::{
    page,
    passwords::{self, Checked},
    see_other,
    sign_in::safe,
};
use crate::{
    domain::{
        access::Grant,
        account::AccountId,
        audit::{Action, Actor, Event},
        period::Day,
    },
    http::{
        extract::{
            caller::{Caller, Person},
            fields::Fields,
            query::Query,
            reader::Reader,
        },
        limits::sign_ins::Target,
        pages::office::{field::Faults, identity as pages},
        problem::ApiError,
        security, session,
        state::AppState,
    },
    identity::{Identity, IdentityError, Provider},
    storage::{Db, StorageError, accounts, audit, grants, sessions, sessions::Proof},
};

/// Where an identity is joined.
const JOINING: &str = "/account/identity";

/// Why nobody is signed in, and nothing joined.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trouble {
    /// The browser came back without what it was given, with another's, or too late.
    Stale,
    /// The person or the provider said no.
    Denied,
    /// The provider refused the code, or what it said cannot be believed.
    Untrusted,
    /// The provider cannot be reached.
    Unreachable,
    /// No account has this identity, which is issuer and subject.
    Unknown(String),
    /// The account is shut.
    Shut,
    /// Another account has this identity.
    Taken,
}

impl Trouble {
    fn key(&self) -> &'static str {
        match self {
            Self::Stale => "identity-stale",
            Self::Denied => "identity-denied",
            Self::Untrusted => "identity-untrusted",
            Self::Unreachable => "identity-unreachable",
            Self::Unknown(_) => "identity-unknown",
            Self::Shut => "identity-shut",
            Self::Taken => "identity-taken",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Stale | Self::Untrusted | Self::Taken => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Denied | Self::Unknown(_) | Self::Shut => StatusCode::FORBIDDEN,
            Self::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<IdentityError> for Trouble {
    fn from(error: IdentityError) -> Self {
        tracing::warn!(%error, "nobody is signed in by the identity provider");
        match error {
            IdentityError::Unreachable(_) => Self::Unreachable,
            IdentityError::Code(_) | IdentityError::Untrusted(_) => Self::Untrusted,
        }
    }
}

/// Sends a browser to the provider.
///
/// # Errors
/// [`crate::http::problem::Refusal::CrossSite`].
pub async fn begin(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    security::own_page(&request)?;
    let from = passwords::near(&state, &request);
    // Only whether one is left: nothing was tried yet.
    state.sign_ins.take(from, state.clock.unix_seconds())?;
    state.sign_ins.forgive(from);
    send_off(&state, reader, None, safe(fields.text("next"))).await
}

/// To the provider, with what must be remembered in a sealed cookie. Where there is none: to our own page.
async fn send_off(
    state: &AppState,
    reader: Reader,
    joining: Option<AccountId>,
    next: &str,
) -> Result<HttpResponse, ApiError> {
    let Some(provider) = state.provider.clone() else { return Ok(see_other("/sign-in")) };
    let (address, begun) = match asked(provider, Provider::begin).await? {
        Ok(sent) => sent,
        Err(error) => return failed(state, reader, &error.into()),
    };
    let kept = Kept::new(begun, next, joining, state.clock.unix_seconds());
    let mut response = see_other(&address);
    set(&mut response, &kept.cookie(state)?)?;
    Ok(response)
}

/// Calls to the provider at the same time: one that hangs takes so many threads, and no more.
static CALLS: Semaphore = Semaphore::const_new(4);
/// How long a browser waits for the calls of others.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the provider answers, on a thread that may wait.
async fn asked<T: Send + 'static>(
    provider: Arc<Provider>,
    ask: impl FnOnce(&Provider) -> Result<T, IdentityError> + Send + 'static,
) -> Result<Result<T, IdentityError>, ApiError> {
    let turn = timeout(PATIENCE, CALLS.acquire()).await.map_err(|_elapsed| ApiError::Busy)?;
    let _until_answered = turn.map_err(|_closed| ApiError::Stopping)?;
    let asked = actix_web::web::block(move || ask(&provider)).await;
    asked.map_err(|error| ApiError::Internal(error.into()))
}

fn set(response: &mut HttpResponse, cookie: &str) -> Result<(), ApiError> {
    let cookie = cookie.parse().map_err(|_bad| ApiError::BadRequest)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// Where the provider sends a browser back to: begins a session, or joins an identity.
///
/// # Errors
/// [`ApiError::TooMany`] for a neighbourhood that brought too much that was wrong; where the database cannot be written.
/// What is wrong with what the browser brought is told on a page.
pub async fn back(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let Some(provider) = state.provider.clone() else { return Ok(see_other("/sign-in")) };
    // What comes back costs a call to the provider: a neighbourhood that only brings what is wrong has to wait.
    let from = passwords::near(&state, &request);
    state.sign_ins.take(from, state.clock.unix_seconds())?;
    let kept = Kept::sent(&state, &request);
    let mut response = match returned(Arc::clone(&provider), kept, query).await? {
        Ok((identity, kept)) => {
            state.sign_ins.forgive(from);
            match kept.joining() {
                Some(id) => join(&state, &request, reader, id, identity).await?,
                None => sign_in(&state, reader, provider, identity, safe(&kept.next)).await?,
            }
        }
        Err(trouble) => {
            if trouble == Trouble::Unreachable {
                state.sign_ins.forgive(from);
            }
            failed(&state, reader, &trouble)?
        }
    };
    set(&mut response, &Kept::no_cookie(&state))?;
    Ok(response)
}

/// Who the browser brought, and what was remembered.
async fn returned(
    provider: Arc<Provider>,
    kept: Option<Kept>,
    mut query: Query,
) -> Result<Result<(Identity, Kept), Trouble>, ApiError> {
    let (code, said) = (query.text("code"), query.text("state").unwrap_or_default());
    let issuer_fits = query.text("iss").is_none_or(|issuer| issuer == provider.issuer());
    let Some(kept) = kept.filter(|kept| kept.is_for(&said)) else { return Ok(Err(Trouble::Stale)) };
    if !issuer_fits {
        return Ok(Err(Trouble::Untrusted));
    }
    let Some(code) = code else { return Ok(Err(Trouble::Denied)) };
    let begun = kept.begun.clone();
    let identity = asked(provider, move |provider| provider.finish(begun, &code)).await?;
    Ok(identity.map(|identity| (identity, kept)).map_err(Trouble::from))
}

async fn sign_in(
    state: &Data<AppState>,
    reader: Reader,
    provider: Arc<Provider>,
    identity: Identity,
    next: &str,
) -> Result<HttpResponse, ApiError> {
    let (now, today) = (state.clock.unix_seconds(), state.clock.today());
    let target = Target::identity(&identity.key);
    let entered =
        state.store.run(move |db| db.write(|db| enter(db, &provider, &identity, now, today))).await?;
    match entered {
        Ok(secret) => {
            let mut response = see_other(next);
            set(&mut response, &session::cookie(state, &secret))?;
            Ok(response)
        }
        Err((trouble, name)) => {
            let refused = Event::new(Actor::Unknown, Action::SignInRefused, name).with("by", "oidc");
            passwords::note(state, target, refused.with("what", trouble.key()));
            failed(state, reader, &trouble)
        }
    }
}

/// Begins a session of the account that has this identity, with the roles of the day; or why not, and the account's name
/// where there is one.
fn enter(
    db: &mut Db,
    provider: &Provider,
    identity: &Identity,
    now: i64,
    today: Day,
) -> Result<Result<String, (Trouble, String)>, StorageError> {
    let Some(account) = accounts::of_subject(db, &identity.key)? else {
        return Ok(Err((Trouble::Unknown(identity.key.clone()), String::new())));
    };
    if account.disabled.is_some() {
        return Ok(Err((Trouble::Shut, account.name.to_string())));
    }
    let stored = grants::of(db, account.id)?;
    // Those that a provider gave before, and those of this day that it gives no more, say nothing: the audit log has them.
    let is_over = |grant: &Grant| provider.gives(grant) && (grant.from < today || !identity.has(grant));
    for old in stored.iter().filter(|stored| is_over(&stored.grant)) {
        grants::remove(db, old.id)?;
    }
    let there: Vec<_> =
        stored.into_iter().map(|stored| stored.grant).filter(|grant| !is_over(grant)).collect();
    let new = identity.lacking(&there, today);
    for grant in &new {
        grants::add(db, account.id, grant)?;
    }
    let secret = session::begin(db, account.id, Proof::Provider, now)?;
    let name = account.name.as_str();
    let actor = Actor::Account(account.name.clone());
    for grant in &new {
        let event = Event::new(Actor::Service, Action::AccountGrant, name).in_unit(grant.unit.as_ref());
        audit::append(db, now, &event.with("role", grant.role).with("by", "oidc").with("until", today))?;
    }
    audit::append(db, now, &Event::new(actor, Action::SignIn, name).with("by", "oidc"))?;
    Ok(Ok(secret))
}

/// Joins an identity to the account that asked for it, where the same person is still signed in.
async fn join(
    state: &AppState,
    request: &HttpRequest,
    reader: Reader,
    id: AccountId,
    identity: Identity,
) -> Result<HttpResponse, ApiError> {
    let Caller::Person(person) = Caller::of(request).await? else {
        return failed(state, reader, &Trouble::Stale);
    };
    if person.account.id != id {
        return failed(state, reader, &Trouble::Stale);
    }
    let now = state.clock.unix_seconds();
    let joined = state.store.run(move |db| {
        db.write(|db| {
            if !accounts::set_subject(db, id, Some(&identity.key))? {
                return Ok(false);
            }
            let name = person.account.name;
            let event = Event::new(Actor::Account(name.clone()), Action::AccountIdentity, name.as_str());
            audit::append(db, now, &event.with("done", "joined"))?;
            Ok(true)
        })
    });
    if joined.await? { Ok(see_other(JOINING)) } else { failed(state, reader, &Trouble::Taken) }
}

fn failed(state: &AppState, reader: Reader, trouble: &Trouble) -> Result<HttpResponse, ApiError> {
    let key = match trouble {
        Trouble::Unknown(key) => key.as_str(),
        _ => "",
    };
    page(state, reader, "/sign-in", None, trouble.status(), |frame| pages::failed(frame, trouble.key(), key))
}

/// The identity that belongs to an account.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    form(&state, reader, &person, StatusCode::OK, &Faults::default())
}

fn form(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    let account = &person.account;
    page(state, reader, JOINING, Some(person), status, |frame| {
        pages::joining(frame, account.oidc_subject.as_deref(), account.password.is_some(), faults)
    })
}

/// Joins an identity, by way of the provider, or parts it. Whoever has a password shows it once more: an unattended
/// screen must not become somebody's key for good.
///
/// # Errors
/// Where the database cannot be written.
pub async fn submit(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let wish = fields.text("do");
    if wish == "part" && person.account.password.is_none() {
        let faults = Faults::one("", "identity-no-password");
        return form(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &faults);
    }
    if person.account.password.is_some() {
        let checked = passwords::confirm(&state, &request, &person.account, fields.text("password")).await?;
        if checked != Checked::Right {
            let faults = checked.faults("password", "identity-wrong-password");
            let told = form(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &faults)?;
            return Ok(passwords::with_wait(told, checked));
        }
    }
    match wish {
        "join" => send_off(&state, reader, Some(person.account.id), JOINING).await,
        "part" => part(&state, person).await,
        _ => Ok(see_other(JOINING)),
    }
}

/// Parts the identity, and ends the account's other sessions: they may have begun by it.
async fn part(state: &AppState, person: Person) -> Result<HttpResponse, ApiError> {
    let now = state.clock.unix_seconds();
    let parted = state.store.run(move |db| {
        db.write(|db| {
            let account = person.account;
            accounts::set_subject(db, account.id, None)?;
            sessions::end_all(db, account.id, Some(person.session.hash))?;
            let event = Event::new(
                Actor::Account(account.name.clone()),
                Action::AccountIdentity,
                account.name.as_str(),
            );
            audit::append(db, now, &event.with("done", "parted"))
        })
    });
    parted.await?;
    Ok(see_other(JOINING))
}
