//! How many receipts there were, by unit, form, service field and month of issue. Kept for ever, and never
//! written in a citizen's transaction.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, RunQueryDsl as _};

use super::{NewReceipt, state_of};
use crate::{
    domain::{
        ids::{FieldCode, UnitCode},
        period::{Month, Period},
        receipt::ReceiptState,
    },
    storage::{
        Db, StorageError,
        connection::on_both,
        schema::{receipt, receipt_count},
    },
};

/// Counts of the receipts issued by a unit in a month, for one form and service field.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = receipt_count)]
pub struct ReceiptCount {
    /// The unit's code.
    pub unit: String,
    /// The form's id.
    pub form: String,
    /// The service field's code; empty where none was given.
    pub service_field: String,
    /// Month of issue, as [`Month::number`].
    pub month: i32,
    /// Issued, whatever became of them.
    pub issued: i64,
    /// Spent.
    pub used: i64,
    /// Never used in time.
    pub expired: i64,
    /// Taken back.
    pub void: i64,
    /// Printed anew under another code.
    pub replaced: i64,
}

impl ReceiptCount {
    fn of(receipt: &NewReceipt) -> Self {
        Self {
            unit: receipt.unit.to_string(),
            form: receipt.form.to_string(),
            service_field: receipt.service_field.as_ref().map(ToString::to_string).unwrap_or_default(),
            month: receipt.issued.month().number(),
            issued: 0,
            used: 0,
            expired: 0,
            void: 0,
            replaced: 0,
        }
    }

    fn bump(&mut self, state: ReceiptState, by: i64) {
        match state {
            ReceiptState::Issued => self.issued += by,
            ReceiptState::Used => self.used += by,
            ReceiptState::Expired => self.expired += by,
            ReceiptState::Void => self.void += by,
            ReceiptState::Replaced => self.replaced += by,
        }
    }
}

/// Counts that these receipts reached these states.
pub(in crate::storage) fn add<'a>(
    db: &mut Db,
    receipts: impl IntoIterator<Item = (&'a NewReceipt, ReceiptState)>,
) -> Result<(), StorageError> {
    // In the order of the key: two transactions that count the same rows must not wait for each other in a ring.
    let mut by_key: BTreeMap<(String, String, String, i32), ReceiptCount> = BTreeMap::new();
    for (receipt, state) in receipts {
        let count = ReceiptCount::of(receipt);
        let key = (count.unit.clone(), count.form.clone(), count.service_field.clone(), count.month);
        by_key.entry(key).or_insert(count).bump(state, 1);
    }
    for count in by_key.values() {
        on_both!(db, c => diesel::insert_into(receipt_count::table)
            .values(count)
            .on_conflict((
                receipt_count::unit,
                receipt_count::form,
                receipt_count::service_field,
                receipt_count::month,
            ))
            .do_update()
            .set((
                receipt_count::issued.eq(receipt_count::issued + count.issued),
                receipt_count::used.eq(receipt_count::used + count.used),
                receipt_count::expired.eq(receipt_count::expired + count.expired),
                receipt_count::void.eq(receipt_count::void + count.void),
                receipt_count::replaced.eq(receipt_count::replaced + count.replaced),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Receipts of a unit and field issued in this month and the one before: whether answers may keep the field.
///
/// # Errors
/// Where the database cannot be read.
pub fn issued_recently(
    db: &mut Db,
    unit: &UnitCode,
    field: &FieldCode,
    month: Month,
) -> Result<u64, StorageError> {
    let counts: Vec<i64> = receipt_count::table
        .filter(receipt_count::unit.eq(unit.as_str()))
        .filter(receipt_count::service_field.eq(field.as_str()))
        .filter(receipt_count::month.between(month.plus(-1).number(), month.number()))
        .select(receipt_count::issued)
        .load(db)?;
    Ok(counts.into_iter().map(|n| u64::try_from(n).unwrap_or(0)).sum())
}

/// Counts of a period's receipts, with the used ones that have not moved yet; by unit, form, field and month.
///
/// # Errors
/// Where the database cannot be read.
pub fn of_period(db: &mut Db, period: Period) -> Result<Vec<ReceiptCount>, StorageError> {
    let (first, last) = (period.first().number(), period.last().number());
    let kept: Vec<ReceiptCount> =
        receipt_count::table.filter(receipt_count::month.between(first, last)).load(db)?;
    let mut by_key: BTreeMap<_, ReceiptCount> = kept
        .into_iter()
        .map(|c| ((c.unit.clone(), c.form.clone(), c.service_field.clone(), c.month), c))
        .collect();
    for (unit, form, field, issued_day, state) in living(db, period)? {
        let month = crate::domain::period::Day::from_number(issued_day).month().number();
        if let Some(count) = by_key.get_mut(&(unit, form, field, month))
            && state_of(state)? == ReceiptState::Used
        {
            count.used += 1;
        }
    }
    Ok(by_key.into_values().collect())
}

type Living = (String, String, String, i32, i16);

fn living(db: &mut Db, period: Period) -> Result<Vec<Living>, StorageError> {
    let days = (period.first().first_day().number(), period.last().last_day().number());
    Ok(receipt::table
        .filter(receipt::issued_day.between(days.0, days.1))
        .filter(receipt::state.eq(super::number_of(ReceiptState::Used)))
        .select((receipt::unit, receipt::form, receipt::service_field, receipt::issued_day, receipt::state))
        .load(db)?)
}

/// How many receipts were ever issued, for the start page and `/readyz`.
///
/// # Errors
/// Where the database cannot be read.
pub fn issued_ever(db: &mut Db) -> Result<u64, StorageError> {
    let total: Vec<i64> = receipt_count::table.select(receipt_count::issued).load(db)?;
    Ok(total.into_iter().map(|n| u64::try_from(n).unwrap_or(0)).sum())
}
