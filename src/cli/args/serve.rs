//! Options of what listens.

use clap::Args;

use crate::config::Given;

/// Options of what listens.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct ServeArgs {
    /// Where to listen [env: SIPAS_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(in crate::cli) listen: Option<String>,
    /// What receipts and posters begin with [env: SIPAS_PUBLIC_URL] [default: http://ADDRESS:PORT]
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) public_url: Option<String>,
    /// Certificate chain (PEM) to serve TLS with; read again when it changes [env: SIPAS_TLS_CERT]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) tls_cert: Option<String>,
    /// The private key of this certificate (PEM) [env: SIPAS_TLS_KEY]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) tls_key: Option<String>,
    /// Networks of proxies that may say whom they ask for, with commas [env: SIPAS_TRUSTED_PROXY]
    #[arg(long, value_name = "CIDR")]
    pub(in crate::cli) trusted_proxy: Option<String>,
    /// A folder of form files beside the shipped ones [env: SIPAS_FORMS]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) forms: Option<String>,
    /// A form file that differs from its published version stops the start
    #[arg(long)]
    pub(in crate::cli) strict_forms: bool,
}

impl ServeArgs {
    /// As settings.
    #[must_use]
    pub(in crate::cli) fn given(&self) -> Vec<Given> {
        let one = |name, value: &Option<String>| value.clone().map(|value| Given { name, value });
        let strict = self.strict_forms.then(|| Given { name: "strict-forms", value: "yes".to_owned() });
        let edges = [
            one("tls-cert", &self.tls_cert),
            one("tls-key", &self.tls_key),
            one("trusted-proxy", &self.trusted_proxy),
        ];
        let all =
            [one("listen", &self.listen), one("public-url", &self.public_url), one("forms", &self.forms)];
        all.into_iter().chain(edges).chain([strict]).flatten().collect()
    }
}

/// How the service is started where others can reach it.
pub(in crate::cli) const SERVE_EXAMPLE: &str =
    "Example: sipas serve --listen 0.0.0.0:8080 --public-url https://sipas.example.vn";
