//! Receipts: the right to answer once. Those that can still be used, those that cannot, and how many there were.

pub mod counts;
pub mod opening;
pub mod unused;

use std::collections::HashMap;

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
};

use super::{
    Db, StorageError,
    connection::on_both,
    schema::{receipt, receipt_past},
};
use crate::domain::{
    audit::{Action, By, Event},
    ids::{FieldCode, FormId, UnitCode},
    period::{Day, Month},
    receipt::{CodeHash, ReceiptState},
};

/// A receipt to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReceipt {
    /// Keyed hash of its code.
    pub hash: CodeHash,
    /// The unit that serves.
    pub unit: UnitCode,
    /// The form it leads to.
    pub form: FormId,
    /// Service field, where the issuer said it.
    pub service_field: Option<FieldCode>,
    /// Procedure, where the issuer said it; never copied to an answer.
    pub procedure: Option<FieldCode>,
    /// Day of issue.
    pub issued: Day,
    /// Last day on which it may be used.
    pub expires: Day,
}

impl NewReceipt {
    /// What somebody does with it alone, for the audit log: never its code, nor anything that tells it from others.
    #[must_use]
    pub fn event(&self, by: &By, action: Action) -> Event {
        by.does(action, self.unit.as_str())
            .in_unit(Some(&self.unit))
            .with("form", &self.form)
            .with("count", 1)
    }
}

/// A receipt as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReceipt {
    /// What was issued.
    pub receipt: NewReceipt,
    /// Its state as stored; an issued one may have expired since.
    pub state: ReceiptState,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = receipt)]
struct Row {
    code_hash: Vec<u8>,
    unit: String,
    form: String,
    service_field: String,
    procedure: String,
    issued_day: i32,
    expires_day: i32,
    state: i16,
}

impl Row {
    fn new(new: &NewReceipt, state: ReceiptState) -> Self {
        let text = |code: &Option<FieldCode>| code.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            code_hash: new.hash.0.to_vec(),
            unit: new.unit.to_string(),
            form: new.form.to_string(),
            service_field: text(&new.service_field),
            procedure: text(&new.procedure),
            issued_day: new.issued.number(),
            expires_day: new.expires.number(),
            state: number_of(state),
        }
    }

    fn read(self) -> Result<StoredReceipt, StorageError> {
        let damaged = || StorageError::damaged("a receipt");
        let code = |text: &str| match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_name| damaged()),
        };
        Ok(StoredReceipt {
            state: state_of(self.state)?,
            receipt: NewReceipt {
                hash: CodeHash(self.code_hash.as_slice().try_into().map_err(|_length| damaged())?),
                unit: self.unit.parse().map_err(|_name| damaged())?,
                form: self.form.parse().map_err(|_name| damaged())?,
                service_field: code(&self.service_field)?,
                procedure: code(&self.procedure)?,
                issued: Day::from_number(self.issued_day),
                expires: Day::from_number(self.expires_day),
            },
        })
    }
}

/// The week of a code that was not spent and whose row has room for its key: one that never comes.
pub(super) const ROOM: i32 = 0x7FFF;

/// The number that tables hold for a state.
pub(super) fn number_of(state: ReceiptState) -> i16 {
    match state {
        ReceiptState::Issued => 0,
        ReceiptState::Used => 1,
        ReceiptState::Expired => 2,
        ReceiptState::Void => 3,
        ReceiptState::Replaced => 4,
    }
}

/// The state that a table's number stands for.
pub(super) fn state_of(number: i16) -> Result<ReceiptState, StorageError> {
    Ok(match number {
        0 => ReceiptState::Issued,
        1 => ReceiptState::Used,
        2 => ReceiptState::Expired,
        3 => ReceiptState::Void,
        4 => ReceiptState::Replaced,
        _ => return Err(StorageError::damaged("state of a receipt")),
    })
}

/// What counting needs to know of a row.
pub(super) fn for_count(
    (unit, form, service_field): (&str, &str, &str),
    issued_day: i32,
) -> Result<NewReceipt, StorageError> {
    let row = Row {
        code_hash: vec![0; 32],
        unit: unit.to_owned(),
        form: form.to_owned(),
        service_field: service_field.to_owned(),
        procedure: String::new(),
        issued_day,
        expires_day: issued_day,
        state: 0,
    };
    Ok(row.read()?.receipt)
}

/// Issues receipts and counts them, in the transaction that is open.
///
/// # Errors
/// Where the database cannot be written.
pub fn issue(db: &mut Db, new: &[NewReceipt]) -> Result<(), StorageError> {
    insert_rows(db, new.iter().map(|n| Row::new(n, ReceiptState::Issued)).collect())?;
    counts::add(db, new.iter().map(|n| (n, ReceiptState::Issued)))
}

fn insert_rows(db: &mut Db, mut rows: Vec<Row>) -> Result<(), StorageError> {
    rows.sort_unstable_by(|a, b| a.code_hash.cmp(&b.code_hash));
    match db {
        Db::Sqlite(c) => {
            // Room for what a spent code keeps: its row stays where it is and as long as it is, so that spending moves
            // no other row, and the place of a row tells nothing of when it was spent.
            let room = (
                receipt::retry_hash.eq([0; 32].as_slice()),
                receipt::fingerprint.eq([0; 32].as_slice()),
                receipt::retry_week.eq(ROOM),
            );
            for row in &rows {
                diesel::insert_into(receipt::table).values((row, room)).execute(c)?;
            }
        }
        Db::Postgres(c) => {
            for chunk in rows.chunks(1000) {
                diesel::insert_into(receipt::table).values(chunk).execute(c)?;
            }
        }
    }
    Ok(())
}

/// Stores receipts that were made up, in their states; counts them as issued, and as void or replaced where they
/// are (the others are counted when they move).
///
/// # Errors
/// Where the database cannot be written.
pub fn insert_demo(db: &mut Db, receipts: &[StoredReceipt]) -> Result<(), StorageError> {
    insert_rows(db, receipts.iter().map(|r| Row::new(&r.receipt, r.state)).collect())?;
    counts::add(db, receipts.iter().map(|r| (&r.receipt, ReceiptState::Issued)))?;
    let withdrawn = |r: &&StoredReceipt| matches!(r.state, ReceiptState::Void | ReceiptState::Replaced);
    counts::add(db, receipts.iter().filter(withdrawn).map(|r| (&r.receipt, r.state)))
}

type Own = (
    receipt::code_hash,
    receipt::unit,
    receipt::form,
    receipt::service_field,
    receipt::procedure,
    receipt::issued_day,
    receipt::expires_day,
    receipt::state,
);

/// The columns of a living receipt that are a receipt's own.
const OWN: Own = (
    receipt::code_hash,
    receipt::unit,
    receipt::form,
    receipt::service_field,
    receipt::procedure,
    receipt::issued_day,
    receipt::expires_day,
    receipt::state,
);

/// The receipt with this hash, whether it can still be used or not.
///
/// # Errors
/// Where the database cannot be read.
pub fn find(db: &mut Db, hash: &CodeHash) -> Result<Option<StoredReceipt>, StorageError> {
    // Asked in the database's own words: the statement that serves both is put together anew each time.
    let living = receipt::table.find(hash.0.as_slice()).select(OWN);
    let living: Option<Row> = on_both!(db, c => living.get_result(c)).optional()?;
    let row = match living {
        Some(row) => Some(row),
        None => receipt_past::table.find(hash.0.as_slice()).get_result(db).optional()?,
    };
    row.map(Row::read).transpose()
}

/// Those of the receipts asked for that can still be used, where one statement finds several. A file of one's own is
/// asked for each alone, which costs less there than a list.
fn find_living(
    db: &mut Db,
    asked: &[(CodeHash, Month)],
) -> Result<HashMap<CodeHash, StoredReceipt>, StorageError> {
    let Db::Postgres(c) = db else { return Ok(HashMap::new()) };
    let hashes: Vec<&[u8]> = asked.iter().map(|(hash, _)| hash.0.as_slice()).collect();
    let rows: Vec<Row> = receipt::table.filter(receipt::code_hash.eq_any(hashes)).select(OWN).load(c)?;
    rows.into_iter()
        .map(|row| {
            let read = row.read()?;
            Ok((read.receipt.hash, read))
        })
        .collect()
}

/// Sets an issued receipt to `void` or `replaced`. `None`: there is no such receipt; else the state it had, on
/// this day, which stays what it was unless it was issued. In the transaction that is open.
///
/// # Errors
/// Where the database cannot be written.
pub fn withdraw(
    db: &mut Db,
    hash: &CodeHash,
    to: ReceiptState,
    today: Day,
) -> Result<Option<ReceiptState>, StorageError> {
    // A write comes first, so that on a server a citizen who answers at this moment comes before or after.
    let issued = receipt::table
        .find(hash.0.as_slice())
        .filter(receipt::state.eq(number_of(ReceiptState::Issued)))
        .filter(receipt::expires_day.ge(today.number()));
    let changed = diesel::update(issued).set(receipt::state.eq(number_of(to))).execute(db)?;
    let Some(found) = find(db, hash)? else { return Ok(None) };
    if changed > 0 {
        counts::add(db, [(&found.receipt, to)])?;
        return Ok(Some(ReceiptState::Issued));
    }
    Ok(Some(found.state_on(today)))
}

impl StoredReceipt {
    /// The state on a day: an issued receipt expires by itself.
    #[must_use]
    pub fn state_on(&self, today: Day) -> ReceiptState {
        match self.state {
            ReceiptState::Issued if today > self.receipt.expires => ReceiptState::Expired,
            state => state,
        }
    }
}

/// Issues a new receipt in the place of an old one, which becomes `replaced`. The state that the old one had;
/// only where that is `issued` the new one was issued. `None`: there is no old one. In the transaction that is open.
///
/// # Errors
/// Where the database cannot be written.
pub fn replace(db: &mut Db, old: &CodeHash, new: &NewReceipt) -> Result<Option<ReceiptState>, StorageError> {
    let before = withdraw(db, old, ReceiptState::Replaced, new.issued)?;
    if before == Some(ReceiptState::Issued) {
        issue(db, std::slice::from_ref(new))?;
    }
    Ok(before)
}
