//! What comes out of a backup or a copy is what went in, on the other database too.

use std::{fs, sync::Arc};

use serde_json::json;

use super::{Lived, another, done, mode, ways};
use crate::support::{
    database::PrivateDatabase,
    service::{TestService, a_submission},
};

/// What can be seen from outside.
fn seen(database: &PrivateDatabase) -> Vec<String> {
    let month = |list: &str| list.lines().nth(1).unwrap()[..7].to_owned();
    let list = done(database, &["period", "list"]).0;
    let closed = month(&list);
    // On which day a token was used last is noted now and then: perhaps after the backup was made.
    let tokens = done(database, &["token", "list"]).0;
    let tokens: Vec<&str> =
        tokens.lines().filter_map(|line| line.rsplit_once(',')).map(|(line, _)| line).collect();
    let mut seen = vec![list, tokens.join("\n")];
    for arguments in [
        &["unit", "list"][..],
        &["form", "list"],
        &["export", "scores", "--by", "month", "--subtree", "--unit", "tv"],
        &["export", "responses", "--period", &closed],
        &["receipt", "unused", "--issued-until", "2100-01-01", "--hashes"],
    ] {
        seen.push(done(database, arguments).0);
    }
    seen
}

/// The other database knows every key, code, token and figure.
fn assert_same(lived: &Lived, other: PrivateDatabase) {
    done(&other, &["verify"]);
    assert_eq!(seen(&other), seen(&lived.service.database));
    let other = TestService::on(Arc::new(other), &[]);
    for body in &lived.sent {
        assert_eq!(other.post(&lived.token, "/api/v1/responses", body).status, 200, "a retry adds nothing");
    }
    let mut altered = lived.sent[0].clone();
    altered["answers"]["general"] = json!(1);
    assert_eq!(other.post(&lived.token, "/api/v1/responses", &altered).status, 409);
    let by_code = |code: &str| {
        let mut body = a_submission("tra-cu", [4; 6]);
        body["channel"] = json!("receipt");
        body["receipt"] = json!(code);
        other.post("", "/api/v1/responses", &body)
    };
    assert_eq!(by_code(&lived.used).status, 409);
    assert_eq!(by_code(&lived.unused).status, 201);
    assert_eq!(another(&other, &lived.token), 201);
    // What waited when the backup was made is opened with the key that came along, and folded.
    for _ in 0..5 {
        assert_eq!(another(&other, &lived.token), 201);
    }
    other.eventually("folded", |other| other.metrics_say("kind=\"folded\"", 10) || super::waiting(other) < 5);
    other.assert_sound();
}

#[test]
fn a_backup_of_one_database_is_restored_into_the_other() {
    for (from, to) in ways() {
        let lived = Lived::on(from);
        let (secret, secret_file) = lived.file("passphrase");
        fs::write(&secret, "một cụm mật khẩu dài\n").unwrap();
        let (path, file) = lived.file("town.backup.age");
        let made =
            lived.service.cli(&["backup", "--to", &file, "--passphrase-file", &secret_file, "--with-key"]);
        let said = super::text(&made.stderr);
        assert!(made.status.success() && !said.contains("warning"), "{said}");
        assert_eq!(mode(&path), 0o600);
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
        let (_, said) = done(&to, &["restore", &file, "--passphrase-file", &secret_file]);
        assert!(said.contains("the key file was written to") && said.contains("mode 0600"), "{said}");
        assert!(said.contains("receipt unused --issued-until"), "{said}");
        let (here, there) =
            (lived.service.database.folder.path().join("sipas.key"), to.folder.path().join("sipas.key"));
        assert_eq!(fs::read(&here).unwrap(), fs::read(&there).unwrap());
        assert_eq!(mode(&there), 0o600);
        assert_same(&lived, to);
    }
}

#[test]
fn an_unencrypted_backup_warns_and_leaves_the_key_out() {
    let (from, to) = ways().remove(0);
    let lived = Lived::on(from);
    let (path, file) = lived.file("town.backup");
    let (_, said) = done(&lived.service.database, &["backup", "--to", &file]);
    assert!(said.contains("warning: it is not encrypted"), "{said}");
    assert!(said.contains("the key file is not in it"), "{said}");
    assert_eq!(mode(&path), 0o600);
    let key = fs::read_to_string(lived.service.database.folder.path().join("sipas.key")).unwrap();
    let (_, said) = done(&to, &["restore", &file]);
    assert!(said.contains("bring that key file to"), "{said}");
    assert!(!to.folder.path().join("sipas.key").exists(), "a restore makes no key");
    // Without the key nothing is served; what only reads works.
    done(&to, &["verify"]);
    let issued = super::refused(&to, 3, &["receipt", "issue", "--unit", "tra-cu"]);
    assert!(issued.contains("is missing, and the database was made with key"), "{issued}");
    fs::write(to.folder.path().join("sipas.key"), key).unwrap();
    assert_same(&lived, to);
}

#[test]
fn a_backup_for_a_recipient_is_opened_by_its_identity_alone() {
    use age::secrecy::ExposeSecret as _;
    let (from, to) = ways().remove(0);
    let lived = Lived::on(from);
    let [ours, others] = [(); 2].map(|()| age::x25519::Identity::generate());
    let (path, file) = lived.file("town.backup.age");
    let recipient = ours.to_public().to_string();
    done(&lived.service.database, &["backup", "--to", &file, "--recipient", &recipient]);
    assert_eq!(mode(&path), 0o600);
    let identity = |name: &str, identity: &age::x25519::Identity| {
        let (path, file) = lived.file(name);
        fs::write(path, format!("# made by a test\n{}\n", identity.to_string().expose_secret())).unwrap();
        file
    };
    let (ours, others) = (identity("ours", &ours), identity("others", &others));
    let said = super::refused(&to, 3, &["restore", &file]);
    assert!(said.contains("is encrypted; give the identity it is for with --identity"), "{said}");
    let said = super::refused(&to, 3, &["restore", &file, "--identity", &others]);
    assert!(said.contains("does not open"), "{said}");
    super::assert_untouched(&to);
    done(&to, &["restore", &file, "--identity", &ours]);
    done(&to, &["verify"]);
}

#[test]
fn a_copy_holds_the_same_and_says_what_comes_next() {
    for (from, to) in ways() {
        let mut lived = Lived::on(from);
        let urls = (lived.service.database.url_text(), to.url_text());
        let copy = ["copy", "--from", &urls.0, "--to", &urls.1];
        if urls.0.starts_with("sqlite:") {
            let said = super::refused(&lived.service.database, 3, &copy);
            assert!(said.contains("a running `sipas` holds"), "{said}");
        }
        lived.service.stop();
        let (tables, said) = done(&lived.service.database, &copy);
        assert!(tables.lines().count() > 15 && said.contains("both hold the same"), "{tables}{said}");
        assert!(said.contains("next: set database-url to"), "{said}");
        let again = super::refused(&lived.service.database, 3, &copy);
        assert!(again.contains("is not empty"), "{again}");
        let key = fs::read(lived.service.database.folder.path().join("sipas.key")).unwrap();
        fs::write(to.folder.path().join("sipas.key"), key).unwrap();
        assert_same(&lived, to);
    }
}

#[test]
fn every_table_of_the_database_is_in_a_backup_and_only_those() {
    let lived = Lived::on(PrivateDatabase::new());
    let (_, file) = lived.file("town.backup");
    done(&lived.service.database, &["backup", "--to", &file]);
    let archive = sipas::backup::Archive::open(file.as_ref(), sipas::backup::Unlock::Nothing).unwrap();
    let kept: Vec<&str> = archive.contents().tables.keys().map(String::as_str).collect();
    let schema = include_str!("../../src/storage/schema.rs");
    let mut known: Vec<&str> = schema
        .split("diesel::table! {")
        .skip(1)
        .filter_map(|table| table.split_whitespace().next())
        .collect();
    known.sort_unstable();
    assert_eq!(kept, known);
    let rows = |table: &str| archive.contents().tables[table].rows;
    assert_eq!((rows("token"), rows("retry_key"), rows("month_state"), rows("form")), (1, 20, 1, 3));
    assert!(
        rows("breakdown") > 0 && rows("comment") >= 5 && rows("receipt") == 13,
        "{:?}",
        archive.contents()
    );
}
