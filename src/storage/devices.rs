//! Devices: tablets at a desk, enrolled with a code that works once, from then on known by a credential.

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _,
};

use super::{Db, StorageError, schema::device};
use crate::domain::{ids::UnitCode, period::Day};

/// Hash of a credential, which has 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CredentialHash(pub [u8; 32]);

impl CredentialHash {
    /// The hash of what the tablet sends.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 device credential", secret.as_bytes()))
    }

    /// The hash of the code to enrol with, as it is typed.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 device enrolment code", code.as_bytes()))
    }
}

/// A tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: [u8; 16],
    /// Where it stands.
    pub unit: UnitCode,
    /// At which desk.
    pub desk: String,
    /// Until when its code works, in seconds since 1970; `None` where it has none any more.
    pub code_expires: Option<i64>,
    /// When it got its code.
    pub created: Day,
    /// When it enrolled.
    pub enrolled: Option<Day>,
    /// When it was revoked.
    pub revoked: Option<Day>,
}

impl Device {
    /// The first eight digits of its id: enough to tell it from others.
    #[must_use]
    pub fn short_id(&self) -> String {
        self.id.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = device)]
struct Row {
    id: Vec<u8>,
    unit: String,
    desk: String,
    code_hash: Option<Vec<u8>>,
    code_expires: Option<i64>,
    credential_hash: Option<Vec<u8>>,
    created_day: i32,
    enrolled_day: Option<i32>,
    revoked_day: Option<i32>,
}

impl TryFrom<Row> for Device {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let damaged = || StorageError::damaged("a device");
        Ok(Self {
            id: row.id.as_slice().try_into().map_err(|_length| damaged())?,
            unit: row.unit.parse().map_err(|_name| damaged())?,
            desk: row.desk,
            code_expires: row.code_hash.and(row.code_expires),
            created: Day::from_number(row.created_day),
            enrolled: row.enrolled_day.map(Day::from_number),
            revoked: row.revoked_day.map(Day::from_number),
        })
    }
}

/// The tablet with this credential, unless it was revoked.
///
/// # Errors
/// Where the database cannot be read.
pub fn with_credential(db: &mut Db, hash: CredentialHash) -> Result<Option<Device>, StorageError> {
    let row: Option<Row> = device::table
        .filter(device::credential_hash.eq(hash.0.as_slice()))
        .filter(device::revoked_day.is_null())
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Device::try_from).transpose()
}

/// Forgets codes to enrol with that do not work any more; the tablets stay in the list.
///
/// # Errors
/// Where the database cannot be written.
pub fn clear_codes(db: &mut Db, now: i64) -> Result<usize, StorageError> {
    let late = device::table.filter(device::code_hash.is_not_null()).filter(device::code_expires.le(now));
    let nothing = (device::code_hash.eq(None::<Vec<u8>>), device::code_expires.eq(None::<i64>));
    Ok(diesel::update(late).set(nothing).execute(db)?)
}
