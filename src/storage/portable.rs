//! Every table as rows that either database can take: what backups and copies are made of.
//!
//! Tables and columns are read from the database itself, so a table that a migration adds is in the next backup
//! without a line of code here.

mod filling;
mod reading;

use diesel::{
    QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Integer, Text},
};

pub use self::{
    filling::{Vacancy, begin_empty, insert, vacancy},
    reading::read,
};
use super::{Db, StorageError};

/// The table in which migrations are noted; it belongs to the migrations, not to the data.
const MIGRATIONS: &str = "__diesel_schema_migrations";

/// What a column holds, on both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of any width.
    Whole,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// The columns of its primary key, in the order of the key.
    key: Vec<Column>,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Absent,
    /// A whole number.
    Whole(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row, with a value for each column of its table.
pub type Row = Vec<Value>;

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    in_key: i32,
}

const OF_SQLITE: &str = "SELECT t.name AS of_table, c.name AS name, lower(c.type) AS kind, c.pk AS in_key \
    FROM sqlite_master AS t, pragma_table_info(t.name) AS c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid";

const OF_POSTGRES: &str = "SELECT t.relname::text AS of_table, c.attname::text AS name, \
    format_type(c.atttypid, NULL) AS kind, \
    COALESCE(array_position(k.indkey::int2[], c.attnum) + 1, 0)::int AS in_key \
    FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
    LEFT JOIN pg_index AS k ON k.indrelid = t.oid AND k.indisprimary \
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') \
    AND NOT t.relispartition ORDER BY t.relname COLLATE \"C\", c.attnum";

/// All tables, by name, but the one of the migrations.
///
/// # Errors
/// Where the database cannot be read, or has a column of a kind that is not portable.
pub fn tables(db: &mut Db) -> Result<Vec<Table>, StorageError> {
    let described: Vec<Described> = match db {
        Db::Sqlite(c) => sql_query(OF_SQLITE).load(c)?,
        Db::Postgres(c) => sql_query(OF_POSTGRES).load(c)?,
    };
    let mut tables: Vec<(Table, Vec<(i32, Column)>)> = Vec::new();
    for Described { of_table, name, kind, in_key } in
        described.into_iter().filter(|d| d.of_table != MIGRATIONS)
    {
        let column = Column { kind: kind_of(&of_table, &name, &kind)?, name };
        if tables.last().is_none_or(|(table, _)| table.name != of_table) {
            tables.push((Table { name: of_table, columns: Vec::new(), key: Vec::new() }, Vec::new()));
        }
        if let Some((table, key)) = tables.last_mut() {
            if in_key > 0 {
                key.push((in_key, column.clone()));
            }
            table.columns.push(column);
        }
    }
    Ok(tables.into_iter().map(|(table, key)| with_key(table, key)).collect())
}

fn with_key(mut table: Table, mut key: Vec<(i32, Column)>) -> Table {
    key.sort_by_key(|(place, _)| *place);
    table.key = key.into_iter().map(|(_, column)| column).collect();
    table
}

fn kind_of(table: &str, column: &str, declared: &str) -> Result<Kind, StorageError> {
    match declared {
        "integer" | "smallint" | "bigint" => Ok(Kind::Whole),
        "text" => Ok(Kind::Text),
        "blob" | "bytea" => Ok(Kind::Bytes),
        other => Err(StorageError::damaged(format!("{table}.{column} is {other}, which is not portable"))),
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows a table has.
///
/// # Errors
/// Where the database cannot be read.
pub fn count(db: &mut Db, table: &Table) -> Result<u64, StorageError> {
    let statement = format!("SELECT COUNT(*) AS rows FROM {}", quoted(&table.name));
    let counted: Counted = sql_query(statement).get_result(db)?;
    Ok(u64::try_from(counted.rows).unwrap_or(0))
}

/// A name as both databases take it. Names come from the database itself.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The newest migration that was applied, as the open transaction sees it.
///
/// # Errors
/// Where none was.
pub fn schema(db: &mut Db) -> Result<String, StorageError> {
    let statement = format!("SELECT version FROM {MIGRATIONS} ORDER BY version DESC LIMIT 1");
    let newest: Newest = sql_query(statement).get_result(db)?;
    Ok(newest.version)
}
