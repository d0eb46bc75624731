//! Accounts: names, passwords as they are kept, second factors, and the codes that stand in for one.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _,
    Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _,
};

use super::{
    Db, StorageError,
    connection::on_both,
    schema::{account, recovery_code},
};
use crate::domain::{
    account::{AccountId, AccountName},
    period::Day,
};

/// An account as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it signs in with; unique.
    pub name: AccountName,
    /// What people call it.
    pub display_name: String,
    /// Where it is written to; may be empty.
    pub email: String,
    /// The password as argon2id keeps it; `None`: it has none yet.
    pub password: Option<String>,
    /// The sealed secret of the second factor.
    pub totp: Option<Vec<u8>>,
    /// The step of the last code that was taken: no code works twice.
    pub totp_step: Option<i64>,
    /// Issuer and subject at an identity provider, with a space between them; unique.
    pub oidc_subject: Option<String>,
    /// When it was made.
    pub created: Day,
    /// Since when it is shut.
    pub disabled: Option<Day>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = account)]
pub(super) struct Row {
    id: Vec<u8>,
    name: String,
    display_name: String,
    email: String,
    password: Option<String>,
    totp: Option<Vec<u8>>,
    totp_step: Option<i64>,
    oidc_subject: Option<String>,
    created_day: i32,
    disabled_day: Option<i32>,
}

impl TryFrom<Row> for Account {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        Ok(Self {
            id: id_of(&row.id)?,
            name: row.name.parse().map_err(|_name| StorageError::damaged("the name of an account"))?,
            display_name: row.display_name,
            email: row.email,
            password: row.password,
            totp: row.totp,
            totp_step: row.totp_step,
            oidc_subject: row.oidc_subject,
            created: Day::from_number(row.created_day),
            disabled: row.disabled_day.map(Day::from_number),
        })
    }
}

pub(super) fn id_of(bytes: &[u8]) -> Result<AccountId, StorageError> {
    bytes.try_into().map(AccountId).map_err(|_length| StorageError::damaged("the id of an account"))
}

/// Keeps a new account; `false` where its name or its identity is taken.
///
/// # Errors
/// Where the database cannot be written.
pub fn create(db: &mut Db, new: &Account) -> Result<bool, StorageError> {
    let row = Row {
        id: new.id.0.to_vec(),
        name: new.name.to_string(),
        display_name: new.display_name.clone(),
        email: new.email.clone(),
        password: new.password.clone(),
        totp: new.totp.clone(),
        totp_step: new.totp_step,
        oidc_subject: new.oidc_subject.clone(),
        created_day: new.created.number(),
        disabled_day: new.disabled.map(Day::number),
    };
    let added = on_both!(db, c => diesel::insert_into(account::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Whether there is any account.
///
/// # Errors
/// Where the database cannot be read.
pub fn any(db: &mut Db) -> Result<bool, StorageError> {
    let one: Option<Vec<u8>> = account::table.select(account::id).first(db).optional()?;
    Ok(one.is_some())
}

/// All accounts, by name; the shut ones too.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<Account>, StorageError> {
    let rows: Vec<Row> = account::table.order(account::name.asc()).select(Row::as_select()).load(db)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// The account with this id.
///
/// # Errors
/// Where the database cannot be read.
pub fn find(db: &mut Db, id: AccountId) -> Result<Option<Account>, StorageError> {
    let row: Option<Row> =
        account::table.find(id.0.as_slice()).select(Row::as_select()).first(db).optional()?;
    row.map(Account::try_from).transpose()
}

/// The account that signs in with this name.
///
/// # Errors
/// Where the database cannot be read.
pub fn named(db: &mut Db, name: &AccountName) -> Result<Option<Account>, StorageError> {
    let row: Option<Row> = account::table
        .filter(account::name.eq(name.as_str()))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Account::try_from).transpose()
}

/// The account of this identity, issuer and subject with a space between them.
///
/// # Errors
/// Where the database cannot be read.
pub fn of_subject(db: &mut Db, subject: &str) -> Result<Option<Account>, StorageError> {
    let row: Option<Row> = account::table
        .filter(account::oidc_subject.eq(subject))
        .select(Row::as_select())
        .first(db)
        .optional()?;
    row.map(Account::try_from).transpose()
}

/// Sets the password, as argon2id keeps it.
///
/// # Errors
/// Where the database cannot be written.
pub fn set_password(db: &mut Db, id: AccountId, kept: &str) -> Result<(), StorageError> {
    let one = account::table.find(id.0.as_slice());
    diesel::update(one).set(account::password.eq(kept)).execute(db)?;
    Ok(())
}

/// Shuts an account, or opens it again.
///
/// # Errors
/// Where the database cannot be written.
pub fn set_disabled(db: &mut Db, id: AccountId, since: Option<Day>) -> Result<(), StorageError> {
    let one = account::table.find(id.0.as_slice());
    diesel::update(one).set(account::disabled_day.eq(since.map(Day::number))).execute(db)?;
    Ok(())
}

/// Sets the sealed secret of the second factor, or takes it away with the codes that stand in for it.
///
/// # Errors
/// Where the database cannot be written.
pub fn set_totp(db: &mut Db, id: AccountId, sealed: Option<&[u8]>) -> Result<(), StorageError> {
    let one = account::table.find(id.0.as_slice());
    let none = None::<i64>;
    diesel::update(one).set((account::totp.eq(sealed), account::totp_step.eq(none))).execute(db)?;
    if sealed.is_none() {
        set_recovery_codes(db, id, &[])?;
    }
    Ok(())
}

/// Takes the code of a step; `false` where one of this step or a later one was taken before.
///
/// # Errors
/// Where the database cannot be written.
pub fn take_totp_step(db: &mut Db, id: AccountId, step: i64) -> Result<bool, StorageError> {
    let earlier = account::totp_step.is_null().or(account::totp_step.lt(step));
    let one = account::table.filter(account::id.eq(id.0.as_slice()).and(earlier));
    Ok(diesel::update(one).set(account::totp_step.eq(step)).execute(db)? == 1)
}

/// An account as it is now, which nobody else changes until the transaction that is open ends.
///
/// # Errors
/// Where the database cannot be written.
pub fn hold(db: &mut Db, id: AccountId) -> Result<Option<Account>, StorageError> {
    // What is written is what stands there: the row is locked by it, on a server too.
    let one = account::table.find(id.0.as_slice());
    diesel::update(one).set(account::id.eq(account::id)).execute(db)?;
    find(db, id)
}

/// Joins an identity to an account, or parts it; `false` where another account has it.
///
/// # Errors
/// Where the database cannot be written.
pub fn set_subject(db: &mut Db, id: AccountId, subject: Option<&str>) -> Result<bool, StorageError> {
    if let Some(subject) = subject
        && of_subject(db, subject)?.is_some_and(|owner| owner.id != id)
    {
        return Ok(false);
    }
    let one = account::table.find(id.0.as_slice());
    Ok(diesel::update(one).set(account::oidc_subject.eq(subject)).execute(db)? == 1)
}

/// Puts new recovery codes, as hashes, in the place of those there were.
///
/// # Errors
/// Where the database cannot be written.
pub fn set_recovery_codes(db: &mut Db, id: AccountId, hashes: &[[u8; 32]]) -> Result<(), StorageError> {
    let of = recovery_code::table.filter(recovery_code::account.eq(id.0.as_slice()));
    diesel::delete(of).execute(db)?;
    for hash in hashes {
        diesel::insert_into(recovery_code::table)
            .values((recovery_code::account.eq(id.0.as_slice()), recovery_code::hash.eq(hash.as_slice())))
            .execute(db)?;
    }
    Ok(())
}

/// Takes a recovery code; `false` where the account has no such code any more.
///
/// # Errors
/// Where the database cannot be written.
pub fn take_recovery_code(db: &mut Db, id: AccountId, hash: [u8; 32]) -> Result<bool, StorageError> {
    Ok(diesel::delete(recovery_code::table.find((id.0.as_slice(), hash.as_slice()))).execute(db)? == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// Where the database cannot be read.
pub fn recovery_codes(db: &mut Db, id: AccountId) -> Result<i64, StorageError> {
    let of = recovery_code::table.filter(recovery_code::account.eq(id.0.as_slice()));
    Ok(of.count().get_result(db)?)
}
