//! The shape of one member of a body. A member that is wrong does not stop the reading of the others, so that
//! the sender learns of all faults at once.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, value::RawValue};
use validator::ValidationError;

/// One member as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Member<T> {
    /// It was left out, or is `null`.
    #[default]
    Absent,
    /// It is of another type.
    Wrong,
    /// As it should be.
    Right(T),
}

impl<T> Member<T> {
    /// The value, where it is right.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Right(value) => Some(value),
            Self::Absent | Self::Wrong => None,
        }
    }
}

/// `validator` keeps a copy of every faulty value for its messages. It gets nothing, so that nothing of what a
/// person sent can ever stand in one.
impl<T> Serialize for Member<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Its text is found first and then read as what it should be: once, whatever becomes of it.
        let text = <&RawValue>::deserialize(deserializer)?.get();
        Ok(serde_json::from_str(text)
            .map_or(Self::Wrong, |value: Option<T>| value.map_or(Self::Absent, Self::Right)))
    }
}

/// A name of ours (a unit code, a form id, a day ...) inside a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name<T>(pub T);

impl<'de, T: FromStr> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_fault| serde::de::Error::custom("not a name of this kind"))
    }
}

/// Members that nobody asked for.
pub type Others = BTreeMap<String, Value>;

/// Must be there and of the right type.
///
/// # Errors
/// `required` or `wrong_type`.
pub fn needed<T>(member: &Member<T>) -> Result<(), ValidationError> {
    match member {
        Member::Absent => Err(ValidationError::new("required")),
        Member::Wrong => Err(ValidationError::new("wrong_type")),
        Member::Right(_) => Ok(()),
    }
}

/// May be left out; of the right type where it is there.
///
/// # Errors
/// `wrong_type`.
pub fn optional<T>(member: &Member<T>) -> Result<(), ValidationError> {
    match member {
        Member::Wrong => Err(ValidationError::new("wrong_type")),
        Member::Absent | Member::Right(_) => Ok(()),
    }
}

/// A member that nobody asked for is a slip of the sender's program: say so, rather than drop it.
///
/// # Errors
/// `unknown_field`, at each such member.
pub fn none_other(others: &Others) -> Result<(), ValidationError> {
    if others.is_empty() {
        return Ok(());
    }
    let mut error = ValidationError::new("unknown_field");
    // The names become the pointers; see `body::flatten`.
    error.add_param("members".into(), &others.keys().collect::<Vec<_>>());
    Err(error)
}
