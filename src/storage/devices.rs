//! Devices: tablets at a desk, enrolled with a code that works once, from then on known by a credential.

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _,
};

use super::{Db, StorageError, schema::device};
use crate::domain::{
    audit::{Action, By, Event},
    ids::UnitCode,
    period::Day,
    receipt::ReceiptCode,
};

/// Seconds that a code to enrol with works.
pub const CODE_LASTS: i64 = 3600;
/// What the credentials of tablets begin with.
pub const PREFIX: &str = "device_";

/// The name of a desk as it was typed, without what surrounds it; `None` where it is empty, longer than 40 letters or has
/// letters that nobody sees.
#[must_use]
pub fn desk(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_good = (1..=40).contains(&typed.chars().count()) && !typed.chars().any(char::is_control);
    is_good.then(|| typed.to_owned())
}

/// A new code to enrol with: ten random characters and one that finds slips, as receipts have.
#[must_use]
pub fn new_code() -> ReceiptCode {
    ReceiptCode::from_random(rand::random())
}

/// A new credential, as the tablet keeps it: 256 random bits.
#[must_use]
pub fn new_credential() -> String {
    format!("{PREFIX}{}", blake3::Hash::from_bytes(rand::random()).to_hex())
}

/// Hash of a credential, which has 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CredentialHash(pub [u8; 32]);

impl CredentialHash {
    /// The hash of what the tablet sends.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 device credential", secret.as_bytes()))
    }

    /// The hash of a code to enrol with.
    #[must_use]
    pub fn of_code(code: &ReceiptCode) -> Self {
        Self(blake3::derive_key("sipas 2026 device enrolment code", code.compact().as_bytes()))
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
    /// A tablet that is to enrol.
    #[must_use]
    pub fn new(unit: UnitCode, desk: String, created: Day) -> Self {
        let id = rand::random();
        Self { id, unit, desk, code_expires: None, created, enrolled: None, revoked: None }
    }

    /// Its whole id, in small hexadecimal digits.
    #[must_use]
    pub fn long_id(&self) -> String {
        hex::encode(self.id)
    }

    /// What somebody does with it, for the audit log.
    #[must_use]
    pub fn event(&self, by: &By, action: Action) -> Event {
        by.does(action, self.short_id()).in_unit(Some(&self.unit)).with("desk", &self.desk)
    }

    /// The first eight digits of its id: enough to tell it from others.
    #[must_use]
    pub fn short_id(&self) -> String {
        hex::encode(self.id.get(..4).unwrap_or_default())
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

/// All tablets, by unit and desk; the revoked ones too.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<Device>, StorageError> {
    let order = (device::unit.asc(), device::desk.asc(), device::id.asc());
    let rows: Vec<Row> = device::table.order(order).select(Row::as_select()).load(db)?;
    rows.into_iter().map(Device::try_from).collect()
}

/// The tablet with this id.
///
/// # Errors
/// Where the database cannot be read.
pub fn find(db: &mut Db, id: [u8; 16]) -> Result<Option<Device>, StorageError> {
    let row: Option<Row> = device::table.find(id.as_slice()).select(Row::as_select()).first(db).optional()?;
    row.map(Device::try_from).transpose()
}

/// Keeps a new tablet that waits for its code to be typed.
///
/// # Errors
/// Where the database cannot be written.
pub fn invite(db: &mut Db, new: &Device, code: CredentialHash, expires: i64) -> Result<(), StorageError> {
    let row = Row {
        id: new.id.to_vec(),
        unit: new.unit.to_string(),
        desk: new.desk.clone(),
        code_hash: Some(code.0.to_vec()),
        code_expires: Some(expires),
        credential_hash: None,
        created_day: new.created.number(),
        enrolled_day: None,
        revoked_day: None,
    };
    diesel::insert_into(device::table).values(&row).execute(db)?;
    Ok(())
}

/// Gives a tablet that is there another code, also one that was revoked. What it had before ends now; `false` where
/// there is no such tablet.
///
/// # Errors
/// Where the database cannot be written.
pub fn invite_again(
    db: &mut Db,
    id: [u8; 16],
    code: CredentialHash,
    expires: i64,
) -> Result<bool, StorageError> {
    let changed = diesel::update(device::table.find(id.as_slice()))
        .set((
            device::code_hash.eq(code.0.as_slice()),
            device::code_expires.eq(expires),
            device::credential_hash.eq(None::<Vec<u8>>),
            device::revoked_day.eq(None::<i32>),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// The tablet that waits for this code, by its id: whoever guesses must not make others wait who write.
///
/// # Errors
/// Where the database cannot be read.
pub fn waits(db: &mut Db, code: CredentialHash, now: i64) -> Result<Option<[u8; 16]>, StorageError> {
    let waiting = device::table
        .filter(device::code_hash.eq(code.0.as_slice()))
        .filter(device::code_expires.gt(now))
        .filter(device::revoked_day.is_null());
    let id: Option<Vec<u8>> = waiting.select(device::id).first(db).optional()?;
    let damaged = |_length| StorageError::damaged("a device");
    id.map(|id| id.as_slice().try_into().map_err(damaged)).transpose()
}

/// Takes a code, once, and gives the tablet its credential; `None` where no tablet waits for this code any more.
///
/// # Errors
/// Where the database cannot be written.
pub fn enroll(
    db: &mut Db,
    code: CredentialHash,
    credential: CredentialHash,
    now: i64,
    today: Day,
) -> Result<Option<Device>, StorageError> {
    let waiting = device::table
        .filter(device::code_hash.eq(code.0.as_slice()))
        .filter(device::code_expires.gt(now))
        .filter(device::revoked_day.is_null());
    let taken = diesel::update(waiting)
        .set((
            device::code_hash.eq(None::<Vec<u8>>),
            device::code_expires.eq(None::<i64>),
            device::credential_hash.eq(credential.0.as_slice()),
            device::enrolled_day.eq(today.number()),
        ))
        .execute(db)?;
    if taken == 1 { with_credential(db, credential) } else { Ok(None) }
}

/// Revokes a tablet, with its code where it has one; `false` where there is none that works.
///
/// # Errors
/// Where the database cannot be written.
pub fn revoke(db: &mut Db, id: [u8; 16], today: Day) -> Result<bool, StorageError> {
    let living = device::table.filter(device::id.eq(id.as_slice())).filter(device::revoked_day.is_null());
    let changed = diesel::update(living)
        .set((
            device::revoked_day.eq(today.number()),
            device::code_hash.eq(None::<Vec<u8>>),
            device::code_expires.eq(None::<i64>),
            device::credential_hash.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    Ok(changed == 1)
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
