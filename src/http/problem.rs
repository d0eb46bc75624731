//! Every way a request can fail, and what each becomes: status, stable code, words in the reader's language.
//!
//! No status is decided anywhere else. The cause of a fault of ours is logged once, here, and never sent; what
//! a person typed is neither logged nor sent back.

pub mod faults;
pub mod render;
mod texts;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};

use crate::{
    domain::{ids::Language, receipt::ReceiptState, token::Scope},
    intake::IntakeError,
    storage::StorageError,
};

/// A title and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The same for every problem of this code.
    pub title: &'static str,
    /// What happened, and what can be done.
    pub detail: String,
}

/// The title of the problems with this code, where there are such.
#[must_use]
pub fn title(code: &str, language: Language) -> Option<&'static str> {
    texts::of(code).map(|entry| texts::pick(language, entry.title))
}

/// The underlying cause of a fault of ours.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// One fault of a body or a query, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON pointer into the body, or `/name` of a query parameter.
    pub pointer: String,
    /// Stable name of the fault, `out_of_range`.
    pub code: String,
    /// What is allowed: `1..5`, `yes, no`, `500`.
    pub allowed: Option<String>,
}

impl FieldFault {
    /// A fault at the member or parameter `name`.
    #[must_use]
    pub fn at(name: &str, code: &str) -> Self {
        Self { pointer: pointer([name]), code: code.to_owned(), allowed: None }
    }

    /// The same fault, saying what is allowed.
    #[must_use]
    pub fn allowing(self, allowed: impl Into<String>) -> Self {
        Self { allowed: Some(allowed.into()), ..self }
    }
}

/// The JSON pointer (RFC 6901) to these members, one within the other.
#[must_use]
pub fn pointer<'a>(members: impl IntoIterator<Item = &'a str>) -> String {
    members.into_iter().flat_map(|m| ["/".to_owned(), m.replace('~', "~0").replace('/', "~1")]).collect()
}

/// What a path may name and not find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A page or an endpoint.
    Page,
    /// A unit.
    Unit,
    /// A form, or a version of one.
    Form,
    /// A receipt.
    Receipt,
    /// A tablet that waits for this code.
    Device,
}

/// Why somebody may not do a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The token lacks this scope.
    Scope(Scope),
    /// The unit lies outside the token's subtree.
    OutsideSubtree,
    /// This caller may not claim this channel.
    Channel,
    /// Only a token may say on which day an answer was given.
    AnsweredOn,
    /// The form was sent from a page of another site.
    CrossSite,
    /// Only closed months, quarters and years are public.
    NotPublic,
    /// No role of this account gives the right.
    Role,
    /// A second factor must be set up first.
    SecondFactor,
}

/// Every way a request can fail.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Nothing has this address or name.
    #[error("not found")]
    NotFound(Thing),
    /// The address exists, the method does not; the methods that do.
    #[error("method not allowed")]
    MethodNotAllowed(&'static str),
    /// The body is no JSON; where it stops being so.
    #[error("the body is not JSON at line {line}, column {column}")]
    BadJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// The request cannot be read at all.
    #[error("bad request")]
    BadRequest,
    /// The body is larger than so many bytes.
    #[error("body too large")]
    TooLarge(usize),
    /// The body is of another kind; the kind that is taken.
    #[error("unsupported media type")]
    UnsupportedMedia(&'static str),
    /// The request did not arrive in time.
    #[error("the request took too long")]
    Timeout,
    /// Faults in the body or the query, all at once.
    #[error("{} faults in what was sent", .0.len())]
    Invalid(Vec<FieldFault>),
    /// One figure would need two series of a form; the series.
    #[error("one figure would need two series")]
    TwoSeries(String),
    /// A token is needed, or the one that was sent is not known.
    #[error("unauthorized")]
    Unauthorized,
    /// The caller is known and may not.
    #[error("forbidden")]
    Forbidden(Refusal),
    /// The check character of a code does not fit: a slip of the finger, not a guess.
    #[error("the code is mistyped")]
    MistypedCode,
    /// The code was used.
    #[error("the code is spent")]
    SpentCode,
    /// The submission key was used for other content.
    #[error("the submission key was used for other content")]
    KeyConflict,
    /// The receipt cannot be changed in its state.
    #[error("the receipt is in another state")]
    ReceiptState,
    /// The code is too old.
    #[error("the code is expired")]
    ExpiredCode,
    /// The code was taken back.
    #[error("the code is void")]
    VoidCode,
    /// A reprint took the code's place.
    #[error("the code is replaced")]
    ReplacedCode,
    /// The unit does not serve any more, and none took its place.
    #[error("the unit is closed")]
    ClosedUnit,
    /// The public address is too long for a receipt's QR; the longest host that fits.
    #[error("the public address is too long for a QR symbol")]
    AddressTooLong(usize),
    /// Too many attempts; seconds to wait.
    #[error("too many attempts")]
    TooMany(u64),
    /// More wait for the writer than it takes in; nothing was stored.
    #[error("busy")]
    Busy,
    /// The service is stopping; nothing was stored.
    #[error("stopping")]
    Stopping,
    /// The database cannot be reached.
    #[error("the database is unavailable")]
    Unavailable(#[source] Cause),
    /// The disk is full; nothing was stored.
    #[error("the disk is full")]
    StorageFull(#[source] Cause),
    /// A fault of ours.
    #[error("a fault of the service")]
    Internal(#[source] Cause),
}

/// Seconds after which a refused client may try again.
const RETRY_SECONDS: u64 = 2;

impl ApiError {
    /// The stable code; also the last part of the problem's `type`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(Thing::Page) => "not-found",
            Self::NotFound(Thing::Unit) => "unknown-unit",
            Self::NotFound(Thing::Form) => "unknown-form",
            Self::NotFound(Thing::Receipt) => "unknown-code",
            Self::NotFound(Thing::Device) => "unknown-device-code",
            Self::MethodNotAllowed(_) => "method-not-allowed",
            Self::BadJson { .. } => "bad-json",
            Self::BadRequest => "bad-request",
            Self::TooLarge(_) => "too-large",
            Self::UnsupportedMedia(_) => "unsupported-media-type",
            Self::Timeout => "timeout",
            Self::Invalid(_) => "invalid",
            Self::TwoSeries(_) => "two-series",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(Refusal::Scope(_)) => "missing-scope",
            Self::Forbidden(Refusal::OutsideSubtree) => "outside-subtree",
            Self::Forbidden(Refusal::Channel) => "channel-not-allowed",
            Self::Forbidden(Refusal::AnsweredOn) => "day-not-allowed",
            Self::Forbidden(Refusal::CrossSite) => "cross-site",
            Self::Forbidden(Refusal::NotPublic) => "not-public",
            Self::Forbidden(Refusal::Role) => "missing-role",
            Self::Forbidden(Refusal::SecondFactor) => "second-factor",
            Self::MistypedCode => "mistyped-code",
            Self::SpentCode => "spent-code",
            Self::KeyConflict => "key-conflict",
            Self::ReceiptState => "receipt-state",
            Self::ExpiredCode => "expired-code",
            Self::VoidCode => "void-code",
            Self::ReplacedCode => "replaced-code",
            Self::ClosedUnit => "closed-unit",
            Self::AddressTooLong(_) => "address-too-long",
            Self::TooMany(_) => "too-many-attempts",
            Self::Busy => "busy",
            Self::Stopping => "stopping",
            Self::Unavailable(_) => "unavailable",
            Self::StorageFull(_) => "storage-full",
            Self::Internal(_) => "internal",
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadJson { .. } | Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) | Self::MistypedCode => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::SpentCode | Self::KeyConflict | Self::ReceiptState | Self::AddressTooLong(_) => {
                StatusCode::CONFLICT
            }
            Self::ExpiredCode | Self::VoidCode | Self::ReplacedCode | Self::ClosedUnit => StatusCode::GONE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) | Self::TwoSeries(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Stopping | Self::Unavailable(_) | Self::StorageFull(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Why a code in this state cannot be used.
    #[must_use]
    pub fn of_state(state: ReceiptState) -> Self {
        match state {
            ReceiptState::Used => Self::SpentCode,
            ReceiptState::Expired => Self::ExpiredCode,
            ReceiptState::Void => Self::VoidCode,
            ReceiptState::Replaced => Self::ReplacedCode,
            ReceiptState::Issued => Self::ReceiptState,
        }
    }

    /// Seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some((*seconds).max(1)),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => Some(RETRY_SECONDS),
            _ => None,
        }
    }

    /// The chain of causes of a fault of ours, for the log alone.
    fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Unavailable(cause) | Self::StorageFull(cause) | Self::Internal(cause) => Some(cause),
            _ => None,
        }
    }

    /// What the reader is told.
    #[must_use]
    pub fn words(&self, language: Language) -> Words {
        match texts::of(self.code()) {
            Some(entry) => Words {
                title: texts::pick(language, entry.title),
                detail: texts::pick(language, entry.detail).replace("{}", &self.filling()),
            },
            None => Words { title: self.code(), detail: String::new() },
        }
    }

    /// What stands at `{}` of the sentence: never anything that the person typed.
    fn filling(&self) -> String {
        match self {
            Self::MethodNotAllowed(methods) => (*methods).to_owned(),
            Self::BadJson { line, column } => format!("{line}:{column}"),
            Self::TooLarge(limit) | Self::AddressTooLong(limit) => limit.to_string(),
            Self::UnsupportedMedia(kind) => (*kind).to_owned(),
            Self::Invalid(faults) => faults.len().to_string(),
            Self::TwoSeries(series) => series.clone(),
            Self::Forbidden(Refusal::Scope(scope)) => scope.as_str().to_owned(),
            Self::TooMany(seconds) => seconds.to_string(),
            _ => String::new(),
        }
    }

    /// What a status of the framework means, where no handler of ours spoke.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound(Thing::Page),
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed("GET, HEAD"),
            StatusCode::REQUEST_TIMEOUT => Self::Timeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge(super::extract::BODY_LIMIT),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMedia("application/json"),
            status if status.is_client_error() => Self::BadRequest,
            status => Self::Internal(format!("the framework answered {status}").into()),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        match &error {
            StorageError::Unavailable(_)
            | StorageError::Conflict(_)
            | StorageError::ReadOnly(_)
            | StorageError::Disk(_)
            | StorageError::InUse => Self::Unavailable(error.into()),
            StorageError::Full(_) => Self::StorageFull(error.into()),
            StorageError::Query(_)
            | StorageError::Newer { .. }
            | StorageError::Migration(_)
            | StorageError::Damaged { .. }
            | StorageError::Sealed
            | StorageError::File(_)
            | StorageError::Stream(_) => Self::Internal(error.into()),
        }
    }
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Busy => Self::Busy,
            IntakeError::Stopping => Self::Stopping,
            IntakeError::KeyConflict => Self::KeyConflict,
            IntakeError::UnknownCode => Self::NotFound(Thing::Receipt),
            IntakeError::NotUsable(state) => Self::of_state(state),
            IntakeError::Failed(cause) if matches!(*cause, StorageError::Full(_)) => {
                Self::StorageFull(cause.into())
            }
            IntakeError::Failed(cause) => Self::Unavailable(cause.into()),
        }
    }
}

/// The body is written by [`render`], which knows the reader; here is only the bare status.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status())
    }
}

#[cfg(test)]
mod tests;
