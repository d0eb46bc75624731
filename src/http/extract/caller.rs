//! Who calls: nobody in particular, a system with a token, a tablet, or somebody who signed in.

use std::{pin::Pin, rc::Rc};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web::Data,
};

use crate::{
    domain::{
        access::{self, Area, Grant, Right, Role},
        audit::Actor,
        ids::UnitCode,
        period::Day,
        token::{Scope, Scopes},
        unit::UnitTree,
    },
    http::{
        problem::{ApiError, Refusal},
        security, session,
        state::AppState,
    },
    storage::{
        accounts::Account,
        devices::{self, CredentialHash, Device},
        sessions::Session,
        tokens::{self, StoredToken, TokenHash},
    },
};

/// A token that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Where.
    pub area: Area,
}

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub account: Account,
    /// What they may do, and where.
    pub grants: Vec<Grant>,
    /// The session of this browser.
    pub session: Session,
    /// Today.
    pub today: Day,
    /// Whether they must set up a second factor before anything else.
    pub must_enrol: bool,
}

impl Person {
    /// Where they have a right.
    #[must_use]
    pub fn area(&self, right: Right) -> Area {
        access::area(&self.grants, right, self.today)
    }

    /// Whether they have a role today, anywhere.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.holds_on(self.today))
    }
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No credential was sent.
    Anonymous,
    /// A system with a token.
    Token(Token),
    /// A tablet.
    Device(Device),
    /// Somebody who signed in.
    Person(Box<Person>),
}

/// Refuses a unit outside an area.
///
/// # Errors
/// [`Refusal::OutsideSubtree`].
pub fn check_covers(area: &Area, units: &UnitTree, unit: &UnitCode) -> Result<(), ApiError> {
    if area.covers(units, unit) { Ok(()) } else { Err(ApiError::Forbidden(Refusal::OutsideSubtree)) }
}

impl Caller {
    /// Where the caller may do what a scope stands for.
    ///
    /// # Errors
    /// 401 without a credential, 403 without the scope or a role that gives its right.
    pub fn with_scope(&self, scope: Scope) -> Result<Area, ApiError> {
        match self {
            Self::Anonymous => Err(ApiError::Unauthorized),
            Self::Token(token) if token.scopes.has(scope) => Ok(token.area.clone()),
            Self::Token(_) => Err(ApiError::Forbidden(Refusal::Scope(scope))),
            Self::Device(_) => Err(ApiError::Forbidden(Refusal::Role)),
            Self::Person(_) => self.area(Right::of(scope)),
        }
    }

    /// Where somebody who signed in has a right.
    ///
    /// # Errors
    /// 401 without a credential, 403 without a role that gives it.
    pub fn area(&self, right: Right) -> Result<Area, ApiError> {
        match self {
            Self::Anonymous => Err(ApiError::Unauthorized),
            Self::Person(person) => {
                let area = person.area(right);
                if area.is_nowhere() { Err(ApiError::Forbidden(Refusal::Role)) } else { Ok(area) }
            }
            Self::Token(_) | Self::Device(_) => Err(ApiError::Forbidden(Refusal::Role)),
        }
    }

    /// Who it is for the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Anonymous => Actor::Unknown,
            Self::Token(token) => Actor::Token(token.name.clone()),
            Self::Device(device) => Actor::Device(device.short_id()),
            Self::Person(person) => Actor::Account(person.account.name.clone()),
        }
    }

    /// Who calls; found once for each request. Whoever has to set up a second factor first is nobody yet, and what
    /// somebody sends by their session comes from a page of ours.
    ///
    /// # Errors
    /// [`ApiError::Unauthorized`] for a credential that is not valid, [`Refusal::CrossSite`]; where the database cannot
    /// be read.
    pub async fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        if let Some(known) = request.extensions().get::<Rc<Self>>() {
            return Ok(Self::clone(known));
        }
        match Self::sent(request).await? {
            Self::Person(person) if person.must_enrol => Ok(Self::Anonymous),
            Self::Person(person) => {
                if !matches!(*request.method(), Method::GET | Method::HEAD) {
                    security::own_page(request)?;
                }
                Ok(Self::Person(person))
            }
            other => Ok(other),
        }
    }

    /// Whose credential was sent, whatever they still have to do.
    ///
    /// # Errors
    /// As [`Caller::of`].
    pub(in crate::http) async fn sent(request: &HttpRequest) -> Result<Self, ApiError> {
        let Some(state) = request.app_data::<Data<AppState>>() else { return Ok(Self::Anonymous) };
        if let Some(value) = request.headers().get(header::AUTHORIZATION) {
            let secret = value.to_str().ok().and_then(bearer).ok_or(ApiError::Unauthorized)?;
            return with_secret(state, secret).await;
        }
        let person = session::person(state, request).await?;
        Ok(person.map_or(Self::Anonymous, |person| Self::Person(Box::new(person))))
    }
}

async fn with_secret(state: &AppState, secret: &str) -> Result<Caller, ApiError> {
    if secret.starts_with(devices::PREFIX) {
        let hash = CredentialHash::of(secret);
        let found = state.store.run(move |db| devices::with_credential(db, hash)).await?;
        return found.map(Caller::Device).ok_or(ApiError::Unauthorized);
    }
    let hash = TokenHash::of(secret);
    let found = match state.mirror.token(hash) {
        Some(known) => Some(known),
        // Made a moment ago, or never.
        None => state.store.run(move |db| tokens::find(db, hash)).await?,
    };
    let today = state.clock.today();
    let is_noted = found.as_ref().is_some_and(|stored| stored.last_used == Some(today));
    let token = found.and_then(|stored| valid(stored, today)).ok_or(ApiError::Unauthorized)?;
    if !is_noted {
        state.used_tokens.note(&token.name);
    }
    Ok(Caller::Token(token))
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}

impl FromRequest for Person {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match Caller::of(&request).await? {
                Caller::Person(person) => Ok(*person),
                _ => Err(ApiError::Unauthorized),
            }
        })
    }
}

/// The secret of a bearer header. The scheme's name may be written in any case (RFC 9110).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn valid(stored: StoredToken, today: Day) -> Option<Token> {
    if stored.expires.is_some_and(|last| last < today) {
        return None;
    }
    let area = Area::of(stored.unit.as_ref());
    Some(Token { scopes: stored.scopes.parse().ok()?, name: stored.name, area })
}
