//! Links that open once: the first account, invitations, resets.

use std::{process::Stdio, sync::Arc};

use super::people::{Browser, OTHER, PASSWORD, account, attribute, audit, enrol, signed_in, text_of};
use crate::support::{
    database::PrivateDatabase,
    harm::TestClock,
    service::{TestService, command, sipas},
};

/// The path of a link that a command or a page showed.
fn path(shown: &str) -> String {
    let at = shown.find("/welcome/").unwrap_or_else(|| panic!("no link: {shown}"));
    shown[at..].split_whitespace().next().unwrap().to_owned()
}

const NEW: [(&str, &str); 2] = [("password", OTHER), ("again", OTHER)];

fn set_up_fields(name: &str) -> [(&str, &str); 4] {
    [("name", name), ("display_name", "Nguyễn Thị Lan"), NEW[0], NEW[1]]
}

/// What a service that starts writes to standard output, until it listens.
fn first_words(database: &PrivateDatabase) -> (String, String) {
    let out = database.folder.path().join("out");
    let mut child = command(database)
        .args(["serve", "--listen", "127.0.0.1:0", "--public-url", "https://sipas.test"])
        .stdout(std::fs::File::create(&out).unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = String::new();
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    for line in lines.map_while(Result::ok) {
        log.push_str(&line);
        log.push('\n');
        if line.contains("listens on") {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    (std::fs::read_to_string(out).unwrap(), log)
}

#[test]
fn the_first_start_shows_a_link_once_and_never_in_the_log() {
    let database = PrivateDatabase::new();
    let (out, log) = first_words(&database);
    assert!(out.contains("https://sipas.test/welcome/"), "{out}{log}");
    let link = path(&out);
    assert!(!log.contains("/welcome/") && !log.contains(link.trim_start_matches("/welcome/")), "{log}");
    let (again, log) = first_words(&database);
    assert_eq!(again, "");
    assert!(log.contains("sipas account setup-link"), "{log}");

    let service = TestService::on(Arc::new(database), &[]);
    let browser = Browser::new(&service);
    assert_eq!(text_of(&browser.page(&link), "h1"), "The first account");
    assert_eq!(browser.sent(&link, &set_up_fields("lan@tracu.gov.vn")), "/office");
    assert_eq!(browser.get("/office").header("location"), "/account/second-factor");
    enrol(&browser);
    assert!(browser.page("/office").contains("Administrator: everywhere"));
    assert_eq!(browser.get(&link).status, 410);
    assert!(service.cli(&["account", "setup-link"]).status.code() == Some(3));
    assert!(!service.log().contains(link.trim_start_matches("/welcome/")));
}

#[test]
fn faults_of_the_first_account_are_told_together_and_use_nothing_up() {
    let service = TestService::start();
    let link = path(&service.cli_ok(&["account", "setup-link"]));
    let browser = Browser::new(&service);
    for _ in 0..3 {
        assert_eq!(browser.get(&link).status, 200, "scanners of mail follow links");
    }
    let fields = [("name", "Lan Nguyễn"), ("display_name", " "), ("password", "ngắn quá"), ("again", "x")];
    let answer = browser.post(&link, &fields);
    assert_eq!(answer.status, 422);
    let said = super::people::texts_of(&answer.text(), "[role=alert] li");
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(answer.text().contains("value=\"Lan Nguyễn\"") && !answer.text().contains("ngắn quá"));
    for (password, again, said) in [
        ("aaaaaaaaaaaaaaaaaaaa", "", "would be guessed early"),
        ("sipassipassipas", "", "would be guessed early"),
        (OTHER, PASSWORD, "The two passwords differ"),
        (&"lúa chín ".repeat(40), "", "at most 256"),
    ] {
        let fields = [("name", "lan"), ("display_name", "Lan"), ("password", password), ("again", again)];
        browser.refused(&link, &fields, said);
    }
    assert_eq!(browser.sent(&link, &set_up_fields("lan")), "/office");
}

#[test]
fn two_who_send_the_first_account_at_once_make_one() {
    let service = TestService::start();
    let earlier = path(&service.cli_ok(&["account", "setup-link"]));
    let link = path(&service.cli_ok(&["account", "setup-link"]));
    assert_eq!(Browser::new(&service).get(&earlier).status, 410, "only the newest link opens");
    let send = |name: &'static str| {
        let (service, link) = (&service, &link);
        move || Browser::new(service).post(link, &set_up_fields(name)).status
    };
    let mut ended: Vec<u16> = std::thread::scope(|scope| {
        let all = ["lan", "tam", "hoa", "minh"].map(|name| scope.spawn(send(name)));
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    ended.sort_unstable();
    assert_eq!(ended, [303, 410, 410, 410]);
    assert_eq!(service.cli_ok(&["account", "list"]).lines().count(), 2);
}

#[test]
fn an_invitation_sets_a_password_once_within_three_days() {
    let mut database = PrivateDatabase::new();
    let clock = TestClock::before(&mut database);
    let service = TestService::on(Arc::new(database), &[]);
    let make = |name: &str| {
        path(&service.cli_ok(&[
            "account",
            "create",
            "--name",
            name,
            "--display-name",
            "Tâm",
            "--role",
            "leader",
        ]))
    };
    let (link, late) = (make("tam"), make("hoa"));
    let browser = Browser::new(&service);
    assert_eq!(text_of(&browser.page(&link), "h1"), "Welcome, Tâm");
    assert_eq!(browser.sent(&link, &NEW), "/office");
    assert!(browser.is_in());
    for gone in [browser.get(&link), browser.post(&link, &NEW)] {
        assert_eq!(gone.status, 410);
        assert_eq!(text_of(&gone.text(), "h1"), "This link does not open any more");
        assert!(gone.text().contains("ask an administrator for a new link"));
    }
    clock.forward(3 * 24 * 3600 + 1);
    let other = Browser::new(&service);
    assert_eq!((other.get(&late).status, other.post(&late, &NEW).status), (410, 410));
    assert_eq!(other.sign_in("tam", OTHER).status, 303);
    assert_eq!(other.get("/welcome/nothing").status, 410);
    assert_eq!(
        audit(&service, "tam"),
        [
            "account:tam session.sign_in",
            "account:tam session.sign_in",
            "account:tam account.password",
            &format!("{} account.grant", shell(&service)),
            &format!("{} account.create", shell(&service)),
        ]
    );
}

/// Who works on the shell, as the log says it.
fn shell(service: &TestService) -> String {
    let made = audit(service, "hoa").pop().unwrap();
    made.split_once(' ').unwrap().0.to_owned()
}

#[test]
fn a_reset_ends_every_session_and_says_so() {
    let service = TestService::start();
    let before = signed_in(&service, "lan", "analyst", None);
    let link = path(&service.cli_ok(&["account", "reset", "lan"]));
    assert!(before.is_in(), "the link alone changes nothing");
    let browser = Browser::new(&service);
    assert_eq!(browser.sent(&link, &NEW), "/account?done=reset");
    let page = browser.page("/account?done=reset");
    assert!(text_of(&page, ".note").contains("If you did not ask for this"), "{page}");
    assert!(!before.is_in());
    assert_eq!(browser.sign_in("lan", PASSWORD).status, 422);
    assert_eq!(browser.sign_in("lan", OTHER).status, 303);
}

#[test]
fn a_reset_leaves_the_second_factor_and_a_lost_telephone_is_another_matter() {
    let service = TestService::start();
    let (phone, _codes) = enrol(&signed_in(&service, "lan", "analyst", None));
    let link = path(&service.cli_ok(&["account", "reset", "lan"]));
    let browser = Browser::new(&service);
    let code_page = browser.sent(&link, &NEW);
    assert!(!browser.is_in());
    let next = attribute(&browser.page(&code_page), "input[name=next]", "value");
    let told = browser.sent("/sign-in/code", &[("code", &phone.code(1)), ("next", &next)]);
    assert_eq!(told, "/account?done=reset");
    assert!(browser.is_in());

    let link = path(&service.cli_ok(&["account", "reset", "lan", "--remove-second-factor"]));
    assert!(!browser.is_in(), "its sessions ended");
    let other = Browser::new(&service);
    assert_eq!(other.sent(&link, &[("password", PASSWORD), ("again", PASSWORD)]), "/account?done=reset");
    assert!(other.is_in());
}

#[test]
fn the_links_of_a_shut_account_do_not_open() {
    let service = TestService::start();
    account(&service, "lan", "analyst", None);
    let link = path(&service.cli_ok(&["account", "reset", "lan"]));
    service.cli_ok(&["account", "disable", "lan"]);
    assert_eq!(Browser::new(&service).get(&link).status, 410);
    service.cli_ok(&["account", "enable", "lan"]);
    assert_eq!(Browser::new(&service).get(&link).status, 410);
    let refused = sipas(&service.database, &["account", "enable", "lan"]);
    assert_eq!(refused.status.code(), Some(3));
}
