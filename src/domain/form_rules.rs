//! What makes a form consistent. (to be written)

use super::form::{FormDraft, FormFault};

/// All faults of a draft.
pub(super) fn faults(_draft: &FormDraft) -> Vec<FormFault> {
    Vec::new()
}
