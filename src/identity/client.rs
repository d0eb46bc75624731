//! The connection to the provider: TLS with the system's authorities, no redirects, bounded in time and size.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use ureq::tls::{RootCerts, TlsConfig};

/// Longest time for one request. People wait for it at the page to sign in.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer, in bytes: documents of a provider are small.
const MOST: u64 = 1 << 20;

/// A client.
pub(super) struct Agent(ureq::Agent);

impl Agent {
    /// A client for this issuer. Where it is on this machine no proxy stands between.
    pub(super) fn new(issuer: &str) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let settings = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("sipas/", env!("CARGO_PKG_VERSION")));
        let settings = if issuer.starts_with("http:") { settings.proxy(None) } else { settings };
        Self(settings.build().into())
    }

    /// Sends one request.
    ///
    /// # Errors
    /// Where there is no answer within the time and size.
    pub(super) fn call(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (parts, mut body) = self.0.run(request)?.into_parts();
        let bytes = body.with_config().limit(MOST).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, bytes))
    }
}

/// An error with its causes, for the log.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
