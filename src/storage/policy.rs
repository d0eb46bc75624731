//! The policy that services ran under last: a change of it is an entry of the audit log.

use std::collections::BTreeMap;

use super::{
    Db, StorageError, audit,
    meta::{self, Fact},
};
use crate::domain::audit::{Action, Actor, Event};

/// A setting of the policy that is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub name: &'static str,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
}

/// Compares the policy with that of the last start, and keeps it; what changed is appended to the audit log. A setting
/// that an earlier version did not have is kept and is no change, and so is everything at the first start.
///
/// # Errors
/// Where the database cannot be written.
pub fn note(db: &mut Db, now: i64, policy: &[(&'static str, String)]) -> Result<Vec<Changed>, StorageError> {
    let damaged = || StorageError::damaged("the policy of the last start");
    db.write(|db| {
        let kept = meta::get(db, Fact::Policy)?.unwrap_or_else(|| "{}".to_owned());
        let kept: BTreeMap<String, String> = serde_json::from_str(&kept).map_err(|_json| damaged())?;
        let new: BTreeMap<&str, &str> = policy.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let is_new = kept.len() != new.len()
            || kept.iter().any(|(name, value)| new.get(name.as_str()) != Some(&value.as_str()));
        if is_new {
            let text = serde_json::to_string(&new).map_err(|_never| damaged())?;
            meta::put(db, Fact::Policy, &text)?;
        }
        let changed: Vec<Changed> = policy
            .iter()
            .filter_map(|(name, new)| {
                let old = kept.get(*name).filter(|old| *old != new)?;
                Some(Changed { name, old: old.clone(), new: new.clone() })
            })
            .collect();
        if !changed.is_empty() {
            let event = Event::new(Actor::Service, Action::PolicyChange, "");
            let told =
                |event: Event, one: &Changed| event.with(one.name, format!("{} -> {}", one.old, one.new));
            audit::append(db, now, &changed.iter().fold(event, told))?;
        }
        Ok(changed)
    })
}
