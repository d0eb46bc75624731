//! One's own account: password, second factor, sessions.

use super::people::{
    Browser, OTHER, PASSWORD, Phone, attribute, audit, enrol, signed_in, summary, text_of, texts_of,
};
use crate::support::service::TestService;

#[test]
fn a_changed_password_ends_all_other_sessions_and_rotates_this_one() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "analyst", None);
    let (copy, other) = (browser.copy(), Browser::new(&service));
    other.sign_in("lan", PASSWORD);
    let change = |current, new, again| [("current", current), ("password", new), ("again", again)];
    let path = "/account/password";
    browser.refused(path, &change("something else", OTHER, OTHER), "not the password that you have now");
    browser.refused(path, &change(PASSWORD, "ngắn", "ngắn"), "at least 15 characters");
    browser.refused(path, &change(PASSWORD, OTHER, "x"), "The two passwords differ");
    assert_eq!(browser.sent(path, &change(PASSWORD, OTHER, OTHER)), "/account?done=password");
    assert!(text_of(&browser.page("/account?done=password"), ".note").contains("was changed"));
    assert!(browser.is_in() && !copy.is_in() && !other.is_in());
    assert_eq!(other.sign_in("lan", PASSWORD).status, 422);
    assert_eq!(other.sign_in("lan", OTHER).status, 303);
    assert_eq!(audit(&service, "lan")[2], "account:lan account.password");
}

#[test]
fn an_open_session_does_not_guess_at_the_password() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "analyst", None);
    let guess = [("current", "guess at this"), ("password", OTHER), ("again", OTHER)];
    for _ in 0..10 {
        assert_eq!(browser.post("/account/password", &guess).status, 422);
    }
    let waits = browser.post("/account/password", &guess);
    assert_eq!(waits.status, 429);
    assert!(!waits.header("retry-after").is_empty());
    assert_eq!(Browser::new(&service).sign_in("lan", PASSWORD).status, 429, "by whichever way");
}

#[test]
fn administrators_set_up_a_second_factor_before_anything_else() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "administrator", None);
    for path in ["/office", "/account", "/office/people"] {
        assert_eq!(browser.get(path).header("location"), "/account/second-factor", "{path}");
    }
    assert_eq!(browser.post("/account/password", &[]).status, 403);
    let (page, copy) = (browser.page("/account/second-factor"), browser.copy());
    assert!(page.contains("<svg") && page.contains("must have a second factor"), "{page}");
    let offered = attribute(&page, "input[name=offered]", "value");
    let phone = Phone::with(&text_of(&page, "code.secret"));
    let send = |offered: &str, code: &str| {
        browser.post("/account/second-factor", &[("offered", offered), ("code", code)])
    };
    let wrong = send(&offered, &phone.code(9));
    assert_eq!(wrong.status, 422);
    assert!(summary(&wrong.text()).contains("The code is wrong"));
    assert_eq!(text_of(&wrong.text(), "code.secret"), text_of(&page, "code.secret"), "the same offer again");
    // What the page carries is sealed: nobody chooses a secret for somebody else.
    let mut forged = offered.clone();
    forged.replace_range(60..62, if &forged[60..62] == "00" { "11" } else { "00" });
    assert_eq!(send(&forged, &phone.code(0)).header("location"), "/account/second-factor");
    let done = send(&offered, &phone.code(0));
    assert_eq!(texts_of(&done.text(), "ol.codes code").len(), 10);
    assert!(!copy.is_in(), "what began without a second factor ended");
    assert!(browser.page("/office").contains("Administrator"));
    assert_eq!(send(&offered, &phone.code(1)).status, 303, "it is set up once");
    assert_eq!(audit(&service, "lan")[0], "account:lan account.totp_on");
}

#[test]
fn an_offer_is_its_accounts_alone() {
    let service = TestService::start();
    let lan = signed_in(&service, "lan", "analyst", None);
    let tam = signed_in(&service, "tam", "analyst", None);
    let page = lan.page("/account/second-factor");
    let offered = attribute(&page, "input[name=offered]", "value");
    let phone = Phone::with(&text_of(&page, "code.secret"));
    let fields = [("offered", offered.as_str()), ("code", &phone.code(0))];
    assert_eq!(tam.post("/account/second-factor", &fields).status, 303);
    assert!(text_of(&tam.page("/account"), "main").contains("There is none"));
}

#[test]
fn a_second_factor_is_renewed_and_turned_off_by_the_password() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "analyst", None);
    let (_phone, old) = enrol(&browser);
    let (codes, off) = ("/account/second-factor/codes", "/account/second-factor/off");
    browser.refused(codes, &[("current", "something")], "not the password that you have now");
    let renewed = browser.post(codes, &[("current", PASSWORD)]);
    let new = texts_of(&renewed.text(), "ol.codes code");
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    let other = Browser::new(&service);
    other.sign_in("lan", PASSWORD);
    other.refused("/sign-in/code", &[("code", &old[0])], "The code is wrong");
    assert_eq!(other.sent("/sign-in/code", &[("code", &new[0])]), "/office");
    browser.refused(off, &[("current", "something")], "not the password that you have now");
    assert_eq!(browser.sent(off, &[("current", PASSWORD)]), "/account?done=factor-off");
    assert!(browser.is_in() && !other.is_in());
    assert_eq!(other.sign_in("lan", PASSWORD).header("location"), "/office");
    let done = audit(&service, "lan");
    for action in ["account.recovery", "account.totp_off"] {
        assert!(done.contains(&format!("account:lan {action}")), "{done:?}");
    }
}

#[test]
fn what_the_policy_demands_is_not_turned_off() {
    let service = TestService::start_with(&["--set", "second-factor-for=administrator,analyst"]);
    let browser = signed_in(&service, "lan", "analyst", None);
    assert_eq!(browser.get("/office").header("location"), "/account/second-factor");
    enrol(&browser);
    assert!(!browser.page("/account/second-factor").contains("action=\"/account/second-factor/off\""));
    browser.refused("/account/second-factor/off", &[("current", PASSWORD)], "cannot be turned off");
    assert!(text_of(&browser.page("/account"), "main").contains("Recovery codes left: 10"));
}

#[test]
fn sessions_are_seen_and_ended_and_name_no_device() {
    let service = TestService::start();
    let here = signed_in(&service, "lan", "analyst", None);
    let [one, two] = [(); 2].map(|()| {
        let other = Browser::new(&service);
        other.sign_in("lan", PASSWORD);
        other
    });
    let page = here.page("/account");
    assert_eq!(texts_of(&page, ".list tbody tr").len(), 3);
    assert!(!page.contains("127.0.0.1") && !page.contains("ureq"));
    let stranger = signed_in(&service, "tam", "analyst", None);
    let id = attribute(&one.page("/account"), ".list button", "value");
    stranger.sent("/account/sessions", &[("session", &id)]);
    assert!(here.is_in() && one.is_in() && two.is_in(), "sessions of others are not theirs to end");
    let first = attribute(&page, ".list button", "value");
    assert_eq!(here.sent("/account/sessions", &[("session", &first)]), "/account?done=sessions");
    assert!(here.is_in());
    assert_eq!([&one, &two].iter().filter(|browser| browser.is_in()).count(), 1);
    here.sent("/account/sessions", &[("session", "others")]);
    assert!(here.is_in() && !one.is_in() && !two.is_in());
    assert_eq!(texts_of(&here.page("/account"), ".list tbody tr").len(), 1);
}
