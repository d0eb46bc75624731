//! Signing in: both steps, once each, and what happens to those who guess.

use std::time::Instant;

use super::people::{Browser, PASSWORD, account, audit, enrol, enrol_at, signed_in, summary, text_of};
use crate::support::{database::PrivateDatabase, harm::TestClock, service::TestService};

#[test]
fn a_code_opens_after_the_password_and_works_once() {
    let service = TestService::start();
    let (phone, codes) = enrol(&signed_in(&service, "lan", "analyst", None));

    let browser = Browser::new(&service);
    let half = browser.sign_in("lan", PASSWORD);
    assert_eq!((half.status, half.header("location")), (303, "/sign-in/code?next=/office"));
    let half_secret = browser.session().unwrap();
    assert!(!browser.is_in(), "the password alone opens nothing");
    assert_eq!(browser.get("/api/v1/counts").status, 401);
    assert_eq!(text_of(&browser.page("/sign-in/code"), "h1"), "Second step: the code");
    // The code of the enrolment was taken, and so was every earlier one.
    browser.refused("/sign-in/code", &[("code", &phone.code(0))], "The code is wrong");
    browser.refused("/sign-in/code", &[("code", &phone.code(-1))], "The code is wrong");
    browser.refused("/sign-in/code", &[("code", &phone.code(5))], "The code is wrong");
    assert_eq!(browser.sent("/sign-in/code", &[("code", &phone.code(1)), ("next", "/scores")]), "/scores");
    assert!(browser.is_in());
    assert_ne!(browser.session().unwrap(), half_secret, "who proves more gets another session");

    let second = Browser::new(&service);
    second.sign_in("lan", PASSWORD);
    second.refused("/sign-in/code", &[("code", &phone.code(1))], "The code is wrong");
    let copied = codes[0].to_lowercase().replace('-', " ");
    assert_eq!(second.sent("/sign-in/code", &[("code", &copied)]), "/office");
    assert!(second.is_in());

    let third = Browser::new(&service);
    third.sign_in("lan", PASSWORD);
    third.refused("/sign-in/code", &[("code", &codes[0])], "The code is wrong");
    assert!(!third.is_in());
    let left = text_of(&second.page("/account"), "main");
    assert!(left.contains("Recovery codes left: 9"), "{left}");
}

#[test]
fn the_same_code_sent_twice_at_once_lets_one_in() {
    let service = TestService::start();
    let (_phone, codes) = enrol(&signed_in(&service, "lan", "analyst", None));
    let browsers = [Browser::new(&service), Browser::new(&service)];
    for browser in &browsers {
        browser.sign_in("lan", PASSWORD);
    }
    let halves: Vec<String> = browsers.iter().map(|browser| browser.session().unwrap()).collect();
    let service = &service;
    let ended: Vec<u16> = std::thread::scope(|scope| {
        let sending: Vec<_> = halves
            .iter()
            .map(|half| {
                let mut request = service.form_request("/sign-in/code", &[("code", &codes[3])]);
                request.headers_mut().insert("cookie", format!("sipas_session={half}").parse().unwrap());
                scope.spawn(move || service.send(request).status)
            })
            .collect();
        sending.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut sorted = ended.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [303, 422], "{ended:?}");
}

#[test]
fn who_guesses_at_a_password_waits_and_nobody_learns_who_is_there() {
    let service = TestService::start();
    account(&service, "lan", "analyst", None);
    account(&service, "tam", "analyst", None);
    let browser = Browser::new(&service);
    for name in ["lan", "nobody"] {
        for guess in 0..10 {
            let answer = browser.sign_in(name, &format!("guess {guess}"));
            assert_eq!(answer.status, 422, "{name} {guess}");
            assert!(summary(&answer.text()).contains("The name or the password is not right"));
        }
        let waits = browser.sign_in(name, PASSWORD);
        assert_eq!(waits.status, 429, "{name}: also with the right password");
        let seconds: u64 = waits.header("retry-after").parse().unwrap();
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert!(summary(&waits.text()).contains("Please wait"), "{}", waits.text());
    }
    assert_eq!(browser.sign_in("LAN ", PASSWORD).status, 429, "however it is written");
    assert_eq!(browser.sign_in("tam", PASSWORD).status, 303, "others do not wait");
    service.eventually("refusals are noted, not each of them", |service| {
        audit(service, "lan").iter().filter(|entry| *entry == "unknown session.refused").count() == 5
    });
    assert!(audit(&service, "nobody").is_empty());
}

#[test]
fn waiting_ends_by_itself_and_a_right_password_forgets_what_was_wrong() {
    let mut database = PrivateDatabase::new();
    let clock = TestClock::before(&mut database);
    let service = TestService::on(std::sync::Arc::new(database), &[]);
    account(&service, "lan", "analyst", None);
    let browser = Browser::new(&service);
    let guess = |times: usize| (0..times).for_each(|_| assert_eq!(browser.sign_in("lan", "no").status, 422));
    guess(10);
    assert_eq!(browser.sign_in("lan", PASSWORD).status, 429);
    clock.forward(31);
    guess(1);
    assert_eq!(browser.sign_in("lan", PASSWORD).status, 429);
    clock.forward(31 + 31);
    assert_eq!(browser.sign_in("lan", PASSWORD).header("location"), "/office");
    guess(9);
    assert_eq!(browser.sign_in("lan", PASSWORD).header("location"), "/office");
}

#[test]
fn a_hall_behind_one_address_signs_in_and_a_guesser_of_names_does_not() {
    let service = TestService::start_with(&["--set", "trusted-proxy=127.0.0.1"]);
    account(&service, "lan", "analyst", None);
    let hall = |name: &str, password: &str, from: &str| {
        let mut browser = Browser::new(&service);
        browser.from = Some(from.to_owned());
        browser.sign_in(name, password).status
    };
    let at_once = |people: std::ops::Range<usize>, name: fn(usize) -> String, password: &'static str| {
        let hall = &hall;
        let all: Vec<usize> = people.collect();
        std::thread::scope(|scope| {
            let rows = all.chunks(all.len().div_ceil(6)).map(|row| {
                scope.spawn(move || {
                    row.iter().map(|one| hall(&name(*one), password, "203.0.113.7")).collect::<Vec<_>>()
                })
            });
            let rows: Vec<_> = rows.collect();
            rows.into_iter().flat_map(|row| row.join().unwrap()).collect::<Vec<u16>>()
        })
    };
    // 300 people, each once, and each rightly; one account stands for all of them, which is harder.
    let right = at_once(0..300, |_| "lan".to_owned(), PASSWORD);
    assert!(right.iter().all(|status| *status == 303), "{right:?}");
    // Names that are tried one after the other. While they are, some are forgiven again.
    let mut wrong = Vec::new();
    for round in 0..20 {
        wrong.extend(at_once(round * 100..round * 100 + 100, |one| format!("person{one}"), "something"));
        if wrong.contains(&429) {
            break;
        }
    }
    assert!(wrong.iter().filter(|status| **status == 422).count() >= 300, "{wrong:?}");
    assert_eq!(hall("lan", PASSWORD, "203.0.113.200"), 429, "the neighbourhood waits");
    assert_eq!(hall("lan", PASSWORD, "203.0.114.7"), 303, "another does not");
}

#[test]
fn a_wrong_name_takes_as_long_as_a_wrong_password() {
    const ROUNDS: usize = 20;
    let service = TestService::start();
    for number in 0..ROUNDS {
        account(&service, &format!("lan{number}"), "analyst", None);
    }
    let browser = Browser::new(&service);
    // The quickest of each kind, in turn: the others waited for something else on this machine.
    let mut quickest = [u128::MAX; 3];
    for number in 0..ROUNDS {
        let names = [format!("lan{number}"), format!("tam{number}"), format!("no name {number}")];
        for (least, name) in quickest.iter_mut().zip(names) {
            let begin = Instant::now();
            assert_eq!(browser.sign_in(&name, "something else").status, 422);
            *least = begin.elapsed().as_micros().min(*least);
        }
    }
    let [there, absent, invalid] = quickest;
    for other in [absent, invalid] {
        assert!(other * 2 > there && there * 2 > other, "{there} {absent} {invalid} microseconds");
    }
}

#[test]
fn signing_in_gives_another_session_and_signing_out_ends_it() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "analyst", None);
    let (first, before) = (browser.session().unwrap(), browser.copy());
    assert_eq!(first.len(), 64);
    browser.sign_in("lan", PASSWORD);
    assert_ne!(browser.session().unwrap(), first);
    assert!(!before.is_in(), "the browser's earlier session ended");
    let copy = browser.copy();
    assert_eq!(browser.sent("/sign-out", &[]), "/sign-in");
    assert!(browser.session().is_none() && !copy.is_in());
    assert_eq!(
        audit(&service, "lan")[..3],
        ["account:lan session.end", "account:lan session.sign_in", "account:lan session.sign_in"]
    );
}

#[test]
fn sessions_end_idle_old_and_half_way() {
    let mut database = PrivateDatabase::new();
    let clock = TestClock::before(&mut database);
    let options = ["--set", "session-idle-minutes=10", "--set", "session-hours=1"];
    let service = TestService::on(std::sync::Arc::new(database), &options);
    let browser = signed_in(&service, "lan", "analyst", None);
    for _ in 0..6 {
        clock.forward(9 * 60);
        assert!(browser.is_in());
    }
    clock.forward(7 * 60);
    assert!(!browser.is_in(), "an hour is over, though it was in use");
    browser.sign_in("lan", PASSWORD);
    clock.forward(10 * 60 + 1);
    assert!(!browser.is_in(), "ten minutes without a request");
    browser.sign_in("lan", PASSWORD);
    let mut ahead = 61 * 60 + 10 * 60 + 1;
    let (phone, _codes) = enrol_at(&browser, ahead);
    let other = Browser::new(&service);
    other.sign_in("lan", PASSWORD);
    clock.forward(9 * 60);
    other.page("/sign-in/code");
    clock.forward(2 * 60);
    ahead += 11 * 60;
    assert_eq!(other.get("/sign-in/code").header("location"), "/sign-in");
    let late = phone.code_at(ahead);
    assert_eq!(other.sent("/sign-in/code", &[("code", &late)]), "/sign-in");
}

#[test]
fn cookies_are_for_this_host_alone_and_scripts_and_other_sites_do_not_get_them() {
    let service = TestService::start();
    account(&service, "lan", "analyst", None);
    let plain = Browser::new(&service).sign_in("lan", PASSWORD);
    let cookie = plain.header("set-cookie").to_owned();
    assert!(cookie.starts_with("sipas_session="), "{cookie}");
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"), "{cookie}");

    let tls = TestService::start_with(&["--public-url", "https://sipas.test"]);
    account(&tls, "lan", "analyst", None);
    let browser = Browser::new(&tls);
    let cookie = browser.sign_in("lan", PASSWORD).header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-sipas="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert!(browser.is_in());
    // The plain name counts for nothing there.
    let mut request = tls.page_request("/account/password");
    let value = format!("sipas_session={}", browser.session().unwrap());
    request.headers_mut().insert("cookie", value.parse().unwrap());
    assert_eq!(tls.send(request).status, 303);
}

#[test]
fn forms_of_other_sites_are_refused() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "analyst", None);
    for path in [
        "/sign-in",
        "/sign-in/code",
        "/sign-out",
        "/welcome/x",
        "/account/password",
        "/account/sessions",
        "/account/second-factor",
        "/account/second-factor/codes",
        "/account/second-factor/off",
    ] {
        let mut request = service.form_request(path, &[("session", "others")]);
        request.headers_mut().insert("origin", "https://evil.test".parse().unwrap());
        let cookie = format!("sipas_session={}", browser.session().unwrap());
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        assert_eq!(service.send(request).status, 403, "{path}");
    }
    assert!(browser.is_in());
}
