//! Statements of PostgreSQL that take a whole group as arrays: prepared once, whatever the number of rows.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, Binary, Integer, SmallInt, Text},
};

type Bytes<'a> = Vec<&'a [u8]>;

/// Pushes the parameters of an `unnest`, between commas.
macro_rules! unnest {
    ($out:ident, $($kind:ty => $column:expr),+ $(,)?) => {{
        $out.push_sql("unnest(");
        let mut _between = "";
        $(
            $out.push_sql(_between);
            $out.push_bind_param::<Array<$kind>, _>($column)?;
            _between = ", ";
        )+
        $out.push_sql(")");
    }};
}

/// A fixed statement: its type stands for its text in the cache of prepared statements.
macro_rules! fixed {
    ($name:ident) => {
        impl QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }
        impl RunQueryDsl<PgConnection> for $name<'_> {}
    };
}

/// Keeps retry keys, in the order given; returns those that were not there.
pub(super) struct ClaimKeys<'a> {
    pub(super) keys: Bytes<'a>,
    pub(super) fingerprints: Bytes<'a>,
    pub(super) weeks: Vec<i32>,
}
fixed!(ClaimKeys);

impl Query for ClaimKeys<'_> {
    type SqlType = Binary;
}

impl QueryFragment<Pg> for ClaimKeys<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO retry_key (key_hash, fingerprint, week) SELECT * FROM ");
        unnest!(out, Binary => &self.keys, Binary => &self.fingerprints, Integer => &self.weeks);
        out.push_sql(" ON CONFLICT DO NOTHING RETURNING key_hash");
        Ok(())
    }
}

/// Spends codes that are issued and have not expired, each once; returns those it spent. It locks them in the order
/// of their hashes, so that two nodes never wait for each other in a ring.
pub(super) struct SpendCodes<'a> {
    pub(super) codes: Bytes<'a>,
    pub(super) keys: Bytes<'a>,
    pub(super) fingerprints: Bytes<'a>,
    pub(super) weeks: Vec<i32>,
    pub(super) days: Vec<i32>,
}
fixed!(SpendCodes);

impl Query for SpendCodes<'_> {
    type SqlType = Binary;
}

impl QueryFragment<Pg> for SpendCodes<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH held AS MATERIALIZED (SELECT r.code_hash, n.k, n.f, n.w FROM ");
        unnest!(
            out,
            Binary => &self.codes,
            Binary => &self.keys,
            Binary => &self.fingerprints,
            Integer => &self.weeks,
            Integer => &self.days,
        );
        out.push_sql(
            " AS n (c, k, f, w, d) JOIN receipt r ON r.code_hash = n.c AND r.state = 0 AND r.expires_day >= n.d \
             ORDER BY r.code_hash FOR UPDATE OF r) \
             UPDATE receipt SET state = 1, retry_hash = held.k, fingerprint = held.f, retry_week = held.w \
             FROM held WHERE receipt.code_hash = held.code_hash AND receipt.state = 0 \
             RETURNING receipt.code_hash",
        );
        Ok(())
    }
}

/// Appends rows of the inbox.
pub(super) struct Append<'a> {
    pub(super) ids: Bytes<'a>,
    pub(super) units: Vec<&'a str>,
    pub(super) forms: Vec<&'a str>,
    pub(super) versions: Vec<i32>,
    pub(super) months: Vec<i32>,
    pub(super) classes: Vec<i16>,
    pub(super) sealed: Bytes<'a>,
}
fixed!(Append);

impl QueryFragment<Pg> for Append<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO inbox (id, unit, form, version, month, class, sealed) SELECT * FROM ");
        unnest!(
            out,
            Binary => &self.ids,
            Text => &self.units,
            Text => &self.forms,
            Integer => &self.versions,
            Integer => &self.months,
            SmallInt => &self.classes,
            Binary => &self.sealed,
        );
        Ok(())
    }
}
