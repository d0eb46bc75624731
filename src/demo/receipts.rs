//! Receipts of the demo, in every state.

use super::{
    DemoSize,
    chance::{Chance, Purpose},
    days_open,
    district::Place,
    fields::FIELDS,
    plan::Slot,
    working_days,
};
use crate::domain::{
    ids::{FieldCode, FormId, UnitCode},
    period::{Day, Month},
    receipt::{ReceiptCode, ReceiptState, state_on},
};

/// The form that the demo's receipts and posters lead to: no unit has one of its own.
pub(super) const FORM: &str = "one-stop-short";

/// Days that a receipt can be used.
const HOLDS: i32 = 30;

/// A receipt with its code, which only the demo ever shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReceipt {
    /// Its code.
    pub code: ReceiptCode,
    /// The unit that issued it.
    pub unit: UnitCode,
    /// The form that it leads to.
    pub form: FormId,
    /// Its service field.
    pub service_field: FieldCode,
    /// Its procedure, where the issuer said it.
    pub procedure: Option<FieldCode>,
    /// The month of issue.
    pub month: Month,
    /// The day of issue.
    pub issued: Day,
    /// The last day on which it can be used.
    pub expires: Day,
    /// What has become of it by the demo's last day.
    pub state: ReceiptState,
}

/// The receipts that a unit issued in a month.
pub(super) fn of_slot(size: DemoSize, month: Month, place: &Place, slot: &Slot) -> Vec<DemoReceipt> {
    let mut chance = Chance::new(size.seed, Purpose::Receipts, slot.place());
    let days = working_days(days_open(&place.unit, month, size.until));
    let mut receipts = Vec::new();
    let mut sample = sample(size, month, place, slot);
    for (field, counts) in FIELDS.iter().zip(slot.receipts) {
        for index in 0..counts.issued {
            let is_used = index < counts.used;
            // One of the unused receipts of the first field is the sample.
            if let Some(sample) = sample.take_if(|_| !is_used) {
                receipts.push(sample);
                continue;
            }
            let Some(day) = chance.pick(&days).copied() else { continue };
            let state = if is_used { ReceiptState::Used } else { unused(&mut chance) };
            let procedure = chance.pick(field.procedures()).and_then(|p| p.parse().ok());
            let procedure = procedure.filter(|_| chance.in_thousand(800));
            let code = code(size, slot, u32::try_from(receipts.len() + 1).unwrap_or(0));
            receipts.extend(receipt(size, place, code, (field.code(), procedure), (day, state)));
        }
    }
    receipts
}

/// The receipt that a unit issued on the last day and that nobody has used.
pub(super) fn sample(size: DemoSize, month: Month, place: &Place, slot: &Slot) -> Option<DemoReceipt> {
    let is_running = month == size.until.month() && place.unit.is_valid_on(size.until);
    let [field, ..] = &FIELDS;
    let made = (size.until, ReceiptState::Issued);
    is_running.then(|| receipt(size, place, code(size, slot, 0), (field.code(), None), made)).flatten()
}

fn receipt(
    size: DemoSize,
    place: &Place,
    code: ReceiptCode,
    (field, procedure): (Option<FieldCode>, Option<FieldCode>),
    (issued, state): (Day, ReceiptState),
) -> Option<DemoReceipt> {
    let expires = issued.plus(HOLDS);
    Some(DemoReceipt {
        code,
        unit: place.unit.code.clone(),
        form: FORM.parse().ok()?,
        service_field: field?,
        procedure,
        month: issued.month(),
        issued,
        expires,
        state: state_on(state, expires, size.until),
    })
}

/// What becomes of a receipt that nobody used.
fn unused(chance: &mut Chance) -> ReceiptState {
    match chance.below(1000) {
        0..20 => ReceiptState::Void,
        20..50 => ReceiptState::Replaced,
        _ => ReceiptState::Issued,
    }
}

/// A code that no other receipt of this demo has: its number, mixed by steps that can all be undone.
fn code(size: DemoSize, slot: &Slot, number: u32) -> ReceiptCode {
    const BITS: u64 = (1 << 50) - 1;
    let mut mixed = (u64::from(slot.number()) << 32 | u64::from(number))
        .wrapping_add(size.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        & BITS;
    for factor in [0x2_6A5B_9C1D_37E5, 0x1_F3C9_4A7B_58D1, 0x3_1B2E_7D49_C6AB] {
        mixed ^= mixed >> 23;
        mixed = mixed.wrapping_mul(factor) & BITS;
    }
    ReceiptCode::from_random(mixed ^ (mixed >> 25))
}
