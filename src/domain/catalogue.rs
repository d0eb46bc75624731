//! The forms that are published: every version of each, because answers to old versions are still read.

use std::{collections::BTreeMap, sync::Arc};

use super::{form::Form, ids::FormId};

/// All published versions of all forms.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    forms: BTreeMap<FormId, BTreeMap<u16, Arc<Form>>>,
}

impl Catalogue {
    /// A catalogue of these forms; of two with the same id and version the later one stays.
    #[must_use]
    pub fn new(forms: impl IntoIterator<Item = Form>) -> Self {
        let mut by_id: BTreeMap<FormId, BTreeMap<u16, Arc<Form>>> = BTreeMap::new();
        for form in forms {
            by_id.entry(form.id.clone()).or_default().insert(form.version, Arc::new(form));
        }
        Self { forms: by_id }
    }

    /// One version of a form.
    #[must_use]
    pub fn get(&self, id: &FormId, version: u16) -> Option<&Arc<Form>> {
        self.forms.get(id)?.get(&version)
    }

    /// The newest version of a form: what a receipt or a poster leads to.
    #[must_use]
    pub fn newest(&self, id: &FormId) -> Option<&Arc<Form>> {
        self.forms.get(id)?.values().next_back()
    }

    /// The newest version of every form, by id.
    pub fn newest_all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.forms.values().filter_map(|versions| versions.values().next_back())
    }

    /// The ids of all forms with commas between them, as refusals name what is allowed.
    #[must_use]
    pub fn ids(&self) -> String {
        self.forms.keys().map(FormId::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Every version of every form, by id and version.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.forms.values().flat_map(BTreeMap::values)
    }
}
