//! Tablets: they enrol with a code that works once, ask who they are and what to ask, send what waited on them, and say
//! how they are.

pub mod content;
pub mod heartbeat;
pub mod queue;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    domain::{
        audit::{Action, Actor, By},
        period::Day,
        receipt::ReceiptCode,
    },
    http::{
        extract::{
            body::Shaped,
            caller::Caller,
            shape::{Member, Others, needed, none_other, optional},
        },
        limits::Prefix,
        openapi::Problem,
        problem::{ApiError, FieldFault, Refusal, Thing},
        state::AppState,
    },
    storage::{
        Db, audit,
        devices::{self, CredentialHash, Device},
        queue_keys::{self, QueueKey},
        queues,
    },
};

/// The code that a tablet was given.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct EnrolBody {
    /// As `sipas device enroll` or the page shows it, in any spelling.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = String, example = "7K3M-9Q2X-4HW")]
    code: Member<String>,
    /// The id under which answers still wait on the tablet: then only a code of this id is taken.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>)]
    keeps: Member<String>,
    #[serde(flatten)]
    #[validate(custom(function = "none_other"))]
    #[schema(ignore)]
    others: Others,
}

/// A tablet that enrolled just now. Its credential is shown only this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolledDevice {
    /// Its id.
    id: String,
    /// The unit that it collects for.
    unit: String,
    /// The desk where it stands.
    desk: String,
    /// What it sends from now on as `Authorization: Bearer`.
    #[schema(example = "device_5f0c...")]
    credential: String,
}

/// A tablet as it sees itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnDevice {
    /// Its id.
    id: String,
    /// The unit that it collects for.
    unit: String,
    /// The desk where it stands.
    desk: String,
    /// The day on which it enrolled.
    #[schema(format = Date)]
    enrolled: String,
}

/// Enrols a tablet: takes its code, once, and gives it a credential.
#[utoipa::path(
    post, path = "/api/v1/devices/enroll", tag = "devices", request_body = EnrolBody,
    responses(
        (status = 201, description = "Enrolled; the credential is shown only now", body = EnrolledDevice),
        (status = 400, body = Problem, description = "Not JSON", content_type = "application/problem+json"),
        (status = 404, body = Problem, description = "No tablet waits for this code", content_type = "application/problem+json"),
        (status = 413, body = Problem, description = "Too large", content_type = "application/problem+json"),
        (status = 415, body = Problem, description = "Not application/json", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once, a mistyped code too", content_type = "application/problem+json"),
        (status = 429, body = Problem, description = "Too many guesses", content_type = "application/problem+json"),
    )
)]
pub async fn enroll(
    state: Data<AppState>,
    request: HttpRequest,
    sent: Shaped<EnrolBody>,
) -> Result<HttpResponse, ApiError> {
    let mut faults = sent.faults;
    let code = sent.body.code.get().map(|text| text.parse::<ReceiptCode>());
    if matches!(code, Some(Err(_))) {
        faults.push(FieldFault::at("code", "mistyped_code"));
    }
    let (Some(Ok(code)), true) = (code, faults.is_empty()) else { return Err(ApiError::Invalid(faults)) };
    let from = Prefix::of(&request, &state.settings.forwarded);
    let look = state.guesses.look(from)?;
    let credential = devices::new_credential();
    let hashes = (CredentialHash::of_code(&code), CredentialHash::of(&credential));
    let (now, today) = (state.clock.unix_seconds(), state.clock.today());
    let enroll = move |db: &mut Db| {
        let enrolled = devices::enroll(db, hashes.0, hashes.1, now, today)?;
        enrolled.map(|device| queues::begin(db, device.id, today).map(|_queue| device)).transpose()
    };
    let told = move |device: &Option<Device>| {
        let device = device.as_ref()?;
        let by = By { actor: Actor::Device(device.short_id()), at: now };
        Some(device.event(&by, Action::DeviceEnroll))
    };
    let keeps = sent.body.keeps.get().cloned();
    let enrolled = state.store.run(move |db| {
        let waits = devices::waits(db, hashes.0, now)?;
        // Answers that wait were bound to their tablet's id: under another they could never be sent.
        let fits = waits.is_some_and(|id| keeps.is_none_or(|keeps| keeps == hex::encode(id)));
        if fits { audit::recorded(db, now, enroll, told) } else { Ok(None) }
    });
    let Some(device) = enrolled.await? else {
        look.missed();
        return Err(ApiError::NotFound(Thing::Device));
    };
    let body =
        EnrolledDevice { id: device.long_id(), unit: device.unit.to_string(), desk: device.desk, credential };
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

/// Who the tablet is that asks.
#[utoipa::path(
    get, path = "/api/v1/devices/me", tag = "devices", security(("device" = [])),
    responses(
        (status = 200, description = "The tablet", body = OwnDevice),
        (status = 401, body = Problem, description = "No valid credential, or it was revoked", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The caller is no tablet", content_type = "application/problem+json"),
    )
)]
pub async fn me(caller: Caller) -> Result<Json<OwnDevice>, ApiError> {
    let device = of_device(caller)?;
    Ok(Json(OwnDevice {
        id: device.long_id(),
        unit: device.unit.to_string(),
        desk: device.desk,
        enrolled: device.enrolled.map(|day| day.to_string()).unwrap_or_default(),
    }))
}

/// The tablet that calls.
fn of_device(caller: Caller) -> Result<Device, ApiError> {
    match caller {
        Caller::Device(device) => Ok(device),
        Caller::Anonymous | Caller::Token(_) | Caller::Person(_) => Err(ApiError::Forbidden(Refusal::Role)),
    }
}

/// The first day on which a tablet of before there were queues can have asked anybody.
fn first_day(device: &Device) -> Day {
    device.enrolled.unwrap_or(device.created)
}

/// The key that tablets seal to; made where there is none yet.
async fn queue_key(state: &AppState) -> Result<QueueKey, ApiError> {
    if let Some(newest) = state.store.run(queue_keys::newest).await? {
        return Ok(newest);
    }
    let pair = state.keys.new_queue_pair().map_err(|error| ApiError::Internal(error.into()))?;
    let today = state.clock.today();
    Ok(state.store.run(move |db| db.write(|db| queue_keys::add(db, 1, &pair, today))).await?)
}
