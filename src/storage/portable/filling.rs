//! Filling an empty database with rows that were read from another.

use std::fmt::Write as _;

use diesel::{
    RunQueryDsl as _,
    pg::Pg,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_query,
    sql_types::{Array, BigInt, Binary, Nullable, Text},
    sqlite::Sqlite,
};

use super::{Kind, Row, Table, Value, count, names, quoted, tables};
use crate::storage::{Db, StorageError};

/// The only table that migrations fill.
const JOBS: &str = "job";

/// Whether a database can be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vacancy {
    /// Nothing is in it: no tables, or only empty ones.
    Empty,
    /// This table has rows.
    Taken {
        /// The table.
        table: String,
    },
    /// This table belongs to something else.
    Strange {
        /// The table.
        table: String,
    },
}

/// Whether nothing is in the database that filling it would mix with.
///
/// # Errors
/// Where the database cannot be read or is newer than this program.
pub fn vacancy(db: &mut Db) -> Result<Vacancy, StorageError> {
    let is_new = db.is_empty()?;
    db.pending_migrations()?;
    for table in tables(db)? {
        if is_new {
            return Ok(Vacancy::Strange { table: table.name });
        }
        if table.name != JOBS && count(db, &table)? > 0 {
            return Ok(Vacancy::Taken { table: table.name });
        }
    }
    Ok(Vacancy::Empty)
}

/// Makes the tables of a schema, all empty, in the transaction that is open; `None` where the database is not
/// vacant any more. On a server nodes that start meanwhile wait until the transaction ends.
///
/// # Errors
/// Where the database cannot be written, or the schema is not known.
pub fn begin_empty(db: &mut Db, schema: &str) -> Result<Option<Vec<Table>>, StorageError> {
    db.lock_migrations()?;
    if vacancy(db)? != Vacancy::Empty {
        return Ok(None);
    }
    db.start_over(schema)?;
    let made = tables(db)?;
    for table in &made {
        sql_query(format!("DELETE FROM {}", quoted(&table.name))).execute(db)?;
    }
    Ok(Some(made))
}

/// Writes rows of a table.
///
/// # Errors
/// Where the database refuses one.
pub fn insert(db: &mut Db, table: &Table, rows: &[Row]) -> Result<(), StorageError> {
    if rows.is_empty() {
        return Ok(());
    }
    match db {
        Db::Sqlite(c) => {
            let mut query = sql_query(of_sqlite(table, rows.len())).into_boxed::<Sqlite>();
            for value in rows.iter().flatten() {
                query = match value {
                    Value::Absent => query.bind::<Nullable<Text>, _>(None::<&str>),
                    Value::Whole(number) => query.bind::<BigInt, _>(number),
                    Value::Text(text) => query.bind::<Text, _>(text.as_str()),
                    Value::Bytes(bytes) => query.bind::<Binary, _>(bytes.as_slice()),
                };
            }
            query.execute(c)?;
        }
        Db::Postgres(c) => {
            let mut query = sql_query(of_postgres(table)).into_boxed::<Pg>();
            for (place, column) in table.columns.iter().enumerate() {
                query = bind_column(query, column.kind, rows, place);
            }
            query.execute(c)?;
        }
    }
    Ok(())
}

fn of_sqlite(table: &Table, rows: usize) -> String {
    let one = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let all = vec![one; rows].join(", ");
    format!("INSERT INTO {} ({}) VALUES {all}", quoted(&table.name), names(&table.columns))
}

/// One array for each column, so that the statement is short however many rows there are.
fn of_postgres(table: &Table) -> String {
    let mut arrays = String::new();
    for (place, column) in table.columns.iter().enumerate() {
        let kind = match column.kind {
            Kind::Whole => "bigint",
            Kind::Text => "text",
            Kind::Bytes => "bytea",
        };
        let comma = if place == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _written = write!(arrays, "{comma}${}::{kind}[]", place + 1);
    }
    format!("INSERT INTO {} ({}) SELECT * FROM unnest({arrays})", quoted(&table.name), names(&table.columns))
}

type OnServer<'a> = BoxedSqlQuery<'a, Pg, SqlQuery>;

fn bind_column<'a>(query: OnServer<'a>, kind: Kind, rows: &'a [Row], place: usize) -> OnServer<'a> {
    let values = rows.iter().map(|row| row.get(place));
    match kind {
        Kind::Whole => query.bind::<Array<Nullable<BigInt>>, _>(
            values.map(|value| value.and_then(Value::whole)).collect::<Vec<Option<i64>>>(),
        ),
        Kind::Text => query.bind::<Array<Nullable<Text>>, _>(
            values.map(|value| value.and_then(Value::text)).collect::<Vec<Option<&str>>>(),
        ),
        Kind::Bytes => query.bind::<Array<Nullable<Binary>>, _>(
            values.map(|value| value.and_then(Value::bytes)).collect::<Vec<Option<&[u8]>>>(),
        ),
    }
}

impl Value {
    fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            Self::Absent | Self::Text(_) | Self::Bytes(_) => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Whole(_) | Self::Bytes(_) => None,
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Absent | Self::Whole(_) | Self::Text(_) => None,
        }
    }
}
