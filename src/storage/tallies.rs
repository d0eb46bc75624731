//! Sums of vectors: what every score is computed from.

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, PgConnection, QueryDsl as _, Queryable,
    RunQueryDsl as _, SqliteConnection,
    dsl::{count_star, sql},
    pg::Pg,
    sql_types::{BigInt, Binary, Integer, SmallInt, Text},
    sqlite::Sqlite,
};

use super::{
    Db, StorageError,
    connection::on_both,
    fixed::statement,
    inbox::Place,
    months::{self, Months},
    schema::{breakdown, inbox, tally},
};
use crate::domain::{
    catalogue::Catalogue,
    form::Form,
    ids::{FormId, UnitCode},
    period::Period,
    response::Class,
    tally::Tally,
};

/// A stored tally with where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyRow {
    /// Unit, form version, month and class.
    pub place: Place,
    /// The counts.
    pub tally: Tally,
}

/// Which tallies are wanted.
#[derive(Debug, Clone)]
pub struct TallyQuery {
    /// Of these units; `None`: of all.
    pub units: Option<Vec<UnitCode>>,
    /// Of these months.
    pub period: Period,
    /// Of all versions of this form; `None`: of all forms.
    pub form: Option<FormId>,
    /// Of these classes.
    pub classes: Vec<Class>,
}

impl TallyQuery {
    fn units(&self) -> Option<Vec<&str>> {
        self.units.as_ref().map(|units| units.iter().map(UnitCode::as_str).collect())
    }

    fn classes(&self) -> Vec<i16> {
        self.classes.iter().map(|c| c.number()).collect()
    }
}

#[derive(Queryable)]
struct Row {
    unit: String,
    form: String,
    version: i32,
    month: i32,
    class: i16,
    responses: i64,
    counts: Vec<u8>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = breakdown)]
struct BreakdownRow {
    unit: String,
    form: String,
    version: i32,
    month: i32,
    class: i16,
    grouping_name: String,
    group_name: String,
    counts: Vec<u8>,
}

/// Adds to the tally of a place; makes it where there is none.
pub(super) fn add(db: &mut Db, form: &Form, place: &Place, more: &Tally) -> Result<(), StorageError> {
    let mut sum = of_place(db, form, place)?.unwrap_or_else(|| Tally::empty(form));
    sum.merge(more);
    let all = PutTally {
        unit: place.unit.as_str(),
        form: place.form.as_str(),
        version: place.version.into(),
        month: place.month.number(),
        class: place.class.number(),
        responses: i64::try_from(sum.responses).unwrap_or(i64::MAX),
        counts: &sum.to_bytes(),
    };
    on_both!(db, c => all.execute(c))?;
    Ok(())
}

statement! {
    /// Puts a tally in the place of what was there.
    PutTally on (Sqlite, SqliteConnection), (Pg, PgConnection);
    "INSERT INTO tally (unit, form, version, month, class, responses, counts) VALUES (" unit: &'a str => Text,
    ", " form: &'a str => Text,
    ", " version: i32 => Integer,
    ", " month: i32 => Integer,
    ", " class: i16 => SmallInt,
    ", " responses: i64 => BigInt,
    ", " counts: &'a [u8] => Binary;
    ") ON CONFLICT (unit, form, version, month, class) \
     DO UPDATE SET responses = excluded.responses, counts = excluded.counts"
}

/// The tally of one place, where anything was folded there.
pub(super) fn of_place(db: &mut Db, form: &Form, place: &Place) -> Result<Option<Tally>, StorageError> {
    let counts: Option<Vec<u8>> = tally::table
        .find((
            place.unit.as_str(),
            place.form.as_str(),
            i32::from(place.version),
            place.month.number(),
            place.class.number(),
        ))
        .select(tally::counts)
        .get_result(db)
        .optional()?;
    counts.map(|bytes| read(form, place, &bytes)).transpose()
}

fn read(form: &Form, place: &Place, bytes: &[u8]) -> Result<Tally, StorageError> {
    Tally::from_bytes(form, bytes).map_err(|error| {
        let Place { unit, form, version, month, .. } = place;
        StorageError::damaged(format!("tally of {unit} {form} version {version} {month}: {error}"))
    })
}

/// The form of a place.
pub(super) fn form_of<'a>(forms: &'a Catalogue, place: &Place) -> Result<&'a Form, StorageError> {
    let form = forms.get(&place.form, place.version).map(AsRef::as_ref);
    form.ok_or_else(|| {
        StorageError::damaged(format!("form {} version {} is not published", place.form, place.version))
    })
}

/// The tallies that match, by unit, form, version, month and class.
///
/// # Errors
/// Where the database cannot be read or a tally is damaged.
pub fn of_months(db: &mut Db, forms: &Catalogue, query: &TallyQuery) -> Result<Vec<TallyRow>, StorageError> {
    let mut select = tally::table
        .filter(tally::month.between(query.period.first().number(), query.period.last().number()))
        .filter(tally::class.eq_any(query.classes()))
        .order((
            tally::unit.asc(),
            tally::form.asc(),
            tally::version.asc(),
            tally::month.asc(),
            tally::class.asc(),
        ))
        .into_boxed();
    if let Some(units) = query.units() {
        select = select.filter(tally::unit.eq_any(units));
    }
    if let Some(form) = &query.form {
        select = select.filter(tally::form.eq(form.as_str()));
    }
    let rows: Vec<Row> = select.load(db)?;
    rows.into_iter()
        .map(|row| {
            let place = Place::read((row.unit, row.form, row.version, row.month, row.class))?;
            let tally = read(form_of(forms, &place)?, &place, &row.counts)?;
            Ok(TallyRow { place, tally })
        })
        .collect()
}

/// Every stored tally as the number of its answers and its bytes.
pub(super) fn all(db: &mut Db) -> Result<std::collections::BTreeMap<Place, (i64, Vec<u8>)>, StorageError> {
    let rows: Vec<Row> = tally::table.load(db)?;
    let read = |row: Row| {
        let place = Place::read((row.unit, row.form, row.version, row.month, row.class))?;
        Ok((place, (row.responses, row.counts)))
    };
    rows.into_iter().map(read).collect()
}

/// What tells whether anything that figures of a period are made from has changed: answers are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Version {
    /// Tallies of the period.
    pub tallies: i64,
    /// Answers in them.
    pub responses: i64,
    /// The months that are not open, as they are.
    pub months: Months,
}

/// The version of everything in a period.
///
/// # Errors
/// Where the database cannot be read.
pub fn version(db: &mut Db, period: Period) -> Result<Version, StorageError> {
    db.snapshot(|db| {
        let within = tally::month.between(period.first().number(), period.last().number());
        // A sum of BIGINT is NUMERIC on PostgreSQL, whose numbers nobody reads here.
        let sum = sql::<BigInt>("CAST(COALESCE(SUM(responses), 0) AS BIGINT)");
        let (tallies, responses) = tally::table.filter(within).select((count_star(), sum)).first(db)?;
        Ok(Version { tallies, responses, months: months::states(db)? })
    })
}

/// The places that match, without their counts; in the order of [`of_months`].
///
/// # Errors
/// Where the database cannot be read.
pub fn places_matching(db: &mut Db, query: &TallyQuery) -> Result<Vec<Place>, StorageError> {
    let mut select = tally::table
        .filter(tally::month.between(query.period.first().number(), query.period.last().number()))
        .filter(tally::class.eq_any(query.classes()))
        .select((tally::unit, tally::form, tally::version, tally::month, tally::class))
        .order((
            tally::unit.asc(),
            tally::form.asc(),
            tally::version.asc(),
            tally::month.asc(),
            tally::class.asc(),
        ))
        .into_boxed();
    if let Some(units) = query.units() {
        select = select.filter(tally::unit.eq_any(units));
    }
    if let Some(form) = &query.form {
        select = select.filter(tally::form.eq(form.as_str()));
    }
    let rows: Vec<(String, String, i32, i32, i16)> = select.load(db)?;
    rows.into_iter().map(Place::read).collect()
}

/// The breakdowns that match, with the group of each, by group and then as [`of_months`]. They exist for closed
/// months, and for months that are being closed: the caller looks at the state of the month.
///
/// # Errors
/// Where the database cannot be read or a tally is damaged.
pub fn breakdowns(
    db: &mut Db,
    forms: &Catalogue,
    query: &TallyQuery,
    grouping: &str,
) -> Result<Vec<(String, TallyRow)>, StorageError> {
    let mut select = breakdown::table
        .filter(breakdown::grouping_name.eq(grouping))
        .filter(breakdown::month.between(query.period.first().number(), query.period.last().number()))
        .filter(breakdown::class.eq_any(query.classes()))
        .order((
            breakdown::group_name.asc(),
            breakdown::unit.asc(),
            breakdown::form.asc(),
            breakdown::version.asc(),
            breakdown::month.asc(),
            breakdown::class.asc(),
        ))
        .into_boxed();
    if let Some(units) = query.units() {
        select = select.filter(breakdown::unit.eq_any(units));
    }
    if let Some(form) = &query.form {
        select = select.filter(breakdown::form.eq(form.as_str()));
    }
    let rows: Vec<BreakdownRow> = select.load(db)?;
    rows.into_iter()
        .map(|row| {
            let place = Place::read((row.unit, row.form, row.version, row.month, row.class))?;
            let tally = read(form_of(forms, &place)?, &place, &row.counts)?;
            Ok((row.group_name, TallyRow { place, tally }))
        })
        .collect()
}

/// Breakdowns of one place, by grouping and group.
pub(super) type Breakdown = std::collections::BTreeMap<(String, String), Tally>;

/// A breakdown as it is stored: grouping, group, counts.
pub(super) type StoredBreakdown = Vec<(String, String, Vec<u8>)>;

/// The stored breakdown of one place.
pub(super) fn breakdown_of(db: &mut Db, place: &Place) -> Result<StoredBreakdown, StorageError> {
    let rows = breakdown::table
        .filter(breakdown::unit.eq(place.unit.as_str()))
        .filter(breakdown::form.eq(place.form.as_str()))
        .filter(breakdown::version.eq(i32::from(place.version)))
        .filter(breakdown::month.eq(place.month.number()))
        .filter(breakdown::class.eq(place.class.number()))
        .select((breakdown::grouping_name, breakdown::group_name, breakdown::counts))
        .load(db)?;
    Ok(rows)
}

/// Reads a stored breakdown.
pub(super) fn read_breakdown(
    form: &Form,
    place: &Place,
    rows: StoredBreakdown,
) -> Result<Breakdown, StorageError> {
    let read = |(grouping, group, bytes): (String, String, Vec<u8>)| {
        Ok(((grouping, group), read(form, place, &bytes)?))
    };
    rows.into_iter().map(read).collect()
}

/// Puts the breakdown of one place in the place of what was there.
pub(super) fn put_breakdown(db: &mut Db, place: &Place, tallies: &Breakdown) -> Result<(), StorageError> {
    diesel::delete(
        breakdown::table
            .filter(breakdown::unit.eq(place.unit.as_str()))
            .filter(breakdown::form.eq(place.form.as_str()))
            .filter(breakdown::version.eq(i32::from(place.version)))
            .filter(breakdown::month.eq(place.month.number()))
            .filter(breakdown::class.eq(place.class.number())),
    )
    .execute(db)?;
    let rows: Vec<BreakdownRow> = tallies
        .iter()
        .map(|((grouping, group), tally)| BreakdownRow {
            unit: place.unit.to_string(),
            form: place.form.to_string(),
            version: place.version.into(),
            month: place.month.number(),
            class: place.class.number(),
            grouping_name: grouping.clone(),
            group_name: group.clone(),
            counts: tally.to_bytes(),
        })
        .collect();
    match db {
        Db::Sqlite(c) => {
            for row in &rows {
                diesel::insert_into(breakdown::table).values(row).execute(c)?;
            }
        }
        Db::Postgres(c) => {
            for chunk in rows.chunks(1000) {
                diesel::insert_into(breakdown::table).values(chunk).execute(c)?;
            }
        }
    }
    Ok(())
}

/// How many answers wait at each place.
///
/// # Errors
/// Where the database cannot be read.
pub fn waiting(db: &mut Db) -> Result<Vec<(Place, u64)>, StorageError> {
    let rows: Vec<(String, String, i32, i32, i16, i64)> = inbox::table
        .group_by((inbox::unit, inbox::form, inbox::version, inbox::month, inbox::class))
        .select((inbox::unit, inbox::form, inbox::version, inbox::month, inbox::class, count_star()))
        .order((
            inbox::unit.asc(),
            inbox::form.asc(),
            inbox::version.asc(),
            inbox::month.asc(),
            inbox::class.asc(),
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(unit, form, version, month, class, n)| {
            Ok((Place::read((unit, form, version, month, class))?, u64::try_from(n).unwrap_or(0)))
        })
        .collect()
}
