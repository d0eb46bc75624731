//! Receipts that were issued and not used: what a restore must ask about, since their codes may have been used after the
//! backup was made.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::{number_of, withdraw};
use crate::{
    domain::{
        audit::{Action, By},
        ids::{FormId, UnitCode},
        period::Day,
        receipt::{CodeHash, ReceiptState},
    },
    storage::{Db, StorageError, audit, schema::receipt},
};

/// Receipts in one transaction, so that nobody who answers waits for long.
const SLICE: usize = 200;

/// Which receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// Issued on this day or before.
    pub issued_until: Day,
    /// Only of this unit.
    pub unit: Option<UnitCode>,
    /// Only for this form.
    pub form: Option<FormId>,
    /// Those that expired before this day do not count: they cannot be used anyway.
    pub today: Day,
}

/// Receipts of one unit and form, issued on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Batch {
    /// The unit's code.
    pub unit: String,
    /// The form's id.
    pub form: String,
    /// Day of issue.
    pub issued: Day,
    /// Last day of use.
    pub expires: Day,
}

/// One receipt, as listed.
type Listed = (String, String, i32, i32, Vec<u8>);

/// Unused receipts by unit, form and day of issue; hashes of their codes, in order.
///
/// # Errors
/// Where the database cannot be read.
pub fn list(db: &mut Db, which: &Unused) -> Result<BTreeMap<Batch, Vec<CodeHash>>, StorageError> {
    let rows: Vec<Listed> = receipt::table
        .filter(receipt::state.eq(number_of(ReceiptState::Issued)))
        .filter(receipt::issued_day.le(which.issued_until.number()))
        .filter(receipt::expires_day.ge(which.today.number()))
        .order(receipt::code_hash.asc())
        .select((receipt::unit, receipt::form, receipt::issued_day, receipt::expires_day, receipt::code_hash))
        .load(db)?;
    let mut batches: BTreeMap<Batch, Vec<CodeHash>> = BTreeMap::new();
    for (unit, form, issued, expires, hash) in rows {
        let other_unit = which.unit.as_ref().is_some_and(|wanted| wanted.as_str() != unit);
        let other_form = which.form.as_ref().is_some_and(|wanted| wanted.as_str() != form);
        if other_unit || other_form {
            continue;
        }
        let hash = hash.as_slice().try_into().map_err(|_length| StorageError::damaged("a receipt"))?;
        let batch =
            Batch { unit, form, issued: Day::from_number(issued), expires: Day::from_number(expires) };
        batches.entry(batch).or_default().push(CodeHash(hash));
    }
    Ok(batches)
}

/// Takes receipts of a batch back that are still unused, and counts them as void; how many. `progress` is told how many
/// of them were looked at.
///
/// # Errors
/// Where the database cannot be written; what was done before stays done.
pub fn void(
    db: &mut Db,
    batch: &Batch,
    hashes: &[CodeHash],
    today: Day,
    by: &By,
    progress: &mut dyn FnMut(usize),
) -> Result<usize, StorageError> {
    let (mut taken_back, mut done) = (0, 0);
    for some in hashes.chunks(SLICE) {
        let void_some = |db: &mut Db| {
            let mut taken_back = 0;
            for hash in some {
                if withdraw(db, hash, ReceiptState::Void, today)? == Some(ReceiptState::Issued) {
                    taken_back += 1;
                }
            }
            Ok(taken_back)
        };
        taken_back += audit::recorded(db, by.at, void_some, |count| {
            let event = by.does(Action::ReceiptVoid, &batch.unit).in_unit(batch.unit.parse().ok().as_ref());
            (*count > 0).then(|| event.with("form", &batch.form).with("count", count))
        })?;
        done += some.len();
        progress(done);
    }
    Ok(taken_back)
}
