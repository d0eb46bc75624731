//! Every page of citizens is for everybody: axe-core, rulers and the keyboard, through a real browser.

use serde_json::json;

use super::{
    browser::{run, say},
    stages::{LANGUAGES, Stages},
};
use crate::support::database::on_postgres;

#[test]
fn every_page_of_citizens_is_for_everybody() {
    // A page looks the same whatever keeps the answers.
    if on_postgres() {
        return;
    }
    let reviewed: toml::Value = toml::from_str(include_str!("reviewed.toml")).unwrap();
    let entries = reviewed.get("incomplete").cloned().unwrap_or_else(|| toml::Value::Array(Vec::new()));
    for entry in entries.as_array().unwrap() {
        for key in ["rule", "where", "reason"] {
            assert!(entry[key].as_str().is_some_and(|text| text.len() > 2), "{entry}: {key}");
        }
    }
    let stages = Stages::new();
    let plan = json!({
        "pages": stages.pages,
        "forms": stages.forms(),
        "languages": LANGUAGES,
        "widths": [320, 768, 1280],
        "reviewed": serde_json::to_value(&entries).unwrap(),
        "looks": {
            "dark": {"colorScheme": "dark"},
            "more contrast": {"contrast": "more"},
            "forced colours": {"forcedColors": "active"},
        },
    });
    say(run("everybody.mjs", &plan).trim());
}
