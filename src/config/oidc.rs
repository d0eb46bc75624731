//! Sign-in by an identity provider (`OpenID` Connect): where it is, who this service is there, which claim gives roles.

use std::{fmt, path::PathBuf, str::FromStr};

use super::{ConfigError, table::Values};
use crate::domain::{access::Role, ids::UnitCode};

/// The provider, and who this service is there.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer, exactly as the provider writes it.
    pub issuer: String,
    /// The name under which the provider knows this service.
    pub client_id: String,
    /// The secret that goes with it; `None`: a client without one.
    pub client_secret: Option<String>,
    /// What the button says.
    pub name: String,
    /// The claim that roles are read from; `None`: from none.
    pub role_claim: Option<String>,
    /// What its values stand for. A value that is not here gives nothing.
    pub role_map: Vec<MappedRole>,
}

/// A value of the claim and the role that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedRole {
    /// As the provider writes it.
    pub value: String,
    /// The role.
    pub role: Role,
    /// In this unit and everything below it; `None`: everywhere.
    pub unit: Option<UnitCode>,
}

impl fmt::Debug for OidcSettings {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcSettings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// An issuer: over TLS, or on this machine.
struct Issuer(String);

impl FromStr for Issuer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let what = "is no issuer; write https://HOST or https://HOST/PATH, exactly as the provider names itself \
                    (http:// is taken for 127.0.0.1, [::1] and localhost alone)";
        let plain = |c: char| c.is_ascii_graphic() && !"?#@\"<>\\^`{|}".contains(c);
        let (scheme, rest) = text.split_once("://").ok_or(what)?;
        let authority = rest.split('/').next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(inside) => inside.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        let fits = match scheme {
            "https" => !host.is_empty(),
            "http" => matches!(host, "127.0.0.1" | "::1" | "localhost"),
            _ => false,
        };
        if fits && rest.chars().all(plain) { Ok(Self(text.to_owned())) } else { Err(what) }
    }
}

impl FromStr for MappedRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let what = || format!("{text:?} is no VALUE=ROLE or VALUE=ROLE@UNIT");
        // A value may hold a sign of equality, a role and a unit never do.
        let (value, target) = text.trim().rsplit_once('=').ok_or_else(what)?;
        let (role, unit) = match target.split_once('@') {
            Some((role, unit)) => (role, Some(unit)),
            None => (target, None),
        };
        if value.is_empty() {
            return Err(what());
        }
        Ok(Self {
            value: value.to_owned(),
            role: role.parse().map_err(|error| format!("{text:?}: {error}"))?,
            unit: unit.map(str::parse).transpose().map_err(|error| format!("{text:?}: {error}"))?,
        })
    }
}

impl OidcSettings {
    /// `None` where no issuer is named.
    pub(super) fn read(values: &Values) -> Result<Option<Self>, ConfigError> {
        let given = |name| Ok::<_, ConfigError>(values.optional::<String>(name)?.filter(|v| !v.is_empty()));
        if given("oidc-issuer")?.is_none() {
            return Ok(None);
        }
        let issuer = values.read::<Issuer>("oidc-issuer")?.0;
        let secret_file = given("oidc-client-secret-file")?.map(PathBuf::from);
        let map = given("oidc-role-map")?.unwrap_or_default();
        let mapped = map.split(',').filter(|part| !part.trim().is_empty()).map(str::parse);
        let role_map: Result<Vec<MappedRole>, String> = mapped.collect();
        let role_claim = given("oidc-role-claim")?;
        let bad = |name, what| values.bad(name, what);
        if role_claim.is_none() && !map.is_empty() {
            return Err(bad(
                "oidc-role-map",
                "needs oidc-role-claim, the claim whose values it explains".into(),
            ));
        }
        Ok(Some(Self {
            issuer,
            client_id: given("oidc-client-id")?
                .ok_or_else(|| bad("oidc-client-id", "must be given with oidc-issuer".into()))?,
            client_secret: secret_file.map(|path| secret(values, path)).transpose()?,
            name: values.read("oidc-name")?,
            role_claim,
            role_map: role_map.map_err(|what| bad("oidc-role-map", what))?,
        }))
    }
}

/// The first line of a file.
fn secret(values: &Values, path: PathBuf) -> Result<String, ConfigError> {
    let bad = |what: String| values.bad("oidc-client-secret-file", what);
    let text = std::fs::read_to_string(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    let line = text.lines().next().unwrap_or_default().trim().to_owned();
    if line.is_empty() { Err(bad("has no secret in its first line".to_owned())) } else { Ok(line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_reached_over_tls_or_is_on_this_machine() {
        for good in [
            "https://id.example.vn/realms/sipas",
            "https://id.example.vn:8443",
            "http://127.0.0.1:9000",
            "http://[::1]:9000",
            "http://localhost/x",
        ] {
            assert!(good.parse::<Issuer>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "id.example.vn",
            "http://id.example.vn",
            "http://127.0.0.1.evil.test",
            "http://localhost@evil.test",
            "https://",
            "https://x?y=z",
            "ftp://x",
        ] {
            assert!(bad.parse::<Issuer>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mapped_value_is_a_role_everywhere_or_in_a_unit() {
        let one = |text: &str| text.parse::<MappedRole>();
        let mapped = one("CN=Lan=clerk@tra-cu").unwrap();
        assert_eq!((mapped.value.as_str(), mapped.role), ("CN=Lan", Role::Clerk));
        assert_eq!(mapped.unit.as_ref().map(UnitCode::as_str), Some("tra-cu"));
        assert_eq!(one("heads=unit_head").unwrap().unit, None);
        for bad in ["clerk", "=clerk", "a=king", "a=clerk@", "a=clerk@Trà Cú"] {
            assert!(one(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_secret_stands_in_no_log() {
        let settings = OidcSettings {
            issuer: "https://id.example.vn".to_owned(),
            client_id: "sipas".to_owned(),
            client_secret: Some("hidden-from-all".to_owned()),
            name: String::new(),
            role_claim: None,
            role_map: Vec::new(),
        };
        assert!(!format!("{settings:?}").contains("hidden"));
    }
}
