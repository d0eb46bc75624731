//! Units, their tree, validity and successors.

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit;

/// All units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitTree;
