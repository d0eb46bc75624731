//! Where mail is handed over, and who sends it.

use std::fmt;

use super::{ConfigError, table::Values};

/// Where mail is handed over, and who sends it. Its `Debug` does not show the password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtps://USER:PASSWORD@HOST`; `None`: no mail is sent.
    pub smtp_url: Option<String>,
    /// The sender; given where `smtp_url` is.
    pub from: String,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings").field("from", &self.from).finish_non_exhaustive()
    }
}

impl MailSettings {
    pub(super) fn read(values: &mut Values) -> Result<Self, ConfigError> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let smtp_url = given(values.optional("smtp-url")?);
        let from = given(values.optional("mail-from")?);
        if let Some(url) = &smtp_url {
            values.note("smtp-url", &without_password(url));
        }
        if smtp_url.is_some() != from.is_some() {
            return Err(ConfigError::Value {
                name: "mail-from",
                source_of: values.source("mail-from"),
                value: from.unwrap_or_default(),
                what: "goes with smtp-url: give both, or neither".to_owned(),
            });
        }
        Ok(Self { smtp_url, from: from.unwrap_or_default() })
    }
}

/// The address without what stands between the user's name and the host.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_shows_no_password() {
        assert_eq!(without_password("smtps://lan:secret@mail.vn:465"), "smtps://lan:***@mail.vn:465");
        assert_eq!(without_password("smtp://mail.vn:25"), "smtp://mail.vn:25");
    }
}
