//! Alive, ready, and how much: what an operator's tools ask.

use actix_web::{HttpResponse, web::Data};
use serde_json::{Value, json};

use super::{problem::ApiError, state::AppState};
use crate::{
    intake::BackupsView,
    storage::{
        StorageError,
        health::{self, Durability},
    },
};

/// The process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// Whether answers can be taken now, with every check and what it found.
pub async fn ready(state: Data<AppState>) -> HttpResponse {
    let looked = state.store.run(health::check).await;
    let checks: Vec<(&str, Check)> = database(&state, looked).into_iter().chain(intake(&state)).collect();
    let ready = checks.iter().all(|(_, check)| check.is_good);
    let details: serde_json::Map<String, Value> =
        checks.into_iter().map(|(name, check)| (name.to_owned(), check.detail)).collect();
    let body = json!({
        "status": if ready { "ready" } else { "not_ready" },
        "checks": details,
        "changed_forms": state.settings.changed_forms,
    });
    if ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

struct Check {
    is_good: bool,
    detail: Value,
}

/// What a look at the database tells. What it said is for the log; here stands only what kind of thing it was.
fn database(state: &AppState, looked: Result<health::Health, StorageError>) -> Vec<(&'static str, Check)> {
    match looked {
        Ok(health) => {
            let same = health.key_id.as_deref() == Some(state.keys.id());
            let durability = &health.durability;
            vec![
                ("database", Check { is_good: true, detail: json!("writable") }),
                ("durability", Check { is_good: !durability.hangs(), detail: json!(durability.as_str()) }),
                ("standbys", Check { is_good: true, detail: standbys(durability) }),
                (
                    "migrations",
                    Check {
                        is_good: health.pending.is_empty(),
                        detail: json!({ "pending": health.pending }),
                    },
                ),
                ("key", Check { is_good: same, detail: json!(if same { "matches" } else { "differs" }) }),
            ]
        }
        Err(error) => {
            let error = ApiError::from(error);
            vec![("database", Check { is_good: false, detail: json!(error.code()) })]
        }
    }
}

/// The standbys of a server; `unknown` where the service's role may not see them.
fn standbys(durability: &Durability) -> Value {
    match durability {
        Durability::ThisDisk => json!("none"),
        Durability::Server { standbys: None, .. } => json!("unknown"),
        Durability::Server { standbys: Some(there), .. } => {
            json!({ "synchronous": there.synchronous, "asynchronous": there.asynchronous })
        }
    }
}

fn intake(state: &AppState) -> Vec<(&'static str, Check)> {
    let done = state.intake.stats();
    let room =
        usize::try_from(done.waiting.max(0)).is_ok_and(|waiting| waiting < state.settings.limits.queue);
    vec![
        (
            "queue",
            Check {
                is_good: room,
                detail: json!({ "waiting": done.waiting, "holds": state.settings.limits.queue }),
            },
        ),
        (
            "writer",
            Check {
                is_good: !done.write_failing,
                detail: json!(if done.write_failing { "failing" } else { "working" }),
            },
        ),
        (
            "fold",
            Check {
                is_good: !done.fold_failing,
                detail: json!({ "failing": done.fold_failing, "folds": done.folds, "folded": done.folded }),
            },
        ),
        // Answers are taken without a backup too: it is told here, and does not take the node out.
        ("backup", Check { is_good: true, detail: json!(done.backups.map_or("off", backup_word)) }),
    ]
}

fn backup_word(backups: BackupsView) -> &'static str {
    match backups {
        BackupsView { failing: true, .. } => "failing",
        BackupsView { last: 0, .. } => "none yet",
        BackupsView { .. } => "made",
    }
}

/// Counters for Prometheus.
///
/// # Errors
/// Never in practice: the text is written to memory.
pub async fn metrics(state: Data<AppState>) -> Result<HttpResponse, ApiError> {
    let done = state.intake.stats();
    state.metrics.set_queue(usize::try_from(done.waiting.max(0)).unwrap_or(0));
    for (kind, number) in [
        ("stored", done.stored),
        ("repeated", done.repeated),
        ("refused", done.refused),
        ("groups", done.groups),
        ("folds", done.folds),
        ("folded", done.folded),
        ("fold_failing", u64::from(done.fold_failing)),
        ("write_failing", u64::from(done.write_failing)),
    ] {
        state.metrics.set_intake(kind, number);
    }
    if let Some(backups) = done.backups {
        state.metrics.set_intake("backups", backups.made);
        state.metrics.set_intake("backup_failing", u64::from(backups.failing));
        state.metrics.set_intake("backup_last_seconds", u64::try_from(backups.last).unwrap_or(0));
    }
    let text = state.metrics.text().map_err(|error| ApiError::Internal(error.into()))?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
