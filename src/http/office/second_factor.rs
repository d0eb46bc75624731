//! `/account/second-factor`: a telephone that makes codes, and the codes that stand in for it.
//!
//! A secret that is offered is not stored: the page carries it, sealed, until a code proves that a telephone has it.
//! Recovery codes are shown in the answer to what made them, the one exception from "send, then read": they are shown
//! once, and no page must show them again.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    page,
    passwords::{self, Checked},
    see_other,
};
use crate::{
    domain::{
        account::AccountId,
        audit::{Action, Actor, Event},
    },
    http::{
        extract::{caller::Person, fields::Fields, reader::Reader},
        limits::sign_ins::Target,
        pages::office::{
            field::Faults,
            second_factor::{self, Offer},
        },
        problem::ApiError,
        session,
        state::AppState,
    },
    keys::{
        SecretKeys,
        second_factor::{FactorSecret, RECOVERY_CODES, Use, recovery_code},
    },
    report::qr,
    storage::{accounts, audit, sessions::Proof},
};

const PATH: &str = "/account/second-factor";

/// The page: an offer where there is no second factor yet, else what can be done with it.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    if person.account.totp.is_some() {
        return kept(&state, reader, &person, StatusCode::OK, &Faults::default()).await;
    }
    offer(&state, reader, &person, StatusCode::OK, &FactorSecret::random(), &Faults::default())
}

fn offer(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    secret: &FactorSecret,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    let sealed = state.keys.seal_factor(person.account.id, secret, Use::Offered);
    let sealed = sealed.map_err(|error| ApiError::Internal(error.into()))?;
    let symbol = qr::of_text(&secret.address(person.account.name.as_str()));
    let symbol = symbol.map_err(|error| ApiError::Internal(error.into()))?;
    let offer = Offer {
        typed: secret.typed(),
        symbol: qr::svg(&symbol),
        sealed: hex::encode(sealed),
        must: person.must_enrol,
    };
    page(state, reader, PATH, Some(person), status, |frame| second_factor::offer(frame, offer, faults))
}

async fn kept(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    let id = person.account.id;
    let left = state.store.run(move |db| accounts::recovery_codes(db, id)).await?;
    let must = demanded(state, person);
    page(state, reader, PATH, Some(person), status, |frame| second_factor::kept(frame, left, must, faults))
}

/// Whether the policy demands a second factor of somebody.
fn demanded(state: &AppState, person: &Person) -> bool {
    state.settings.second_factor_for.iter().any(|role| person.is(*role))
}

fn codes(
    state: &AppState,
    reader: Reader,
    person: &Person,
    codes: &[String],
) -> Result<HttpResponse, ApiError> {
    page(state, reader, PATH, Some(person), StatusCode::OK, |frame| second_factor::codes(frame, codes))
}

/// Sets the second factor up, where the code proves that the telephone has the secret.
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
    let account = person.account.clone();
    if account.totp.is_some() {
        return Ok(see_other(PATH));
    }
    let sealed = hex::decode(fields.text("offered")).ok();
    let secret = sealed.and_then(|sealed| state.keys.open_factor(account.id, &sealed, Use::Offered).ok());
    let Some(secret) = secret else { return Ok(see_other(PATH)) };
    let target = Target::factor(account.id);
    let now = state.clock.unix_seconds();
    let typed: String = fields.text("code").chars().filter(|c| !c.is_whitespace()).collect();
    let step = secret.step_of(&typed, now);
    let checked = match passwords::begin(&state, &request, target)? {
        Some(wait) => wait,
        None => passwords::end(&state, &request, target, step.is_some()),
    };
    let (Some(step), Checked::Right) = (step, checked) else {
        let faults = checked.faults("code", "fault-code-offered");
        let told = offer(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &secret, &faults)?;
        return Ok(passwords::with_wait(told, checked));
    };
    let kept = state.keys.seal_factor(account.id, &secret, Use::Kept);
    let kept = kept.map_err(|error| ApiError::Internal(error.into()))?;
    let (shown, hashes) = new_codes(&state.keys, account.id);
    let set = state.store.run(move |db| {
        db.write(|db| {
            accounts::set_totp(db, account.id, Some(&kept))?;
            accounts::take_totp_step(db, account.id, step)?;
            accounts::set_recovery_codes(db, account.id, &hashes)?;
            // Sessions that began without a second factor have proved too little.
            session::renew(db, &account, Proof::Whole, now, Action::AccountTotpOn)
        })
    });
    let secret = set.await?;
    passwords::with_session(&state, codes(&state, reader, &person, &shown)?, &secret)
}

/// New recovery codes, as they are shown and as they are kept.
fn new_codes(keys: &SecretKeys, account: AccountId) -> (Vec<String>, Vec<[u8; 32]>) {
    let new = (0..RECOVERY_CODES).map(|_| recovery_code());
    new.filter_map(|code| keys.recovery_hash(account, &code).map(|hash| (code, hash))).unzip()
}

/// Makes new recovery codes in the place of the old ones.
///
/// # Errors
/// Where the database cannot be written.
pub async fn renew(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    if let Some(refused) = unconfirmed(&state, &request, reader, &person, &fields).await? {
        return Ok(refused);
    }
    let account = person.account.clone();
    let now = state.clock.unix_seconds();
    let (shown, hashes) = new_codes(&state.keys, account.id);
    let renewed = state.store.run(move |db| {
        db.write(|db| {
            accounts::set_recovery_codes(db, account.id, &hashes)?;
            let actor = Actor::Account(account.name.clone());
            audit::append(db, now, &Event::new(actor, Action::AccountRecovery, account.name.as_str()))
        })
    });
    renewed.await?;
    codes(&state, reader, &person, &shown)
}

/// Takes the second factor away, unless the policy demands one.
///
/// # Errors
/// Where the database cannot be written.
pub async fn remove(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    if demanded(&state, &person) {
        let faults = Faults::one("", "fault-factor-demanded");
        return kept(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
    }
    if let Some(refused) = unconfirmed(&state, &request, reader, &person, &fields).await? {
        return Ok(refused);
    }
    let (account, proof) = (person.account, person.session.proof);
    let now = state.clock.unix_seconds();
    let removed = state.store.run(move |db| {
        db.write(|db| {
            accounts::set_totp(db, account.id, None)?;
            session::renew(db, &account, proof, now, Action::AccountTotpOff)
        })
    });
    passwords::with_session(&state, see_other("/account?done=factor-off"), &removed.await?)
}

/// What is answered where the password was not given rightly; an open session alone changes no second factor.
async fn unconfirmed(
    state: &AppState,
    request: &HttpRequest,
    reader: Reader,
    person: &Person,
    fields: &Fields,
) -> Result<Option<HttpResponse>, ApiError> {
    if person.account.totp.is_none() {
        return Ok(Some(see_other(PATH)));
    }
    let checked = passwords::confirm(state, request, &person.account, fields.text("current")).await?;
    if checked == Checked::Right {
        return Ok(None);
    }
    let faults = checked.faults("current", "fault-current");
    let told = kept(state, reader, person, StatusCode::UNPROCESSABLE_ENTITY, &faults).await?;
    Ok(Some(passwords::with_wait(told, checked)))
}
