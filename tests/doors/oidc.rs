//! What is refused on the way back from an identity provider: a crooked one signs whatever a test wants.

use serde_json::{Value, json};
use sipas::intake::Clock;
use ureq::http::Request;

use super::{
    callers::{PASSWORD, account, sign_in},
    provider::Provider,
};
use crate::support::service::{Answer, TestService};

/// A service that trusts the crooked provider, and one account that is known there as `lan`.
fn town() -> (TestService, Provider) {
    let provider = Provider::start("crooked.mjs", &[]);
    let settings = [
        format!("oidc-issuer={}", provider.issuer),
        "oidc-client-id=sipas".to_owned(),
        "oidc-role-claim=realm_access.roles".to_owned(),
        "oidc-role-map=heads=unit_head,boss=administrator".to_owned(),
    ];
    let options: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    (TestService::start_with(&options), provider)
}

fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let set = answer.headers.get_all("set-cookie").into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = set.filter_map(|line| line.split(';').next()?.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// A browser that was sent to the provider.
struct Sent {
    cookie: String,
    state: String,
    nonce: String,
    address: String,
}

fn sent_off(answer: &Answer) -> Sent {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let address = answer.header("location").to_owned();
    let (_, query) = address.split_once('?').unwrap();
    let value = |name: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
        pair.unwrap_or_else(|| panic!("no {name} in {address}")).to_owned()
    };
    assert_eq!((value("response_type"), value("code_challenge_method")), ("code".into(), "S256".into()));
    Sent {
        cookie: format!("sipas_oidc={}", cookie(answer, "sipas_oidc").unwrap()),
        state: value("state"),
        nonce: value("nonce"),
        address,
    }
}

fn begin(service: &TestService) -> Sent {
    sent_off(&service.submit("/sign-in/oidc", &[("next", "/office")]))
}

/// What an honest provider would sign.
fn honest(provider: &Provider, sent: &Sent, subject: &str) -> Value {
    let now = Clock::System.unix_seconds();
    json!({
        "iss": provider.issuer, "aud": "sipas", "sub": subject, "nonce": sent.nonce, "iat": now, "exp": now + 60,
        "realm_access": { "roles": ["heads", "administrator"] }, "email": "lan@example.vn",
    })
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - three.len()));
        let digits = (0..=three.len()).map(|at| char::from(DIGITS[bits >> (18 - 6 * at) & 63]));
        digits.collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

fn code(claims: &Value) -> String {
    base64url(claims.to_string().as_bytes())
}

/// The browser comes back.
fn back(service: &TestService, cookies: &str, query: &str) -> Answer {
    let uri = format!("http://{}/sign-in/oidc/back?{query}", service.address());
    let request = Request::get(uri).header("accept", "text/html").header("cookie", cookies);
    service.send(request.body(Vec::new()).unwrap())
}

fn assert_refused(what: &str, answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(cookie(answer, "sipas_session"), None, "{what}: no session begins");
    assert_eq!(
        cookie(answer, "sipas_oidc").as_deref(),
        Some(""),
        "{what}: nothing is left to try again with"
    );
}

/// The account joins the identity, as the page of it does.
fn join(service: &TestService, provider: &Provider, subject: &str) -> (String, Answer) {
    let session = format!("sipas_session={}", sign_in(service, "lan.nguyen"));
    let mut request = service.form_request("/account/identity", &[("do", "join"), ("password", PASSWORD)]);
    request.headers_mut().insert("cookie", session.parse().unwrap());
    let sent = sent_off(&service.send(request));
    let query = format!("state={}&code={}", sent.state, code(&honest(provider, &sent, subject)));
    let joined = back(service, &format!("{session}; {}", sent.cookie), &query);
    (session, joined)
}

#[test]
fn nothing_but_the_truth_signs_anybody_in() {
    let (service, provider) = town();
    account(&service, "lan.nguyen", "leader", None);
    let (_, joined) = join(&service, &provider, "lan");
    assert_eq!((joined.status, joined.header("location")), (303, "/account/identity"), "{}", joined.text());
    let lies: [(&str, &str, Value); 9] = [
        ("another's nonce", "nonce", "another".into()),
        ("no nonce", "nonce", Value::Null),
        ("another issuer", "iss", "https://evil.test".into()),
        ("another client", "aud", "others".into()),
        ("expired", "exp", 1.into()),
        ("another's key", "key", "other".into()),
        ("no signature", "key", "none".into()),
        ("no subject", "sub", "".into()),
        ("a subject that nobody can read", "sub", "a\u{1}b".into()),
    ];
    for (what, claim, lie) in lies {
        let sent = begin(&service);
        let mut claims = honest(&provider, &sent, "lan");
        claims[claim] = lie;
        let answer = back(&service, &sent.cookie, &format!("state={}&code={}", sent.state, code(&claims)));
        assert_refused(what, &answer, 422);
    }
    let sent = begin(&service);
    let truth = code(&honest(&provider, &sent, "lan"));
    let right = format!("state={}&code={truth}", sent.state);
    let other = begin(&service);
    let queries = [
        ("another state", sent.cookie.as_str(), format!("state={}&code={truth}", other.state), 422),
        ("no state", &sent.cookie, format!("code={truth}"), 422),
        ("another browser's cookie", &other.cookie, right.clone(), 422),
        ("no cookie", "", right.clone(), 422),
        ("a cookie that was changed", "sipas_oidc=00ff", right.clone(), 422),
        ("an answer of another issuer", &sent.cookie, format!("{right}&iss=https%3A%2F%2Fevil.test"), 422),
        ("the provider said no", &sent.cookie, format!("state={}&error=access_denied", sent.state), 403),
        ("a code that was used", &sent.cookie, format!("state={}&code=spent", sent.state), 422),
    ];
    for (what, cookies, query, status) in queries {
        assert_refused(what, &back(&service, cookies, &query), status);
    }
    // And the truth does.
    let entered = back(&service, &sent.cookie, &right);
    assert_eq!((entered.status, entered.header("location")), (303, "/office"), "{}", entered.text());
    assert!(cookie(&entered, "sipas_session").is_some_and(|secret| secret.len() == 64));
    assert!(sent.address.starts_with(&provider.issuer));
}

#[test]
fn an_identity_belongs_to_one_account_and_is_never_found_by_its_address() {
    let (service, provider) = town();
    account(&service, "lan.nguyen", "leader", None);
    // The address of the claim is one that an account may have; nobody knows the subject.
    let sent = begin(&service);
    let claims = honest(&provider, &sent, "nobody-here");
    let unknown = back(&service, &sent.cookie, &format!("state={}&code={}", sent.state, code(&claims)));
    assert_refused("an unknown subject", &unknown, 403);
    assert!(unknown.text().contains(&format!("{} nobody-here", provider.issuer)), "{}", unknown.text());
    service.eventually("it is noted", |service| {
        service.cli_ok(&["audit", "list", "--action", "session.refused"]).contains("identity-unknown")
    });

    let (session, _) = join(&service, &provider, "lan");
    account(&service, "hoa.le", "leader", None);
    let other = format!("sipas_session={}", sign_in(&service, "hoa.le"));
    let ask = |cookies: &str, fields: &[(&str, &str)]| {
        let mut request = service.form_request("/account/identity", fields);
        request.headers_mut().insert("cookie", cookies.parse().unwrap());
        service.send(request)
    };
    let wrong = ask(&other, &[("do", "join"), ("password", "not this one at all")]);
    assert_eq!(wrong.status, 422, "an open screen is no password");
    let sent = sent_off(&ask(&other, &[("do", "join"), ("password", PASSWORD)]));
    let query = format!("state={}&code={}", sent.state, code(&honest(&provider, &sent, "lan")));
    // What one person began, another does not end.
    assert_refused("another person", &back(&service, &format!("{session}; {}", sent.cookie), &query), 422);
    let taken = back(&service, &format!("{other}; {}", sent.cookie), &query);
    assert_refused("an identity of another account", &taken, 422);

    let parted = ask(&session, &[("do", "part"), ("password", PASSWORD)]);
    assert_eq!(parted.status, 303, "{}", parted.text());
    let sent = begin(&service);
    let query = format!("state={}&code={}", sent.state, code(&honest(&provider, &sent, "lan")));
    assert_refused("an identity that was parted", &back(&service, &sent.cookie, &query), 403);
}

#[test]
fn a_role_comes_from_a_mapped_value_alone_and_a_second_factor_from_the_provider() {
    let (service, provider) = town();
    account(&service, "lan.nguyen", "leader", None);
    join(&service, &provider, "lan");
    let enter = |roles: Value| {
        let sent = begin(&service);
        let mut claims = honest(&provider, &sent, "lan");
        claims["realm_access"]["roles"] = roles;
        let query = format!("state={}&code={}", sent.state, code(&claims));
        cookie(&back(&service, &sent.cookie, &query), "sipas_session").expect("signed in")
    };
    let open = |session: &str, path: &str| {
        let uri = format!("http://{}{path}", service.address());
        let request = Request::get(uri).header("cookie", format!("sipas_session={session}"));
        service.send(request.header("accept", "text/html").body(Vec::new()).unwrap()).status
    };
    let plain = enter(json!(["administrator", "heads"]));
    assert_eq!(open(&plain, "/office/units"), 403, "the name of a role is no mapped value");
    assert_eq!(open(&plain, "/office/policy"), 200);
    // An administrator by the provider needs no second factor here: that is for the provider to ask.
    let boss = enter(json!("boss"));
    assert_eq!(open(&boss, "/office/units"), 200);
    // What the claim gave holds for who came by the provider, not for who has the password, or was given a new one.
    let by_password = sign_in(&service, "lan.nguyen");
    assert_eq!(open(&by_password, "/office/units"), 403);
    assert_eq!(open(&by_password, "/office/policy"), 200, "their own role does");
    // And no longer than the claim says so.
    let again = enter(json!([]));
    assert_eq!(open(&again, "/office/units"), 403);
    assert_eq!(open(&boss, "/office/units"), 403);
}

#[test]
fn without_a_provider_there_is_no_button_and_nobody_is_sent_anywhere() {
    let service = TestService::start();
    assert!(!service.browse("/sign-in").text().contains("/sign-in/oidc"));
    let answer = service.submit("/sign-in/oidc", &[]);
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
    // One that does not answer is told of, and the password still works.
    let service = TestService::start_with(&[
        "--set",
        "oidc-issuer=http://127.0.0.1:9",
        "--set",
        "oidc-client-id=sipas",
    ]);
    assert_eq!(service.submit("/sign-in/oidc", &[]).status, 503);
    let page = service.browse("/sign-in");
    assert!(page.text().contains("/sign-in/oidc"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' http://127.0.0.1:9;"), "{policy}");
    let refused = Request::post(format!("http://{}/sign-in/oidc", service.address()))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "http://evil.test");
    assert_eq!(service.send(refused.body(Vec::new()).unwrap()).status, 403, "no foreign page begins it");
}
