//! Who calls: nobody in particular, or a system with a token.

use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};

use crate::{
    domain::{
        ids::UnitCode,
        token::{Scope, Scopes},
        unit::UnitTree,
    },
    http::{
        problem::{ApiError, Refusal},
        state::AppState,
    },
    storage::tokens::{self, StoredToken, TokenHash},
};

/// A token that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it may do.
    pub scopes: Scopes,
    /// Where; `None`: everywhere.
    pub unit: Option<UnitCode>,
}

impl Token {
    /// Whether the token may act in this unit.
    #[must_use]
    pub fn covers(&self, units: &UnitTree, unit: &UnitCode) -> bool {
        self.unit.as_ref().is_none_or(|root| units.is_within(unit, root))
    }

    /// Refuses a unit outside the token's subtree.
    ///
    /// # Errors
    /// [`Refusal::OutsideSubtree`].
    pub fn check_covers(&self, units: &UnitTree, unit: &UnitCode) -> Result<(), ApiError> {
        if self.covers(units, unit) { Ok(()) } else { Err(ApiError::Forbidden(Refusal::OutsideSubtree)) }
    }
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No credential was sent.
    Anonymous,
    /// A system with a token.
    Token(Token),
}

impl Caller {
    /// The token, if it has this scope.
    ///
    /// # Errors
    /// 401 without a token, 403 without the scope.
    pub fn with_scope(&self, scope: Scope) -> Result<&Token, ApiError> {
        match self {
            Self::Anonymous => Err(ApiError::Unauthorized),
            Self::Token(token) if token.scopes.has(scope) => Ok(token),
            Self::Token(_) => Err(ApiError::Forbidden(Refusal::Scope(scope))),
        }
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let sent = request.headers().get(header::AUTHORIZATION);
        let hash = sent.map(|value| value.to_str().ok().and_then(bearer).map(TokenHash::of));
        Box::pin(async move {
            let (hash, state) = match (hash, state) {
                (None, _) => return Ok(Self::Anonymous),
                (Some(Some(hash)), Some(state)) => (hash, state),
                (Some(_), _) => return Err(ApiError::Unauthorized),
            };
            let found = match state.mirror.token(hash) {
                Some(known) => Some(known),
                // Made a moment ago, or never.
                None => state.store.run(move |db| tokens::find(db, hash)).await?,
            };
            found.and_then(valid).map(Self::Token).ok_or(ApiError::Unauthorized)
        })
    }
}

/// The secret of a bearer header. The scheme's name may be written in any case (RFC 9110).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn valid(stored: StoredToken) -> Option<Token> {
    Some(Token { scopes: stored.scopes.parse().ok()?, unit: stored.unit })
}
