//! `GET /api/v1/devices/content`: all that a tablet needs to ask, also without a network: who asks, the form in all its
//! languages, and the key to seal to.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{first_day, of_device, queue_key};
use crate::{
    http::{
        api::{Keep, json},
        extract::caller::Caller,
        openapi::Problem,
        pages::words::LANGUAGES,
        problem::{ApiError, Thing},
        site::form_for,
        state::{AppState, Origin},
    },
    report::form_json::{FormDocument, full},
    storage::{devices::Device, queue_keys::QueueKey, queues},
};

/// The key to seal to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueueKeyView {
    /// Its number.
    pub number: i32,
    /// A point of P-256, uncompressed, in hexadecimal digits.
    pub public: String,
}

/// What a tablet asks, and for whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct Content {
    /// The tablet's id.
    device: String,
    /// The unit that it collects for.
    unit: String,
    /// The unit's name by language.
    names: BTreeMap<String, String>,
    /// The desk where it stands.
    desk: String,
    /// Whether the figures are made up.
    demo: bool,
    /// The form of the unit.
    form: FormDocument,
    /// The key to seal to.
    queue_key: QueueKeyView,
}

/// The same, for the tablet that asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnContent {
    #[serde(flatten)]
    content: Content,
    /// Changes with all the rest; as heartbeats say it.
    tag: String,
    /// The number of its next answer, if it does not know a higher one.
    next: u32,
}

impl Content {
    /// What a tablet asks today.
    pub(super) fn of(state: &AppState, device: &Device, key: &QueueKey) -> Result<Self, ApiError> {
        let (units, forms) = (state.mirror.units(), state.mirror.forms());
        let unit = units.get(&device.unit).ok_or(ApiError::NotFound(Thing::Unit))?;
        let form = form_for(&units, &device.unit).and_then(|id| forms.newest(&id).cloned());
        let form = form.ok_or(ApiError::NotFound(Thing::Form))?;
        let names = LANGUAGES.map(|(language, _)| (language, unit.name(language)));
        let names = names.into_iter().filter(|(language, (_, real))| language == real);
        Ok(Self {
            device: device.long_id(),
            unit: device.unit.to_string(),
            names: names.map(|(language, (name, _))| (language.to_string(), name.to_owned())).collect(),
            desk: device.desk.clone(),
            demo: state.settings.origin == Origin::Demo,
            form: full(&form),
            queue_key: QueueKeyView { number: key.number, public: hex::encode(&key.pair.public) },
        })
    }

    /// Changes with anything in it.
    pub(super) fn tag(&self) -> Result<String, ApiError> {
        let bytes = serde_json::to_vec(self).map_err(|error| ApiError::Internal(error.into()))?;
        Ok(blake3::hash(&bytes).to_hex().chars().take(16).collect())
    }
}

/// What a tablet asks.
#[utoipa::path(
    get, path = "/api/v1/devices/content", tag = "devices", security(("device" = [])),
    responses(
        (status = 200, description = "What it asks", body = OwnContent),
        (status = 401, body = Problem, description = "No valid credential, or it was revoked", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The caller is no tablet", content_type = "application/problem+json"),
        (status = 404, body = Problem, description = "Its unit or the unit's form is gone", content_type = "application/problem+json"),
    )
)]
pub async fn show(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, ApiError> {
    let device = of_device(caller)?;
    let content = Content::of(&state, &device, &queue_key(&state).await?)?;
    let (id, first_day) = (device.id, first_day(&device));
    let queue = state.store.run(move |db| db.write(|db| queues::begin(db, id, first_day))).await?;
    let tag = content.tag()?;
    json(&request, &OwnContent { content, tag, next: queue.next() }, Keep::Private)
}
