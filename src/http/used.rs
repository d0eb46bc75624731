//! Notes in the database on which day tokens were used last: now and then, and never within a request.

use std::time::Duration;

use actix_web::{rt, web::Data};

use super::state::AppState;
use crate::storage::tokens;

/// How often.
const EVERY: Duration = Duration::from_mins(1);

/// Notes them until the service stops; then [`note`] is called once more.
pub(super) fn go_on(state: Data<AppState>) {
    rt::spawn(async move {
        loop {
            rt::time::sleep(EVERY).await;
            note(&state).await;
        }
    });
}

/// Notes those that were used since the last time. What cannot be noted now is noted later.
pub(super) async fn note(state: &AppState) {
    let names = state.used_tokens.take();
    if names.is_empty() {
        return;
    }
    let (today, used) = (state.clock.today(), names.clone());
    let noted = state.store.run(move |db| db.write(|db| tokens::note_used(db, &used, today))).await;
    if let Err(error) = noted {
        tracing::warn!(error = ?error, "the day on which tokens were used could not be noted; it is tried again");
        for name in &names {
            state.used_tokens.note(name);
        }
    }
}
