//! The fields of a form as a browser sends it.

use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::body;
use crate::http::problem::ApiError;

/// Everything that a browser sent, in order; a name may come several times.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a field; empty where it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The first value of a field, unless it is empty or was not sent.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty())
    }

    /// Everything, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

const KIND: &str = "application/x-www-form-urlencoded";

impl FromRequest for Fields {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = body::media_type(request);
        let bytes = body::read(request, payload);
        Box::pin(async move {
            if kind.as_deref() != Some(KIND) {
                return Err(ApiError::UnsupportedMedia(KIND));
            }
            let bytes = bytes.await?;
            let text = std::str::from_utf8(&bytes).map_err(|_not_utf8| ApiError::BadRequest)?;
            let pairs = web::Query::<Vec<(String, String)>>::from_query(text);
            pairs.map(|pairs| Self(pairs.into_inner())).map_err(|_undecodable| ApiError::BadRequest)
        })
    }
}
