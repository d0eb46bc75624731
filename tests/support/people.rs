//! People who send answers until they are told to stop, and remember what each of them was told.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use serde_json::{Value, json};
use sipas::domain::period::Day;
use ureq::http::Request;

use super::service::{Answer, TestService, a_submission};

/// How many send at once, and again afterwards.
const PEOPLE: u64 = 8;
/// How long somebody who was refused waits.
const LATER: Duration = Duration::from_millis(20);

/// One answer as it was sent, so that it can be sent again.
#[derive(Clone)]
pub enum Sent {
    /// To the API: by a token, by a receipt's code.
    Json(Value),
    /// The citizen's page, filled.
    Page { path: String, fields: Vec<(String, String)> },
}

/// What people were told of their answers.
#[derive(Default)]
pub struct Ledger {
    /// "Thank you": stored, or stored before.
    pub acknowledged: Vec<Sent>,
    /// Refused with 503, or no answer came.
    pub unheard: Vec<Sent>,
}

impl Ledger {
    pub fn extend(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.unheard.extend(other.unheard);
    }
}

/// Where people answer.
pub struct Town {
    pub token: String,
    pub units: Vec<String>,
    /// Codes that nobody has used yet, with their units.
    pub codes: Mutex<Vec<(String, String)>>,
    /// Some answers by token are said to be given on this day.
    pub earlier: Option<Day>,
}

impl Town {
    pub fn new(service: &TestService, units: &[&str]) -> Self {
        Self {
            token: service.token(&["responses:write", "receipts:write"], None),
            units: units.iter().map(|unit| (*unit).to_owned()).collect(),
            codes: Mutex::default(),
            earlier: None,
        }
    }

    /// Issues receipts at the first units.
    pub fn issue(&self, service: &TestService, units: usize, each: usize) {
        for unit in self.units.iter().take(units) {
            let wish = json!({ "unit": unit, "count": each });
            let issued = service.post(&self.token, "/api/v1/receipts", &wish);
            assert_eq!(issued.status, 201, "{}", issued.text());
            let issued = issued.json()["receipts"].as_array().unwrap().clone();
            let codes = issued.into_iter().map(|receipt| receipt["code"].as_str().unwrap().to_owned());
            self.codes.lock().unwrap().extend(codes.map(|code| (unit.clone(), code)));
        }
    }

    /// People send by token, by a receipt's code and by the page, until `stop`.
    pub fn send(&self, service: &TestService, seed: u64, stop: &AtomicBool) -> Ledger {
        self.send_to(&[service], seed, stop)
    }

    /// The same, to several nodes.
    pub fn send_to(&self, nodes: &[&TestService], seed: u64, stop: &AtomicBool) -> Ledger {
        let mut ledger = Ledger::default();
        thread::scope(|scope| {
            let people: Vec<_> = (0..PEOPLE)
                .zip(nodes.iter().cycle())
                .map(|(number, node)| {
                    scope.spawn(move || self.person(node, seed ^ (number << 32), number, stop))
                })
                .collect();
            for person in people {
                ledger.extend(person.join().unwrap());
            }
        });
        ledger
    }

    fn person(&self, service: &TestService, seed: u64, number: u64, stop: &AtomicBool) -> Ledger {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut ledger = Ledger::default();
        while !stop.load(Relaxed) {
            let Some(sent) = self.compose(service, &mut chance, number) else {
                if service.try_send(service.page_request("/healthz")).is_err() {
                    break;
                }
                thread::sleep(LATER);
                continue;
            };
            match service.try_send(sent.request(service, &self.token)) {
                Ok(answer) if sent.is_thanked(&answer) => ledger.acknowledged.push(sent),
                Ok(answer) => {
                    assert_eq!(answer.status, 503, "{}", answer.text());
                    ledger.unheard.push(sent);
                    thread::sleep(LATER);
                }
                Err(_cut) => {
                    ledger.unheard.push(sent);
                    break;
                }
            }
        }
        ledger
    }

    /// `None` where the page could not be opened.
    fn compose(&self, service: &TestService, chance: &mut ChaCha8Rng, number: u64) -> Option<Sent> {
        let code = if number.is_multiple_of(2) { None } else { self.codes.lock().unwrap().pop() };
        let Some((unit, code)) = code else {
            let unit = &self.units[usize::try_from(chance.next_u32()).unwrap() % self.units.len()];
            let mut body = a_submission(unit, [5, 4, 3, 4, 5, 1]);
            if let Some(day) = self.earlier.filter(|_| chance.next_u32().is_multiple_of(4)) {
                body["channel"] = "paper".into();
                body["answered_on"] = day.to_string().into();
            }
            return Some(Sent::Json(body));
        };
        if number % 4 == 1 {
            let mut body = a_submission(&unit, [4, 4, 3, 4, 5, 2]);
            body["channel"] = "receipt".into();
            body["receipt"] = code.into();
            return Some(Sent::Json(body));
        }
        let path = format!("/r/{}", code.replace('-', ""));
        let page = service.try_send(service.page_request(&path)).ok().filter(|page| page.status == 200)?;
        Some(Sent::Page { fields: filled(&page.text()), path })
    }
}

impl Sent {
    pub fn request(&self, service: &TestService, token: &str) -> Request<Vec<u8>> {
        match self {
            Self::Json(body) => service.json_request(token, "/api/v1/responses", body),
            Self::Page { path, fields } => {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                service.form_request(path, &fields)
            }
        }
    }

    /// Whether the sender was told that it is on disk.
    fn is_thanked(&self, answer: &Answer) -> bool {
        match self {
            Self::Json(_) => matches!(answer.status, 200 | 201),
            Self::Page { .. } => answer.status == 303 && answer.header("location") == "/thanks",
        }
    }
}

/// The hidden fields of a page and a level for each question.
fn filled(html: &str) -> Vec<(String, String)> {
    let page = scraper::Html::parse_document(html);
    let hidden = scraper::Selector::parse("input[type=hidden]").unwrap();
    let value = |field: &scraper::ElementRef<'_>, name| field.value().attr(name).unwrap().to_owned();
    let mut fields: Vec<_> =
        page.select(&hidden).map(|field| (value(&field, "name"), value(&field, "value"))).collect();
    let slugs =
        ["access.ease", "procedure.ease", "official.attitude", "result.delivery", "feedback.handling"];
    fields.extend(slugs.map(|slug| (slug.to_owned(), "4".to_owned())));
    fields
}

/// Sends answers again, by several at once; how many are stored now and how many were there, as the service counts
/// them. Each must be thanked for.
pub fn send_again(service: &TestService, token: &str, all: &[Sent]) -> (u64, u64) {
    let (stored, repeated) = (counted(service, "stored"), counted(service, "repeated"));
    let share = all.len().div_ceil(usize::try_from(PEOPLE).unwrap()).max(1);
    thread::scope(|scope| {
        for some in all.chunks(share) {
            scope.spawn(move || {
                for sent in some {
                    let answer = service.send(sent.request(service, token));
                    assert!(sent.is_thanked(&answer), "{}: {}", answer.status, answer.text());
                }
            });
        }
    });
    (counted(service, "stored") - stored, counted(service, "repeated") - repeated)
}

/// Submissions with this outcome since the service started.
pub fn counted(service: &TestService, outcome: &str) -> u64 {
    let wanted = format!("sipas_responses_total{{outcome=\"{outcome}\"}} ");
    let metrics = service.get("/metrics").text();
    metrics.lines().find_map(|line| line.strip_prefix(&wanted)).map_or(0, |number| number.parse().unwrap())
}

/// Answers on disk: those that are folded and those that wait.
pub fn on_disk(service: &TestService) -> u64 {
    let list = service.cli_ok(&["period", "list"]);
    list.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            cells[3].parse::<u64>().unwrap_or(0) + cells[4].parse::<u64>().unwrap_or(0)
        })
        .sum()
}

/// What "thank you" promises: every acknowledged answer is there, those without an answer are stored when they are
/// sent again (or were before), each is counted once. How many of the unheard were there already.
pub fn assert_all_there_once(service: &TestService, token: &str, ledger: &mut Ledger) -> u64 {
    let acknowledged = u64::try_from(ledger.acknowledged.len()).unwrap();
    assert_eq!(
        send_again(service, token, &ledger.acknowledged),
        (0, acknowledged),
        "each acknowledged key is known: stored now, repeated"
    );
    let unheard = std::mem::take(&mut ledger.unheard);
    let (stored, there) = send_again(service, token, &unheard);
    assert_eq!(stored + there, u64::try_from(unheard.len()).unwrap());
    ledger.acknowledged.extend(unheard);
    there
}
