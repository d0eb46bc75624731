//! A JSON body: read within a limit, parsed, its shape checked with all faults at once. What the person typed
//! never stands in a fault.

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
    web::{Bytes, Data},
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::time::{Duration, timeout};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::BODY_LIMIT;
use crate::http::{
    problem::{ApiError, Cause, FieldFault, pointer},
    state::AppState,
};

/// How long a body may take to arrive where nothing else is set, in seconds.
const PATIENCE: u64 = 20;

/// A body whose shape was looked at. A member that is wrong cannot be read ([`super::shape::Member`]); the handler
/// adds what is wrong with the meaning of the others, so that the sender learns of everything at once.
#[derive(Debug)]
pub struct Shaped<T> {
    /// What was sent.
    pub body: T,
    /// What is wrong with its shape.
    pub faults: Vec<FieldFault>,
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Shaped<T> {
    type Error = ApiError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = media_type(request);
        let bytes = read(request, payload);
        Box::pin(async move {
            if kind.as_deref() != Some("application/json") {
                return Err(ApiError::UnsupportedMedia("application/json"));
            }
            parse(&bytes.await?)
        })
    }
}

/// The media type of a body, lower case and without its parameters.
#[must_use]
pub fn media_type(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

/// Reads the whole body, up to the limit and within its time.
pub fn read(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, ApiError>> + use<> {
    // A kilobyte that unpacks into a gigabyte is nobody's answer: bodies come as they are.
    let packed = request.headers().get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    let bytes = Bytes::from_request(request, payload);
    let limits = request.app_data::<Data<AppState>>().map(|state| &state.settings.limits);
    let (most, patience) = limits.map_or((BODY_LIMIT, PATIENCE), |l| (l.body_bytes, l.request_seconds));
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced: Option<usize> = announced.and_then(|l| l.to_str().ok()).and_then(|l| l.parse().ok());
    async move {
        if packed {
            return Err(ApiError::UnsupportedMedia("a body without Content-Encoding"));
        }
        if announced.is_some_and(|length| length > most) {
            return Err(ApiError::TooLarge(most));
        }
        match timeout(Duration::from_secs(patience), bytes).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(match error.as_response_error().status_code() {
                StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(most),
                other => ApiError::of_status(other),
            }),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}

fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<Shaped<T>, ApiError> {
    let body: T = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => ApiError::Invalid(vec![FieldFault {
            pointer: String::new(),
            code: "wrong_type".to_owned(),
            allowed: Some("an object".to_owned()),
        }]),
        Category::Syntax | Category::Eof => ApiError::BadJson { line: error.line(), column: error.column() },
        Category::Io => ApiError::Internal(Cause::from(error)),
    })?;
    let faults = body.validate().map_or_else(|errors| flatten(&errors), |()| Vec::new());
    Ok(Shaped { body, faults })
}

/// `validator`'s errors as pointers. Its own serialisation would repeat what was sent.
#[must_use]
pub fn flatten(errors: &ValidationErrors) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    collect(errors, &[], &mut faults);
    faults.sort_by(|a, b| (&a.pointer, &a.code).cmp(&(&b.pointer, &b.code)));
    faults
}

fn collect(errors: &ValidationErrors, within: &[&str], faults: &mut Vec<FieldFault>) {
    for (name, kind) in errors.errors() {
        let place: Vec<&str> = within.iter().copied().chain([name.as_ref()]).collect();
        match kind {
            ValidationErrorsKind::Field(several) => {
                for error in several {
                    let param = |name| error.params.get(name);
                    let fault = |pointer| FieldFault {
                        pointer,
                        code: error.code.to_string(),
                        allowed: param("allowed").and_then(|a| a.as_str()).map(ToOwned::to_owned),
                    };
                    match param("members").and_then(|members| members.as_array()) {
                        Some(members) => {
                            let names = members.iter().filter_map(|member| member.as_str());
                            faults.extend(names.map(|name| fault(pointer([name]))));
                        }
                        None => faults.push(fault(pointer(place.iter().copied()))),
                    }
                }
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &place, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    let index = index.to_string();
                    let place: Vec<&str> = place.iter().copied().chain([index.as_str()]).collect();
                    collect(inner, &place, faults);
                }
            }
        }
    }
}
