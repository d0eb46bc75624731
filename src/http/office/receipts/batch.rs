//! Receipts between being issued and being printed. Codes are nowhere in the database, so the page that issued them
//! carries them, sealed with the service's key and bound to who issued them, for some hours. A page that is left open
//! shows them to nobody else, and a copy of the database holds none.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{ids::UnitCode, period::Day},
    http::{
        extract::caller::Person, issuing::Issued, pages::print::Receipt, problem::ApiError, state::AppState,
    },
};

/// Seconds that receipts can be printed after they were issued: a working day.
const LASTS: i64 = 12 * 3600;
/// What the seal is bound to, so that nothing else that is sealed can stand in.
const BOUND: &[u8] = b"sipas 2026 receipts to print";

/// Receipts of one unit that were issued together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) unit: UnitCode,
    pub(super) receipts: Vec<Receipt>,
}

/// As it is sealed: what receipts share is written once.
#[derive(Serialize, Deserialize)]
struct Sealed {
    unit: String,
    at: i64,
    kinds: Vec<Shared>,
    codes: Vec<(String, usize)>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Shared {
    field: Option<String>,
    procedure: Option<String>,
    issued: i32,
    expires: i32,
}

impl Batch {
    /// What was issued together; `None` where nothing was.
    pub(super) fn new(issued: Vec<Issued>) -> Option<Self> {
        let unit = issued.first()?.draft.unit.clone();
        let receipts = issued.into_iter().map(|one| Receipt {
            code: one.code,
            service_field: one.draft.service_field,
            procedure: one.draft.procedure,
            issued: one.draft.issued,
            expires: one.draft.expires,
        });
        Some(Self { unit, receipts: receipts.collect() })
    }

    /// As the page carries it.
    ///
    /// # Errors
    /// Where it cannot be sealed; never in practice.
    pub(super) fn seal(&self, state: &AppState, person: &Person) -> Result<String, ApiError> {
        let mut sealed = Sealed {
            unit: self.unit.to_string(),
            at: state.clock.unix_seconds(),
            kinds: Vec::new(),
            codes: Vec::new(),
        };
        for receipt in &self.receipts {
            let shared = Shared {
                field: receipt.service_field.as_ref().map(ToString::to_string),
                procedure: receipt.procedure.as_ref().map(ToString::to_string),
                issued: receipt.issued.number(),
                expires: receipt.expires.number(),
            };
            let kind = sealed.kinds.iter().position(|known| *known == shared).unwrap_or_else(|| {
                sealed.kinds.push(shared);
                sealed.kinds.len() - 1
            });
            sealed.codes.push((receipt.code.compact().to_owned(), kind));
        }
        let text = serde_json::to_vec(&sealed).map_err(|error| ApiError::Internal(error.into()))?;
        let sealed =
            state.keys.seal(&text, &bound(person)).map_err(|error| ApiError::Internal(error.into()))?;
        Ok(hex::encode(sealed))
    }

    /// What a page carried; `None` where it is not this person's, or too old.
    pub(super) fn open(state: &AppState, person: &Person, carried: &str) -> Option<Self> {
        let text = state.keys.unseal(&hex::decode(carried).ok()?, &bound(person)).ok()?;
        let sealed: Sealed = serde_json::from_slice(&text).ok()?;
        let age = state.clock.unix_seconds() - sealed.at;
        if !(0..=LASTS).contains(&age) {
            return None;
        }
        let receipt = |(code, kind): &(String, usize)| {
            let shared = sealed.kinds.get(*kind)?;
            Some(Receipt {
                code: code.parse().ok()?,
                service_field: shared.field.as_ref().and_then(|name| name.parse().ok()),
                procedure: shared.procedure.as_ref().and_then(|name| name.parse().ok()),
                issued: Day::from_number(shared.issued),
                expires: Day::from_number(shared.expires),
            })
        };
        let receipts = sealed.codes.iter().map(receipt).collect::<Option<Vec<_>>>()?;
        Some(Self { unit: sealed.unit.parse().ok()?, receipts })
    }
}

fn bound(person: &Person) -> Vec<u8> {
    [BOUND, person.account.id.0.as_slice()].concat()
}
