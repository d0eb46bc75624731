//! Sign-in by an identity provider: `OpenID` Connect, code flow with PKCE, state and nonce.
//!
//! [`Provider::begin`] says where the browser is sent and what must be remembered until it comes back;
//! [`Provider::finish`] takes what it brought and says who it is. Who signed in is known by issuer and subject, never by
//! an address of e-mail, which providers hand on and people change.

mod claims;
mod client;

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata},
};
use serde::{Deserialize, Serialize};

use self::{claims::Client, client::Agent};
use crate::{
    config::{MappedRole, OidcSettings},
    domain::{access::Grant, period::Day},
};

/// How long what the provider says of itself is believed where nothing depends on its newest keys.
const KNOWN: Duration = Duration::from_mins(5);
/// Signatures that are taken: those that only the provider can make.
const SIGNATURES: [Algorithm; 10] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EcdsaP521Sha512,
    Algorithm::EdDsa,
];

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// It cannot be reached, or is not what it says it is.
    #[error("the identity provider cannot be reached or used: {0}")]
    Unreachable(String),
    /// It gives nothing for this code: the code was used, is too old, or is none of its.
    #[error("the identity provider refused the code: {0}")]
    Code(String),
    /// What it gave cannot be believed: another issuer, client, nonce or signature, or too old.
    #[error("what the identity provider said cannot be believed: {0}")]
    Untrusted(String),
}

/// What must be remembered until the browser comes back, by the browser alone and sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Comes back with the browser: proves that it was sent by us.
    pub state: String,
    /// Comes back within what is signed: proves that it was said to us, now.
    nonce: String,
    /// Proves to the provider that who takes the code is who began.
    verifier: String,
}

/// Who somebody is, by their provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Issuer and subject with a space between them, as accounts keep it.
    pub key: String,
    /// The roles that the mapped claim gives.
    pub roles: Vec<MappedRole>,
}

impl Identity {
    /// Whether this claim gives a role of a grant in its unit.
    #[must_use]
    pub fn has(&self, grant: &Grant) -> bool {
        self.roles.iter().any(|r| r.role == grant.role && r.unit == grant.unit)
    }

    /// The grants of a day that are lacking among those there are.
    #[must_use]
    pub fn lacking(&self, there: &[Grant], today: Day) -> Vec<Grant> {
        let has = |role: &MappedRole| {
            there.iter().any(|g| g.role == role.role && g.unit == role.unit && g.holds_on(today))
        };
        let of = |r: &MappedRole| Grant { role: r.role, unit: r.unit.clone(), from: today, to: Some(today) };
        self.roles.iter().filter(|role| !has(role)).map(of).collect()
    }
}

/// An identity provider.
pub struct Provider {
    settings: OidcSettings,
    redirect: String,
    agent: Agent,
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

/// A client that knows where people sign in.
type Ready =
    Client<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Provider {
    /// The provider of these settings, which sends browsers back to `redirect`.
    #[must_use]
    pub fn new(settings: &OidcSettings, redirect: String) -> Self {
        let agent = Agent::new(&settings.issuer);
        Self { settings: settings.clone(), redirect, agent, known: Mutex::new(None) }
    }

    /// What the button says.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Who it is, as it writes itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Scheme and host of the issuer, for the policy that says where forms may lead.
    #[must_use]
    pub fn origin(&self) -> &str {
        let issuer = self.issuer();
        let host = issuer.find("://").map_or(0, |at| at + 3);
        let end = issuer.get(host..).and_then(|rest| rest.find('/')).map_or(issuer.len(), |at| host + at);
        issuer.get(..end).unwrap_or(issuer)
    }

    /// Where the browser is sent, and what must be remembered. Waits for the network.
    ///
    /// # Errors
    /// [`IdentityError::Unreachable`].
    pub fn begin(&self) -> Result<(String, Begun), IdentityError> {
        let client = self.client(self.metadata(KNOWN)?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let begun = Begun {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok((address.to_string(), begun))
    }

    /// Whether a grant is one that a claim gives for a day. Such a role is for sessions that began by the provider: who
    /// has the password of the account, or was given a new one, has not shown to be whom the claim speaks of.
    #[must_use]
    pub fn gives(&self, grant: &Grant) -> bool {
        let mapped = |to: &MappedRole| to.role == grant.role && to.unit == grant.unit;
        grant.to == Some(grant.from) && self.settings.role_map.iter().any(mapped)
    }

    /// Who it is that came back with this code. Waits for the network; asks for the provider's newest keys.
    ///
    /// # Errors
    /// Each variant of [`IdentityError`].
    pub fn finish(&self, begun: Begun, code: &str) -> Result<Identity, IdentityError> {
        let client = self.client(self.metadata(Duration::ZERO)?)?;
        let ask = |request| self.agent.call(request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| IdentityError::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier))
            .request(&ask)
            .map_err(|error| IdentityError::Code(error.to_string()))?;
        let untrusted = |what: String| IdentityError::Untrusted(what);
        let token = answer.id_token().ok_or_else(|| untrusted("it gave no ID token".to_owned()))?;
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES);
        let claims = token
            .claims(&verifier, &Nonce::new(begun.nonce))
            .map_err(|error| untrusted(error.to_string()))?;
        let (issuer, subject) = (claims.issuer().as_str(), claims.subject().as_str());
        if subject.is_empty() || subject.len() > 255 || subject.chars().any(char::is_control) {
            return Err(untrusted("its subject is empty, too long or unreadable".to_owned()));
        }
        Ok(Identity {
            key: format!("{issuer} {subject}"),
            roles: claims.additional_claims().roles(&self.settings),
        })
    }

    /// What the provider says of itself, no older than `age`.
    fn metadata(&self, age: Duration) -> Result<CoreProviderMetadata, IdentityError> {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = lock().as_ref().filter(|(when, _)| when.elapsed() < age) {
            return Ok(known.clone());
        }
        let unreachable = |error: String| IdentityError::Unreachable(error);
        let issuer =
            IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| unreachable(error.to_string()))?;
        let ask = |request| self.agent.call(request);
        let found = CoreProviderMetadata::discover(&issuer, &ask)
            .map_err(|error| unreachable(client::chain(&error)))?;
        *lock() = Some((Instant::now(), found.clone()));
        Ok(found)
    }

    fn client(&self, metadata: CoreProviderMetadata) -> Result<Ready, IdentityError> {
        let redirect = RedirectUrl::new(self.redirect.clone())
            .map_err(|error| IdentityError::Unreachable(error.to_string()))?;
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = self.settings.client_secret.clone().map(ClientSecret::new);
        Ok(Ready::from_provider_metadata(metadata, id, secret).set_redirect_uri(redirect))
    }
}
