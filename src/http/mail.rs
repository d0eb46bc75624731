//! Mail: links that open once go to those they are for, where mail is set up.

use std::{sync::Arc, time::Duration};

use lettre::{
    Message, SmtpTransport, Transport as _,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Mechanism,
};

use crate::config::MailSettings;

/// How long a mail server may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why no mail can be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address of the server cannot be read, or its TLS cannot be set up.
    #[error("smtp-url cannot be used; write smtps://USER:PASSWORD@HOST or smtp://HOST:PORT?tls=required")]
    Server(#[source] lettre::transport::smtp::Error),
    /// An address cannot be read.
    #[error("{0} is no address of mail; write NAME@HOST, or for mail-from \"SIPAS <NAME@HOST>\"")]
    Address(&'static str, #[source] lettre::address::AddressError),
    /// The mail could not be written.
    #[error("the mail could not be written")]
    Text(#[source] lettre::error::Error),
    /// The server did not take it.
    #[error("the mail server did not take the mail")]
    Refused(#[source] lettre::transport::smtp::Error),
}

/// Hands mail over.
#[derive(Clone)]
pub struct Mailer(Arc<Parts>);

struct Parts {
    server: SmtpTransport,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer")
    }
}

impl Mailer {
    /// A mailer, where mail is set up.
    ///
    /// # Errors
    /// Where the server or the sender cannot be read.
    pub fn new(settings: &MailSettings) -> Result<Option<Self>, MailError> {
        let Some(url) = &settings.smtp_url else { return Ok(None) };
        let from = settings.from.parse().map_err(|error| MailError::Address("mail-from", error))?;
        let server = SmtpTransport::from_url(&encrypted(url)).map_err(MailError::Server)?;
        let server =
            server.timeout(Some(PATIENCE)).authentication(vec![Mechanism::Plain, Mechanism::Login]).build();
        Ok(Some(Self(Arc::new(Parts { server, from }))))
    }

    /// Sends a text. Takes as long as the mail server does.
    ///
    /// # Errors
    /// Where the address cannot be read, or the server does not take it.
    pub fn send(&self, to: &str, subject: &str, text: String) -> Result<(), MailError> {
        let to: Mailbox = to.parse().map_err(|error| MailError::Address("the address", error))?;
        let mail = Message::builder()
            .from(self.0.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(MailError::Text)?;
        self.0.server.send(&mail).map(|_taken| ()).map_err(MailError::Refused)
    }
}

/// Whether this is an address that mail could go to.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

/// The address of a server with TLS demanded where it is another machine and nobody said otherwise: what is sent lets
/// somebody in.
fn encrypted(url: &str) -> String {
    let host = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let here = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    if !url.starts_with("smtp://") || here || url.contains("tls=") {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}tls=required")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_spoken_to_in_tls() {
        assert_eq!(encrypted("smtp://mail.vn:587"), "smtp://mail.vn:587?tls=required");
        assert_eq!(encrypted("smtp://localhost.evil.vn"), "smtp://localhost.evil.vn?tls=required");
        for url in [
            "smtp://127.0.0.1:2525",
            "smtp://u:p@localhost",
            "smtps://mail.vn",
            "smtp://mail.vn?tls=opportunistic",
        ] {
            assert_eq!(encrypted(url), url);
        }
    }

    #[test]
    fn what_cannot_work_is_said_at_the_start() {
        let new = |url: &str, from: &str| {
            Mailer::new(&MailSettings { smtp_url: Some(url.to_owned()), from: from.to_owned() })
        };
        assert!(new("smtp://127.0.0.1:2525", "SIPAS <sipas@example.vn>").is_ok());
        assert!(matches!(new("http://x", "sipas@example.vn"), Err(MailError::Server(_))));
        assert!(matches!(new("smtp://x", "sipas"), Err(MailError::Address("mail-from", _))));
        assert!(Mailer::new(&MailSettings::default()).unwrap().is_none());
    }
}
