//! Somebody with a browser: keeps cookies, fills forms, has a telephone that makes codes.

use std::{cell::RefCell, collections::BTreeMap};

use scraper::{Html, Selector};
use totp_rs::{Builder, Secret};

use crate::support::service::{Answer, TestService};

/// A password that is taken.
pub const PASSWORD: &str = "lúa chín vàng trên sông Hậu";
/// Another one.
pub const OTHER: &str = "mưa đêm qua cầu khỉ nhỏ";

/// A browser with its cookies.
pub struct Browser<'a> {
    service: &'a TestService,
    cookies: RefCell<BTreeMap<String, String>>,
    /// Which address it says to come from, where a proxy passes one on.
    pub from: Option<String>,
}

impl<'a> Browser<'a> {
    pub fn new(service: &'a TestService) -> Self {
        Self { service, cookies: RefCell::default(), from: None }
    }

    /// The same cookies in another browser: as if somebody had copied them.
    pub fn copy(&self) -> Self {
        Self { service: self.service, cookies: self.cookies.clone(), from: None }
    }

    fn send(&self, mut request: ureq::http::Request<Vec<u8>>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert("cookie", cookies.join("; ").parse().unwrap());
        }
        if let Some(from) = &self.from {
            request.headers_mut().insert("x-forwarded-for", from.parse().unwrap());
        }
        request.headers_mut().insert("accept-language", "en".parse().unwrap());
        let answer = self.service.send(request);
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(self.service.page_request(path))
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.service.form_request(path, fields))
    }

    /// A page that must be there.
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {} {}", answer.header("location"), answer.text());
        answer.text()
    }

    /// Sends a form that must be taken; where it leads.
    pub fn sent(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        answer.header("location").to_owned()
    }

    /// Sends a form that must come back with this said about it.
    pub fn refused(&self, path: &str, fields: &[(&str, &str)], said: &str) {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 422, "{path}: {}", answer.text());
        let page = answer.text();
        assert!(summary(&page).contains(said), "{path}: {}", summary(&page));
        for (name, value) in fields {
            let secret = ["password", "again", "current"].contains(name);
            assert!(!secret || value.len() < 4 || !page.contains(value), "{path} gives {name} back");
        }
    }

    /// Name and password; what is answered.
    pub fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("name", name), ("password", password)])
    }

    /// The value of the session's cookie.
    pub fn session(&self) -> Option<String> {
        let cookies = self.cookies.borrow();
        cookies.get("sipas_session").or_else(|| cookies.get("__Host-sipas")).cloned()
    }

    /// Whether it is signed in, wholly.
    pub fn is_in(&self) -> bool {
        let answer = self.get("/account/password");
        assert!(matches!(answer.status, 200 | 303), "{}", answer.text());
        answer.status == 200
    }
}

/// What the summary of faults of a page says.
pub fn summary(page: &str) -> String {
    text_of(page, "[role=alert]")
}

/// The text of the first element that a selector finds; empty where there is none.
pub fn text_of(page: &str, selector: &str) -> String {
    let page = Html::parse_document(page);
    let found = page.select(&Selector::parse(selector).unwrap()).next();
    found.map(|element| element.text().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

/// The texts of all elements that a selector finds.
pub fn texts_of(page: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

/// An attribute of the first element that a selector finds.
pub fn attribute(page: &str, selector: &str, name: &str) -> String {
    let page = Html::parse_document(page);
    let found = page.select(&Selector::parse(selector).unwrap()).next();
    found.and_then(|element| element.value().attr(name).map(str::to_owned)).unwrap_or_default()
}

/// A telephone that makes codes.
pub struct Phone(totp_rs::Totp);

impl Phone {
    /// From what a page shows to type.
    pub fn with(typed: &str) -> Self {
        let secret = Secret::try_from_base32(typed.replace(' ', "")).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    /// The code that it shows so many steps from now.
    pub fn code(&self, steps: i64) -> String {
        self.code_at(steps * 30)
    }

    /// The code that it shows so many seconds from now.
    pub fn code_at(&self, seconds: i64) -> String {
        let now = sipas::http::state::Clock::System.unix_seconds() + seconds;
        self.0.generate(now.try_into().unwrap()).to_string()
    }
}

/// Makes an account with [`PASSWORD`].
pub fn account(service: &TestService, name: &str, role: &str, unit: Option<&str>) {
    let file = service.database.folder.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let mut arguments = vec!["account", "create", "--name", name, "--password-file", file.to_str().unwrap()];
    arguments.extend(["--role", role]);
    if let Some(unit) = unit {
        arguments.extend(["--unit", unit]);
    }
    service.cli_ok(&arguments);
}

/// Makes an account and signs in with it.
pub fn signed_in<'a>(service: &'a TestService, name: &str, role: &str, unit: Option<&str>) -> Browser<'a> {
    account(service, name, role, unit);
    let browser = Browser::new(service);
    let answer = browser.sign_in(name, PASSWORD);
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser
}

/// Sets up a second factor; its telephone and recovery codes.
pub fn enrol(browser: &Browser<'_>) -> (Phone, Vec<String>) {
    enrol_at(browser, 0)
}

/// The same where the service's clock is so many seconds ahead.
pub fn enrol_at(browser: &Browser<'_>, ahead: i64) -> (Phone, Vec<String>) {
    let page = browser.page("/account/second-factor");
    let phone = Phone::with(&text_of(&page, "code.secret"));
    let offered = attribute(&page, "input[name=offered]", "value");
    let code = phone.code_at(ahead);
    let answer = browser.post("/account/second-factor", &[("offered", &offered), ("code", &code)]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let codes = texts_of(&answer.text(), "ol.codes code");
    assert_eq!(codes.len(), 10);
    (phone, codes)
}

/// The entries of the audit log about somebody, newest first: actor and action.
pub fn audit(service: &TestService, subject: &str) -> Vec<String> {
    let store = sipas::storage::Store::open(&service.database.url, 1).unwrap();
    let entries = store.with(|db| sipas::storage::audit::after(db, 0, 1000)).unwrap();
    let about = entries.into_iter().rev().filter(|entry| entry.subject == subject);
    about.map(|entry| format!("{} {}", entry.actor, entry.action)).collect()
}
