//! Sessions: sign-ins that last. The database knows only the hash of what the browser holds.

use diesel::{
    ExpressionMethods as _, Insertable, JoinOnDsl as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _,
};

use super::{
    Db, StorageError,
    accounts::{self, Account, id_of},
    schema::{account, session},
};
use crate::domain::account::AccountId;

/// Hash of a secret with 256 random bits: a plain hash cannot be turned back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionHash(pub [u8; 32]);

impl SessionHash {
    /// The hash of what stands in the cookie.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 session", secret.as_bytes()))
    }
}

/// What was proved when a session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The password; the second factor is still to come, and nothing else is allowed.
    Half,
    /// Everything that is asked of the account.
    Whole,
    /// The same, by an identity provider, whose matter the second factor is.
    Provider,
}

impl Proof {
    /// Whether nothing is lacking.
    #[must_use]
    pub fn is_whole(self) -> bool {
        match self {
            Self::Half => false,
            Self::Whole | Self::Provider => true,
        }
    }

    fn of(number: i16) -> Self {
        let all = [Self::Whole, Self::Provider];
        all.into_iter().find(|proof| proof.number() == number).unwrap_or(Self::Half)
    }

    fn number(self) -> i16 {
        match self {
            Self::Half => 0,
            Self::Whole => 1,
            Self::Provider => 2,
        }
    }
}

/// A session as the database knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The hash of its secret.
    pub hash: SessionHash,
    /// Whose it is.
    pub account: AccountId,
    /// What was proved.
    pub proof: Proof,
    /// When it began, in seconds since 1970.
    pub began: i64,
    /// When it was used last, to the minute.
    pub seen: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = session)]
struct Row {
    hash: Vec<u8>,
    account: Vec<u8>,
    proof: i16,
    began: i64,
    seen: i64,
}

impl TryFrom<Row> for Session {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let hash = row.hash.as_slice().try_into();
        Ok(Self {
            hash: SessionHash(hash.map_err(|_length| StorageError::damaged("the hash of a session"))?),
            account: id_of(&row.account)?,
            proof: Proof::of(row.proof),
            began: row.began,
            seen: row.seen,
        })
    }
}

/// Begins a session.
///
/// # Errors
/// Where the database cannot be written.
pub fn begin(db: &mut Db, new: &Session) -> Result<(), StorageError> {
    let row = Row {
        hash: new.hash.0.to_vec(),
        account: new.account.0.to_vec(),
        proof: new.proof.number(),
        began: new.began,
        seen: new.seen,
    };
    diesel::insert_into(session::table).values(&row).execute(db)?;
    Ok(())
}

/// A session with its account, where there is one; whether it is still fresh is for the caller to say.
///
/// # Errors
/// Where the database cannot be read.
pub fn find(db: &mut Db, hash: SessionHash) -> Result<Option<(Session, Account)>, StorageError> {
    let found: Option<(Row, accounts::Row)> = session::table
        .inner_join(account::table.on(account::id.eq(session::account)))
        .filter(session::hash.eq(hash.0.as_slice()))
        .select((Row::as_select(), accounts::Row::as_select()))
        .first(db)
        .optional()?;
    found.map(|(row, owner)| Ok((Session::try_from(row)?, Account::try_from(owner)?))).transpose()
}

/// Notes that a session is in use.
///
/// # Errors
/// Where the database cannot be written.
pub fn touch(db: &mut Db, hash: SessionHash, now: i64) -> Result<(), StorageError> {
    diesel::update(session::table.find(hash.0.as_slice())).set(session::seen.eq(now)).execute(db)?;
    Ok(())
}

/// Ends a session; `false` where it was not there.
///
/// # Errors
/// Where the database cannot be written.
pub fn end(db: &mut Db, hash: SessionHash) -> Result<bool, StorageError> {
    Ok(diesel::delete(session::table.find(hash.0.as_slice())).execute(db)? == 1)
}

/// Ends all sessions of an account, but one where one is named.
///
/// # Errors
/// Where the database cannot be written.
pub fn end_all(db: &mut Db, of: AccountId, but: Option<SessionHash>) -> Result<usize, StorageError> {
    let spared = but.map_or_else(Vec::new, |hash| hash.0.to_vec());
    let others = session::table.filter(session::account.eq(of.0.as_slice())).filter(session::hash.ne(spared));
    Ok(diesel::delete(others).execute(db)?)
}

/// The sessions of an account, the newest first.
///
/// # Errors
/// Where the database cannot be read.
pub fn of(db: &mut Db, account: AccountId) -> Result<Vec<Session>, StorageError> {
    let rows: Vec<Row> = session::table
        .filter(session::account.eq(account.0.as_slice()))
        .order(session::began.desc())
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(Session::try_from).collect()
}

/// Clears sessions away that were last used, or began, before these moments.
///
/// # Errors
/// Where the database cannot be written.
pub fn clear(db: &mut Db, seen_before: i64, began_before: i64) -> Result<usize, StorageError> {
    let idle = diesel::delete(session::table.filter(session::seen.lt(seen_before))).execute(db)?;
    let old = diesel::delete(session::table.filter(session::began.lt(began_before))).execute(db)?;
    Ok(idle + old)
}
