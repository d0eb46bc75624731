//! Reading the log: who did what, when, and in which units.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    SelectableHelper as _,
};

use super::Entry;
use crate::{
    domain::{
        audit::{Action, begin_of},
        period::Day,
    },
    storage::{Db, StorageError, schema::audit},
};

/// Kinds of actors, as the log writes them before a name.
const KINDS: [&str; 4] = ["account", "token", "device", "shell"];

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// By whom: as the log writes it (`token:dossier`), or the name alone.
    pub actor: Option<String>,
    /// What.
    pub action: Option<Action>,
    /// From this day on, in `Asia/Ho_Chi_Minh`.
    pub since: Option<Day>,
    /// Until this day, which counts.
    pub until: Option<Day>,
    /// Only in these units; `None`: everywhere, also what concerns no unit.
    pub units: Option<Vec<String>>,
}

impl Filter {
    fn actors(&self) -> Option<Vec<String>> {
        let name = self.actor.as_ref()?;
        let of_kinds = KINDS.iter().map(|kind| format!("{kind}:{name}"));
        Some(of_kinds.chain([name.clone()]).collect())
    }
}

/// Where to read from, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The newest first.
    Newest,
    /// Those before this number, the newest first.
    Before(i64),
    /// Those after this number, the oldest first; 0: from the beginning.
    After(i64),
}

/// At most so many entries.
///
/// # Errors
/// Where the database cannot be read.
pub fn read(db: &mut Db, filter: &Filter, page: Page, most: i64) -> Result<Vec<Entry>, StorageError> {
    let since = filter.since.map_or(i64::MIN, begin_of);
    let end = filter.until.map_or(i64::MAX, |day| begin_of(day.plus(1)));
    let mut wanted = audit::table
        .filter(audit::at.ge(since).and(audit::at.lt(end)))
        .select(Entry::as_select())
        .into_boxed();
    if let Some(action) = filter.action {
        wanted = wanted.filter(audit::action.eq(action.as_str()));
    }
    if let Some(actors) = filter.actors() {
        wanted = wanted.filter(audit::actor.eq_any(actors));
    }
    if let Some(units) = &filter.units {
        wanted = wanted.filter(audit::unit.eq_any(units.clone()));
    }
    wanted = match page {
        Page::Newest => wanted.order(audit::number.desc()),
        Page::Before(number) => wanted.filter(audit::number.lt(number)).order(audit::number.desc()),
        Page::After(number) => wanted.filter(audit::number.gt(number)).order(audit::number.asc()),
    };
    Ok(wanted.limit(most).load(db)?)
}
