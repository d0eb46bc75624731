//! A page of a long list.

use serde::Serialize;

use crate::http::{extract::query::Query, problem::FieldFault};

/// Rows of a page unless another number is asked for.
const USUAL: usize = 1_000;
/// Most rows of a page.
const MOST: usize = 10_000;

/// Which part of a list is wanted. Lists have a total order, so parts never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    limit: usize,
    offset: usize,
}

/// One part of a list.
#[derive(Debug, Serialize)]
pub(super) struct Part<T> {
    /// The rows.
    pub(super) rows: Vec<T>,
    /// Where the next part begins; `None` at the end.
    pub(super) next_offset: Option<usize>,
}

impl Page {
    /// Reads `limit` and `offset`.
    pub(super) fn read(query: &mut Query) -> Self {
        let limit = query.parsed("limit", "1..10000").unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            query.fault(FieldFault::at("limit", "out_of_range").allowing(format!("1..{MOST}")));
        }
        Self { limit, offset: query.parsed("offset", "0..").unwrap_or(0) }
    }

    /// This part of the rows.
    pub(super) fn of<T>(self, rows: impl IntoIterator<Item = T>) -> Part<T> {
        let mut rest = rows.into_iter().skip(self.offset);
        let rows: Vec<T> = rest.by_ref().take(self.limit).collect();
        let next_offset = rest.next().map(|_more| self.offset + self.limit);
        Part { rows, next_offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_list_without_overlap() {
        let first = Page { limit: 2, offset: 0 }.of(1..=5);
        assert_eq!((first.rows, first.next_offset), (vec![1, 2], Some(2)));
        let last = Page { limit: 3, offset: 2 }.of(1..=5);
        assert_eq!((last.rows, last.next_offset), (vec![3, 4, 5], None));
    }
}
