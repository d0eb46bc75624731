//! `sipas verify`

use super::{CliError, Output, opening};
use crate::{
    config::Settings,
    storage::{StorageError, mirror, verify},
};

/// Recounts, and says what differs.
pub(super) fn run(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let forms = match store.with(mirror::catalogue) {
        Ok(forms) => forms,
        Err(StorageError::Damaged { what }) => {
            out.data(&what)?;
            return Err(CliError::Found(
                "a published form cannot be read: nothing can be recounted".to_owned(),
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let progress = out.progress(0, "recounting");
    let verified =
        store.with(|db| verify::verify(db, &forms, &mut |done, total| progress.at(done, total)))?;
    drop(progress);
    for finding in &verified.findings {
        out.data(finding)?;
    }
    let summary = format!(
        "{} answers in {} blocks recounted, {} breakdowns compared",
        verified.responses, verified.blocks, verified.breakdowns
    );
    if verified.findings.is_empty() {
        out.say(format_args!("{summary}: everything is as it must be"));
        return Ok(());
    }
    Err(CliError::Found(format!("{summary}: {} findings", verified.findings.len())))
}
