//! Reading a whole table, one row at a time, in the order of its primary key: the order in which rows were
//! written says when they came, and is not carried along.

use std::{error::Error, io};

use diesel::{
    QueryableByName, RunQueryDsl as _,
    backend::Backend,
    connection::DefaultLoadingMode,
    deserialize::{self, FromSql},
    pg::{Pg, PgRowByRowLoadingMode},
    row::{Field as _, NamedRow, Row},
    sql_query,
    sql_types::{BigInt, Binary, Integer, SmallInt, Text},
    sqlite::{Sqlite, SqliteType},
};

use super::{Kind, Table, Value, names, quoted};
use crate::storage::{Db, StorageError};

/// Numbers of PostgreSQL's own types.
mod oid {
    pub(super) const BYTES: u32 = 17;
    pub(super) const BIG: u32 = 20;
    pub(super) const SMALL: u32 = 21;
    pub(super) const MIDDLE: u32 = 23;
}

struct Cells(Vec<Value>);

impl QueryableByName<Sqlite> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        let cell = |place| {
            let field = Row::get(row, place).ok_or_else(short)?;
            let Some(value) = field.value() else { return Ok(Value::Absent) };
            match value.value_type() {
                Some(SqliteType::Binary) => bytes::<Sqlite>(value),
                Some(SqliteType::Text) => text::<Sqlite>(value),
                Some(SqliteType::Long) => whole::<BigInt, i64, Sqlite>(value),
                _other => Err("a value that is no text, number or bytes".into()),
            }
        };
        (0..row.field_count()).map(cell).collect::<deserialize::Result<_>>().map(Self)
    }
}

impl QueryableByName<Pg> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let cell = |place| {
            let field = Row::get(row, place).ok_or_else(short)?;
            let Some(value) = field.value() else { return Ok(Value::Absent) };
            match value.get_oid().get() {
                oid::BYTES => bytes::<Pg>(value),
                oid::BIG => whole::<BigInt, i64, Pg>(value),
                oid::MIDDLE => whole::<Integer, i32, Pg>(value),
                oid::SMALL => whole::<SmallInt, i16, Pg>(value),
                _text => text::<Pg>(value),
            }
        };
        (0..row.field_count()).map(cell).collect::<deserialize::Result<_>>().map(Self)
    }
}

fn short() -> Box<dyn Error + Send + Sync> {
    "a row that is shorter than its table".into()
}

fn bytes<B: Backend>(value: B::RawValue<'_>) -> deserialize::Result<Value>
where
    Vec<u8>: FromSql<Binary, B>,
{
    FromSql::from_sql(value).map(Value::Bytes)
}

fn text<B: Backend>(value: B::RawValue<'_>) -> deserialize::Result<Value>
where
    String: FromSql<Text, B>,
{
    FromSql::from_sql(value).map(Value::Text)
}

fn whole<S, T: FromSql<S, B> + Into<i64>, B: Backend>(value: B::RawValue<'_>) -> deserialize::Result<Value> {
    T::from_sql(value).map(|number| Value::Whole(number.into()))
}

/// Hands each row of a table over, in the order of its primary key. Holds one row at a time.
///
/// # Errors
/// Where the database cannot be read, or [`StorageError::Stream`] with what `each` said.
pub fn read(
    db: &mut Db,
    table: &Table,
    each: &mut dyn FnMut(&[Value]) -> io::Result<()>,
) -> Result<(), StorageError> {
    let statement = statement(table, matches!(db, Db::Postgres(_)));
    match db {
        Db::Sqlite(c) => {
            for row in sql_query(statement).load_iter::<Cells, DefaultLoadingMode>(c)? {
                each(&row?.0).map_err(StorageError::Stream)?;
            }
        }
        Db::Postgres(c) => {
            for row in sql_query(statement).load_iter::<Cells, PgRowByRowLoadingMode>(c)? {
                each(&row?.0).map_err(StorageError::Stream)?;
            }
        }
    }
    Ok(())
}

/// Text is ordered by its bytes on both databases, so that the same rows come in the same order.
fn statement(table: &Table, on_server: bool) -> String {
    let place = |column: &super::Column| {
        let by_bytes = if on_server && column.kind == Kind::Text { " COLLATE \"C\"" } else { "" };
        format!("{}{by_bytes}", quoted(&column.name))
    };
    let order: Vec<String> = table.key.iter().map(place).collect();
    let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    format!("SELECT {} FROM {}{order}", names(&table.columns), quoted(&table.name))
}
