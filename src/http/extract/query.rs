//! The query of an address, read with all its faults at once.

use std::{collections::BTreeMap, str::FromStr};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use crate::http::problem::{ApiError, FieldFault};

/// The parameters of a query, and the faults found while they were read.
#[derive(Debug, Clone, Default)]
pub struct Query {
    given: BTreeMap<String, String>,
    known: Vec<&'static str>,
    faults: Vec<FieldFault>,
}

impl Query {
    /// The text of a parameter; an empty one counts as left out.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.given.get(name).filter(|text| !text.is_empty()).cloned()
    }

    /// A parameter of a kind of ours.
    pub fn parsed<T: FromStr>(&mut self, name: &'static str, allowed: &str) -> Option<T> {
        let text = self.text(name)?;
        if let Ok(value) = text.parse() {
            return Some(value);
        }
        self.fault(FieldFault::at(name, "invalid").allowing(allowed));
        None
    }

    /// A parameter that picks one of a few.
    pub fn one_of<T: Copy>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fault(FieldFault::at(name, "invalid").allowing(words.join(", ")));
        }
        found
    }

    /// Notes one more fault.
    pub fn fault(&mut self, fault: FieldFault) {
        self.faults.push(fault);
    }

    /// Ends the reading: everything that was found wrong, parameters that nobody asked for included.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with all faults.
    pub fn finish(mut self) -> Result<(), ApiError> {
        let known = std::mem::take(&mut self.known);
        let strangers = self.given.keys().filter(|name| *name != "lang" && !known.contains(&name.as_str()));
        let strangers: Vec<FieldFault> =
            strangers.map(|name| FieldFault::at(name, "unknown_field")).collect();
        self.faults.extend(strangers.into_iter().map(|f| f.allowing(known.join(", "))));
        if self.faults.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.faults)) }
    }
}

impl FromRequest for Query {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        std::future::ready(read(request.query_string()))
    }
}

fn read(query: &str) -> Result<Query, ApiError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_undecodable| ApiError::BadRequest)?;
    let mut read = Query::default();
    for (name, value) in pairs.into_inner() {
        if read.given.insert(name.clone(), value).is_some() {
            read.faults.push(FieldFault::at(&name, "too_many").allowing("1"));
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_of_a_query_are_named_at_once() {
        let mut query = read("period=never&form=a&form=b&untold=1&follow=somebody").unwrap();
        assert_eq!(query.parsed::<crate::domain::period::Period>("period", "2026-11"), None);
        assert_eq!(query.one_of("follow", &[("none", 0), ("successors", 1)]), None);
        query.text("form");
        let Err(ApiError::Invalid(faults)) = query.finish() else { panic!("no fault") };
        let mut places: Vec<&str> = faults.iter().map(|f| f.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/follow", "/form", "/period", "/untold"]);
        assert!(!format!("{faults:?}").contains("never"));
    }
}
