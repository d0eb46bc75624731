//! Sessions of the browser: the cookie, how long it holds, and who it belongs to.

use actix_web::{HttpRequest, http::header};

use super::{extract::caller::Person, problem::ApiError, state::AppState};
use crate::{
    domain::{
        access::Grant,
        account::AccountId,
        audit::{Action, Actor, Event},
    },
    keys::password,
    storage::{
        Db, StorageError,
        accounts::Account,
        audit, grants,
        sessions::{self, Proof, Session, SessionHash},
    },
};

/// Seconds between two notes that a session is in use.
const NOTE_EVERY: i64 = 60;
/// Seconds that may pass between the password and the second factor.
const HALF_WAY: i64 = 600;

/// How long sessions hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Seconds without a request.
    pub idle: i64,
    /// Seconds since it began.
    pub whole: i64,
}

impl Lasting {
    /// Whether a session still holds.
    #[must_use]
    pub fn holds(self, session: &Session, now: i64) -> bool {
        let whole = match session.proof {
            Proof::Whole | Proof::Provider => self.whole,
            Proof::Half => HALF_WAY,
        };
        now - session.seen <= self.idle && now - session.began <= whole
    }
}

/// Name of the cookie; under TLS browsers see to it that no other host set it.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-sipas" } else { "sipas_session" }
}

/// What the browser keeps until it is closed.
#[must_use]
pub fn cookie(state: &AppState, secret: &str) -> String {
    let secure = state.settings.is_secure();
    let name = cookie_name(secure);
    let flag = if secure { "; Secure" } else { "" };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax{flag}")
}

/// What makes the browser forget.
#[must_use]
pub fn no_cookie(state: &AppState) -> String {
    format!("{}; Max-Age=0", cookie(state, ""))
}

/// The secret that the browser sent.
fn sent(state: &AppState, request: &HttpRequest) -> Option<String> {
    let name = cookie_name(state.settings.is_secure());
    let cookies = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let secret = pairs.find(|(key, _)| *key == name)?.1;
    (secret.len() == 64).then(|| secret.to_owned())
}

/// The session that the browser sent, where it still holds; also one that is half way.
///
/// # Errors
/// Where the database cannot be read.
pub async fn current(
    state: &AppState,
    request: &HttpRequest,
) -> Result<Option<(Session, Account)>, ApiError> {
    looked_up(state, request, |_db, session, account| Ok((session, account))).await
}

/// The session that the browser sent, and what else is to be read of its account on the way.
async fn looked_up<T: Send + 'static>(
    state: &AppState,
    request: &HttpRequest,
    also: impl FnOnce(&mut Db, Session, Account) -> Result<T, StorageError> + Send + 'static,
) -> Result<Option<T>, ApiError> {
    let Some(secret) = sent(state, request) else { return Ok(None) };
    let hash = SessionHash::of(&secret);
    let (now, lasting) = (state.clock.unix_seconds(), state.settings.sessions);
    let found = state.store.run(move |db| {
        let Some((session, account)) = sessions::find(db, hash)? else { return Ok(None) };
        if !lasting.holds(&session, now) || account.disabled.is_some() {
            sessions::end(db, hash)?;
            return Ok(None);
        }
        if now - session.seen >= NOTE_EVERY {
            sessions::touch(db, hash, now)?;
        }
        also(db, session, account).map(Some)
    });
    Ok(found.await?)
}

/// Who signed in with this browser, wholly.
///
/// # Errors
/// Where the database cannot be read.
pub async fn person(state: &AppState, request: &HttpRequest) -> Result<Option<Person>, ApiError> {
    let with_grants = |db: &mut Db, session: Session, account: Account| {
        let grants = grants::of(db, account.id)?;
        Ok((session, account, grants))
    };
    let found = looked_up(state, request, with_grants).await?;
    let Some((session, account, stored)) = found.filter(|(session, ..)| session.proof.is_whole()) else {
        return Ok(None);
    };
    // Who came by their provider showed a second factor there, or not: that is for the provider to ask. And what the
    // provider's claims give is for them alone.
    let by_provider = session.proof == Proof::Provider;
    let of_claim = |grant: &Grant| state.provider.as_ref().is_some_and(|provider| provider.gives(grant));
    let held = stored.into_iter().map(|stored| stored.grant);
    let grants = held.filter(|grant| by_provider || !of_claim(grant)).collect();
    let mut person = Person { account, grants, session, today: state.clock.today(), must_enrol: false };
    let asked = state.settings.second_factor_for.iter().any(|role| person.is(*role));
    person.must_enrol = asked && person.account.totp.is_none() && !by_provider;
    Ok(Some(person))
}

/// Begins a session in the transaction that is open; gives the secret for the cookie. Whoever signs in, proves more or
/// changes a password gets a new one.
///
/// # Errors
/// Where the database cannot be written.
pub fn begin(db: &mut Db, account: AccountId, proof: Proof, now: i64) -> Result<String, StorageError> {
    let secret = password::secret();
    sessions::begin(db, &Session { hash: SessionHash::of(&secret), account, proof, began: now, seen: now })?;
    Ok(secret)
}

/// What an account changed of itself, in the transaction that is open: all its sessions end, the one that asked gets a
/// new secret, and the audit log an entry.
///
/// # Errors
/// Where the database cannot be written.
pub fn renew(
    db: &mut Db,
    account: &Account,
    proof: Proof,
    now: i64,
    action: Action,
) -> Result<String, StorageError> {
    sessions::end_all(db, account.id, None)?;
    let secret = begin(db, account.id, proof, now)?;
    let actor = Actor::Account(account.name.clone());
    audit::append(db, now, &Event::new(actor, action, account.name.as_str()))?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_idle_or_old_and_half_of_one_sooner() {
        let lasting = Lasting { idle: 3600, whole: 43_200 };
        let session = |proof, began, seen| Session {
            hash: SessionHash([0; 32]),
            account: AccountId([0; 16]),
            proof,
            began,
            seen,
        };
        assert!(lasting.holds(&session(Proof::Whole, 0, 40_000), 43_200));
        assert!(!lasting.holds(&session(Proof::Whole, 0, 43_000), 43_201));
        assert!(!lasting.holds(&session(Proof::Whole, 0, 0), 3601));
        assert!(lasting.holds(&session(Proof::Half, 0, 0), 600));
        assert!(!lasting.holds(&session(Proof::Half, 0, 601), 601));
    }
}
