//! The API's description, made from the code.

use serde::Serialize;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        Content, OpenApi as Document, Ref, ResponseBuilder, Server,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::api::{counts, devices, forms, receipts, responses, scores, tallies};

/// An error, as every address of the API answers it (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `/problems/` and the code; stable.
    #[schema(example = "/problems/spent-code")]
    pub r#type: String,
    /// The same for all problems of this code, in the reader's language.
    pub title: String,
    /// The status.
    pub status: u16,
    /// Stable name.
    #[schema(example = "spent-code")]
    pub code: String,
    /// What happened and what can be done, in the reader's language.
    pub detail: String,
    /// All faults of what was sent (422), a hundred at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub errors: Option<Vec<ProblemPlace>>,
    /// How many more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_errors: Option<usize>,
}

/// One fault of what was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemPlace {
    /// JSON pointer into the body, or `/name` of a query parameter.
    #[schema(example = "/answers/access.ease")]
    pub pointer: String,
    /// Stable name of the fault.
    #[schema(example = "out_of_range")]
    pub code: String,
    /// A sentence in the reader's language; never what was sent.
    pub detail: String,
    /// What is allowed.
    #[schema(example = "1..5")]
    pub allowed: Option<String>,
}

/// Everything under `/api/v1`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "SIPAS",
        description = "Collects and computes the index of citizens' satisfaction with public administration. \
            Every error is application/problem+json.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "responses", description = "Answers"),
        (name = "receipts", description = "The right to answer once"),
        (name = "forms", description = "What is asked"),
        (name = "scores", description = "What came of it"),
        (name = "devices", description = "Tablets"),
    ),
    paths(
        responses::submit,
        receipts::issue, receipts::void, receipts::replace, receipts::qr_svg, receipts::qr_png,
        forms::list, forms::newest, forms::version,
        scores::scores, scores::scores_csv,
        tallies::tallies, counts::counts,
        devices::enroll, devices::me,
        devices::content::show, devices::queue::send, devices::heartbeat::hear,
    ),
    components(schemas(Problem, ProblemPlace)),
    modifiers(&Bearer, &Everywhere)
)]
struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let mut bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        bearer.description = Some("A token made by `sipas token create`.".to_owned());
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let mut device = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        device.description = Some("The credential of an enrolled tablet.".to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("device", SecurityScheme::Http(device));
    }
}

/// What any address may answer, so that no address says it again.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut Document) {
        let unavailable = ResponseBuilder::new()
            .description("Busy, or the database cannot be reached; nothing was changed. `Retry-After` says when to try again")
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
            .build();
        for item in document.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                let told = &mut operation.responses.responses;
                told.entry("503".to_owned()).or_insert_with(|| unavailable.clone().into());
            }
        }
    }
}

/// The document, for a service at this public address.
#[must_use]
pub fn document(public_url: &str) -> Document {
    let mut document = Api::openapi();
    document.servers = Some(vec![Server::new(public_url)]);
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_openapi_3_1_and_names_every_endpoint() {
        let document = serde_json::to_value(document("http://sipas.test")).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        for (path, method) in [
            ("/api/v1/responses", "post"),
            ("/api/v1/receipts", "post"),
            ("/api/v1/receipts/{code}/void", "post"),
            ("/api/v1/receipts/{code}/replace", "post"),
            ("/api/v1/receipts/{code}/qr.svg", "get"),
            ("/api/v1/receipts/{code}/qr.png", "get"),
            ("/api/v1/forms", "get"),
            ("/api/v1/forms/{id}", "get"),
            ("/api/v1/forms/{id}/{version}", "get"),
            ("/api/v1/scores", "get"),
            ("/api/v1/scores.csv", "get"),
            ("/api/v1/tallies", "get"),
            ("/api/v1/counts", "get"),
            ("/api/v1/devices/enroll", "post"),
            ("/api/v1/devices/me", "get"),
            ("/api/v1/devices/content", "get"),
            ("/api/v1/devices/queue", "post"),
            ("/api/v1/devices/heartbeat", "post"),
        ] {
            assert!(document["paths"][path][method].is_object(), "{method} {path}");
        }
        assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    }
}
