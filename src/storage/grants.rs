//! Grants: which role an account has, where and how long.

use diesel::{
    ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, RunQueryDsl as _, Selectable,
    SelectableHelper as _,
};

use super::{Db, StorageError, accounts::id_of, schema::role_grant};
use crate::domain::{access::Grant, account::AccountId, period::Day};

/// A grant with its id and its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGrant {
    /// Its id.
    pub id: [u8; 16],
    /// Whose it is.
    pub account: AccountId,
    /// What it says.
    pub grant: Grant,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = role_grant)]
struct Row {
    id: Vec<u8>,
    account: Vec<u8>,
    role: String,
    unit: Option<String>,
    from_day: i32,
    to_day: Option<i32>,
}

impl TryFrom<Row> for StoredGrant {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let damaged = || StorageError::damaged("a grant");
        Ok(Self {
            id: row.id.as_slice().try_into().map_err(|_length| damaged())?,
            account: id_of(&row.account)?,
            grant: Grant {
                role: row.role.parse().map_err(|_role| damaged())?,
                unit: row.unit.map(|unit| unit.parse()).transpose().map_err(|_name| damaged())?,
                from: Day::from_number(row.from_day),
                to: row.to_day.map(Day::from_number),
            },
        })
    }
}

/// Keeps a new grant, under a random id.
///
/// # Errors
/// Where the database cannot be written.
pub fn add(db: &mut Db, account: AccountId, grant: &Grant) -> Result<StoredGrant, StorageError> {
    let id: [u8; 16] = rand::random();
    let row = Row {
        id: id.to_vec(),
        account: account.0.to_vec(),
        role: grant.role.as_str().to_owned(),
        unit: grant.unit.as_ref().map(ToString::to_string),
        from_day: grant.from.number(),
        to_day: grant.to.map(Day::number),
    };
    diesel::insert_into(role_grant::table).values(&row).execute(db)?;
    Ok(StoredGrant { id, account, grant: grant.clone() })
}

/// Takes a grant back; `false` where it is not there.
///
/// # Errors
/// Where the database cannot be written.
pub fn remove(db: &mut Db, id: [u8; 16]) -> Result<bool, StorageError> {
    Ok(diesel::delete(role_grant::table.find(id.as_slice())).execute(db)? == 1)
}

/// The grants of an account, by their first day.
///
/// # Errors
/// Where the database cannot be read.
pub fn of(db: &mut Db, account: AccountId) -> Result<Vec<StoredGrant>, StorageError> {
    let rows: Vec<Row> = role_grant::table
        .filter(role_grant::account.eq(account.0.as_slice()))
        .order((role_grant::from_day.asc(), role_grant::id.asc()))
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(StoredGrant::try_from).collect()
}

/// All grants, by account and first day.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<StoredGrant>, StorageError> {
    let rows: Vec<Row> = role_grant::table
        .order((role_grant::account.asc(), role_grant::from_day.asc(), role_grant::id.asc()))
        .select(Row::as_select())
        .load(db)?;
    rows.into_iter().map(StoredGrant::try_from).collect()
}
