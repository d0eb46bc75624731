//! What only a browser can tell: the way to an identity provider and back, and whether pages can be used by everybody.

use std::process::Command;

use ureq::http::Request;

use super::{
    callers::{PASSWORD, account, sign_in},
    provider::{Door, Provider, scripts},
};
use crate::support::{database::PrivateDatabase, service::TestService};

/// Runs a script; what it said, where it found nothing wrong.
pub fn run(script: &str, arguments: &[&str]) -> String {
    let done = Command::new("node").current_dir(scripts()).arg(script).args(arguments).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{script}: {out}{err}");
    out.into_owned()
}

#[test]
fn people_join_their_identity_and_sign_in_by_it() {
    let door = Door::new();
    let base = door.base();
    let provider =
        Provider::start("provider.mjs", &[&format!("{base}/sign-in/oidc/back"), "a secret of both"]);
    let database = PrivateDatabase::new();
    let secret = database.folder.path().join("secret");
    std::fs::write(&secret, "a secret of both\n").unwrap();
    let settings = [
        format!("public-url={base}"),
        format!("oidc-issuer={}", provider.issuer),
        "oidc-client-id=sipas".to_owned(),
        format!("oidc-client-secret-file={}", secret.display()),
        "oidc-name=VNeID".to_owned(),
        "oidc-role-claim=groups".to_owned(),
        "oidc-role-map=heads=unit_head".to_owned(),
        "second-factor-for=none".to_owned(),
    ];
    let options: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let service = TestService::on(std::sync::Arc::new(database), &options);
    account(&service, "hoa.le", "leader", None);
    account(&service, "tam.tran", "clerk", None);
    account(&service, "quan.tri", "administrator", None);
    door.leads_to(service.address());
    let said = run("journey.mjs", &[&base, "hoa.le", PASSWORD]);
    assert!(said.contains("stopped half way"), "to its end: {said}");
    let log = service.log();
    assert!(!log.contains("a secret of both") && !log.contains("stranger"), "{log}");
}

#[test]
fn every_page_of_the_offices_is_for_everybody() {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,ham-tan,tv,commune,Xã Hàm Tân,2020-01-01,2025-06-30,tra-cu",
    );
    account(&service, "lan.nguyen", "administrator", None);
    let base = format!("http://{}", service.address());
    run("axe.mjs", &[&base, "", "/sign-in"]);
    let session = sign_in(&service, "lan.nguyen");
    let said = run("axe.mjs", &[&[base.as_str(), &session], PAGES].concat());
    eprint!("{said}");
    // Pages of one person, one token, one tablet: found as people find them, by the links of the lists.
    account(&service, "tam.tran", "clerk", Some("tra-cu"));
    service.cli_ok(&["token", "create", "--name", "dossiers", "--scope", "receipts:write"]);
    service.cli_ok(&["device", "enroll", "--unit", "tra-cu", "--desk", "3"]);
    let mut found: Vec<String> = ["/office/people", "/office/tokens", "/office/devices"]
        .iter()
        .flat_map(|path| links(&service, &session, path))
        .filter(|link| !PAGES.contains(&link.as_str()))
        .collect();
    let of_people: Vec<String> = found.iter().flat_map(|path| links(&service, &session, path)).collect();
    found.extend(of_people);
    found.retain(|link| link.matches('/').count() > 2 && !PAGES.contains(&link.as_str()));
    found.sort();
    found.dedup();
    assert!(found.len() >= 8, "a page for each and for what can be done: {found:?}");
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    eprint!("{}", run("axe.mjs", &[&[base.as_str(), &session], found.as_slice()].concat()));
}

/// Where a page of the offices leads to within them.
fn links(service: &TestService, session: &str, path: &str) -> Vec<String> {
    let request = service.page_request(path);
    let (mut parts, body) = request.into_parts();
    parts.headers.insert("cookie", format!("sipas_session={session}").parse().unwrap());
    let page = service.send(Request::from_parts(parts, body));
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    let html = scraper::Html::parse_document(&page.text());
    let anchors = scraper::Selector::parse("main a[href^='/office/']").unwrap();
    html.select(&anchors).filter_map(|a| a.value().attr("href")).map(str::to_owned).collect()
}

/// Pages of the offices that are read; a new one goes here.
const PAGES: &[&str] = &[
    "/office",
    "/account",
    "/account/identity",
    "/account/password",
    "/account/second-factor",
    "/office/people",
    "/office/people/new",
    "/office/tokens",
    "/office/devices",
    "/office/audit",
    "/office/units",
    "/office/units/import",
    "/office/units/imports/1",
    "/office/forms",
    "/office/forms/one-stop-short/1",
    "/office/policy",
];
