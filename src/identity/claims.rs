//! Claims beside the standard ones, and the roles that the settings find in them.

use openidconnect::{
    AdditionalClaims, EmptyExtraTokenFields, IdTokenFields, StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::config::{MappedRole, OidcSettings};

/// Every claim that the standard does not name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Others {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// A client that reads all claims; its endpoints as the provider tells them.
pub(super) type Client<Auth, Device, Introspection, Revocation, Token, UserInfo> = openidconnect::Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    Auth,
    Device,
    Introspection,
    Revocation,
    Token,
    UserInfo,
>;

impl Others {
    /// The roles that the mapped claim gives; a value that is not mapped gives nothing.
    pub(super) fn roles(&self, settings: &OidcSettings) -> Vec<MappedRole> {
        let Some(claim) = &settings.role_claim else { return Vec::new() };
        let values = values(self.find(claim));
        settings.role_map.iter().filter(|mapped| values.contains(&mapped.value.as_str())).cloned().collect()
    }

    /// The claim of this name, else the one at this path (`realm_access.roles`).
    fn find(&self, claim: &str) -> Option<&Value> {
        self.all.get(claim).or_else(|| {
            let mut steps = claim.split('.');
            let first = self.all.get(steps.next()?)?;
            steps.try_fold(first, |value, step| value.get(step))
        })
    }
}

/// A text, or a list of texts.
fn values(claim: Option<&Value>) -> Vec<&str> {
    match claim {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;

    fn settings(claim: Option<&str>) -> OidcSettings {
        OidcSettings {
            issuer: "https://id.example.vn".to_owned(),
            client_id: "sipas".to_owned(),
            client_secret: None,
            name: String::new(),
            role_claim: claim.map(str::to_owned),
            role_map: ["heads=unit_head@tra-cu", "all=analyst"].map(|m| m.parse().unwrap()).to_vec(),
        }
    }

    fn roles(claim: Option<&str>, token: &str) -> Vec<Role> {
        let others: Others = serde_json::from_str(token).unwrap();
        others.roles(&settings(claim)).into_iter().map(|mapped| mapped.role).collect()
    }

    #[test]
    fn only_mapped_values_of_the_named_claim_give_roles() {
        let token = r#"{"groups":["heads","administrator"],"role":"all","realm_access":{"roles":["all"]}}"#;
        assert_eq!(roles(Some("groups"), token), [Role::UnitHead]);
        assert_eq!(roles(Some("role"), token), [Role::Analyst]);
        assert_eq!(roles(Some("realm_access.roles"), token), [Role::Analyst]);
        assert_eq!(roles(None, token), []);
        assert_eq!(roles(Some("others"), token), []);
        assert_eq!(roles(Some("groups"), r#"{"groups":{"heads":true}}"#), []);
    }
}
