//! What accepting says to the database. PostgreSQL takes a whole group as arrays; the built-in database is asked for each
//! answer, which costs less there than a list.

use diesel::{
    PgConnection, SqliteConnection,
    pg::Pg,
    sql_types::{Array, Binary, Integer, Nullable, SmallInt, Text},
    sqlite::Sqlite,
};

use crate::storage::fixed::statement;

type Bytes<'a> = Vec<&'a [u8]>;

statement! {
    /// Keeps retry keys, in the order given; returns those that were not there.
    ClaimKeys on (Pg, PgConnection);
    "INSERT INTO retry_key (key_hash, fingerprint, week) SELECT * FROM unnest(" keys: Bytes<'a> => Array<Binary>,
    ", " fingerprints: Bytes<'a> => Array<Binary>,
    ", " weeks: Vec<i32> => Array<Integer>;
    ") ON CONFLICT DO NOTHING RETURNING key_hash" returning Binary
}

statement! {
    /// Keeps one retry key, where it is not there.
    ClaimKey on (Sqlite, SqliteConnection);
    "INSERT INTO retry_key (key_hash, fingerprint, week) VALUES (" key: &'a [u8] => Binary,
    ", " fingerprint: &'a [u8] => Binary,
    ", " week: i32 => Integer;
    ") ON CONFLICT DO NOTHING"
}

statement! {
    /// Spends codes that are issued and have not expired, each once; returns those it spent. It locks them in the order
    /// of their hashes, so that two nodes never wait for each other in a ring.
    SpendCodes on (Pg, PgConnection);
    "WITH held AS MATERIALIZED (SELECT r.code_hash, n.k, n.f, n.w FROM unnest(" codes: Bytes<'a> => Array<Binary>,
    ", " keys: Bytes<'a> => Array<Binary>,
    ", " fingerprints: Bytes<'a> => Array<Binary>,
    ", " weeks: Vec<i32> => Array<Integer>,
    ", " days: Vec<i32> => Array<Integer>;
    ") AS n (c, k, f, w, d) JOIN receipt r ON r.code_hash = n.c AND r.state = 0 AND r.expires_day >= n.d \
     ORDER BY r.code_hash FOR UPDATE OF r) \
     UPDATE receipt SET state = 1, retry_hash = held.k, fingerprint = held.f, retry_week = held.w \
     FROM held WHERE receipt.code_hash = held.code_hash AND receipt.state = 0 RETURNING receipt.code_hash"
    returning Binary
}

statement! {
    /// Spends one code, where it is issued and has not expired.
    SpendCode on (Sqlite, SqliteConnection);
    "UPDATE receipt SET state = 1, retry_hash = " key: &'a [u8] => Binary,
    ", fingerprint = " fingerprint: &'a [u8] => Binary,
    ", retry_week = " week: i32 => Integer,
    " WHERE code_hash = " code: &'a [u8] => Binary,
    " AND state = 0 AND expires_day >= " day: i32 => Integer;
    ""
}

statement! {
    /// Appends sealed answers.
    AppendAll on (Pg, PgConnection);
    "INSERT INTO inbox (id, unit, form, version, month, class, sealed) SELECT * FROM unnest("
    ids: Bytes<'a> => Array<Binary>,
    ", " units: Vec<&'a str> => Array<Text>,
    ", " forms: Vec<&'a str> => Array<Text>,
    ", " versions: Vec<i32> => Array<Integer>,
    ", " months: Vec<i32> => Array<Integer>,
    ", " classes: Vec<i16> => Array<SmallInt>,
    ", " sealed: Bytes<'a> => Array<Binary>;
    ")"
}

statement! {
    /// Appends one sealed answer.
    Append on (Sqlite, SqliteConnection);
    "INSERT INTO inbox (id, unit, form, version, month, class, sealed) VALUES (" id: &'a [u8] => Binary,
    ", " unit: &'a str => Text,
    ", " form: &'a str => Text,
    ", " version: i32 => Integer,
    ", " month: i32 => Integer,
    ", " class: i16 => SmallInt,
    ", " sealed: &'a [u8] => Binary;
    ")"
}

statement! {
    /// Keeps keys, spends codes and appends the answers of those that were the first to use theirs; returns what was
    /// used. Keys and codes are taken in the order of their hashes, so that two nodes never wait for each other in a
    /// ring. Answers are appended by place and random id: the order of the codes is not kept.
    AcceptAll on (Pg, PgConnection);
    "WITH n AS MATERIALIZED (SELECT * FROM unnest(" ids: Vec<Vec<u8>> => Array<Binary>,
    ", " codes: Vec<Option<&'a [u8]>> => Array<Nullable<Binary>>,
    ", " keys: Bytes<'a> => Array<Binary>,
    ", " fingerprints: Bytes<'a> => Array<Binary>,
    ", " weeks: Vec<i32> => Array<Integer>,
    ", " days: Vec<i32> => Array<Integer>,
    ", " units: Vec<&'a str> => Array<Text>,
    ", " forms: Vec<&'a str> => Array<Text>,
    ", " versions: Vec<i32> => Array<Integer>,
    ", " months: Vec<i32> => Array<Integer>,
    ", " classes: Vec<i16> => Array<SmallInt>,
    ", " sealed: Bytes<'a> => Array<Binary>;
    ") AS n (id, code, key, print, week, day, unit, form, version, month, class, sealed)), \
     kept AS (INSERT INTO retry_key (key_hash, fingerprint, week) \
     SELECT key, print, week FROM n WHERE code IS NULL ORDER BY key \
     ON CONFLICT DO NOTHING RETURNING key_hash AS claim), \
     held AS MATERIALIZED (SELECT r.code_hash, n.key, n.print, n.week FROM n JOIN receipt r \
     ON r.code_hash = n.code AND r.state = 0 AND r.expires_day >= n.day ORDER BY r.code_hash FOR UPDATE OF r), \
     spent AS (UPDATE receipt SET state = 1, retry_hash = held.key, fingerprint = held.print, \
     retry_week = held.week FROM held WHERE receipt.code_hash = held.code_hash AND receipt.state = 0 \
     RETURNING receipt.code_hash AS claim), \
     used AS MATERIALIZED (SELECT claim FROM kept UNION ALL SELECT claim FROM spent), \
     put AS (INSERT INTO inbox (id, unit, form, version, month, class, sealed) \
     SELECT id, unit, form, version, month, class, sealed FROM n \
     WHERE coalesce(code, key) IN (SELECT claim FROM used) ORDER BY unit, form, version, month, class, id) \
     SELECT claim FROM used" returning Binary
}
