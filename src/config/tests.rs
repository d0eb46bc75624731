//! Settings: where they come from, what they may be.

use super::*;

#[test]
fn a_database_url_hides_its_password_and_refuses_other_schemes() {
    let url: DatabaseUrl = "postgres://sipas:secret@db/sipas?password=x".parse().unwrap();
    assert_eq!(format!("{url} {url:?}"), "postgres://sipas:***@db/sipas?… postgres://sipas:***@db/sipas?…");
    assert!("mysql://x".parse::<DatabaseUrl>().unwrap_err().contains("mysql"));
    assert!("data/sipas.db".parse::<DatabaseUrl>().is_err());
    assert!("sqlite://".parse::<DatabaseUrl>().is_err());
}

#[test]
fn the_command_line_is_stronger_than_the_file_and_both_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sipas.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:9000\"\nclose-after-days = 20\n").unwrap();
    let given = vec![Given { name: "listen", value: "127.0.0.1:9001".to_owned() }];
    let settings = Settings::load(given, Some(file), None).unwrap();
    assert_eq!(settings.listen.port(), 9001);
    assert_eq!(settings.policy.close_after_days, 20);
    assert!(settings.printed().iter().any(|l| l.starts_with("listen = 127.0.0.1:9001 (command line)")));
    assert_eq!(settings.public_url, "http://127.0.0.1:9001");
}

#[test]
fn an_unknown_key_of_the_file_is_an_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sipas.toml");
    std::fs::write(&file, "\nlisten-on = \"x\"\n").unwrap();
    let error = Settings::load(Vec::new(), Some(file), None).unwrap_err().to_string();
    assert!(error.contains(":2:") && error.contains("listen"), "{error}");
}

#[test]
fn a_public_url_is_a_scheme_and_a_host() {
    let load = |url: &str| {
        let given = vec![Given { name: "public-url", value: url.to_owned() }];
        Settings::load(given, None, None).map(|settings| settings.public_url)
    };
    assert_eq!(load("https://sipas.example.vn/").unwrap(), "https://sipas.example.vn");
    assert!(load("http://10.0.0.1:8080").is_ok());
    for bad in
        ["ftp://x", "x.vn", "javascript:alert(1)", "https://x.vn?q=1", "https://x.vn/sub", "https://u@x", ""]
    {
        assert!(load(bad).unwrap_err().to_string().contains("https://HOST"), "{bad}");
    }
}

#[test]
fn a_value_out_of_range_names_the_range() {
    let given = vec![Given { name: "anyone-from", value: "3".to_owned() }];
    let error = Settings::load(given, None, None).unwrap_err().to_string();
    assert!(error.contains("anyone-from") && error.contains("5 to 1000000"), "{error}");
}
