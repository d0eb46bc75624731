//! From a filled page to "thank you": what the receipt and the poster have in common.

use std::sync::Arc;

use super::{
    filling::{Filling, field},
    start_time,
};
use crate::{
    domain::{
        answers::{Fault, RuledOut},
        form::Form,
        ids::{FormId, Language, UnitCode},
        response::{Channel, Flags},
    },
    http::{
        problem::{ApiError, Thing},
        state::AppState,
        submit::{self, Opened, Sent},
    },
    intake::Claimed,
};

/// What became of a filled page.
#[derive(Debug)]
pub(super) enum Filled {
    /// It is on disk.
    Thanks,
    /// Something must be corrected; everything typed is shown again.
    Faults(Arc<Form>, Vec<Fault>),
    /// Nothing was sent yet: the same page in another language.
    Turned(Arc<Form>, Language),
    /// It could not be stored; everything typed is shown again.
    Failed(Arc<Form>, ApiError),
}

/// Where a page belongs.
pub(super) struct Page {
    /// The unit.
    pub(super) unit: UnitCode,
    /// The form.
    pub(super) form: FormId,
    /// The receipt, where the page was opened by one.
    pub(super) receipt: Option<Opened>,
}

/// The form that a page says it shows.
pub(super) fn shown(state: &AppState, filling: &Filling) -> Option<Arc<Form>> {
    state.mirror.forms().get(&filling.form()?, filling.version()?).cloned()
}

/// The version that was shown, else the newest.
pub(super) fn form_of(state: &AppState, page: &Page, filling: &Filling) -> Result<Arc<Form>, ApiError> {
    // A unit may have got another form since the page was opened: its answers are read under no other than theirs.
    if filling.form().is_some_and(|shown| shown != page.form) {
        return Err(ApiError::BadRequest);
    }
    let forms = state.mirror.forms();
    let shown = filling.version().and_then(|version| forms.get(&page.form, version));
    shown.or_else(|| forms.newest(&page.form)).cloned().ok_or(ApiError::NotFound(Thing::Form))
}

/// Checks and stores a filled page.
///
/// # Errors
/// What no correction of the page can mend: a spent or expired code, a page that lost its own fields.
pub(super) async fn take(state: &AppState, page: Page, filling: &Filling) -> Result<Filled, ApiError> {
    let form = form_of(state, &page, filling)?;
    if let Some(language) = filling.wanted_language(&form) {
        return Ok(Filled::Turned(form, language));
    }
    let key = filling.key()?;
    let answers = match form.check(&filling.answers(&form), RuledOut::SetAside) {
        Ok(answers) => answers,
        Err(faults) => return Ok(Filled::Faults(form, faults)),
    };
    let sent = Sent {
        key,
        channel: if page.receipt.is_some() { Channel::Receipt } else { Channel::Poster },
        receipt: page.receipt,
        form: Arc::clone(&form),
        unit: page.unit,
        language: filling.language(&form),
        assisted: filling.assisted(),
        claimed: Claimed::default(),
        day: None,
        flags: Flags::default(),
        pace: start_time::pace(state, &form, &key, filling.first(field::START)),
        answers,
    };
    match submit::record(state, sent).await {
        Ok(_recorded) => Ok(Filled::Thanks),
        Err(error) if error.retry_after().is_some() => Ok(Filled::Failed(form, error)),
        Err(error) => Err(error),
    }
}
