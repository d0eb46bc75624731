//! Receipts are issued, taken back and replaced: what the API and the clerk's page share. Each is recorded.

use super::{
    problem::{ApiError, Thing},
    state::AppState,
    submit::Opened,
};
use crate::{
    domain::{
        audit::{Action, By},
        ids::{FieldCode, FormId, UnitCode},
        period::Day,
        receipt::{ReceiptCode, ReceiptState},
    },
    storage::{
        Db, audit,
        receipts::{self, NewReceipt},
    },
};

/// Most receipts that are issued at once.
pub(super) const MOST: u16 = 1000;
/// Most days that a receipt may be used.
pub(super) const MOST_DAYS: u16 = 365;

/// A receipt that is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) unit: UnitCode,
    pub(super) form: FormId,
    pub(super) service_field: Option<FieldCode>,
    pub(super) procedure: Option<FieldCode>,
    pub(super) issued: Day,
    pub(super) expires: Day,
}

/// A receipt that was issued: its code is known nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issued {
    pub(super) code: ReceiptCode,
    pub(super) draft: Draft,
}

impl Issued {
    fn new(draft: Draft) -> Self {
        Self { code: ReceiptCode::from_random(rand::random()), draft }
    }

    fn stored(&self, state: &AppState) -> NewReceipt {
        NewReceipt {
            hash: state.keys.code_hash(self.code.compact()),
            unit: self.draft.unit.clone(),
            form: self.draft.form.clone(),
            service_field: self.draft.service_field.clone(),
            procedure: self.draft.procedure.clone(),
            issued: self.draft.issued,
            expires: self.draft.expires,
        }
    }
}

/// Issues receipts of one unit and form.
///
/// # Errors
/// Where the database cannot be written.
pub(super) async fn issue(state: &AppState, by: By, drafts: Vec<Draft>) -> Result<Vec<Issued>, ApiError> {
    let issued: Vec<Issued> = drafts.into_iter().map(Issued::new).collect();
    let Some(first) = issued.first().map(|one| one.draft.clone()) else { return Ok(issued) };
    let new: Vec<NewReceipt> = issued.iter().map(|one| one.stored(state)).collect();
    let event = by.does(Action::ReceiptIssue, first.unit.as_str()).in_unit(Some(&first.unit));
    let event = event.with("form", &first.form).with("count", new.len());
    let issue = move |db: &mut Db| receipts::issue(db, &new);
    state.store.run(move |db| audit::recorded(db, by.at, issue, |()| Some(event))).await?;
    Ok(issued)
}

/// Takes a receipt back. Doing so again changes nothing.
///
/// # Errors
/// Where it was used, is expired or replaced; where the database cannot be written.
pub(super) async fn void(state: &AppState, by: By, opened: &Opened) -> Result<(), ApiError> {
    let (hash, today) = (opened.hash(), state.clock.today());
    let event = opened.stored.receipt.event(&by, Action::ReceiptVoid);
    let void = move |db: &mut Db| receipts::withdraw(db, &hash, ReceiptState::Void, today);
    let told = |before: &Option<ReceiptState>| (*before == Some(ReceiptState::Issued)).then_some(event);
    match state.store.run(move |db| audit::recorded(db, by.at, void, told)).await? {
        Some(ReceiptState::Issued | ReceiptState::Void) => Ok(()),
        Some(other) => Err(ApiError::of_state(other)),
        None => Err(ApiError::NotFound(Thing::Receipt)),
    }
}

/// Issues a receipt in the place of another, for as many days as that one had.
///
/// # Errors
/// Where that one was used, is expired, void or replaced; where the database cannot be written.
pub(super) async fn replace(state: &AppState, by: By, opened: Opened) -> Result<Issued, ApiError> {
    let event = opened.stored.receipt.event(&by, Action::ReceiptReplace);
    let (hash, receipt, today) = (opened.hash(), opened.stored.receipt, state.clock.today());
    let days = receipt.expires.number() - receipt.issued.number();
    let issued = Issued::new(Draft {
        unit: receipt.unit,
        form: receipt.form,
        service_field: receipt.service_field,
        procedure: receipt.procedure,
        issued: today,
        expires: today.plus(days),
    });
    let new = issued.stored(state);
    let replace = move |db: &mut Db| receipts::replace(db, &hash, &new);
    let told = |before: &Option<ReceiptState>| (*before == Some(ReceiptState::Issued)).then_some(event);
    match state.store.run(move |db| audit::recorded(db, by.at, replace, told)).await? {
        Some(ReceiptState::Issued) => Ok(issued),
        Some(other) => Err(ApiError::of_state(other)),
        None => Err(ApiError::NotFound(Thing::Receipt)),
    }
}
