//! One submission on its way to the writer: sealed, hashed, and no longer able to tell who sent it.

use crate::{
    domain::{
        ids::{FieldCode, SubmissionKey},
        period::Day,
        receipt::CodeHash,
        response::Response,
    },
    keys::{SecretKeys, UnsealError},
    storage::inbox::{Place, Waiting},
};

/// What the client itself said beside the answers, for the fingerprint: a retry says the same again, even on
/// the next day and even where the service has decided to withhold the field since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The service field that was sent.
    pub service_field: Option<FieldCode>,
    /// The day that was sent.
    pub answered_on: Option<Day>,
}

/// A submission that is ready to be accepted.
#[derive(Debug, Clone)]
pub struct Submission(pub(super) Waiting);

impl Submission {
    /// Seals a response and makes the two hashes that a retry is recognised by.
    ///
    /// # Errors
    /// Where the response is too long for the cipher; bodies are limited long before.
    pub fn new(
        keys: &SecretKeys,
        key: &SubmissionKey,
        receipt: Option<CodeHash>,
        claimed: &Claimed,
        response: &Response,
        today: Day,
    ) -> Result<Self, UnsealError> {
        let place = Place {
            unit: response.unit.clone(),
            form: response.form.clone(),
            version: response.version,
            month: response.day.month(),
            class: response.channel.class(),
        };
        let sealed = keys.seal(&response.to_bytes(), &place.bound())?;
        Ok(Self(Waiting {
            retry_hash: keys.retry_hash(key),
            fingerprint: fingerprint(key, receipt.as_ref(), claimed, response),
            receipt,
            today,
            place,
            sealed,
        }))
    }

    /// As the writer takes it.
    #[must_use]
    pub fn waiting(&self) -> &Waiting {
        &self.0
    }
}

/// Made with the submission key itself, so that the server alone cannot recompute it from a guess.
fn fingerprint(
    key: &SubmissionKey,
    receipt: Option<&CodeHash>,
    claimed: &Claimed,
    response: &Response,
) -> [u8; 32] {
    let secret = blake3::derive_key("sipas 2026 content fingerprint", &key.0);
    let mut hasher = blake3::Hasher::new_keyed(&secret);
    let mut part = |bytes: &[u8]| {
        hasher.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(bytes);
    };
    part(receipt.map_or(&[], |code| code.0.as_slice()));
    part(response.unit.as_str().as_bytes());
    part(response.form.as_str().as_bytes());
    part(&response.version.to_le_bytes());
    part(response.channel.as_str().as_bytes());
    part(response.language.as_str().as_bytes());
    part(response.assisted.as_str().as_bytes());
    part(claimed.service_field.as_ref().map_or("", FieldCode::as_str).as_bytes());
    part(claimed.answered_on.map(|day| day.to_string()).unwrap_or_default().as_bytes());
    part(&response.answers.row);
    for (slug, text) in &response.answers.texts {
        part(slug.as_str().as_bytes());
        part(text.as_bytes());
    }
    *hasher.finalize().as_bytes()
}
