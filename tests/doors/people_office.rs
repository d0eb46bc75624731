//! People and grants on the pages: who sees whom, and who may do what to them.

use super::people::{
    Browser, OTHER, PASSWORD, account, attribute, audit, enrol, signed_in, text_of, texts_of,
};
use crate::support::service::TestService;

/// Pages of administrators, without their second factor before each of them.
fn service() -> TestService {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
    );
    service
}

/// Names to sign in with, as the list shows them.
fn listed(browser: &Browser<'_>) -> Vec<String> {
    texts_of(&browser.page("/office/people"), "tbody th small")
}

/// The address of somebody's page.
fn page_of(browser: &Browser<'_>, name: &str) -> String {
    let page = browser.page(&format!("/office/people?q={name}"));
    attribute(&page, "tbody th a", "href")
}

fn new<'a>(name: &'a str, role: &'a str, unit: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("display_name", "Trần Văn Tâm"),
        ("name", name),
        ("email", ""),
        ("role", role),
        ("unit", unit),
        ("from", "2026-01-01"),
        ("to", ""),
    ]
}

#[test]
fn an_administrator_invites_grants_shuts_and_lets_in_again() {
    let service = service();
    let admin = signed_in(&service, "lan", "administrator", None);
    let made = admin.post("/office/people/new", &new("tam@tracu.vn", "clerk", "tra-cu"));
    assert_eq!(made.status, 200);
    let link = text_of(&made.text(), "#link");
    let path = link.find("/welcome/").map(|at| link[at..].to_owned()).unwrap();
    let home = page_of(&admin, "tam@tracu.vn");
    assert!(!admin.page(&home).contains("/welcome/"), "it is shown once");
    assert!(!home.contains("tam"), "addresses name nobody");
    let tam = Browser::new(&service);
    assert_eq!(tam.sent(&path, &[("password", OTHER), ("again", OTHER)]), "/office");
    assert!(tam.page("/office").contains("Clerk: Xã Trà Cú"));

    let role = [("role", "analyst"), ("unit", "*"), ("from", "2026-01-01"), ("to", "2099-12-31")];
    assert_eq!(admin.sent(&format!("{home}/grant"), &role), format!("{home}?done=grant"));
    assert_eq!(tam.get("/api/v1/counts").status, 200);
    let page = admin.page(&home);
    let withdraw = attribute(&page, "li.two:nth-child(1) a", "href");
    let second = attribute(&page, "li.two:nth-child(2) a", "href");
    let analyst = if admin.page(&withdraw).contains("Analyst") { withdraw } else { second };
    let grant = analyst.split_once('=').unwrap().1.to_owned();
    admin.sent(&format!("{home}/withdraw"), &[("grant", &grant)]);
    assert_eq!(tam.get("/api/v1/counts").status, 403);
    assert_eq!(admin.post(&format!("{home}/withdraw"), &[("grant", &grant)]).status, 404);

    enrol(&tam);
    admin.sent(&format!("{home}/factor"), &[]);
    assert!(!tam.is_in());
    assert_eq!(tam.sign_in("tam@tracu.vn", OTHER).header("location"), "/office");
    admin.sent(&format!("{home}/disable"), &[]);
    assert!(!tam.is_in());
    admin.refused(&format!("{home}/disable"), &[], "it is so already");
    admin.sent(&format!("{home}/enable"), &[]);
    let reset = admin.post(&format!("{home}/link"), &[]);
    let link = text_of(&reset.text(), "#link");
    let path = link.find("/welcome/").map(|at| link[at..].to_owned()).unwrap();
    assert_eq!(tam.sent(&path, &[("password", PASSWORD), ("again", PASSWORD)]), "/account?done=reset");
    let done = audit(&service, "tam@tracu.vn");
    for action in ["create", "grant", "withdraw", "totp_off", "disable", "enable", "reset"] {
        assert!(done.contains(&format!("account:lan account.{action}")), "{action}: {done:?}");
    }
}

#[test]
fn faults_come_back_at_their_fields_and_grant_nothing() {
    let service = service();
    let admin = signed_in(&service, "lan", "administrator", None);
    let fields = [
        ("display_name", ""),
        ("name", "Trần Tâm"),
        ("email", "no address"),
        ("role", ""),
        ("unit", ""),
        ("from", "32/13"),
        ("to", ""),
    ];
    let answer = admin.post("/office/people/new", &fields);
    assert_eq!(answer.status, 422);
    assert_eq!(texts_of(&answer.text(), "[role=alert] li").len(), 6, "{}", answer.text());
    assert_eq!(attribute(&answer.text(), "#name", "value"), "Trần Tâm");
    admin.refused("/office/people/new", &new("lan", "clerk", "tra-cu"), "Another account has this name");
    let backwards = [
        ("display_name", "T"),
        ("name", "tam"),
        ("role", "clerk"),
        ("unit", "*"),
        ("from", "2026-02-01"),
        ("to", "2026-01-01"),
    ];
    admin.refused("/office/people/new", &backwards, "before the first");
    assert_eq!(listed(&admin), ["lan"]);
}

#[test]
fn an_administrator_of_a_subtree_stays_within_it() {
    let service = service();
    account(&service, "whole", "administrator", None);
    account(&service, "neighbour", "clerk", Some("dai-an"));
    account(&service, "above", "clerk", Some("tv"));
    account(&service, "own", "clerk", Some("tra-cu"));
    account(&service, "both", "clerk", Some("tra-cu"));
    service.cli_ok(&["account", "grant", "both", "--role", "leader", "--unit", "dai-an"]);
    let whole = Browser::new(&service);
    whole.sign_in("whole", PASSWORD);
    let admin = signed_in(&service, "sub", "administrator", Some("tra-cu"));
    assert_eq!(listed(&admin), ["own", "sub"]);
    for name in ["whole", "neighbour", "above", "both"] {
        let home = page_of(&whole, name);
        assert_eq!(admin.get(&home).status, 404, "{name}");
        for action in ["grant", "disable", "link", "factor"] {
            let path = format!("{home}/{action}");
            assert_eq!(
                (admin.get(&path).status, admin.post(&path, &[]).status),
                (404, 404),
                "{name} {action}"
            );
        }
    }
    let path = "/office/people/new";
    for unit in ["*", "tv", "dai-an"] {
        admin.refused(path, &new("tam", "clerk", unit), "reaches further than your own");
    }
    let offered = texts_of(&admin.page(path), "#unit option");
    assert_eq!(offered, ["Please choose", "Xã Trà Cú"]);
    assert_eq!(admin.post(path, &new("tam", "administrator", "tra-cu")).status, 200);
    let own = page_of(&admin, "own");
    let wide = [("role", "clerk"), ("unit", "tv"), ("from", "2026-01-01"), ("to", "")];
    admin.refused(&format!("{own}/grant"), &wide, "reaches further than your own");
    let last = attribute(&admin.page(&own), "li.two a", "href");
    let grant = last.split_once('=').unwrap().1.to_owned();
    admin.refused(&format!("{own}/withdraw"), &[("grant", &grant)], "Shut the account instead");
    admin.sent(&format!("{own}/disable"), &[]);
    // A grant of somebody else is not taken back by way of this page.
    let other = page_of(&whole, "neighbour");
    let foreign = attribute(&whole.page(&other), "li.two a", "href");
    let foreign = foreign.split_once('=').unwrap().1.to_owned();
    assert_eq!(admin.post(&format!("{own}/withdraw"), &[("grant", &foreign)]).status, 404);
}

#[test]
fn nobody_raises_themselves_and_the_last_administrator_stays() {
    let service = service();
    let admin = signed_in(&service, "lan", "administrator", None);
    let home = page_of(&admin, "lan");
    assert!(!admin.page(&home).contains(&format!("{home}/grant")));
    let role = [("role", "clerk"), ("unit", "*"), ("from", "2026-01-01"), ("to", "")];
    admin.refused(&format!("{home}/grant"), &role, "Nobody changes their own roles");
    for action in ["disable", "link"] {
        admin.refused(&format!("{home}/{action}"), &[], "Nobody changes their own roles");
    }
    let second = signed_in(&service, "tam", "administrator", None);
    second.sent(&format!("{home}/disable"), &[]);
    assert!(!admin.is_in());
    assert!(second.is_in());

    // One whose own role ends makes no administrator who stays.
    service.cli_ok(&["account", "create", "--name", "hoa"]);
    service.cli_ok(&["account", "grant", "hoa", "--role", "administrator", "--to", "2099-12-31"]);
    let link = service.cli_ok(&["account", "reset", "hoa"]);
    let hoa = Browser::new(&service);
    let path = link[link.find("/welcome/").unwrap()..].trim().to_owned();
    hoa.sent(&path, &[("password", OTHER), ("again", OTHER)]);
    hoa.refused("/office/people/new", &new("minh", "administrator", "tv"), "cannot stay longer");
    assert_eq!(hoa.post("/office/people/new", &new("minh", "clerk", "tv")).status, 200);
}

#[test]
fn two_administrators_who_shut_each_other_leave_one() {
    let service = service();
    for round in 0..4 {
        let names = [format!("a{round}"), format!("b{round}")];
        let [one, two] = [&names[0], &names[1]].map(|name| signed_in(&service, name, "administrator", None));
        for earlier in 0..round {
            for letter in ["a", "b"] {
                let name = format!("{letter}{earlier}");
                let home = page_of(&one, &name);
                let _already = one.post(&format!("{home}/disable"), &[]);
            }
        }
        let (homes, sessions) = (
            [page_of(&one, &names[1]), page_of(&one, &names[0])],
            [one.session().unwrap(), two.session().unwrap()],
        );
        let service = &service;
        let ended: Vec<u16> = std::thread::scope(|scope| {
            let both = homes.iter().zip(&sessions).map(|(home, session)| {
                let mut request = service.form_request(&format!("{home}/disable"), &[]);
                request.headers_mut().insert("cookie", format!("sipas_session={session}").parse().unwrap());
                scope.spawn(move || service.send(request).status)
            });
            let both: Vec<_> = both.collect();
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(ended.iter().filter(|status| **status == 303).count(), 1, "{ended:?}");
        assert!(one.is_in() != two.is_in());
    }
}

#[test]
fn an_auditor_sees_people_and_changes_nothing_and_others_see_nobody() {
    let service = service();
    account(&service, "tam", "clerk", Some("tra-cu"));
    let auditor = signed_in(&service, "hoa", "auditor", None);
    assert_eq!(listed(&auditor), ["hoa", "tam"]);
    let home = page_of(&auditor, "tam");
    assert!(!auditor.page(&home).contains(&format!("{home}/")));
    assert!(!auditor.page("/office/people").contains("/office/people/new"));
    for path in ["/office/people/new".to_owned(), format!("{home}/disable"), format!("{home}/link")] {
        assert_eq!((auditor.get(&path).status, auditor.post(&path, &[]).status), (403, 403), "{path}");
    }
    for role in ["analyst", "unit_head", "clerk", "leader", "operator"] {
        let browser = signed_in(&service, role, role, None);
        assert_eq!(browser.get("/office/people").status, 403, "{role}");
        assert_eq!(browser.get(&home).status, 403, "{role}");
    }
    let local = signed_in(&service, "local", "auditor", Some("dai-an"));
    assert_eq!(listed(&local), ["local"]);
    assert_eq!(local.get(&home).status, 404);
}

#[test]
fn a_long_list_comes_in_pages_and_is_searched() {
    let service = service();
    let admin = signed_in(&service, "lan", "administrator", None);
    let store = sipas::storage::Store::open(&service.database.url, 1).unwrap();
    for number in 0..120 {
        let account = sipas::storage::accounts::Account {
            id: sipas::domain::account::AccountId(rand::random()),
            name: format!("person{number:03}").parse().unwrap(),
            display_name: format!("Người {number}"),
            email: String::new(),
            password: None,
            totp: None,
            totp_step: None,
            oidc_subject: None,
            created: sipas::domain::period::Day::from_number(20_000),
            disabled: None,
        };
        assert!(store.with(|db| sipas::storage::accounts::create(db, &account)).unwrap());
    }
    assert_eq!(listed(&admin).len(), 100);
    let page = admin.page("/office/people?page=2");
    assert_eq!(texts_of(&page, "tbody th small").len(), 21);
    assert!(text_of(&page, ".basis").contains("121"));
    let found = texts_of(&admin.page("/office/people?q=NG%C6%AF%E1%BB%9CI+11"), "tbody th small");
    assert_eq!(found.len(), 11, "{found:?}");
    assert_eq!(admin.get("/office/people?page=x").status, 422);
}
