//! `/welcome/{secret}`: links that open once. To read the page uses nothing up, because scanners of mail follow links;
//! only what is sent does, once.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{page, passwords, see_other, sign_in::signed_in};
use crate::{
    domain::{
        access::{Grant, Role},
        account::{AccountId, AccountName, display_name},
        audit::{Action, Actor, Event},
    },
    http::{
        extract::{fields::Fields, reader::Reader},
        pages::office::{field::Faults, welcome},
        problem::ApiError,
        security, session,
        state::AppState,
    },
    storage::{
        Db, StorageError,
        accounts::{self, Account},
        audit, grants,
        links::{self, LinkHash, Purpose},
        sessions,
        sessions::Proof,
    },
};

/// What an open link leads to.
enum Open {
    /// The first account is made.
    SetUp,
    /// The password of this account is set.
    Password(Box<Account>, Purpose),
}

async fn open(state: &AppState, hash: LinkHash) -> Result<Option<Open>, ApiError> {
    let now = state.clock.unix_seconds();
    let found = state.store.run(move |db| {
        let Some(purpose) = links::find(db, hash, now)? else { return Ok(None) };
        match purpose {
            Purpose::SetUp => Ok((!accounts::any(db)?).then_some(Open::SetUp)),
            Purpose::Invitation(id) | Purpose::Reset(id) => {
                let account = accounts::find(db, id)?.filter(|account| account.disabled.is_none());
                Ok(account.map(|account| Open::Password(Box::new(account), purpose)))
            }
        }
    });
    Ok(found.await?)
}

/// The page.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    secret: Path<String>,
) -> Result<HttpResponse, ApiError> {
    match open(&state, LinkHash::of(&secret)).await? {
        None => gone(&state, reader),
        Some(open) => form(&state, reader, StatusCode::OK, &open, ["", ""], &Faults::default()),
    }
}

/// A link that does not open any more, or never did.
fn gone(state: &AppState, reader: Reader) -> Result<HttpResponse, ApiError> {
    page(state, reader, "/sign-in", None, StatusCode::GONE, welcome::gone)
}

/// The form. Its address is left out of the page, and the form goes back to where it came from: the secret stands
/// nowhere but in the address.
fn form(
    state: &AppState,
    reader: Reader,
    status: StatusCode,
    open: &Open,
    typed: [&str; 2],
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    page(state, reader, "", None, status, |frame| match open {
        Open::SetUp => welcome::set_up(frame, typed, faults),
        Open::Password(account, purpose) => {
            let reset = matches!(purpose, Purpose::Reset(_));
            welcome::password(frame, account.name.as_str(), &account.display_name, reset, faults)
        }
    })
}

/// Uses the link up: makes the first account, or sets a password; then somebody is signed in.
///
/// # Errors
/// [`crate::http::problem::Refusal::CrossSite`]; where the database cannot be written.
pub async fn submit(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    secret: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    security::own_page(&request)?;
    let hash = LinkHash::of(&secret);
    let Some(open) = open(&state, hash).await? else { return gone(&state, reader) };
    let mut faults = Faults::default();
    let (name, shown) = (fields.text("name"), fields.text("display_name").trim());
    let account = match &open {
        Open::SetUp => first_name(name, shown, &mut faults),
        Open::Password(account, _) => Some(account.name.clone()),
    };
    // Without a name the password is looked at as somebody else's, so that all faults are told at once.
    let new = match account.clone().or_else(|| "nobody".parse().ok()) {
        Some(name) => passwords::new_password(&state, &request, &fields, &name, &mut faults).await?,
        None => None,
    };
    let (Some(account), Some(new), true) = (account, new, faults.is_empty()) else {
        return form(&state, reader, StatusCode::UNPROCESSABLE_ENTITY, &open, [name, shown], &faults);
    };
    let kept = passwords::hash(&state, &request, new).await?;
    let begun = match open {
        Open::SetUp => set_up(&state, hash, account, shown.to_owned(), kept).await?,
        Open::Password(account, purpose) => set_password(&state, hash, account.id, purpose, kept).await?,
    };
    let Some((secret, there)) = begun else { return gone(&state, reader) };
    passwords::with_session(&state, see_other(there), &secret)
}

/// The names of the first account.
fn first_name(name: &str, shown: &str, faults: &mut Faults) -> Option<AccountName> {
    if display_name(shown).is_none() {
        faults.add("display_name", "fault-display-name");
    }
    let parsed = name.parse().ok();
    if parsed.is_none() {
        faults.add("name", "fault-name");
    }
    parsed
}

/// A session's secret, and where it leads first.
type Begun = Option<(String, &'static str)>;

async fn set_up(
    state: &AppState,
    hash: LinkHash,
    name: AccountName,
    display_name: String,
    kept: String,
) -> Result<Begun, ApiError> {
    let (now, today) = (state.clock.unix_seconds(), state.clock.today());
    let account = Account {
        id: AccountId(rand::random()),
        name,
        display_name,
        email: String::new(),
        password: Some(kept),
        totp: None,
        totp_step: None,
        oidc_subject: None,
        created: today,
        disabled: None,
    };
    let all = Grant { role: Role::Administrator, unit: None, from: today, to: None };
    let made = state.store.run(move |db| {
        db.write(|db| {
            if !links::take(db, hash, now)? || accounts::any(db)? || !accounts::create(db, &account)? {
                return Ok(None);
            }
            grants::add(db, account.id, &all)?;
            let secret = session::begin(db, account.id, Proof::Whole, now)?;
            let event = |action| Event::new(Actor::Unknown, action, account.name.as_str());
            audit::append(db, now, &event(Action::AccountCreate).with("by", "set_up"))?;
            audit::append(
                db,
                now,
                &event(Action::AccountGrant).with("role", all.role).with("from", all.from),
            )?;
            audit::append(db, now, &signed_in(&account))?;
            Ok(Some(secret))
        })
    });
    Ok(made.await?.map(|secret| (secret, "/office")))
}

async fn set_password(
    state: &AppState,
    hash: LinkHash,
    id: AccountId,
    purpose: Purpose,
    kept: String,
) -> Result<Begun, ApiError> {
    let now = state.clock.unix_seconds();
    let set = state.store.run(move |db| {
        db.write(|db| {
            // As it is now, not as it was before the password was hashed: a second factor may have been set up since.
            let Some(account) = accounts::hold(db, id)?.filter(|account| account.disabled.is_none()) else {
                return Ok(None);
            };
            if !links::take(db, hash, now)? {
                return Ok(None);
            }
            let secret = set(db, &account, purpose, &kept, now)?;
            Ok(Some((secret, after(account.totp.is_some(), purpose))))
        })
    });
    Ok(set.await?)
}

/// Where a new password leads first.
fn after(second_factor: bool, purpose: Purpose) -> &'static str {
    match (second_factor, purpose) {
        (true, Purpose::Reset(_)) => "/sign-in/code?next=/account%3Fdone%3Dreset",
        (true, _) => "/sign-in/code",
        (false, Purpose::Reset(_)) => "/account?done=reset",
        (false, _) => "/office",
    }
}

/// Sets the password and lets the browser in, with half of a session where a second factor is to come. Whoever was
/// signed in with the old password is not any more.
fn set(
    db: &mut Db,
    account: &Account,
    purpose: Purpose,
    kept: &str,
    now: i64,
) -> Result<String, StorageError> {
    accounts::set_password(db, account.id, kept)?;
    links::end_all(db, Some(account.id))?;
    sessions::end_all(db, account.id, None)?;
    let proof = if account.totp.is_some() { Proof::Half } else { Proof::Whole };
    let secret = session::begin(db, account.id, proof, now)?;
    let by = if matches!(purpose, Purpose::Reset(_)) { "reset" } else { "invitation" };
    let actor = Actor::Account(account.name.clone());
    let event = Event::new(actor, Action::AccountPassword, account.name.as_str()).with("by", by);
    audit::append(db, now, &event)?;
    if proof == Proof::Whole {
        audit::append(db, now, &signed_in(account))?;
    }
    Ok(secret)
}
