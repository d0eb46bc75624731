//! The pages of units, forms and policy: what is shown before it is done, done as it was shown, and taken back.

use ureq::http::Request;

use super::callers::{account, sign_in};
use crate::support::service::{Answer, TestService};

struct Office {
    service: TestService,
    cookie: String,
}

impl Office {
    fn open() -> Self {
        let service =
            TestService::start_with(&["--set", "second-factor-for=none", "--set", "public-from=20"]);
        service.import("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,");
        account(&service, "lan.nguyen", "administrator", None);
        let cookie = format!("sipas_session={}; lang=en", sign_in(&service, "lan.nguyen"));
        Self { service, cookie }
    }

    fn get(&self, path: &str) -> Answer {
        let uri = format!("http://{}{path}", self.service.address());
        let request = Request::get(uri).header("accept", "text/html").header("cookie", &self.cookie);
        self.service.send(request.body(Vec::new()).unwrap())
    }

    fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = self.service.form_request(path, fields);
        request.headers_mut().insert("cookie", self.cookie.parse().unwrap());
        self.service.send(request)
    }

    fn units(&self) -> String {
        self.service.cli_ok(&["unit", "list"])
    }
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let html = scraper::Html::parse_document(&page.text());
    let field = scraper::Selector::parse(&format!("input[type=hidden][name={name}]")).unwrap();
    html.select(&field).next().and_then(|field| field.value().attr("value")).unwrap_or_default().to_owned()
}

const HEADER: &str = "action,code,parent,kind,name_vi,valid_from";

#[test]
fn an_import_is_shown_first_and_done_as_it_was_shown() {
    let office = Office::open();
    let before = office.units();
    // As a browser sends what a person pasted.
    let table = format!("{HEADER}\r\ncreate,tra-cu,tv,commune,Xã Trà Cú,2020-01-01\r\n");
    let shown = office.send("/office/units/import", &[("table", &table), ("name", "xa.csv")]);
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert!(shown.text().contains("Xã Trà Cú") && shown.text().contains("1 units change"));
    assert_eq!(office.units(), before, "showing changes nothing");

    // Something else than what was shown is shown, not done.
    let word = hidden(&shown, "shown");
    let other = table.replace("commune", "district");
    let refused = office.send("/office/units/import", &[("table", &other), ("shown", &word)]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(office.units(), before);

    let (name, again) = (hidden(&shown, "name"), hidden(&shown, "table"));
    let fields = [("table", again.as_str()), ("name", &name), ("shown", &word)];
    let done = office.send("/office/units/import", &fields);
    assert_eq!((done.status, done.header("location")), (303, "/office/units?done=2"), "{}", done.text());
    assert!(office.units().contains("tra-cu,tv,commune,Xã Trà Cú"));
    let page = office.get("/office/units?done=2").text();
    assert!(page.contains("Import 2 is done") && page.contains("xa.csv"), "{page}");

    // Once more: it is so already, and nothing is done twice.
    assert_eq!(office.send("/office/units/import", &fields).status, 422);
    assert!(!office.get("/office/units").text().contains("imports/3"));

    let unsure = office.send("/office/units/imports/2", &[]);
    assert_eq!(unsure.status, 422);
    assert!(office.units().contains("tra-cu"), "only who is sure takes back");
    let back = office.send("/office/units/imports/2", &[("sure", "1")]);
    assert_eq!((back.status, back.header("location")), (303, "/office/units/imports/2"), "{}", back.text());
    assert_eq!(office.units(), before);
    assert!(office.get("/office/units/imports/2").text().contains("It was taken back on"));
    assert_eq!(office.send("/office/units/imports/2", &[("sure", "1")]).status, 422);
}

#[test]
fn every_fault_of_a_table_is_told_with_its_line_and_what_was_typed_is_kept() {
    let office = Office::open();
    let table =
        format!("{HEADER}\r\ncreate,tra-cu,nowhere,commune,Xã Trà Cú,2020-01-01\r\ncreate,b,tv,làng,,x\r\n");
    let page = office.send("/office/units/import", &[("table", &table), ("name", "<b>.csv")]);
    assert_eq!(page.status, 422);
    let text = page.text();
    for told in
        ["Line 2, <code>parent", "Line 3, <code>kind", "Line 3, <code>name_vi", "Line 3, <code>valid_from"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(text.contains("create,tra-cu,nowhere,commune") && text.contains("&#60;b&#62;.csv"), "{text}");
    let unreadable = office.send("/office/units/import", &[("table", "name\nx")]);
    assert_eq!(unreadable.status, 422);
    assert!(unreadable.text().contains("is no column"), "{}", unreadable.text());
}

#[test]
fn an_instrument_is_shown_in_all_its_languages_and_the_policy_with_its_sources() {
    let office = Office::open();
    let list = office.get("/office/forms").text();
    assert!(list.contains("/office/forms/one-stop-short/1"), "{list}");
    let form = office.get("/office/forms/one-stop-short/1").text();
    for language in ["vi", "km", "en"] {
        assert!(form.contains(&format!("<span lang=\"{language}\">")), "{language}");
    }
    assert!(form.contains("How was the service this time?") && form.contains("access.ease"), "{form}");
    assert_eq!(office.get("/office/forms/one-stop-short/99").status, 404);
    assert_eq!(office.get("/office/forms/one-stop-short/1?with=99").status, 404);
    let same = office.get("/office/forms/one-stop-short/1?with=1").text();
    assert!(same.contains("The two versions do not differ"), "{same}");

    let policy = office.get("/office/policy").text();
    let row = policy.split("<tr>").find(|row| row.contains("<code>public-from</code>")).unwrap().to_owned();
    assert!(row.contains("<b>20</b>") && row.contains("command line"), "{row}");
    for setting in ["anyone-from", "close-after-days", "session-hours", "second-factor-for", "oidc-issuer"] {
        assert!(policy.contains(&format!("<code>{setting}</code>")), "{setting}");
    }
}
