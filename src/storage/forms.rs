//! Published forms, kept whole. A published version never changes.

use diesel::{ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, RunQueryDsl as _};

use super::{
    Db, StorageError,
    connection::on_both,
    meta::{self, Fact},
    schema::form,
};
use crate::domain::{ids::FormId, period::Day};

/// A published version as it was read from its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForm {
    /// `one-stop-short`.
    pub id: FormId,
    /// 1, 2, ...
    pub version: u16,
    /// The version that began its series.
    pub series: u16,
    /// Name of the file it came from, for messages.
    pub file_name: String,
    /// The whole text of the file.
    pub source: String,
    /// Hash of the text.
    pub hash: [u8; 32],
    /// When it was published here.
    pub published: Day,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = form)]
struct Row {
    id: String,
    version: i32,
    series: i32,
    file_name: String,
    source: String,
    hash: Vec<u8>,
    published_day: i32,
}

/// Keeps a version, in the transaction that is open; `false` and nothing where the same id and version is there already,
/// whatever it says.
///
/// # Errors
/// Where the database cannot be written.
pub fn publish(db: &mut Db, stored: &StoredForm) -> Result<bool, StorageError> {
    let row = Row {
        id: stored.id.to_string(),
        version: stored.version.into(),
        series: stored.series.into(),
        file_name: stored.file_name.clone(),
        source: stored.source.clone(),
        hash: stored.hash.to_vec(),
        published_day: stored.published.number(),
    };
    let added = on_both!(db, c => diesel::insert_into(form::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if added > 0 {
        meta::advance(db, Fact::FormsRevision)?;
    }
    Ok(added > 0)
}

/// All published versions, by id and version.
///
/// # Errors
/// Where the database cannot be read or a row is damaged.
pub fn all(db: &mut Db) -> Result<Vec<StoredForm>, StorageError> {
    let rows: Vec<Row> = form::table.order((form::id.asc(), form::version.asc())).load(db)?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<StoredForm, StorageError> {
    let damaged = || StorageError::damaged(format!("form {} version {}", row.id, row.version));
    Ok(StoredForm {
        id: row.id.parse().map_err(|_name| damaged())?,
        version: u16::try_from(row.version).map_err(|_range| damaged())?,
        series: u16::try_from(row.series).map_err(|_range| damaged())?,
        hash: row.hash.as_slice().try_into().map_err(|_length| damaged())?,
        published: Day::from_number(row.published_day),
        file_name: row.file_name,
        source: row.source,
    })
}
