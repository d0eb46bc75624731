//! A link that lets somebody in: mailed to them where mail is set up, else shown once to who made it, in the answer to
//! what made it. No page shows it again.

use actix_web::{HttpResponse, http::StatusCode, web};

use super::page;
use crate::{
    domain::ids::Language,
    http::{
        extract::{caller::Person, reader::Reader},
        pages::office::people::link::{self as looks, Way},
        problem::ApiError,
        state::AppState,
    },
    storage::accounts::Account,
};

/// A link that was made.
pub(super) struct Link {
    pub(super) secret: String,
    /// Whom it lets in.
    pub(super) to: Account,
    /// Whether it sets a first password, not a new one.
    pub(super) first: bool,
}

/// Mails the link or shows it.
///
/// # Errors
/// Where the page cannot be made.
pub(super) async fn show(
    state: &AppState,
    reader: Reader,
    person: &Person,
    back: &str,
    link: Link,
) -> Result<HttpResponse, ApiError> {
    let address = format!("{}/welcome/{}", state.settings.public_url, link.secret);
    let way = send(state, &link, &address).await?;
    let (shown, to) = (if way == Way::Mailed { "" } else { &address }, &link.to);
    page(state, reader, back, Some(person), StatusCode::OK, |frame| {
        looks::render(frame, back, &looks::Made { to, first: link.first, address: shown, way })
    })
}

async fn send(state: &AppState, link: &Link, address: &str) -> Result<Way, ApiError> {
    let Some(mailer) = state.settings.mailer.clone().filter(|_| !link.to.email.is_empty()) else {
        return Ok(Way::Shown);
    };
    // In both languages: nobody knows yet which one they read.
    let (subject, text) = looks::mail(&link.to, link.first, address, &[Language::VI, Language::EN]);
    let to = link.to.email.clone();
    let sent = web::block(move || mailer.send(&to, &subject, text)).await;
    match sent.map_err(|error| ApiError::Internal(error.into()))? {
        Ok(()) => Ok(Way::Mailed),
        Err(error) => {
            tracing::error!(error = ?error, "a link could not be mailed; it was shown instead");
            Ok(Way::Failed)
        }
    }
}
