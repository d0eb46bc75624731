//! When a page was opened, sealed so that nobody can claim another time, and bound to the submission key so that
//! it says nothing of any other page. The time itself is never stored: it becomes one of five classes.

use crate::{
    domain::{form::Form, ids::SubmissionKey, marks, response::Pace},
    http::state::AppState,
};

/// Longest time that is believed, in seconds: a day.
const LONGEST: i64 = 86_400;

/// The hidden field of a page that is opened now.
pub(super) fn sealed(state: &AppState, key: &SubmissionKey) -> String {
    let now = state.clock.unix_seconds().to_le_bytes();
    let sealed = state.keys.seal(&now, &bound(key)).unwrap_or_default();
    hex::encode(sealed)
}

/// How fast the page was filled; unknown where the field is missing or was changed.
pub(super) fn pace(state: &AppState, form: &Form, key: &SubmissionKey, field: Option<&str>) -> Pace {
    let opened = field
        .and_then(|field| hex::decode(field).ok())
        .and_then(|bytes| state.keys.unseal(&bytes, &bound(key)).ok());
    let Some(opened) = opened.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()).map(i64::from_le_bytes)
    else {
        return Pace::Unknown;
    };
    match u64::try_from(state.clock.unix_seconds() - opened) {
        Ok(seconds) if seconds <= LONGEST.unsigned_abs() => marks::pace(form, seconds),
        _ => Pace::Unknown,
    }
}

fn bound(key: &SubmissionKey) -> Vec<u8> {
    [b"page opened ".as_slice(), &key.0].concat()
}
