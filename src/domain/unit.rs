//! Units, their tree, validity and successors.
//!
//! A result stays with the unit of its day. A reader may ask for old units under their successors: a whole
//! merger adds tallies, a unit that was split stands beside its successors and is never divided.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ids::{FormId, Language, UnitCode},
    period::Day,
};

/// What kind of place a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province,
    /// Huyện, thị xã, thành phố thuộc tỉnh (until 30 June 2025).
    District,
    /// Xã, phường, đặc khu.
    Commune,
    /// Sở, ban, ngành.
    Department,
    /// Phòng.
    Division,
    /// Chi nhánh, bộ phận một cửa.
    Branch,
    /// Anything else that serves people.
    Other,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Province,
        Self::District,
        Self::Commune,
        Self::Department,
        Self::Division,
        Self::Branch,
        Self::Other,
    ];

    /// As files and the API write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
            Self::Department => "department",
            Self::Division => "division",
            Self::Branch => "branch",
            Self::Other => "other",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// An agency or place that serves people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Stable; outlives every renaming.
    pub code: UnitCode,
    /// The unit it belongs to.
    pub parent: Option<UnitCode>,
    /// What it is.
    pub kind: UnitKind,
    /// Names; Vietnamese is always there.
    pub names: BTreeMap<Language, String>,
    /// The form its receipts and posters lead to; else that of the unit above.
    pub form: Option<FormId>,
    /// First day.
    pub valid_from: Day,
    /// Last day; `None` while it exists.
    pub valid_to: Option<Day>,
    /// What came after it: one for a merger, several for a split.
    pub successors: Vec<UnitCode>,
}

impl Unit {
    /// The name in a language, else in Vietnamese, with the language it is really in.
    #[must_use]
    pub fn name(&self, language: Language) -> (&str, Language) {
        match self.names.get(&language) {
            Some(name) => (name, language),
            None => (self.names.get(&Language::VI).map_or(self.code.as_str(), String::as_str), Language::VI),
        }
    }

    /// Whether it exists on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// Where an old unit's results are read under `follow=successors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// They stay with the unit itself: it has no successor.
    Itself,
    /// They add to this unit: every step was a whole merger.
    Into(UnitCode),
    /// It was split (or a unit it merged into was): it stays beside its successors, with a break.
    Split(Vec<UnitCode>),
}

/// Why units are no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A unit above does not exist.
    #[error("unit {unit}: its parent {parent} does not exist")]
    Parent {
        /// The unit.
        unit: UnitCode,
        /// What it names.
        parent: UnitCode,
    },
    /// A successor does not exist.
    #[error("unit {unit}: its successor {successor} does not exist")]
    Successor {
        /// The unit.
        unit: UnitCode,
        /// What it names.
        successor: UnitCode,
    },
    /// A unit is above itself, or succeeds itself.
    #[error("unit {unit}: its parents or successors lead back to it")]
    Circle {
        /// The unit.
        unit: UnitCode,
    },
    /// The last day lies before the first.
    #[error("unit {unit}: it ends before it begins")]
    Backwards {
        /// The unit.
        unit: UnitCode,
    },
}

/// All units, checked to be a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitTree {
    units: BTreeMap<UnitCode, Unit>,
    children: BTreeMap<UnitCode, Vec<UnitCode>>,
    roots: Vec<UnitCode>,
}

impl UnitTree {
    /// Builds the tree.
    ///
    /// # Errors
    /// The first unit that does not fit.
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Result<Self, TreeError> {
        let units: BTreeMap<UnitCode, Unit> = units.into_iter().map(|u| (u.code.clone(), u)).collect();
        let mut children: BTreeMap<UnitCode, Vec<UnitCode>> = BTreeMap::new();
        let mut roots = Vec::new();
        for unit in units.values() {
            check(&units, unit)?;
            match &unit.parent {
                Some(parent) => children.entry(parent.clone()).or_default().push(unit.code.clone()),
                None => roots.push(unit.code.clone()),
            }
        }
        Ok(Self { units, children, roots })
    }

    /// The unit with this code.
    #[must_use]
    pub fn get(&self, code: &UnitCode) -> Option<&Unit> {
        self.units.get(code)
    }

    /// All units, by code.
    pub fn all(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there is no unit yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Units directly below, by code.
    pub fn children(&self, code: &UnitCode) -> impl Iterator<Item = &Unit> {
        self.children.get(code).into_iter().flatten().filter_map(|c| self.get(c))
    }

    /// Units without a unit above, by code.
    pub fn roots(&self) -> impl Iterator<Item = &Unit> {
        self.roots.iter().filter_map(|c| self.get(c))
    }

    /// A unit and everything below it, each followed by what is below it.
    #[must_use]
    pub fn subtree(&self, code: &UnitCode) -> Vec<&Unit> {
        let mut found = Vec::new();
        let mut open: Vec<&Unit> = self.get(code).into_iter().collect();
        while let Some(unit) = open.pop() {
            found.push(unit);
            let mut below: Vec<&Unit> = self.children(&unit.code).collect();
            below.reverse();
            open.append(&mut below);
        }
        found
    }

    /// All units in the order of the tree.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Unit> {
        self.roots.iter().flat_map(|root| self.subtree(root)).collect()
    }

    /// The units above, nearest first.
    pub fn ancestors<'a>(&'a self, code: &UnitCode) -> impl Iterator<Item = &'a Unit> {
        let parent = |unit: &'a Unit| unit.parent.as_ref().and_then(|p| self.get(p));
        std::iter::successors(self.get(code).and_then(parent), move |unit| parent(unit))
    }

    /// Whether a unit is `above` or lies below it.
    #[must_use]
    pub fn is_within(&self, code: &UnitCode, above: &UnitCode) -> bool {
        code == above || self.ancestors(code).any(|unit| unit.code == *above)
    }

    /// How many units are above.
    #[must_use]
    pub fn depth(&self, code: &UnitCode) -> usize {
        self.ancestors(code).count()
    }

    /// The form of a unit, inherited down the tree.
    #[must_use]
    pub fn form_of(&self, code: &UnitCode) -> Option<&FormId> {
        let own = self.get(code)?.form.as_ref();
        own.or_else(|| self.ancestors(code).find_map(|unit| unit.form.as_ref()))
    }

    /// Where the results of a unit are read under its successors.
    #[must_use]
    pub fn follow(&self, code: &UnitCode) -> Followed {
        let mut last = code;
        while let Some(unit) = self.get(last) {
            match unit.successors.as_slice() {
                [] => break,
                [one] => last = one,
                several => return Followed::Split(several.to_vec()),
            }
        }
        if last == code { Followed::Itself } else { Followed::Into(last.clone()) }
    }

    /// The units that serve in the place of one on a day: itself while it is valid, else where its successors lead,
    /// in the order of their codes. Several where it was split; none where nobody followed.
    #[must_use]
    pub fn serving(&self, code: &UnitCode, day: Day) -> Vec<&Unit> {
        let (mut serving, mut seen) = (BTreeMap::new(), BTreeSet::new());
        let mut ahead: Vec<&Unit> = self.get(code).into_iter().collect();
        while let Some(unit) = ahead.pop() {
            if unit.is_valid_on(day) {
                serving.insert(&unit.code, unit);
            } else if seen.insert(&unit.code) {
                ahead.extend(unit.successors.iter().filter_map(|next| self.get(next)));
            }
        }
        serving.into_values().collect()
    }
}

/// All units that do not fit, with the first reason of each.
pub(super) fn faults(units: &BTreeMap<UnitCode, Unit>) -> Vec<TreeError> {
    units.values().filter_map(|unit| check(units, unit).err()).collect()
}

fn check(units: &BTreeMap<UnitCode, Unit>, unit: &Unit) -> Result<(), TreeError> {
    let code = || unit.code.clone();
    if unit.valid_to.is_some_and(|last| last < unit.valid_from) {
        return Err(TreeError::Backwards { unit: code() });
    }
    if let Some(parent) = &unit.parent
        && !units.contains_key(parent)
    {
        return Err(TreeError::Parent { unit: code(), parent: parent.clone() });
    }
    if let Some(successor) = unit.successors.iter().find(|s| !units.contains_key(*s)) {
        return Err(TreeError::Successor { unit: code(), successor: successor.clone() });
    }
    let above = |u: &Unit| u.parent.clone().into_iter().collect::<Vec<_>>();
    let after = |u: &Unit| u.successors.clone();
    if leads_back(units, unit, &above) || leads_back(units, unit, &after) {
        return Err(TreeError::Circle { unit: code() });
    }
    Ok(())
}

fn leads_back(units: &BTreeMap<UnitCode, Unit>, from: &Unit, next: &dyn Fn(&Unit) -> Vec<UnitCode>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = next(from);
    while let Some(code) = open.pop() {
        if code == from.code {
            return true;
        }
        if let Some(unit) = units.get(&code)
            && seen.insert(code)
        {
            open.extend(next(unit));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str, parent: &str, successors: &[&str]) -> Unit {
        Unit {
            code: code.parse().unwrap(),
            parent: (!parent.is_empty()).then(|| parent.parse().unwrap()),
            kind: UnitKind::Commune,
            names: BTreeMap::from([(Language::VI, code.to_owned())]),
            form: None,
            valid_from: Day::from_number(0),
            valid_to: (!successors.is_empty()).then(|| Day::from_number(100)),
            successors: successors.iter().map(|s| s.parse().unwrap()).collect(),
        }
    }

    fn code(text: &str) -> UnitCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_subtree_is_a_unit_and_everything_below_it_in_order() {
        let mut province = unit("p", "", &[]);
        province.form = Some("one-stop-full".parse().unwrap());
        let units =
            [province, unit("d", "p", &[]), unit("b", "d", &[]), unit("a", "d", &[]), unit("x", "p", &[])];
        let tree = UnitTree::new(units).unwrap();
        let codes = |c: &str| tree.subtree(&code(c)).iter().map(|u| u.code.to_string()).collect::<Vec<_>>();
        assert_eq!(codes("p"), ["p", "d", "a", "b", "x"]);
        assert_eq!(codes("d"), ["d", "a", "b"]);
        assert_eq!(tree.form_of(&code("b")).map(FormId::as_str), Some("one-stop-full"));
        assert!(tree.is_within(&code("b"), &code("p")) && !tree.is_within(&code("p"), &code("b")));
    }

    #[test]
    fn mergers_are_followed_to_their_end_and_splits_are_not() {
        let units = [
            unit("old", "", &["mid"]),
            unit("mid", "", &["new"]),
            unit("new", "", &[]),
            unit("cut", "", &["new", "other"]),
            unit("other", "", &[]),
        ];
        let tree = UnitTree::new(units).unwrap();
        assert_eq!(tree.follow(&code("old")), Followed::Into(code("new")));
        assert_eq!(tree.follow(&code("new")), Followed::Itself);
        assert_eq!(tree.follow(&code("cut")), Followed::Split(vec![code("new"), code("other")]));
        let serving = |c: &str, day| {
            tree.serving(&code(c), Day::from_number(day))
                .iter()
                .map(|u| u.code.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(serving("old", 100), ["old"]);
        assert_eq!(serving("old", 101), ["new"]);
        assert_eq!(serving("cut", 101), ["new", "other"]);
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let circle = [unit("a", "b", &[]), unit("b", "a", &[])];
        assert!(matches!(UnitTree::new(circle), Err(TreeError::Circle { .. })));
        assert!(matches!(UnitTree::new([unit("a", "b", &[])]), Err(TreeError::Parent { .. })));
        assert!(matches!(UnitTree::new([unit("a", "", &["b"])]), Err(TreeError::Successor { .. })));
        let ring = [unit("a", "", &["b"]), unit("b", "", &["a"])];
        assert!(matches!(UnitTree::new(ring), Err(TreeError::Circle { .. })));
    }
}
