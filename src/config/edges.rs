//! What stands between the service and its callers: TLS, and the proxies that are believed.

use std::{net::IpAddr, path::PathBuf};

use ipnet::IpNet;

use super::{ConfigError, table::Values};

/// This machine and private networks: what the old setting `behind-proxy` means.
const NEAR: &[&str] = &[
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// Endings of names that no public name server knows.
const NEAR_NAMES: &[&str] = &["localhost", "local", "internal", "lan", "home.arpa"];

/// The files of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, the service's own certificate first; PEM.
    pub cert: PathBuf,
    /// Its private key; PEM.
    pub key: PathBuf,
}

/// What stands between the service and its callers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edges {
    /// What TLS is served with; without it the service speaks plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Networks of proxies that may say whom they ask for.
    pub trusted: Vec<IpNet>,
}

impl Edges {
    pub(super) fn read(values: &mut Values) -> Result<Self, ConfigError> {
        Ok(Self { tls: tls(values)?, trusted: trusted(values)? })
    }
}

fn tls(values: &Values) -> Result<Option<TlsFiles>, ConfigError> {
    let file = |name| {
        let path: Result<Option<PathBuf>, ConfigError> = values.optional(name);
        path.map(|path| path.filter(|path| !path.as_os_str().is_empty()))
    };
    let half = |name, other| {
        Err(values.bad(name, format!("is half of a pair; set {other} too, or neither to serve plain HTTP")))
    };
    match (file("tls-cert")?, file("tls-key")?) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key })),
        (None, None) => Ok(None),
        (Some(_), None) => half("tls-cert", "tls-key"),
        (None, Some(_)) => half("tls-key", "tls-cert"),
    }
}

fn trusted(values: &mut Values) -> Result<Vec<IpNet>, ConfigError> {
    let given: Option<String> = values.optional("trusted-proxy")?;
    let words: Vec<String> =
        given.iter().flat_map(|list| list.split(',')).map(|w| w.trim().to_owned()).collect();
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let parsed: Option<Vec<IpNet>> = words.iter().map(|word| network(word)).collect();
    let Some(named) = parsed else {
        let what = "must be networks such as 10.0.0.0/8 or addresses, with commas between them";
        return Err(values.bad("trusted-proxy", what.to_owned()));
    };
    match (values.switch("behind-proxy")?, named.is_empty()) {
        (false, _) => Ok(named),
        (true, false) => {
            values.warn("behind-proxy says nothing beside trusted-proxy; take it away");
            Ok(named)
        }
        (true, true) => {
            values.warn(format!(
                "behind-proxy is the old word; proxies on this machine and in private networks are believed now; \
                 write trusted-proxy = \"{}\", or better only the proxy's own address",
                NEAR.join(",")
            ));
            Ok(near())
        }
    }
}

/// A network, or one address.
fn network(word: &str) -> Option<IpNet> {
    let one = |word: &str| word.parse::<IpAddr>().ok().map(IpNet::from);
    word.parse::<IpNet>().ok().or_else(|| one(word)).map(|net| net.trunc())
}

fn near() -> Vec<IpNet> {
    NEAR.iter().filter_map(|word| word.parse().ok()).collect()
}

/// Warns where codes and answers would cross the open network in the clear.
pub(super) fn look_at_public(public_url: &str, values: &mut Values) {
    let Some(host) = public_url.strip_prefix("http://") else { return };
    if !is_near(host) {
        values.warn(format!(
            "public-url is {public_url}: codes, answers and passwords cross the network in the clear, and browsers keep \
             no protected cookie; serve it through TLS (tls-cert and tls-key, or a proxy) and write https://"
        ));
    }
}

/// Whether a host (with or without a port) is this machine or in a private network.
fn is_near(host: &str) -> bool {
    let bare = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    match bare.parse::<IpAddr>() {
        Ok(address) => near().iter().any(|net| net.contains(&address.to_canonical())),
        Err(_a_name) => {
            let name = bare.trim_end_matches('.').to_ascii_lowercase();
            let ends = |ending: &&str| name == **ending || name.ends_with(&format!(".{ending}"));
            !name.contains('.') || NEAR_NAMES.iter().any(ends)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Given, Settings};

    fn load(given: &[(&'static str, &str)]) -> Result<Settings, ConfigError> {
        let given = given.iter().map(|(name, value)| Given { name, value: (*value).to_owned() });
        Settings::load(given.collect(), None, None)
    }

    #[test]
    fn half_a_pair_of_files_is_refused() {
        let error = load(&[("tls-cert", "a.pem")]).unwrap_err().to_string();
        assert!(error.contains("set tls-key too"), "{error}");
        let error = load(&[("tls-key", "a.pem")]).unwrap_err().to_string();
        assert!(error.contains("set tls-cert too"), "{error}");
        let both = load(&[("tls-key", "a.pem"), ("tls-cert", "b.pem")]).unwrap();
        assert!(both.edges.tls.is_some());
        assert_eq!(both.public_url, "https://127.0.0.1:8080");
        assert_eq!(load(&[("tls-key", ""), ("tls-cert", "")]).unwrap().edges, Edges::default());
    }

    #[test]
    fn proxies_are_networks_or_addresses_and_the_old_word_means_near_ones() {
        let trusted = |given: &[(&'static str, &str)]| load(given).unwrap().edges.trusted;
        assert_eq!(trusted(&[]), []);
        let two = trusted(&[("trusted-proxy", "10.1.2.3/8, 2001:db8::7")]);
        assert_eq!(two, ["10.0.0.0/8".parse().unwrap(), "2001:db8::7/128".parse().unwrap()]);
        let old = load(&[("behind-proxy", "yes")]).unwrap();
        assert_eq!(old.edges.trusted, near());
        assert_eq!(old.edges.trusted.len(), NEAR.len());
        assert!(old.warnings().iter().any(|warning| warning.contains("trusted-proxy")));
        assert_eq!(trusted(&[("behind-proxy", "yes"), ("trusted-proxy", "192.0.2.1")]).len(), 1);
        assert!(load(&[("trusted-proxy", "proxy.example")]).is_err());
    }

    #[test]
    fn a_public_address_in_the_clear_is_warned_of() {
        let warned = |url: &str| {
            let settings = load(&[("public-url", url)]).unwrap();
            settings.warnings().iter().any(|warning| warning.contains("in the clear"))
        };
        for open in
            ["http://sipas.example.vn", "http://203.0.113.7:8080", "http://[2001:db8::1]", "http://0.0.0.0"]
        {
            assert!(warned(open), "{open}");
        }
        for fine in [
            "https://sipas.example.vn",
            "http://127.0.0.1:8080",
            "http://10.20.30.40",
            "http://[::1]:8080",
            "http://localhost:8080",
            "http://sipas",
            "http://sipas.lan",
        ] {
            assert!(!warned(fine), "{fine}");
        }
    }
}
