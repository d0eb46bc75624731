//! Links that open once: the set-up of the first account, invitations, resets. Only their hashes are kept.

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _,
};

use super::{Db, StorageError, accounts::id_of, schema::one_time_link};
use crate::domain::account::AccountId;

/// Hash of the secret of a link, which has 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkHash(pub [u8; 32]);

impl LinkHash {
    /// The hash of what stands in the address.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 one-time link", secret.as_bytes()))
    }
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To make the first account, an administrator.
    SetUp,
    /// To set the first password of this account.
    Invitation(AccountId),
    /// To set a new password of this account.
    Reset(AccountId),
}

impl Purpose {
    fn parts(self) -> (&'static str, Option<AccountId>) {
        match self {
            Self::SetUp => ("set_up", None),
            Self::Invitation(account) => ("invitation", Some(account)),
            Self::Reset(account) => ("reset", Some(account)),
        }
    }

    fn read(word: &str, account: Option<&[u8]>) -> Result<Self, StorageError> {
        let account = account.map(id_of).transpose()?;
        match (word, account) {
            ("set_up", None) => Ok(Self::SetUp),
            ("invitation", Some(account)) => Ok(Self::Invitation(account)),
            ("reset", Some(account)) => Ok(Self::Reset(account)),
            _ => Err(StorageError::damaged("a link that opens once")),
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = one_time_link)]
struct Row {
    hash: Vec<u8>,
    account: Option<Vec<u8>>,
    purpose: String,
    expires: i64,
}

/// Keeps a new link. Earlier ones of the same account end: only the newest works.
///
/// # Errors
/// Where the database cannot be written.
pub fn make(db: &mut Db, hash: LinkHash, purpose: Purpose, expires: i64) -> Result<(), StorageError> {
    let (word, account) = purpose.parts();
    end_all(db, account)?;
    let row = Row {
        hash: hash.0.to_vec(),
        account: account.map(|account| account.0.to_vec()),
        purpose: word.to_owned(),
        expires,
    };
    diesel::insert_into(one_time_link::table).values(&row).execute(db)?;
    Ok(())
}

/// Ends the links of an account; of no account: those that set up.
///
/// # Errors
/// Where the database cannot be written.
pub fn end_all(db: &mut Db, account: Option<AccountId>) -> Result<usize, StorageError> {
    let ended = match account {
        Some(account) => {
            let of = one_time_link::table.filter(one_time_link::account.eq(account.0.as_slice()));
            diesel::delete(of).execute(db)?
        }
        None => diesel::delete(one_time_link::table.filter(one_time_link::account.is_null())).execute(db)?,
    };
    Ok(ended)
}

/// Ends every link that lets somebody in, whoever made it.
///
/// # Errors
/// Where the database cannot be written.
pub fn end_of_people(db: &mut Db) -> Result<usize, StorageError> {
    Ok(diesel::delete(one_time_link::table.filter(one_time_link::account.is_not_null())).execute(db)?)
}

/// What a link is for, where it still opens.
///
/// # Errors
/// Where the database cannot be read.
pub fn find(db: &mut Db, hash: LinkHash, now: i64) -> Result<Option<Purpose>, StorageError> {
    let row: Option<Row> = one_time_link::table
        .find(hash.0.as_slice())
        .filter(one_time_link::expires.gt(now))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(|row| Purpose::read(&row.purpose, row.account.as_deref())).transpose()
}

/// Uses a link up; `false` where somebody was first, or it is too late.
///
/// # Errors
/// Where the database cannot be written.
pub fn take(db: &mut Db, hash: LinkHash, now: i64) -> Result<bool, StorageError> {
    let one = one_time_link::table
        .filter(one_time_link::hash.eq(hash.0.as_slice()))
        .filter(one_time_link::expires.gt(now));
    Ok(diesel::delete(one).execute(db)? == 1)
}

/// Clears links away that do not open any more.
///
/// # Errors
/// Where the database cannot be written.
pub fn clear(db: &mut Db, now: i64) -> Result<usize, StorageError> {
    Ok(diesel::delete(one_time_link::table.filter(one_time_link::expires.le(now))).execute(db)?)
}
