//! Who may do what, and where: roles, the rights that they give, and the parts of the unit tree.

pub mod reach;

use std::{fmt, str::FromStr};

use super::{ids::UnitCode, period::Day, token::Scope, unit::UnitTree};

/// What somebody is, for the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// People, tokens, devices, units.
    Administrator,
    /// Numbers of every kind, and the files of them.
    Analyst,
    /// The numbers of their own unit.
    UnitHead,
    /// Receipts, and forms that came on paper.
    Clerk,
    /// The numbers, on one screen.
    Leader,
    /// Reads everything, changes nothing.
    Auditor,
    /// Devices and the health of the service; no scores.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Administrator,
        Self::Analyst,
        Self::UnitHead,
        Self::Clerk,
        Self::Leader,
        Self::Auditor,
        Self::Operator,
    ];

    /// As the command line, the database and the API write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Analyst => "analyst",
            Self::UnitHead => "unit_head",
            Self::Clerk => "clerk",
            Self::Leader => "leader",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }

    /// Whether the role gives a right. This is the one place that says so.
    #[must_use]
    pub fn gives(self, right: Right) -> bool {
        use Right as R;
        match right {
            R::ScoresRead => matches!(
                self,
                Self::Administrator | Self::Analyst | Self::UnitHead | Self::Leader | Self::Auditor
            ),
            R::ReceiptsWrite | R::ResponsesWrite => self == Self::Clerk,
            R::PeopleRead | R::TokensRead | R::UnitsRead | R::AuditRead => {
                matches!(self, Self::Administrator | Self::Auditor)
            }
            R::PeopleChange | R::TokensChange | R::UnitsChange => self == Self::Administrator,
            R::DevicesRead => matches!(self, Self::Administrator | Self::Operator | Self::Auditor),
            R::DevicesChange => matches!(self, Self::Administrator | Self::Operator),
            R::FormsRead | R::PolicyRead => {
                matches!(
                    self,
                    Self::Administrator | Self::Analyst | Self::UnitHead | Self::Leader | Self::Auditor
                )
            }
        }
    }
}

/// No such role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is administrator, analyst, unit_head, clerk, leader, auditor or operator")]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(RoleError)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that somebody may do, somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Read scores, tallies and counts.
    ScoresRead,
    /// Issue, void and reprint receipts.
    ReceiptsWrite,
    /// Send answers that came on paper or to an interviewer.
    ResponsesWrite,
    /// See accounts and their grants.
    PeopleRead,
    /// Make, grant, disable and reset accounts.
    PeopleChange,
    /// See the tokens of other systems.
    TokensRead,
    /// Make and revoke them.
    TokensChange,
    /// See devices.
    DevicesRead,
    /// Enrol and revoke them.
    DevicesChange,
    /// See the unit tree and its imports.
    UnitsRead,
    /// Import units.
    UnitsChange,
    /// See the instruments.
    FormsRead,
    /// See thresholds, retention, closing days.
    PolicyRead,
    /// Read and export the audit log.
    AuditRead,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 14] = [
        Self::ScoresRead,
        Self::ReceiptsWrite,
        Self::ResponsesWrite,
        Self::PeopleRead,
        Self::PeopleChange,
        Self::TokensRead,
        Self::TokensChange,
        Self::DevicesRead,
        Self::DevicesChange,
        Self::UnitsRead,
        Self::UnitsChange,
        Self::FormsRead,
        Self::PolicyRead,
        Self::AuditRead,
    ];

    /// As lists and documents write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ScoresRead => "scores:read",
            Self::ReceiptsWrite => "receipts:write",
            Self::ResponsesWrite => "responses:write",
            Self::PeopleRead => "people:read",
            Self::PeopleChange => "people:change",
            Self::TokensRead => "tokens:read",
            Self::TokensChange => "tokens:change",
            Self::DevicesRead => "devices:read",
            Self::DevicesChange => "devices:change",
            Self::UnitsRead => "units:read",
            Self::UnitsChange => "units:change",
            Self::FormsRead => "forms:read",
            Self::PolicyRead => "policy:read",
            Self::AuditRead => "audit:read",
        }
    }

    /// The right that a token's scope stands for.
    #[must_use]
    pub fn of(scope: Scope) -> Self {
        match scope {
            Scope::ReceiptsWrite => Self::ReceiptsWrite,
            Scope::ResponsesWrite => Self::ResponsesWrite,
            Scope::ScoresRead => Self::ScoresRead,
        }
    }
}

/// A part of the unit tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Area {
    /// All of it, also what is to come.
    Everywhere,
    /// These units and everything below them; none of them: nowhere.
    Under(Vec<UnitCode>),
}

impl Area {
    /// The subtree of one unit, or everything.
    #[must_use]
    pub fn of(unit: Option<&UnitCode>) -> Self {
        unit.map_or(Self::Everywhere, |unit| Self::Under(vec![unit.clone()]))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        matches!(self, Self::Under(units) if units.is_empty())
    }

    /// Whether a unit lies in it.
    #[must_use]
    pub fn covers(&self, tree: &UnitTree, unit: &UnitCode) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Under(roots) => roots.iter().any(|root| tree.is_within(unit, root)),
        }
    }

    /// Whether all of another part lies in it; no unit at all stands for everything.
    #[must_use]
    pub fn covers_all(&self, tree: &UnitTree, unit: Option<&UnitCode>) -> bool {
        unit.map_or(*self == Self::Everywhere, |unit| self.covers(tree, unit))
    }
}

/// A role that an account has, in a part of the tree, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// In this unit and everything below it; `None`: everywhere.
    pub unit: Option<UnitCode>,
    /// First day.
    pub from: Day,
    /// Last day; `None`: until it is taken back.
    pub to: Option<Day>,
}

impl Grant {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// Where a right holds, by the grants of somebody on a day.
#[must_use]
pub fn area(grants: &[Grant], right: Right, today: Day) -> Area {
    let giving: Vec<&Grant> =
        grants.iter().filter(|grant| grant.role.gives(right) && grant.holds_on(today)).collect();
    if giving.iter().any(|grant| grant.unit.is_none()) {
        return Area::Everywhere;
    }
    let mut units: Vec<UnitCode> = giving.into_iter().filter_map(|grant| grant.unit.clone()).collect();
    units.sort();
    units.dedup();
    Area::Under(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, unit: Option<&str>, from: i32, to: Option<i32>) -> Grant {
        Grant {
            role,
            unit: unit.map(|unit| unit.parse().unwrap()),
            from: Day::from_number(from),
            to: to.map(Day::from_number),
        }
    }

    #[test]
    fn an_auditor_changes_nothing_and_an_operator_sees_no_scores() {
        let changes = [
            Right::PeopleChange,
            Right::TokensChange,
            Right::DevicesChange,
            Right::UnitsChange,
            Right::ReceiptsWrite,
            Right::ResponsesWrite,
        ];
        assert!(changes.into_iter().all(|right| !Role::Auditor.gives(right)));
        let reads = Right::ALL.into_iter().filter(|right| !changes.contains(right));
        assert!(reads.into_iter().all(|right| Role::Auditor.gives(right)));
        assert!(!Role::Operator.gives(Right::ScoresRead));
    }

    #[test]
    fn every_right_belongs_to_somebody() {
        for right in Right::ALL {
            assert!(Role::ALL.into_iter().any(|role| role.gives(right)), "{right:?}");
        }
    }

    #[test]
    fn a_right_holds_where_and_while_it_was_granted() {
        let grants = [
            grant(Role::UnitHead, Some("a"), 10, Some(20)),
            grant(Role::Analyst, Some("b"), 0, None),
            grant(Role::Clerk, None, 0, None),
        ];
        let on = |right, day| area(&grants, right, Day::from_number(day));
        let under = |units: &[&str]| Area::Under(units.iter().map(|u| u.parse().unwrap()).collect());
        assert_eq!(on(Right::ScoresRead, 9), under(&["b"]));
        assert_eq!(on(Right::ScoresRead, 10), under(&["a", "b"]));
        assert_eq!(on(Right::ScoresRead, 20), under(&["a", "b"]));
        assert_eq!(on(Right::ScoresRead, 21), under(&["b"]));
        assert_eq!(on(Right::ReceiptsWrite, 0), Area::Everywhere);
        assert!(on(Right::PeopleRead, 10).is_nowhere());
    }

    #[test]
    fn roles_keep_their_names() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("admin".parse::<Role>().is_err());
    }
}
