//! A whole service on a private database: a small town with units, forms and tokens.

use std::{collections::BTreeMap, net::SocketAddr, sync::mpsc, thread::JoinHandle, time::Duration};

use serde_json::{Value, json};
use sipas::{
    config::{Contact, Keep, Limits, Policy},
    domain::{
        form_file,
        ids::Language,
        period::Day,
        token::{Scope, Scopes},
        unit::{Unit, UnitKind},
    },
    http::{
        Service,
        limits::Forwarded,
        session::Lasting,
        state::{Origin, Parts, Settings},
    },
    intake::{self, Clock, CloseRule, Intake},
    keys::SecretKeys,
    storage::{
        Store,
        forms::{self, StoredForm},
        meta::{self, Fact},
        mirror::Mirror,
        tokens::{self, StoredToken, TokenHash},
        units,
    },
};

use crate::support::database::PrivateDatabase;

/// The day on which everything happens.
pub const TODAY: &str = "2026-11-24";

/// A running service; stopped when dropped.
pub struct Town {
    pub address: SocketAddr,
    pub store: Store,
    pub intake: Intake,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
    agent: ureq::Agent,
    _database: PrivateDatabase,
}

/// An answer of the service.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn unit(code: &str, parent: Option<&str>, to: Option<&str>, successors: &[&str]) -> Unit {
    Unit {
        code: code.parse().unwrap(),
        parent: parent.map(|p| p.parse().unwrap()),
        kind: UnitKind::Commune,
        names: BTreeMap::from([(Language::VI, format!("Xã {code}"))]),
        form: None,
        valid_from: day("2020-01-01"),
        valid_to: to.map(day),
        successors: successors.iter().map(|s| s.parse().unwrap()).collect(),
    }
}

fn fill(store: &Store, keys: &SecretKeys) {
    store.with(sipas::storage::Db::migrate).unwrap();
    store.with(|db| meta::keep(db, Fact::KeyId, keys.id())).unwrap();
    for (name, text) in form_file::SHIPPED {
        let form = form_file::read(name, text).unwrap().form;
        let stored = StoredForm {
            id: form.id.clone(),
            version: form.version,
            series: form.series,
            file_name: (*name).to_owned(),
            source: (*text).to_owned(),
            hash: *blake3::hash(text.as_bytes()).as_bytes(),
            published: day("2026-01-01"),
        };
        store.with(|db| forms::publish(db, &stored)).unwrap();
    }
    let all = [
        unit("district", None, None, &[]),
        unit("tra-cu", Some("district"), None, &[]),
        unit("dai-an", Some("district"), None, &[]),
        unit("old", Some("district"), Some("2025-06-30"), &["tra-cu"]),
        unit("elsewhere", None, None, &[]),
    ];
    store.with(|db| units::save(db, &all)).unwrap();
}

fn settings() -> Settings {
    Settings {
        public_url: "http://sipas.test".to_owned(),
        forwarded: Forwarded::default(),
        policy: Policy {
            public_from: 10,
            anyone_from: 5,
            normal_from: 30,
            public_scores: true,
            close_after_days: 10,
            poster_hourly_limit: 60,
            receipt_expires_days: 30,
        },
        keep: Keep::default(),
        limits: Limits { workers: 1, connections: 4, queue: 256, body_bytes: 65_536, request_seconds: 20 },
        contact: Contact { organisation: "UBND".to_owned(), email: String::new(), phone: String::new() },
        printing: sipas::config::Printing::default(),
        sessions: Lasting { idle: 3600, whole: 43_200 },
        second_factor_for: Vec::new(),
        mailer: None,
        oidc: None,
        printed: Vec::new(),
        origin: Origin::People,
        changed_forms: Vec::new(),
    }
}

impl Town {
    pub fn new() -> Self {
        let database = PrivateDatabase::new();
        let store = Store::open(&database.url, 4).unwrap();
        let keys = SecretKeys::of(&[7; 32]);
        fill(&store, &keys);
        let mirror = store.with(Mirror::open).unwrap();
        let clock = Clock::Fixed(day(TODAY));
        let intake = Intake::start(&intake::Parts {
            store: store.clone(),
            keys: keys.clone(),
            mirror: mirror.clone(),
            clock,
            close_rule: CloseRule { after_days: 10, policy: String::new() },
            keep: Keep::default(),
            queue: 256,
        })
        .unwrap();
        let parts =
            Parts { store: store.clone(), intake: intake.clone(), mirror, keys, clock, settings: settings() };
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let service = Service::bind(parts, SocketAddr::from(([127, 0, 0, 1], 0)), None).unwrap();
                tell.send((service.address(), service.handle())).unwrap();
                service.run().await.unwrap();
            });
        });
        let (address, handle) = told.recv_timeout(Duration::from_secs(20)).unwrap();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        Self { address, store, intake, handle, thread: Some(thread), agent, _database: database }
    }

    /// A token with these scopes, for a subtree or everywhere.
    pub fn token(&self, scopes: &[Scope], unit: Option<&str>) -> String {
        let secret = format!("secret-{scopes:?}-{unit:?}");
        let token = StoredToken {
            name: secret.clone(),
            scopes: scopes.iter().copied().collect::<Scopes>().to_string(),
            unit: unit.map(|u| u.parse().unwrap()),
            created: day(TODAY),
            revoked: None,
            expires: None,
            last_used: None,
        };
        self.store.with(|db| tokens::create(db, TokenHash::of(&secret), &token)).unwrap();
        secret
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let address = format!("http://{}{path}", self.address);
        let mut request = ureq::http::Request::builder().method(method).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match method {
            "POST" | "PUT" | "PATCH" => self.agent.run(request.body(body.to_vec()).unwrap()).unwrap(),
            _ => self.agent.run(request.body(()).unwrap()).unwrap(),
        };
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect();
        let status = response.status().as_u16();
        let body = String::from_utf8_lossy(&response.body_mut().read_to_vec().unwrap()).into_owned();
        Answer { status, headers, body }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &[])
    }

    pub fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send("GET", path, &[("authorization", &format!("Bearer {token}"))], &[])
    }

    pub fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    pub fn answer(&self, token: Option<&str>, body: &Value) -> Answer {
        self.post("/api/v1/responses", token, body)
    }

    /// Codes of so many new receipts of `tra-cu`.
    pub fn receipts(&self, count: u16) -> Vec<String> {
        let token = self.token(&[Scope::ReceiptsWrite], Some("district"));
        let issued = self.post("/api/v1/receipts", Some(&token), &json!({"unit": "tra-cu", "count": count}));
        assert_eq!(issued.status, 201, "{}", issued.body);
        let issued = issued.json();
        let receipts = issued["receipts"].as_array().unwrap().iter();
        receipts.map(|r| r["code"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        drop(self.handle.stop(true));
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

/// A whole answer; `with` changes or adds members.
pub fn answer(key: u8, with: &Value) -> Value {
    let mut body = json!({
        "submission_key": format!("00000000-0000-4000-8000-0000000000{key:02x}"),
        "form": "one-stop-short",
        "version": 1,
        "unit": "tra-cu",
        "channel": "poster",
        "language": "vi",
        "answers": {"access.ease": 5, "procedure.ease": 4},
    });
    for (name, value) in with.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}
