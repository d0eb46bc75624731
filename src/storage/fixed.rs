//! Statements whose text never changes: prepared once for a connection. The query builder prepares updates, upserts and
//! lists of values anew each time, which costs more than what they do; so what every answer passes is written here.

/// Defines a statement: pieces of text, each followed by a parameter, and the text after the last one.
///
/// `statement! { /// … Name on (Sqlite, SqliteConnection); "UPDATE t SET a = " a: i32 => Integer, …; " …" }`, with
/// `returning Type` at the end where it gives one column.
macro_rules! statement {
    (
        $(#[$doc:meta])* $name:ident on $(($backend:ty, $connection:ty)),+;
        $($text:literal $field:ident: $rust:ty => $kind:ty),+; $tail:literal $(returning $out:ty)?
    ) => {
        $(#[$doc])*
        pub(in crate::storage) struct $name<'a> {
            $(pub(in crate::storage) $field: $rust),+
        }
        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }
        $(impl diesel::query_builder::Query for $name<'_> {
            type SqlType = $out;
        })?
        $crate::storage::fixed::statement!(@each $name; [$(($backend, $connection))+]; $($text $field $kind),+; $tail);
    };
    (@each $name:ident; []; $($rest:tt)*) => {};
    (
        @each $name:ident; [($backend:ty, $connection:ty) $($more:tt)*];
        $($text:literal $field:ident $kind:ty),+; $tail:literal
    ) => {
        impl diesel::RunQueryDsl<$connection> for $name<'_> {}
        impl diesel::query_builder::QueryFragment<$backend> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, $backend>,
            ) -> diesel::QueryResult<()> {
                $(
                    out.push_sql($text);
                    out.push_bind_param::<$kind, _>(&self.$field)?;
                )+
                out.push_sql($tail);
                Ok(())
            }
        }
        $crate::storage::fixed::statement!(@each $name; [$($more)*]; $($text $field $kind),+; $tail);
    };
}
pub(super) use statement;
