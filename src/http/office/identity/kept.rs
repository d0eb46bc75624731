//! What is remembered while a browser is at the identity provider: in a cookie, sealed, for ten minutes.

use actix_web::{HttpRequest, http::header};
use serde::{Deserialize, Serialize};

use crate::{
    domain::account::AccountId,
    http::{problem::ApiError, state::AppState},
    identity::Begun,
};

/// Seconds that somebody may take at the provider.
const LASTS: i64 = 600;
/// What the seal is bound to, so that nothing else that is sealed can stand in.
const BOUND: &[u8] = b"sipas 2026 sign-in by an identity provider";

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// What the provider's answer is checked with.
    pub(super) begun: Begun,
    /// Where the person wanted to go.
    pub(super) next: String,
    /// The account that an identity is to be joined to.
    joining: Option<[u8; 16]>,
    at: i64,
}

impl Kept {
    pub(super) fn new(begun: Begun, next: &str, joining: Option<AccountId>, now: i64) -> Self {
        Self { begun, next: next.to_owned(), joining: joining.map(|id| id.0), at: now }
    }

    /// The account that an identity is to be joined to; `None`: somebody signs in.
    pub(super) fn joining(&self) -> Option<AccountId> {
        self.joining.map(AccountId)
    }

    /// Whether the state that came back is the one that was sent out; compared in constant time.
    pub(super) fn is_for(&self, said: &str) -> bool {
        blake3::hash(said.as_bytes()) == blake3::hash(self.begun.state.as_bytes())
    }

    fn name(state: &AppState) -> &'static str {
        if state.settings.is_secure() { "__Host-sipas_oidc" } else { "sipas_oidc" }
    }

    fn line(state: &AppState, value: &str, seconds: i64) -> String {
        let flag = if state.settings.is_secure() { "; Secure" } else { "" };
        // The browser comes back from another site: a strict cookie would stay behind.
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}", Self::name(state))
    }

    /// The cookie.
    pub(super) fn cookie(&self, state: &AppState) -> Result<String, ApiError> {
        let text = serde_json::to_vec(self).map_err(|error| ApiError::Internal(error.into()))?;
        let sealed = state.keys.seal(&text, BOUND).map_err(|error| ApiError::Internal(error.into()))?;
        Ok(Self::line(state, &hex::encode(sealed), LASTS))
    }

    /// What makes the browser forget.
    pub(super) fn no_cookie(state: &AppState) -> String {
        Self::line(state, "", 0)
    }

    /// What the browser sent, where it is ours and not too old.
    pub(super) fn sent(state: &AppState, request: &HttpRequest) -> Option<Self> {
        let cookies = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let digits = pairs.find(|(name, _)| *name == Self::name(state))?.1;
        let text = state.keys.unseal(&hex::decode(digits).ok()?, BOUND).ok()?;
        let kept: Self = serde_json::from_slice(&text).ok()?;
        let age = state.clock.unix_seconds() - kept.at;
        (0..=LASTS).contains(&age).then_some(kept)
    }
}
