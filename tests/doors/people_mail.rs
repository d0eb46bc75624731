//! Links by mail, taken by a small server of mail.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
};

use super::people::{Browser, OTHER, signed_in, summary, text_of};
use crate::support::service::TestService;

/// A server of mail on any port: hands over what it is given.
fn mail_server() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (mails, taken) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            mails.send(take(stream)).unwrap();
        }
    });
    (port, taken)
}

/// Speaks SMTP (RFC 5321) until one mail is taken.
fn take(stream: TcpStream) -> String {
    let mut out = stream.try_clone().unwrap();
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    say("220 mail.test");
    let (mut mail, mut within) = (String::new(), false);
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        match line.as_str() {
            "." if within => {
                within = false;
                say("250 taken");
            }
            _ if within => {
                mail.push_str(&line);
                mail.push('\n');
            }
            "DATA" => {
                within = true;
                say("354 go on");
            }
            "QUIT" => {
                say("221 bye");
                break;
            }
            _ => {
                if line.starts_with("MAIL") || line.starts_with("RCPT") {
                    mail.push_str(&line);
                    mail.push('\n');
                }
                say("250 well");
            }
        }
        if !within && mail.contains("\n\n") {
            break;
        }
    }
    mail
}

const NEW: [(&str, &str); 6] = [
    ("display_name", "Trần Văn Tâm"),
    ("name", "tam"),
    ("email", "tam@tracu.vn"),
    ("role", "clerk"),
    ("unit", "*"),
    ("from", "2026-01-01"),
];

fn service(port: u16) -> TestService {
    TestService::start_with(&[
        "--set",
        "second-factor-for=none",
        "--set",
        &format!("smtp-url=smtp://127.0.0.1:{port}"),
        "--set",
        "mail-from=SIPAS <sipas@tracu.vn>",
    ])
}

/// The text of a mail whose body is quoted-printable or base 64.
fn decoded(mail: &str) -> String {
    let (head, body) = mail.split_once("\n\n").unwrap();
    if head.contains("quoted-printable") {
        let joined = body.replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes().iter();
        while let Some(byte) = rest.next() {
            let hex: String = if *byte == b'=' {
                rest.by_ref().take(2).map(|b| char::from(*b)).collect()
            } else {
                String::new()
            };
            bytes.push(u8::from_str_radix(&hex, 16).unwrap_or(*byte));
        }
        return String::from_utf8(bytes).unwrap();
    }
    assert!(!head.contains("base64"), "{mail}");
    body.to_owned()
}

#[test]
fn an_invitation_is_mailed_and_then_not_shown() {
    let (port, taken) = mail_server();
    let service = service(port);
    let admin = signed_in(&service, "lan", "administrator", None);
    let made = admin.post("/office/people/new", &NEW);
    assert_eq!(made.status, 200);
    assert!(made.text().contains("was sent to tam@tracu.vn") && !made.text().contains("/welcome/"));
    let mail = taken.recv().unwrap();
    assert!(
        mail.starts_with("MAIL FROM:<sipas@tracu.vn>") && mail.contains("RCPT TO:<tam@tracu.vn>"),
        "{mail}"
    );
    let text = decoded(&mail);
    assert!(text.contains("Kính gửi Trần Văn Tâm") && text.contains("You are invited"), "{text}");
    let path = text[text.find("/welcome/").unwrap()..].split_whitespace().next().unwrap().to_owned();
    let tam = Browser::new(&service);
    assert_eq!(tam.sent(&path, &[("password", OTHER), ("again", OTHER)]), "/office");
    assert!(!service.log().contains("/welcome/") && !service.log().contains("tam@"));
}

#[test]
fn where_mail_fails_the_link_is_shown() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let service = service(closed);
    let admin = signed_in(&service, "lan", "administrator", None);
    let made = admin.post("/office/people/new", &NEW).text();
    assert!(summary(&made).contains("could not be sent"), "{made}");
    assert!(text_of(&made, "#link").contains("/welcome/"));
    service.eventually("it is logged", |service| service.log().contains("a link could not be mailed"));
}

#[test]
fn settings_of_mail_that_cannot_work_stop_the_start_and_show_no_password() {
    let database = crate::support::database::PrivateDatabase::new();
    let serve = |settings: &[&str]| {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        let output = crate::support::service::sipas(&database, &arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = serve(&["smtp-url=smtp://u:geheim@mail.test"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("give both") && !said.contains("geheim"), "{said}");
    let (code, said) = serve(&["smtp-url=http://u:geheim@mail.test", "mail-from=a@b.vn"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("smtp-url cannot be used") && !said.contains("geheim"), "{said}");
}
