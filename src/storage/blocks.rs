//! Blocks: runs of segments, compressed. A fold appends and rewrites only the last segment.

use std::collections::BTreeSet;

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, PgConnection, QueryDsl as _, RunQueryDsl as _,
    SqliteConnection,
    pg::Pg,
    sql_types::{Binary, Integer, SmallInt, Text},
    sqlite::Sqlite,
};
use rand::seq::SliceRandom as _;

pub use super::packing::{PackError, Unpacker};
use super::{
    Db, StorageError, connection::on_both, fixed::statement, inbox::Place, packing, schema::segment,
};
use crate::domain::block::{Record, Segment};

/// A segment as it is stored: its number, how many answers are in it, and its bytes.
type Row = (i32, i32, Vec<u8>);

/// Statement part: this place's segments.
macro_rules! at {
    ($place:expr) => {
        segment::table
            .filter(segment::unit.eq($place.unit.as_str()))
            .filter(segment::form.eq($place.form.as_str()))
            .filter(segment::version.eq(i32::from($place.version)))
            .filter(segment::month.eq($place.month.number()))
            .filter(segment::class.eq($place.class.number()))
    };
}

/// Appends answers, which are shuffled among themselves first.
pub(super) fn append(
    db: &mut Db,
    place: &Place,
    width: usize,
    records: &mut [Record],
) -> Result<(), StorageError> {
    // The thread's generator is cryptographic: nobody can work back the order of coming.
    records.shuffle(&mut rand::rng());
    let last = LastSegment {
        unit: place.unit.as_str(),
        form: place.form.as_str(),
        version: place.version.into(),
        month: place.month.number(),
        class: place.class.number(),
    };
    let last: Option<(i32, Vec<u8>)> = on_both!(db, c => last.get_result(c)).optional()?;
    let (mut number, mut open) = match last {
        Some((number, bytes)) => {
            let open = Unpacker::default().unpack(&bytes);
            (number, open.map_err(|error| damaged(place, &error.to_string()))?)
        }
        None => (0, Segment::new(width)),
    };
    for record in records {
        if open.is_full() {
            put(db, place, number, &open)?;
            number += 1;
            open = Segment::new(width);
        }
        open.push(record);
    }
    put(db, place, number, &open)
}

/// Writes all answers of a place anew in a new random order, so that not even the order of folds remains.
pub(super) fn rewrite(
    db: &mut Db,
    place: &Place,
    width: usize,
    records: &mut [Record],
) -> Result<(), StorageError> {
    diesel::delete(at!(place)).execute(db)?;
    if records.is_empty() { Ok(()) } else { append(db, place, width, records) }
}

/// The segments of a place, in order.
///
/// # Errors
/// Where the database cannot be read or a segment is damaged.
pub fn segments(db: &mut Db, place: &Place) -> Result<Vec<Segment>, StorageError> {
    stored(db, place)?.unpack(place, &mut Unpacker::default())
}

/// The segments of a place as they are stored: whoever unpacks them need not hold the connection.
pub struct Stored(Vec<Row>);

/// The stored segments of a place, in order.
///
/// # Errors
/// Where the database cannot be read.
pub fn stored(db: &mut Db, place: &Place) -> Result<Stored, StorageError> {
    let columns = (segment::number, segment::responses, segment::bytes);
    Ok(Stored(at!(place).order(segment::number.asc()).select(columns).load(db)?))
}

impl Stored {
    /// Unpacks them.
    ///
    /// # Errors
    /// Where one is damaged or missing.
    pub fn unpack(self, place: &Place, unpacker: &mut Unpacker) -> Result<Vec<Segment>, StorageError> {
        self.read(place, &mut |bytes| unpacker.unpack(bytes))
    }

    /// Unpacks these bytes of each answer's row, and what is said beside the answers.
    ///
    /// # Errors
    /// Where one is damaged or missing.
    pub fn unpack_columns(
        self,
        place: &Place,
        unpacker: &mut Unpacker,
        wanted: &BTreeSet<usize>,
    ) -> Result<Vec<Segment>, StorageError> {
        self.read(place, &mut |bytes| unpacker.unpack_columns(bytes, wanted))
    }

    fn read(
        self,
        place: &Place,
        unpack: &mut dyn FnMut(&[u8]) -> Result<Segment, PackError>,
    ) -> Result<Vec<Segment>, StorageError> {
        let read = |(expected, (number, responses, bytes)): (i32, Row)| {
            if number != expected {
                return Err(damaged(place, "a segment is missing"));
            }
            let segment = unpack(&bytes).map_err(|error| damaged(place, &error.to_string()))?;
            if usize::try_from(responses).ok() != Some(segment.len()) {
                return Err(damaged(place, "its number of answers"));
            }
            Ok(segment)
        };
        (0_i32..).zip(self.0).map(read).collect()
    }
}

/// All answers of a place, in their stored order.
///
/// # Errors
/// Where the database cannot be read or a segment is damaged.
pub fn records(db: &mut Db, place: &Place) -> Result<Vec<Record>, StorageError> {
    Ok(segments(db, place)?.iter().flat_map(Segment::records).collect())
}

/// All places that have answers in a block, in order.
///
/// # Errors
/// Where the database cannot be read.
pub fn places(db: &mut Db) -> Result<Vec<Place>, StorageError> {
    let rows: Vec<(String, String, i32, i32, i16)> = segment::table
        .select((segment::unit, segment::form, segment::version, segment::month, segment::class))
        .distinct()
        .order((
            segment::unit.asc(),
            segment::form.asc(),
            segment::version.asc(),
            segment::month.asc(),
            segment::class.asc(),
        ))
        .load(db)?;
    rows.into_iter().map(Place::read).collect()
}

fn put(db: &mut Db, place: &Place, number: i32, open: &Segment) -> Result<(), StorageError> {
    let bytes = packing::pack(open).map_err(StorageError::File)?;
    let all = PutSegment {
        unit: place.unit.as_str(),
        form: place.form.as_str(),
        version: place.version.into(),
        month: place.month.number(),
        class: place.class.number(),
        number,
        responses: i32::try_from(open.len()).map_err(|_too_many| damaged(place, "its length"))?,
        bytes: &bytes,
    };
    on_both!(db, c => all.execute(c))?;
    Ok(())
}

statement! {
    /// The segment of a place that is not yet full.
    LastSegment on (Sqlite, SqliteConnection), (Pg, PgConnection);
    "SELECT number, bytes FROM segment WHERE unit = " unit: &'a str => Text,
    " AND form = " form: &'a str => Text,
    " AND version = " version: i32 => Integer,
    " AND month = " month: i32 => Integer,
    " AND class = " class: i16 => SmallInt;
    " ORDER BY number DESC LIMIT 1" returning (Integer, Binary)
}

statement! {
    /// Puts a segment in the place of what was there.
    PutSegment on (Sqlite, SqliteConnection), (Pg, PgConnection);
    "INSERT INTO segment (unit, form, version, month, class, number, responses, bytes) VALUES ("
    unit: &'a str => Text,
    ", " form: &'a str => Text,
    ", " version: i32 => Integer,
    ", " month: i32 => Integer,
    ", " class: i16 => SmallInt,
    ", " number: i32 => Integer,
    ", " responses: i32 => Integer,
    ", " bytes: &'a [u8] => Binary;
    ") ON CONFLICT (unit, form, version, month, class, number) \
     DO UPDATE SET responses = excluded.responses, bytes = excluded.bytes"
}

fn damaged(place: &Place, what: &str) -> StorageError {
    StorageError::damaged(format!(
        "segment of {} {} version {} {}: {what}",
        place.unit, place.form, place.version, place.month
    ))
}
