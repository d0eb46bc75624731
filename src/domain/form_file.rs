//! A form file (TOML) read into a form draft; every fault with line, key and remedy.

use super::{
    form::{Form, FormFault},
    ids::FormId,
};

/// Reads a stored form.
///
/// # Errors
/// Placeholder.
pub fn read_stored(_id: &FormId, _version: u16, _text: &str) -> Result<Form, Vec<FormFault>> {
    Err(Vec::new())
}
