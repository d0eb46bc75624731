//! `POST /api/v1/devices/queue`: answers that waited on a tablet, each sealed there.
//!
//! Each entry is decided over by itself, so that a bad one never stops the others, and each decision takes it out of the
//! tablet's queue. Only where nothing can be decided now (busy, stopping, no disk) the whole batch is answered with an
//! error, and what was decided before is told as `repeated` the next time.

use std::collections::BTreeMap;

use actix_web::web::{Data, Json};
use rand::seq::SliceRandom as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{first_day, of_device};
use crate::{
    domain::{
        ids::{FormId, Language, SubmissionKey},
        marks,
        period::Day,
        response::{Assisted, Channel, Flags, Pace},
    },
    http::{
        api::responses::{answers, checks},
        extract::{
            body::Shaped,
            caller::Caller,
            shape::{Member, Name, Others, needed, none_other},
        },
        openapi::Problem,
        problem::{ApiError, FieldFault},
        state::AppState,
        submit::{self, Sent},
    },
    intake::{self, Recorded},
    keys::queue::bound,
    storage::{
        Db,
        devices::Device,
        queue_keys::{self, QueueKey},
        queues::{self, Claimed, Done},
    },
};

/// Most entries of one batch.
const MOST: usize = 50;
/// The highest number that a tablet may give.
const HIGHEST: u32 = i32::MAX.unsigned_abs();

/// A batch.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct QueueBody {
    /// At most 50, the oldest first.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = Vec<QueueEntry>)]
    entries: Member<Vec<QueueEntry>>,
    #[serde(flatten)]
    #[validate(custom(function = "none_other"))]
    #[schema(ignore)]
    others: Others,
}

/// An answer as it waited.
#[derive(Debug, Deserialize, ToSchema)]
pub struct QueueEntry {
    /// A random UUID of the tablet's own; the same one again is harmless.
    key: Uuid,
    /// The number that the tablet gave it: 1, 2, 3 ...
    #[serde(default)]
    #[schema(value_type = u32)]
    sequence: Member<u32>,
    /// The number of the key that it was sealed to.
    #[serde(default)]
    #[schema(value_type = i32)]
    queue_key: Member<i32>,
    /// Sealed, in hexadecimal digits: `docs/kiosk.md` says how.
    #[serde(default)]
    #[schema(value_type = String)]
    sealed: Member<String>,
}

/// What became of a batch, in its order.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueOutcome {
    entries: Vec<EntryOutcome>,
}

/// What became of one entry: whatever it is, the tablet may forget it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryOutcome {
    /// Its key.
    key: Uuid,
    /// `stored`, `repeated` or `refused`.
    #[schema(example = "stored")]
    outcome: &'static str,
    /// Why it was refused: `malformed`, `unknown_queue_key`, `unreadable`, `invalid`, `closed_unit` or `key_conflict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// What a tablet sealed.
#[derive(Deserialize)]
struct Content {
    form: Name<FormId>,
    version: u16,
    language: Name<Language>,
    /// The day it was given, as the tablet's clock had it.
    day: Name<Day>,
    /// How long it took.
    seconds: Option<u64>,
    /// Whether it began right after the one before.
    #[serde(default)]
    rapid: bool,
    answers: BTreeMap<String, Value>,
}

/// What was decided over an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Stored,
    Repeated,
    Refused(&'static str),
}

/// Takes answers that waited on a tablet.
#[utoipa::path(
    post, path = "/api/v1/devices/queue", tag = "devices", request_body = QueueBody, security(("device" = [])),
    responses(
        (status = 200, description = "Each entry was decided over", body = QueueOutcome),
        (status = 400, body = Problem, description = "Not JSON", content_type = "application/problem+json"),
        (status = 401, body = Problem, description = "No valid credential, or it was revoked", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The caller is no tablet", content_type = "application/problem+json"),
        (status = 413, body = Problem, description = "Too large", content_type = "application/problem+json"),
        (status = 415, body = Problem, description = "Not application/json", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "No batch", content_type = "application/problem+json"),
    )
)]
pub async fn send(
    state: Data<AppState>,
    caller: Caller,
    sent: Shaped<QueueBody>,
) -> Result<Json<QueueOutcome>, ApiError> {
    let device = of_device(caller)?;
    let (Some(entries), true) = (sent.body.entries.get(), sent.faults.is_empty()) else {
        return Err(ApiError::Invalid(sent.faults));
    };
    if entries.len() > MOST {
        return Err(ApiError::Invalid(vec![FieldFault::at("entries", "out_of_range").allowing("1..50")]));
    }
    let outcomes = decide(&state, &device, entries).await?;
    let entries = entries.iter().zip(outcomes).map(|(entry, outcome)| told(entry.key, outcome));
    Ok(Json(QueueOutcome { entries: entries.collect() }))
}

fn told(key: Uuid, outcome: Outcome) -> EntryOutcome {
    let (outcome, reason) = match outcome {
        Outcome::Stored => ("stored", None),
        Outcome::Repeated => ("repeated", None),
        Outcome::Refused(reason) => ("refused", Some(reason)),
    };
    EntryOutcome { key, outcome, reason }
}

/// The number of an entry, where it has one.
fn numbered(entry: &QueueEntry) -> Option<u32> {
    entry.sequence.get().copied().filter(|number| (1..=HIGHEST).contains(number))
}

/// A hash of an entry's key that stands nowhere else.
fn claim_of(device: &Device, entry: &QueueEntry) -> [u8; 32] {
    blake3::derive_key("sipas 2026 tablet claim", &[device.id, *entry.key.as_bytes()].concat())
}

/// An entry that is to be looked at: its place in the batch, itself, its number.
type Open<'a> = (usize, &'a QueueEntry, u32);

/// What is known before anything is opened: the outcomes so far, what is to be looked at, what is done already.
fn sorted(entries: &[QueueEntry], claimed: Vec<Claimed>) -> (Vec<Outcome>, Vec<Open<'_>>, Vec<Done>) {
    let mut claimed = claimed.into_iter();
    let (mut outcomes, mut open, mut done) = (Vec::with_capacity(entries.len()), Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        let Some(sequence) = numbered(entry) else {
            let refused = "malformed";
            done.push(Done { sequence: None, queue_key: None, refused: Some(refused) });
            outcomes.push(Outcome::Refused(refused));
            continue;
        };
        match claimed.next() {
            Some(Claimed::Ours) => open.push((index, entry, sequence)),
            Some(Claimed::Late) => {
                done.push(Done { sequence: Some(sequence), queue_key: None, refused: None });
            }
            Some(Claimed::Before) | None => {}
        }
        outcomes.push(Outcome::Repeated);
    }
    (outcomes, open, done)
}

/// Claims the numbers, decides over each entry, notes what was decided, also where the rest cannot be decided now.
async fn decide(state: &AppState, device: &Device, entries: &[QueueEntry]) -> Result<Vec<Outcome>, ApiError> {
    let whose = (device.id, first_day(device));
    let numbers = entries.iter().filter_map(|entry| Some((numbered(entry)?, claim_of(device, entry))));
    let (numbers, today): (Vec<queues::Claim>, Day) = (numbers.collect(), state.clock.today());
    let ((queue, claimed), keys) = state
        .store
        .run(move |db: &mut Db| Ok((queues::claim(db, whose, &numbers, today)?, queue_keys::all(db)?)))
        .await?;
    let (mut outcomes, mut open, mut done) = sorted(entries, claimed);
    // Nothing of the order in which they were given is left in the order in which they are stored.
    open.shuffle(&mut rand::rng());
    let batch = Batch { state, device, keys: &keys, first_day: queue.first_day, today };
    let mut failed = None;
    for (index, entry, sequence) in open {
        match batch.take(entry, sequence).await {
            Ok(outcome) => {
                done.push(batch.done(entry, sequence, outcome));
                if let Some(slot) = outcomes.get_mut(index) {
                    *slot = outcome;
                }
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    let id = device.id;
    state.store.run(move |db| queues::settle(db, id, &done)).await?;
    match failed {
        Some(error) => Err(error),
        None => Ok(outcomes),
    }
}

struct Batch<'a> {
    state: &'a AppState,
    device: &'a Device,
    keys: &'a [QueueKey],
    first_day: Day,
    today: Day,
}

impl Batch<'_> {
    fn done(&self, entry: &QueueEntry, sequence: u32, outcome: Outcome) -> Done {
        let known = |number: &i32| self.keys.iter().any(|key| key.number == *number);
        let refused = match outcome {
            Outcome::Refused(reason) => Some(reason),
            Outcome::Stored | Outcome::Repeated => None,
        };
        // What cannot be opened says nothing of what else is on the tablet.
        let queue_key = entry.queue_key.get().copied().filter(known).filter(|_| refused.is_none());
        Done { sequence: Some(sequence), queue_key, refused }
    }

    /// Opens an entry, checks it as any other answer, and stores it.
    async fn take(&self, entry: &QueueEntry, sequence: u32) -> Result<Outcome, ApiError> {
        let sent = match self.open(entry, sequence).and_then(|content| self.check(entry, &content)) {
            Ok(sent) => sent,
            Err(reason) => return Ok(Outcome::Refused(reason)),
        };
        match submit::record(self.state, sent).await {
            Ok(Recorded::Stored) => Ok(Outcome::Stored),
            Ok(Recorded::Repeated) => Ok(Outcome::Repeated),
            Err(ApiError::KeyConflict) => Ok(Outcome::Refused("key_conflict")),
            Err(error) => Err(error),
        }
    }

    fn open(&self, entry: &QueueEntry, sequence: u32) -> Result<Content, &'static str> {
        let (Some(number), Some(sealed)) = (entry.queue_key.get(), entry.sealed.get()) else {
            return Err("malformed");
        };
        let key = self.keys.iter().find(|key| key.number == *number).ok_or("unknown_queue_key")?;
        let sealed = hex::decode(sealed).map_err(|_digits| "unreadable")?;
        let to = bound(&self.device.long_id(), sequence, &entry.key.hyphenated().to_string());
        let text = self.state.keys.open_entry(&key.pair, &sealed, &to).map_err(|_opaque| "unreadable")?;
        serde_json::from_slice(&text).map_err(|_shape| "invalid")
    }

    /// The same questions as to any other answer. Its day lies between the tablet's first day and today: a clock may be
    /// wrong, the answer is not.
    fn check(&self, entry: &QueueEntry, content: &Content) -> Result<Sent, &'static str> {
        let (forms, units) = (self.state.mirror.forms(), self.state.mirror.units());
        let form = checks::published(&forms, &content.form.0, content.version).map_err(|_fault| "invalid")?;
        if checks::language_fault(&form, content.language.0).is_some() {
            return Err("invalid");
        }
        let answers = answers::check(&form, &content.answers).map_err(|_faults| "invalid")?;
        let day = content.day.0.min(self.today).max(self.first_day.min(self.today));
        let unit = units.get(&self.device.unit).ok_or("closed_unit")?;
        if !unit.is_valid_on(day) {
            return Err("closed_unit");
        }
        Ok(Sent {
            key: SubmissionKey(entry.key.into_bytes()),
            receipt: None,
            unit: unit.code.clone(),
            channel: Channel::Kiosk,
            language: content.language.0,
            assisted: Assisted::No,
            claimed: intake::Claimed { service_field: None, answered_on: Some(content.day.0) },
            day: Some(day),
            flags: if content.rapid { Flags::RAPID } else { Flags::default() },
            pace: content.seconds.map_or(Pace::Unknown, |seconds| marks::pace(&form, seconds)),
            form,
            answers,
        })
    }
}
