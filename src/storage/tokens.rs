//! Tokens of other systems: a hash, a name, what it may do and where.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _,
    Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _,
};

use super::{Db, StorageError, connection::on_both, schema::token};
use crate::domain::{
    audit::{Action, By, Event},
    ids::UnitCode,
    period::Day,
};

/// Hash of a token's secret. The secret has 256 random bits, so a plain hash cannot be turned back, and making
/// a token needs no key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of a secret as it stands in an `Authorization` header.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 api token", secret.as_bytes()))
    }
}

/// A token as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// What people call it; unique.
    pub name: String,
    /// Its scopes, as [`crate::domain::token::Scopes`] writes them.
    pub scopes: String,
    /// It may act in this unit and everything below it; `None`: everywhere.
    pub unit: Option<UnitCode>,
    /// When it was made.
    pub created: Day,
    /// When it was revoked.
    pub revoked: Option<Day>,
    /// Last day on which it works; `None`: it does not end by itself.
    pub expires: Option<Day>,
    /// The day it was used last.
    pub last_used: Option<Day>,
}

/// A new secret, as it is shown once: 256 random bits.
#[must_use]
pub fn secret() -> String {
    format!("sipas_{}", blake3::Hash::from_bytes(rand::random()).to_hex())
}

impl StoredToken {
    /// What somebody does with it, for the audit log.
    #[must_use]
    pub fn event(&self, by: &By, action: Action) -> Event {
        let event = by.does(action, &self.name).in_unit(self.unit.as_ref()).with("scopes", &self.scopes);
        match self.expires {
            Some(day) => event.with("expires", day),
            None => event,
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = token)]
struct Row {
    hash: Vec<u8>,
    name: String,
    scopes: String,
    unit: Option<String>,
    created_day: i32,
    revoked_day: Option<i32>,
    expires_day: Option<i32>,
    last_used_day: Option<i32>,
}

/// Keeps a new token; `false` where the name is taken.
///
/// # Errors
/// Where the database cannot be written.
pub fn create(db: &mut Db, hash: TokenHash, new: &StoredToken) -> Result<bool, StorageError> {
    let row = Row {
        hash: hash.0.to_vec(),
        name: new.name.clone(),
        scopes: new.scopes.clone(),
        unit: new.unit.as_ref().map(ToString::to_string),
        created_day: new.created.number(),
        revoked_day: None,
        expires_day: new.expires.map(Day::number),
        last_used_day: None,
    };
    let added = on_both!(db, c => diesel::insert_into(token::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// The token with this hash, unless it was revoked.
///
/// # Errors
/// Where the database cannot be read.
pub fn find(db: &mut Db, hash: TokenHash) -> Result<Option<StoredToken>, StorageError> {
    let row: Option<Row> = token::table
        .find(hash.0.as_slice())
        .filter(token::revoked_day.is_null())
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(read).transpose()
}

/// Every token that works, by its hash.
///
/// # Errors
/// Where the database cannot be read.
pub(super) fn working(db: &mut Db) -> Result<HashMap<TokenHash, StoredToken>, StorageError> {
    let rows: Vec<Row> =
        token::table.filter(token::revoked_day.is_null()).select(Row::as_select()).load(db)?;
    let damaged = |_length| StorageError::damaged("the hash of a token");
    rows.into_iter()
        .map(|row| Ok((TokenHash(row.hash.as_slice().try_into().map_err(damaged)?), read(row)?)))
        .collect()
}

/// All tokens, by name; the revoked ones too.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<StoredToken>, StorageError> {
    let rows: Vec<Row> = token::table.order(token::name.asc()).select(Row::as_select()).load(db)?;
    rows.into_iter().map(read).collect()
}

/// Revokes a token by its name; `false` where there is none that still works.
///
/// # Errors
/// Where the database cannot be written.
pub fn revoke(db: &mut Db, name: &str, today: Day) -> Result<bool, StorageError> {
    let living = token::table.filter(token::name.eq(name)).filter(token::revoked_day.is_null());
    let revoked = diesel::update(living).set(token::revoked_day.eq(today.number())).execute(db)?;
    Ok(revoked > 0)
}

/// Notes the day on which tokens were used last, in the transaction that is open.
///
/// # Errors
/// Where the database cannot be written.
pub fn note_used<'a>(
    db: &mut Db,
    names: impl IntoIterator<Item = &'a String>,
    day: Day,
) -> Result<(), StorageError> {
    for name in names {
        let earlier = token::last_used_day.is_null().or(token::last_used_day.lt(day.number()));
        let one = token::table.filter(token::name.eq(name).and(earlier));
        diesel::update(one).set(token::last_used_day.eq(day.number())).execute(db)?;
    }
    Ok(())
}

fn read(row: Row) -> Result<StoredToken, StorageError> {
    let unit = row.unit.map(|unit| unit.parse()).transpose();
    Ok(StoredToken {
        unit: unit.map_err(|_name| StorageError::damaged("the unit of a token"))?,
        name: row.name,
        scopes: row.scopes,
        created: Day::from_number(row.created_day),
        revoked: row.revoked_day.map(Day::from_number),
        expires: row.expires_day.map(Day::from_number),
        last_used: row.last_used_day.map(Day::from_number),
    })
}
