//! What is wrong with a cell of an import: in English for the shell, by key for pages in other languages.

use std::fmt;

use crate::domain::unit::{TreeError, UnitKind};

/// What is wrong with one cell, or with a unit as a whole (then `column` is `code`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {column}: {value:?} {what}")]
pub struct ImportFault {
    /// Line in the file.
    pub line: u64,
    /// Column.
    pub column: String,
    /// What the cell says.
    pub value: String,
    /// What is wrong with it, and what is allowed.
    pub what: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// No such action.
    Action,
    /// A unit is changed that does not exist.
    NoUnit,
    /// A cell is empty that the action needs.
    Empty,
    /// A code, an id or a language that is none.
    Name(String),
    /// A day that is none.
    Day(String),
    /// A name with characters that terminals and logs obey.
    Obeyed,
    /// The unit has no Vietnamese name.
    NoName,
    /// A unit is made that exists, and is another.
    Another,
    /// A cell that the action does not read.
    Unread(String),
    /// A rename that changes nothing.
    NothingRenamed,
    /// A merge into none or several.
    NotOne,
    /// The unit was closed before.
    Closed,
    /// No such kind of unit.
    Kind,
    /// No such form is published.
    Form,
    /// The units would be no tree.
    Tree(TreeError),
}

impl Wrong {
    /// Its name, as pages find a text for it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::NoUnit => "no-unit",
            Self::Empty => "empty",
            Self::Name(_) => "name",
            Self::Day(_) => "day",
            Self::Obeyed => "obeyed",
            Self::NoName => "no-name",
            Self::Another => "another",
            Self::Unread(_) => "unread",
            Self::NothingRenamed => "nothing-renamed",
            Self::NotOne => "not-one",
            Self::Closed => "closed",
            Self::Kind => "kind",
            Self::Form => "form",
            Self::Tree(TreeError::Parent { .. }) => "parent",
            Self::Tree(TreeError::Successor { .. }) => "successor",
            Self::Tree(TreeError::Circle { .. }) => "circle",
            Self::Tree(TreeError::Backwards { .. }) => "backwards",
        }
    }

    /// What stands in the text: an action, kinds, a code; may be empty.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Unread(action) => action.clone(),
            Self::Kind => kinds(),
            Self::Tree(TreeError::Parent { parent, .. }) => parent.to_string(),
            Self::Tree(TreeError::Successor { successor, .. }) => successor.to_string(),
            _ => String::new(),
        }
    }
}

fn kinds() -> String {
    UnitKind::ALL.into_iter().map(UnitKind::as_str).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => f.write_str("is no action; allowed: create, rename, close, merge"),
            Self::NoUnit => f.write_str("is no unit yet; create it first"),
            Self::Empty => f.write_str("is empty; this action needs it"),
            Self::Name(error) | Self::Day(error) => write!(f, "cannot be read: {error}"),
            Self::Obeyed => f.write_str("holds characters that terminals obey; write the name anew"),
            Self::NoName => f.write_str("is empty; every unit has a Vietnamese name"),
            Self::Another => {
                f.write_str("exists already and is another; to change it use rename, close or merge")
            }
            Self::Unread(action) => write!(f, "is not read by {action}; leave it empty"),
            Self::NothingRenamed => f.write_str("is empty; a rename gives at least one name or a form"),
            Self::NotOne => f.write_str("must be one unit; to split a unit use close with several"),
            Self::Closed => f.write_str("is closed already"),
            Self::Kind => write!(f, "is no kind of unit; allowed: {}", kinds()),
            Self::Form => f.write_str("is no published form; see `sipas form list`"),
            Self::Tree(error) => write!(f, "does not fit: {error}"),
        }
    }
}
