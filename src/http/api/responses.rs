//! `POST /api/v1/responses`: one answer from another system, from a poster, or by a receipt's code.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

pub(super) mod answers;
pub(super) mod checks;

use crate::{
    domain::{
        access::Area,
        ids::{FieldCode, FormId, Language, UnitCode},
        period::Day,
        receipt::ReceiptCode,
        response::{Assisted, Channel},
        token::Scope,
    },
    http::{
        extract::{
            body::Shaped,
            caller::Caller,
            shape::{Member, Name, Others, needed, none_other, optional},
        },
        limits::Prefix,
        problem::{ApiError, FieldFault, Refusal},
        state::AppState,
        submit,
    },
    intake::Recorded,
};

/// One answer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct SubmissionBody {
    /// A random UUID of the client's own; the same one again is harmless.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = Uuid)]
    submission_key: Member<Uuid>,
    /// The form's id.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = String, example = "one-stop-short")]
    form: Member<Name<FormId>>,
    /// The form's version, as it was shown.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = u16, example = 1)]
    version: Member<u16>,
    /// The unit that served; with a receipt, the receipt's.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = String, example = "tra-cu")]
    unit: Member<Name<UnitCode>>,
    /// `receipt` with a code, `poster` without any credential, `api`, `paper` or `interviewer` with a token, `kiosk`
    /// from an enrolled tablet.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = String, example = "receipt")]
    channel: Member<String>,
    /// Language that the person read.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = String, example = "vi")]
    language: Member<Name<Language>>,
    /// The code of a receipt.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>)]
    receipt: Member<String>,
    /// Service field; with a receipt, the receipt's.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>, example = "land")]
    service_field: Member<Name<FieldCode>>,
    /// Who helped: `no` (default), `family`, `staff`, `youth_union`.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>, example = "no")]
    assisted: Member<String>,
    /// The day it was given, at most 60 days back; with a token alone.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>, format = Date)]
    answered_on: Member<Name<Day>>,
    /// By question or matrix row: a level 1 to 5, an option's code, several codes, a number, a text, or
    /// `{"missing": reason}`.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = Object)]
    answers: Member<BTreeMap<String, Value>>,
    #[serde(flatten)]
    #[validate(custom(function = "none_other"))]
    #[schema(ignore)]
    others: Others,
}

/// What became of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outcome {
    /// `stored`, or `repeated` where the same key came with the same content before.
    outcome: &'static str,
}

/// Takes one answer; says so only when it is on disk.
#[utoipa::path(
    post, path = "/api/v1/responses", tag = "responses", request_body = SubmissionBody,
    security((), ("bearer" = [])),
    responses(
        (status = 201, description = "Stored", body = Outcome),
        (status = 200, description = "The same key with the same content was stored before", body = Outcome),
        (status = 400, description = "Not JSON", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 401, description = "Unknown token or tablet", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 403, description = "This caller may not claim this channel, unit or day", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 404, description = "No receipt has this code", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key came with other content, or the code is spent", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 410, description = "The code is expired, void or replaced", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not application/json", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 422, description = "All faults at once", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many guesses", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
        (status = 503, description = "Busy; nothing was stored", body = crate::http::openapi::Problem, content_type = "application/problem+json"),
    )
)]
pub async fn submit(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    sent: Shaped<SubmissionBody>,
) -> Result<HttpResponse, ApiError> {
    let claim = Claim::read(&sent).map_err(|faults| checks::with_meanings(&state, &sent.body, faults))?;
    let rights = claim.rights(&caller, state.clock.today())?;
    let receipt = match &claim.receipt {
        Some(code) => {
            let from = Prefix::of(&request, &state.settings.forwarded);
            Some(submit::open(&state, from, code).await?)
        }
        None => None,
    };
    let sent = checks::check(&state, claim, receipt, &rights)?;
    Ok(match submit::record(&state, sent).await? {
        Recorded::Stored => HttpResponse::Created().json(Outcome { outcome: "stored" }),
        Recorded::Repeated => HttpResponse::Ok().json(Outcome { outcome: "repeated" }),
    })
}

/// A body whose members are all of the right kind.
pub(super) struct Claim<'a> {
    key: Uuid,
    form: FormId,
    version: u16,
    unit: UnitCode,
    channel: Channel,
    language: Language,
    receipt: Option<ReceiptCode>,
    service_field: Option<FieldCode>,
    assisted: Assisted,
    answered_on: Option<Day>,
    answers: &'a BTreeMap<String, Value>,
}

/// What a caller may say beside the answers.
pub(super) enum Rights {
    /// Nothing: the code speaks.
    Code,
    /// Nothing: anybody can stand before a poster.
    Poster,
    /// Form, unit and day, within this area.
    In(Area),
}

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ")
}

impl<'a> Claim<'a> {
    /// All faults of shape, and of the members that speak of each other.
    fn read(sent: &'a Shaped<SubmissionBody>) -> Result<Self, Vec<FieldFault>> {
        let (body, mut faults) = (&sent.body, sent.faults.clone());
        let channel = body.channel.get().and_then(|name| Channel::named(name));
        if channel.is_none() && body.channel.get().is_some() {
            let allowed = names(Channel::ALL, Channel::as_str);
            faults.push(FieldFault::at("channel", "unknown_option").allowing(allowed));
        }
        let assisted = body.assisted.get().map_or(Some(Assisted::No), |name| Assisted::named(name));
        if assisted.is_none() {
            let allowed = names(Assisted::ALL, Assisted::as_str);
            faults.push(FieldFault::at("assisted", "unknown_option").allowing(allowed));
        }
        let receipt = body.receipt.get().map(|code| code.parse::<ReceiptCode>());
        if matches!(receipt, Some(Err(_))) {
            faults.push(FieldFault::at("receipt", "mistyped_code"));
        }
        match (channel, &receipt) {
            (Some(Channel::Receipt), None) => faults.push(FieldFault::at("receipt", "required")),
            (Some(channel), Some(_)) if channel != Channel::Receipt => {
                faults.push(FieldFault::at("channel", "not_with_this_channel").allowing("receipt"));
            }
            _ => {}
        }
        let receipt = receipt.and_then(Result::ok);
        Self::assemble(body, channel, assisted, receipt).filter(|_| faults.is_empty()).ok_or(faults)
    }

    fn assemble(
        body: &'a SubmissionBody,
        channel: Option<Channel>,
        assisted: Option<Assisted>,
        receipt: Option<ReceiptCode>,
    ) -> Option<Self> {
        Some(Self {
            key: *body.submission_key.get()?,
            form: body.form.get()?.0.clone(),
            version: *body.version.get()?,
            unit: body.unit.get()?.0.clone(),
            channel: channel?,
            language: body.language.get()?.0,
            receipt,
            service_field: body.service_field.get().map(|name| name.0.clone()),
            assisted: assisted?,
            answered_on: body.answered_on.get().map(|name| name.0),
            answers: body.answers.get()?,
        })
    }

    /// Who may claim which channel.
    fn rights(&self, caller: &Caller, today: Day) -> Result<Rights, ApiError> {
        let no_day = || match self.answered_on {
            Some(day) if day != today => Err(ApiError::Forbidden(Refusal::AnsweredOn)),
            _ => Ok(()),
        };
        match (self.channel, caller) {
            (Channel::Receipt, _) => no_day().map(|()| Rights::Code),
            (Channel::Poster, Caller::Anonymous) => no_day().map(|()| Rights::Poster),
            (Channel::Api | Channel::Paper | Channel::Interviewer, Caller::Token(_))
            | (Channel::Paper | Channel::Interviewer, Caller::Person(_)) => {
                caller.with_scope(Scope::ResponsesWrite).map(Rights::In)
            }
            // A tablet stands in one unit: those below it are as far as any other.
            (Channel::Kiosk, Caller::Device(device)) if device.unit != self.unit => {
                Err(ApiError::Forbidden(Refusal::OutsideSubtree))
            }
            (Channel::Kiosk, Caller::Device(device)) => {
                no_day().map(|()| Rights::In(Area::of(Some(&device.unit))))
            }
            (Channel::Poster | Channel::Kiosk | Channel::Api | Channel::Paper | Channel::Interviewer, _) => {
                Err(ApiError::Forbidden(Refusal::Channel))
            }
        }
    }
}
