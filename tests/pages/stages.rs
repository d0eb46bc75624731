//! A town in which every page that a citizen may meet is there to be looked at.

use std::{collections::BTreeMap, time::Duration};

use serde_json::json;
use sipas::{
    domain::{
        ids::Language,
        period::Day,
        receipt::ReceiptCode,
        token::Scope,
        unit::{Unit, UnitKind},
    },
    keys::SecretKeys,
    storage::{
        receipts::{self, NewReceipt},
        units,
    },
};

use crate::api::town::{Town, answer};

/// The shipped forms, each with a unit that asks it.
pub const FORMS: [(&str, &str); 3] =
    [("one-stop-short", "/u/tra-cu"), ("one-stop-full", "/u/full"), ("sipas-2022", "/u/wave")];

/// Languages of the citizens' pages.
pub const LANGUAGES: [&str; 3] = ["vi", "km", "en"];

/// The town, and one that takes nothing in at this moment.
pub struct Stages {
    pub town: Town,
    /// Its intake has stopped: whoever opens a code is told to wait.
    pub busy: Town,
    /// Name, address and status of each page that is no form.
    pub pages: Vec<(&'static str, String, u16)>,
    /// A code that was not used.
    pub code: String,
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn unit(code: &str, form: Option<&str>, to: Option<&str>, successors: &[&str]) -> Unit {
    Unit {
        code: code.parse().unwrap(),
        parent: Some("district".parse().unwrap()),
        kind: UnitKind::Commune,
        names: BTreeMap::from([(Language::VI, format!("Xã {code}"))]),
        form: form.map(|form| form.parse().unwrap()),
        valid_from: day("2020-01-01"),
        valid_to: to.map(day),
        successors: successors.iter().map(|s| s.parse().unwrap()).collect(),
    }
}

/// A code whose time is over.
fn expired(town: &Town) -> String {
    let code = ReceiptCode::from_random(77);
    let receipt = NewReceipt {
        hash: SecretKeys::of(&[7; 32]).code_hash(code.compact()),
        unit: "tra-cu".parse().unwrap(),
        form: "one-stop-short".parse().unwrap(),
        service_field: None,
        procedure: None,
        issued: day("2026-09-01"),
        expires: day("2026-10-01"),
    };
    town.store.with(|db| receipts::issue(db, &[receipt])).unwrap();
    code.compact().to_owned()
}

impl Stages {
    pub fn new() -> Self {
        let town = Town::new();
        let more = [
            unit("full", Some("one-stop-full"), None, &[]),
            unit("wave", Some("sipas-2022"), None, &[]),
            unit("closed", None, Some("2025-06-30"), &[]),
            unit("split", None, Some("2025-06-30"), &["tra-cu", "dai-an"]),
        ];
        town.store.with(|db| units::save(db, &more)).unwrap();
        while town.get("/u/wave").status == 404 {
            std::thread::sleep(Duration::from_millis(50));
        }
        let codes = town.receipts(3);
        let [fresh, spent, void] = [0, 1, 2].map(|index: usize| codes[index].replace('-', ""));
        let used = town.answer(None, &answer(1, &json!({"channel": "receipt", "receipt": spent})));
        assert_eq!(used.status, 201, "{}", used.body);
        let token = town.token(&[Scope::ReceiptsWrite], Some("tra-cu"));
        assert_eq!(town.post(&format!("/api/v1/receipts/{void}/void"), Some(&token), &json!({})).status, 200);
        let (expired, unknown) = (expired(&town), ReceiptCode::from_random(78).compact().to_owned());
        let last = if fresh.ends_with('0') { "1" } else { "0" };
        let mistyped = format!("{}{last}", &fresh[..fresh.len() - 1]);
        let of_town = |path: String| format!("http://{}{path}", town.address);
        let busy = Town::new();
        busy.intake.stop();
        let pages = [
            ("start", "/".to_owned(), 200),
            ("code entry", "/r".to_owned(), 200),
            ("code slip", "/r?code=ABC".to_owned(), 422),
            ("mistyped code", format!("/r/{mistyped}"), 404),
            ("unknown code", format!("/r/{unknown}"), 404),
            ("spent code", format!("/r/{spent}"), 200),
            ("expired code", format!("/r/{expired}"), 410),
            ("void code", format!("/r/{void}"), 410),
            ("closed unit", "/u/closed".to_owned(), 410),
            ("split unit", "/u/split".to_owned(), 200),
            ("unknown unit", "/u/nowhere".to_owned(), 404),
            ("unknown page", "/nowhere".to_owned(), 404),
            ("thanks", "/thanks".to_owned(), 200),
            ("privacy", "/privacy".to_owned(), 200),
            ("accessibility", "/accessibility".to_owned(), 200),
            ("scores", "/scores".to_owned(), 200),
            ("about a problem", "/problems/busy".to_owned(), 200),
        ];
        let mut pages: Vec<(&'static str, String, u16)> =
            pages.into_iter().map(|(name, path, status)| (name, of_town(path), status)).collect();
        pages.push(("busy", format!("http://{}/r/{unknown}", busy.address), 503));
        Self { pages, code: fresh, busy, town }
    }

    /// Address of a page of the town.
    pub fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.town.address)
    }

    /// The forms with their addresses.
    pub fn forms(&self) -> Vec<(&'static str, String)> {
        FORMS.into_iter().map(|(form, path)| (form, self.address(path))).collect()
    }
}
