//! `/sign-in/code`: the second step of signing in, for accounts with a second factor.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{
    page,
    passwords::{self, Checked},
    see_other,
    sign_in::{safe, signed_in},
};
use crate::{
    domain::account::AccountId,
    http::{
        extract::{fields::Fields, query::Query, reader::Reader},
        limits::sign_ins::Target,
        pages::office::{field::Faults, sign_in},
        problem::ApiError,
        security, session,
        state::AppState,
    },
    keys::{SecretKeys, second_factor::Use},
    storage::{
        Db, StorageError,
        accounts::{self, Account},
        audit, sessions,
        sessions::{Proof, Session},
    },
};

/// The page, for who is half way.
///
/// # Errors
/// Where the address has parameters that nobody asked for; where the database cannot be read.
pub async fn show(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let next = query.text("next").unwrap_or_default();
    query.finish()?;
    let next = safe(&next);
    match session::current(&state, &request).await? {
        Some((session, _)) if session.proof.is_whole() => Ok(see_other(next)),
        Some((_, account)) if account.totp.is_some() => {
            form(&state, reader, StatusCode::OK, next, &Faults::default())
        }
        _ => Ok(see_other("/sign-in")),
    }
}

fn form(
    state: &AppState,
    reader: Reader,
    status: StatusCode,
    next: &str,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    page(state, reader, "/sign-in/code", None, status, |frame| sign_in::code(frame, next, faults))
}

/// Makes a whole session of half of one, where the code fits.
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
    let next = safe(fields.text("next"));
    let Some((half, account)) = session::current(&state, &request).await? else {
        return Ok(see_other("/sign-in"));
    };
    if half.proof.is_whole() {
        return Ok(see_other(next));
    }
    let target = Target::factor(account.id);
    let (checked, secret) = if let Some(wait) = passwords::begin(&state, &request, target)? {
        (wait, None)
    } else {
        let secret = prove(&state, half, account.clone(), fields.text("code")).await?;
        (passwords::end(&state, &request, target, secret.is_some()), secret)
    };
    if let Some(secret) = secret {
        return passwords::with_session(&state, see_other(next), &secret);
    }
    if checked == Checked::Wrong {
        passwords::note_refusal(&state, &account, "code");
    }
    let faults = checked.faults("code", "fault-code");
    let told = form(&state, reader, StatusCode::UNPROCESSABLE_ENTITY, next, &faults)?;
    Ok(passwords::with_wait(told, checked))
}

/// Takes the code and begins a whole session in the place of the half; its secret, or `None` where the code is wrong.
async fn prove(
    state: &AppState,
    half: Session,
    account: Account,
    typed: &str,
) -> Result<Option<String>, ApiError> {
    let now = state.clock.unix_seconds();
    let Some(code) = Code::read(&state.keys, &account, typed, now)? else { return Ok(None) };
    let proved = state.store.run(move |db| {
        db.write(|db| {
            if !code.take(db, account.id)? || !sessions::end(db, half.hash)? {
                return Ok(None);
            }
            let secret = session::begin(db, account.id, Proof::Whole, now)?;
            audit::append(db, now, &signed_in(&account).with("second_factor", code.kind()))?;
            Ok(Some(secret))
        })
    });
    Ok(proved.await?)
}

/// A code that may be right: what makes it work only once is the database.
#[derive(Debug, Clone, Copy)]
pub(super) enum Code {
    /// Of the telephone, by its step.
    Step(i64),
    /// A recovery code, by its hash.
    Recovery([u8; 32]),
}

impl Code {
    /// What was typed, where it can be a code of this account at this moment.
    ///
    /// # Errors
    /// Where the account's secret was sealed with another key.
    pub(super) fn read(
        keys: &SecretKeys,
        account: &Account,
        typed: &str,
        now: i64,
    ) -> Result<Option<Self>, ApiError> {
        let Some(sealed) = &account.totp else { return Ok(None) };
        let secret = keys
            .open_factor(account.id, sealed, Use::Kept)
            .map_err(|error| ApiError::Internal(error.into()))?;
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let step = secret.step_of(&digits, now).map(Self::Step);
        Ok(step.or_else(|| keys.recovery_hash(account.id, typed).map(Self::Recovery)))
    }

    /// Takes it; `false` where it was taken before or never was one.
    fn take(self, db: &mut Db, account: AccountId) -> Result<bool, StorageError> {
        match self {
            Self::Step(step) => accounts::take_totp_step(db, account, step),
            Self::Recovery(hash) => accounts::take_recovery_code(db, account, hash),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Step(_) => "code",
            Self::Recovery(_) => "recovery_code",
        }
    }
}
