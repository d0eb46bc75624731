//! One answer on its way to the intake: what the pages and the API share.

use std::sync::Arc;

pub(super) use crate::storage::receipts::opening::Opened;

use super::{
    limits::{self, Prefix},
    problem::{ApiError, Thing},
    state::AppState,
};
use crate::{
    domain::{
        answers::AnswerSet,
        form::Form,
        ids::{Language, SubmissionKey, UnitCode},
        marks,
        period::Day,
        receipt::ReceiptCode,
        response::{Assisted, Channel, Flags, Pace, Response, ServiceField},
    },
    intake::{Claimed, Recorded, Submission},
    storage::receipts::opening,
};

/// Looks a receipt up by its code. Opening changes nothing and is not recorded.
///
/// # Errors
/// [`Thing::Receipt`] where no receipt has this code; 429 where this neighbourhood guessed too often.
pub(super) async fn open(state: &AppState, from: Prefix, code: &ReceiptCode) -> Result<Opened, ApiError> {
    let look = state.guesses.look(from)?;
    let found = open_known(state, code).await;
    if matches!(found, Err(ApiError::NotFound(_))) {
        look.missed();
    }
    found
}

/// The same for who holds a token, and so need not guess.
///
/// # Errors
/// [`Thing::Receipt`] where no receipt has this code.
pub(super) async fn open_known(state: &AppState, code: &ReceiptCode) -> Result<Opened, ApiError> {
    let hash = state.keys.code_hash(code.compact());
    let found = state.intake.look_up(hash, state.clock.today().month()).await?;
    found.ok_or(ApiError::NotFound(Thing::Receipt))
}

/// An answer that was checked in every way that needs no writing.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    /// The client's random key.
    pub(super) key: SubmissionKey,
    /// The receipt, where the answer came by one.
    pub(super) receipt: Option<Opened>,
    /// The form's version.
    pub(super) form: Arc<Form>,
    /// The unit.
    pub(super) unit: UnitCode,
    /// How it came.
    pub(super) channel: Channel,
    /// Language of the page.
    pub(super) language: Language,
    /// Who helped.
    pub(super) assisted: Assisted,
    /// What the client said beside the answers.
    pub(super) claimed: Claimed,
    /// The day it counts on, where that is not what the client said.
    pub(super) day: Option<Day>,
    /// Marks that the client made.
    pub(super) flags: Flags,
    /// How fast.
    pub(super) pace: Pace,
    /// The answers.
    pub(super) answers: AnswerSet,
}

/// Hands an answer to the intake and waits until it is on disk.
///
/// # Errors
/// Why it was not stored.
pub(super) async fn record(state: &AppState, sent: Sent) -> Result<Recorded, ApiError> {
    let outcome = try_record(state, sent).await;
    state.metrics.submission(match &outcome {
        Ok(Recorded::Stored) => "stored",
        Ok(Recorded::Repeated) => "repeated",
        Err(error) => error.code(),
    });
    outcome
}

async fn try_record(state: &AppState, sent: Sent) -> Result<Recorded, ApiError> {
    let today = state.clock.today();
    let receipt = sent.receipt.as_ref().map(Opened::hash);
    let (key, claimed) = (sent.key, sent.claimed.clone());
    let response = response(state, sent, today).await?;
    let submission = Submission::new(&state.keys, &key, receipt, &claimed, &response, today)
        .map_err(|error| ApiError::Internal(error.into()))?;
    Ok(state.intake.submit(submission).await?)
}

async fn response(state: &AppState, sent: Sent, today: Day) -> Result<Response, ApiError> {
    let service_field = field_of(state, &sent, today).await?;
    let over_limit = match sent.channel {
        Channel::Poster => match state.posters.count(&sent.unit) {
            limits::Pace::Within => Flags::default(),
            limits::Pace::Over => Flags::OVER_LIMIT,
        },
        Channel::Receipt | Channel::Kiosk | Channel::Paper | Channel::Interviewer | Channel::Api => {
            Flags::default()
        }
    };
    Ok(Response {
        unit: sent.unit,
        form: sent.form.id.clone(),
        version: sent.form.version,
        day: sent.day.or(sent.claimed.answered_on).unwrap_or(today),
        channel: sent.channel,
        language: sent.language,
        assisted: sent.assisted,
        service_field,
        pace: sent.pace,
        flags: marks::flags(&sent.form, &sent.answers.row, sent.pace).with(over_limit).with(sent.flags),
        answers: sent.answers,
    })
}

/// What an office says of its own answers is kept; what a stranger says only where it hides among others.
async fn field_of(state: &AppState, sent: &Sent, today: Day) -> Result<ServiceField, ApiError> {
    if let Some(opened) = &sent.receipt {
        return Ok(opened.field.clone());
    }
    let Some(field) = sent.claimed.service_field.clone() else { return Ok(ServiceField::None) };
    match sent.channel {
        Channel::Paper | Channel::Interviewer | Channel::Api => Ok(ServiceField::Code(field)),
        Channel::Poster | Channel::Kiosk | Channel::Receipt => {
            let unit = sent.unit.clone();
            Ok(state.store.run(move |db| opening::field_kept(db, &unit, &field, today.month())).await?)
        }
    }
}
