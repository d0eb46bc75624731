//! Service fields of the demo and a few of their procedures.

use crate::domain::ids::FieldCode;

/// A service field.
pub(super) struct Field {
    code: &'static str,
    procedures: &'static [&'static str],
    /// How often a receipt is of this field.
    pub(super) weight: u32,
}

/// All service fields of the demo.
pub(super) const FIELDS: [Field; 6] = [
    Field { code: "certification", procedures: &["certified-copy", "signature-certification"], weight: 34 },
    Field {
        code: "civil-status",
        procedures: &["birth-registration", "marriage-registration", "death-registration"],
        weight: 24,
    },
    Field { code: "land", procedures: &["land-certificate", "land-transfer"], weight: 20 },
    Field { code: "social-welfare", procedures: &["monthly-allowance", "health-insurance-card"], weight: 12 },
    Field { code: "business", procedures: &["household-business"], weight: 7 },
    Field { code: "construction", procedures: &["house-building-permit"], weight: 3 },
];

impl Field {
    pub(super) fn code(&self) -> Option<FieldCode> {
        self.code.parse().ok()
    }

    pub(super) fn procedures(&self) -> &'static [&'static str] {
        self.procedures
    }
}

/// How often a receipt is of each field, in the order of [`FIELDS`].
pub(super) fn weights() -> [u32; FIELDS.len()] {
    FIELDS.each_ref().map(|field| field.weight)
}
