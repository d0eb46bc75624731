//! `POST /api/v1/devices/heartbeat`: what a tablet says of itself each minute, and what it should know.

use actix_web::{
    HttpRequest,
    http::header,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{content::Content, first_day, of_device, queue_key};
use crate::{
    http::{
        extract::{
            body::Shaped,
            caller::Caller,
            shape::{Member, Others, needed, none_other, optional},
        },
        openapi::Problem,
        pages::kiosk,
        problem::ApiError,
        state::AppState,
    },
    storage::queues::{self, Word},
};

/// Most bytes of it.
const MOST: usize = 1024;
/// What a tablet may say of its storage.
const STORAGE: [&str; 4] = ["persistent", "best_effort", "full", "failing"];

/// What a tablet says of itself; at most 1 KB.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct HeartbeatBody {
    /// The version of its program.
    #[serde(default)]
    #[validate(custom(function = "short"))]
    #[schema(value_type = String, example = "3f2a90c1b0d2")]
    app: Member<String>,
    /// How many answers wait on it.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = u32)]
    waiting: Member<u32>,
    /// How long the oldest of them waits, in seconds.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<u32>)]
    oldest: Member<u32>,
    /// The last number that it gave.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = u32)]
    given: Member<u32>,
    /// `persistent`, `best_effort`, `full` or `failing`.
    #[serde(default)]
    #[validate(custom(function = "state"))]
    #[schema(value_type = String, example = "persistent")]
    storage: Member<String>,
    /// Its battery in percent.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<u8>)]
    battery: Member<u8>,
    #[serde(flatten)]
    #[validate(custom(function = "none_other"))]
    #[schema(ignore)]
    others: Others,
}

/// What the tablet should know.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heard {
    /// The version of the program that the service hands out.
    app: &'static str,
    /// Changes with what the tablet asks and shows; it then fetches `/api/v1/devices/content` again.
    content: String,
    /// The number of the key to seal to from now on.
    queue_key: i32,
}

fn short(app: &Member<String>) -> Result<(), ValidationError> {
    needed(app)?;
    let good = app.get().is_some_and(|app| app.len() <= 40 && app.chars().all(|c| c.is_ascii_graphic()));
    if good { Ok(()) } else { Err(ValidationError::new("too_long")) }
}

fn state(storage: &Member<String>) -> Result<(), ValidationError> {
    needed(storage)?;
    let good = storage.get().is_some_and(|storage| STORAGE.contains(&storage.as_str()));
    if good { Ok(()) } else { Err(ValidationError::new("unknown_option")) }
}

/// Hears a tablet.
#[utoipa::path(
    post, path = "/api/v1/devices/heartbeat", tag = "devices", request_body = HeartbeatBody,
    security(("device" = [])),
    responses(
        (status = 200, description = "Heard", body = Heard),
        (status = 400, body = Problem, description = "Not JSON", content_type = "application/problem+json"),
        (status = 401, body = Problem, description = "No valid credential, or it was revoked", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The caller is no tablet", content_type = "application/problem+json"),
        (status = 413, body = Problem, description = "More than 1 KB", content_type = "application/problem+json"),
        (status = 415, body = Problem, description = "Not application/json", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once", content_type = "application/problem+json"),
    )
)]
pub async fn hear(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    sent: Shaped<HeartbeatBody>,
) -> Result<Json<Heard>, ApiError> {
    let device = of_device(caller)?;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.and_then(|length| length.parse().ok()).is_none_or(|length: usize| length > MOST) {
        return Err(ApiError::TooLarge(MOST));
    }
    if !sent.faults.is_empty() {
        return Err(ApiError::Invalid(sent.faults));
    }
    let most = i32::MAX.unsigned_abs();
    let number = |member: &Member<u32>| member.get().copied().unwrap_or(0).min(most);
    let word = Word {
        app: sent.body.app.get().cloned().unwrap_or_default(),
        waiting: number(&sent.body.waiting),
        oldest: number(&sent.body.oldest),
        given: number(&sent.body.given),
        storage: sent.body.storage.get().cloned().unwrap_or_default(),
        battery: sent.body.battery.get().copied().filter(|percent| *percent <= 100),
    };
    let (whose, now) = ((device.id, first_day(&device)), state.clock.unix_seconds());
    state.store.run(move |db| queues::heard(db, whose, &word, now)).await?;
    let key = queue_key(&state).await?;
    let content = Content::of(&state, &device, &key)?;
    Ok(Json(Heard { app: kiosk::version(), content: content.tag()?, queue_key: key.number }))
}
