//! Whom somebody may see and change: people whose roles all lie within their own part of the tree, and never in a way
//! that makes anybody wider than themselves.

use super::{Area, Grant, Right, Role};
use crate::domain::{ids::UnitCode, period::Day, unit::UnitTree};

/// Why something is not done to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no such account, or it lies outside the caller's part of the tree.
    #[error("there is no such account")]
    Unknown,
    /// The name is another account's.
    #[error("there is an account of this name already")]
    NameTaken,
    /// Nobody changes their own roles, nor shuts themselves out.
    #[error("nobody changes their own roles or their own account here")]
    Own,
    /// The role would reach further than its giver.
    #[error("the role would reach further than your own")]
    Outside,
    /// An administrator would stay longer than the one who made them.
    #[error("an administrator cannot be granted for longer than your own role holds")]
    Outlasts,
    /// Without any role the account would be out of its administrator's sight.
    #[error("the last role of an account is not taken back in a subtree; disable the account instead")]
    LastGrant,
    /// Nobody would be left to let others in.
    #[error("this is the last administrator of everything")]
    LastAdministrator,
    /// Another account has the identity.
    #[error("another account has this identity already")]
    IdentityTaken,
    /// There is no such grant, or the account is so already.
    #[error("there is nothing to change")]
    Nothing,
}

/// Whether all that somebody is, now and later, lies within a part of the tree. Who has no role at all is seen only by
/// those who see everything.
#[must_use]
pub fn covers_person(area: &Area, tree: &UnitTree, grants: &[Grant], today: Day) -> bool {
    let mut live = grants.iter().filter(|grant| is_live(grant, today)).peekable();
    *area == Area::Everywhere
        || (live.peek().is_some() && live.all(|grant| area.covers_all(tree, grant.unit.as_ref())))
}

/// Whether a grant holds today or will.
#[must_use]
pub fn is_live(grant: &Grant, today: Day) -> bool {
    grant.to.is_none_or(|to| today <= to)
}

/// Whether a grant makes an administrator of everything today.
#[must_use]
pub fn is_whole_administrator(grant: &Grant, today: Day) -> bool {
    grant.role == Role::Administrator && grant.unit.is_none() && grant.holds_on(today)
}

/// Whether somebody with these grants may give this one to somebody else.
///
/// # Errors
/// [`Denied::Outside`] where it reaches further than their own, [`Denied::Outlasts`] where it makes an administrator
/// who would stay when they are gone.
pub fn may_grant(by: &[Grant], tree: &UnitTree, new: &Grant, today: Day) -> Result<(), Denied> {
    match may_leave(by, tree, Right::PeopleChange, (new.unit.as_ref(), new.to), today) {
        Err(Denied::Outlasts) if !new.role.gives(Right::PeopleChange) => Ok(()),
        decided => decided,
    }
}

/// Whether somebody with these grants may leave a key of this reach behind: one that opens nothing outside their own part
/// of the tree, and nothing after their own role has ended.
///
/// # Errors
/// [`Denied::Outside`], [`Denied::Outlasts`].
pub fn may_leave(
    by: &[Grant],
    tree: &UnitTree,
    right: Right,
    (unit, until): (Option<&UnitCode>, Option<Day>),
    today: Day,
) -> Result<(), Denied> {
    let reaches = |own: &Grant| Area::of(own.unit.as_ref()).covers_all(tree, unit);
    let lasts = |own: &Grant| own.to.is_none_or(|end| until.is_some_and(|until| until <= end));
    let giving = by.iter().filter(|own| own.role.gives(right) && own.holds_on(today));
    let reaching: Vec<&Grant> = giving.filter(|own| reaches(own)).collect();
    if reaching.is_empty() {
        return Err(Denied::Outside);
    }
    if reaching.into_iter().any(lasts) { Ok(()) } else { Err(Denied::Outlasts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unit::{Unit, UnitKind};

    fn tree() -> UnitTree {
        let unit = |code: &str, parent: Option<&str>| Unit {
            code: code.parse().unwrap(),
            parent: parent.map(|parent| parent.parse().unwrap()),
            kind: UnitKind::Other,
            names: std::collections::BTreeMap::default(),
            form: None,
            valid_from: Day::from_number(0),
            valid_to: None,
            successors: Vec::new(),
        };
        UnitTree::new([unit("a", None), unit("a1", Some("a")), unit("b", None)]).unwrap()
    }

    fn grant(role: Role, unit: &str, to: Option<i32>) -> Grant {
        Grant {
            role,
            unit: (!unit.is_empty()).then(|| unit.parse().unwrap()),
            from: Day::from_number(0),
            to: to.map(Day::from_number),
        }
    }

    const TODAY: i32 = 10;

    #[test]
    fn somebody_is_seen_by_who_sees_all_of_their_roles() {
        let sees =
            |area: &Area, grants: &[Grant]| covers_person(area, &tree(), grants, Day::from_number(TODAY));
        let a = Area::Under(vec!["a".parse().unwrap()]);
        assert!(sees(&a, &[grant(Role::Clerk, "a1", None)]));
        assert!(!sees(&a, &[grant(Role::Clerk, "a1", None), grant(Role::Clerk, "b", None)]));
        assert!(!sees(&a, &[grant(Role::Clerk, "", None)]));
        assert!(sees(&a, &[grant(Role::Clerk, "a1", None), grant(Role::Clerk, "b", Some(TODAY - 1))]));
        assert!(!sees(&a, &[]) && sees(&Area::Everywhere, &[]));
        assert!(!sees(&Area::Under(Vec::new()), &[]));
    }

    #[test]
    fn nobody_makes_anybody_wider_or_longer_lived_than_themselves() {
        let may = |own: Grant, new: Grant| may_grant(&[own], &tree(), &new, Day::from_number(TODAY));
        let admin = |unit: &str, to: Option<i32>| grant(Role::Administrator, unit, to);
        assert_eq!(may(admin("a", None), grant(Role::Clerk, "a1", None)), Ok(()));
        assert_eq!(may(admin("a", None), admin("a", None)), Ok(()));
        assert_eq!(may(admin("a", None), grant(Role::Clerk, "b", None)), Err(Denied::Outside));
        assert_eq!(may(admin("a", None), grant(Role::Clerk, "", None)), Err(Denied::Outside));
        assert_eq!(may(admin("a1", None), grant(Role::Clerk, "a", None)), Err(Denied::Outside));
        assert_eq!(may(admin("", None), admin("", None)), Ok(()));
        assert_eq!(may(admin("", Some(20)), admin("b", None)), Err(Denied::Outlasts));
        assert_eq!(may(admin("", Some(20)), admin("b", Some(21))), Err(Denied::Outlasts));
        assert_eq!(may(admin("", Some(20)), admin("b", Some(20))), Ok(()));
        assert_eq!(may(admin("", Some(20)), grant(Role::Clerk, "b", None)), Ok(()));
        let leaves = |own: Grant, unit: Option<&UnitCode>, until: Option<i32>| {
            let end = (unit, until.map(Day::from_number));
            may_leave(&[own], &tree(), Right::TokensChange, end, Day::from_number(TODAY))
        };
        let b: UnitCode = "b".parse().unwrap();
        assert_eq!(leaves(admin("", Some(20)), Some(&b), None), Err(Denied::Outlasts));
        assert_eq!(leaves(admin("", Some(20)), Some(&b), Some(20)), Ok(()));
        assert_eq!(leaves(admin("", None), None, None), Ok(()));
        assert_eq!(leaves(admin("a", None), Some(&b), Some(20)), Err(Denied::Outside));
        assert_eq!(may(admin("", Some(9)), grant(Role::Clerk, "b", None)), Err(Denied::Outside));
        assert_eq!(may(grant(Role::Auditor, "", None), grant(Role::Clerk, "b", None)), Err(Denied::Outside));
    }
}
