//! Rules over the tables beside the blocks.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use crate::{
    domain::{catalogue::Catalogue, receipt::ReceiptState, response::Class},
    storage::{
        Db, StorageError,
        folding::HANDFUL,
        forms,
        months::Months,
        receipts::{counts::ReceiptCount, number_of},
        schema::{breakdown, close_step, receipt, receipt_count, receipt_past, tally, unit},
        tallies,
    },
};

/// Broken rules, one line each.
pub(super) fn check(
    db: &mut Db,
    catalogue: &Catalogue,
    months: &Months,
    receipt_answers: u64,
) -> Result<Vec<String>, StorageError> {
    let mut found = Vec::new();
    published(db, catalogue, &mut found)?;
    units(db, &mut found)?;
    spent_codes(db, receipt_answers, &mut found)?;
    receipt_counts(db, &mut found)?;
    closed_months(db, months, &mut found)?;
    handfuls(db, &mut found)?;
    Ok(found)
}

fn published(db: &mut Db, catalogue: &Catalogue, found: &mut Vec<String>) -> Result<(), StorageError> {
    for form in forms::all(db)? {
        let name = format!("form {} version {}", form.id, form.version);
        if *blake3::hash(form.source.as_bytes()).as_bytes() != form.hash {
            found.push(format!("{name}: its text is not the one that was published"));
        }
        if catalogue.get(&form.id, form.version).is_none() {
            found.push(format!("{name}: its text cannot be read"));
        }
    }
    for (place, _) in tallies::waiting(db)? {
        if catalogue.get(&place.form, place.version).is_none() {
            found.push(format!("answers wait for {} version {}, not published", place.form, place.version));
        }
    }
    Ok(())
}

fn units(db: &mut Db, found: &mut Vec<String>) -> Result<(), StorageError> {
    let known: BTreeSet<String> = unit::table.select(unit::code).load(db)?.into_iter().collect();
    let counted: Vec<String> = tally::table.select(tally::unit).distinct().load(db)?;
    let promised: Vec<String> = receipt::table.select(receipt::unit).distinct().load(db)?;
    if let Err(StorageError::Damaged { what }) = crate::storage::units::tree(db) {
        found.push(format!("units: {what}"));
    }
    let named: BTreeSet<String> = counted.into_iter().chain(promised).collect();
    found.extend(named.difference(&known).map(|code| format!("unit {code} is named and does not exist")));
    Ok(())
}

/// Every spent code gave one answer: it is folded, or it waits.
fn spent_codes(db: &mut Db, folded: u64, found: &mut Vec<String>) -> Result<(), StorageError> {
    let moved: Vec<i64> = receipt_count::table.select(receipt_count::used).load(db)?;
    let used = number_of(ReceiptState::Used);
    let living: i64 = receipt::table.filter(receipt::state.eq(used)).count().get_result(db)?;
    let spent = u64::try_from(moved.into_iter().sum::<i64>() + living).unwrap_or(0);
    let waiting: u64 = tallies::waiting(db)?
        .iter()
        .filter(|(place, _)| place.class == Class::Main)
        .map(|(_, waiting)| waiting)
        .sum();
    if spent < folded || spent > folded + waiting {
        found.push(format!(
            "codes spent: {spent}; answers by receipt folded: {folded}, waiting at most: {waiting}"
        ));
    }
    Ok(())
}

fn receipt_counts(db: &mut Db, found: &mut Vec<String>) -> Result<(), StorageError> {
    let counts: Vec<ReceiptCount> = receipt_count::table.load(db)?;
    let mut issued = 0;
    for count in counts {
        issued += count.issued;
        if count.used + count.expired + count.void + count.replaced > count.issued {
            let ReceiptCount { unit, form, month, .. } = count;
            found.push(format!("receipts of {unit} {form} month {month}: more ended than were issued"));
        }
    }
    let living: i64 = receipt::table.count().get_result(db)?;
    let past: i64 = receipt_past::table.count().get_result(db)?;
    if living + past > issued {
        found.push(format!("receipts: {} are known, {issued} were issued", living + past));
    }
    Ok(())
}

/// No figure moves by fewer than five people: so no tally counts fewer.
fn handfuls(db: &mut Db, found: &mut Vec<String>) -> Result<(), StorageError> {
    let handful = i64::try_from(HANDFUL).unwrap_or(i64::MAX);
    let few: Vec<(String, String, i32)> = tally::table
        .filter(tally::responses.lt(handful))
        .select((tally::unit, tally::form, tally::month))
        .load(db)?;
    found.extend(few.into_iter().map(|(unit, form, month)| {
        let month = crate::domain::period::Month::from_number(month);
        format!("{unit} {form} {month}: fewer than {HANDFUL} answers were folded")
    }));
    Ok(())
}

fn closed_months(db: &mut Db, months: &Months, found: &mut Vec<String>) -> Result<(), StorageError> {
    let steps: Vec<i32> = close_step::table.select(close_step::month).distinct().load(db)?;
    let broken: Vec<i32> = breakdown::table.select(breakdown::month).distinct().load(db)?;
    for (month, what) in steps.into_iter().map(|m| (m, "steps of a close")) {
        let month = crate::domain::period::Month::from_number(month);
        if months.is_closed(month) {
            found.push(format!("month {month} is closed and still has {what}"));
        }
    }
    for month in broken.into_iter().map(crate::domain::period::Month::from_number) {
        if !months.0.contains_key(&month) {
            found.push(format!("month {month} is open and has breakdowns"));
        }
    }
    Ok(())
}
