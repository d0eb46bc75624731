//! What a form costs on a cheap phone: measured through a real browser, held to `tests/budgets.toml`, and printed.

use serde_json::{Value, json};

use super::{
    browser::{run, say},
    stages::{LANGUAGES, Stages},
};
use crate::support::database::on_postgres;

/// Bytes of so many kilobytes.
fn kilobytes(table: &toml::Value, name: &str) -> u64 {
    number(table, name) * 1000
}

fn number(table: &toml::Value, name: &str) -> u64 {
    let number = table.get(name).and_then(toml::Value::as_integer);
    number.and_then(|n| u64::try_from(n).ok()).unwrap_or_else(|| panic!("tests/budgets.toml lacks {name}"))
}

/// What is above a budget. Times are held to theirs only where nothing else runs: other tests take the processor that
/// they are measured by.
fn excesses(budgets: &toml::Value, found: &Value, alone: bool) -> Vec<String> {
    let form = found["form"].as_str().unwrap();
    let (own, all) = (&budgets["forms"][form], &budgets["everywhere"]);
    let khmer = found["lang"] == "km";
    let more = if khmer { kilobytes(all, "khmer_kilobytes") } else { 0 };
    let limits = [
        ("requests", number(own, "requests") + u64::from(khmer)),
        ("bytes", kilobytes(own, "kilobytes") + more),
        ("script", kilobytes(all, "script_kilobytes")),
        ("font", if khmer { kilobytes(all, "font_kilobytes") } else { 0 }),
        ("lcp", number(all, "largest_paint_ms")),
        ("blocking", number(all, "blocking_ms")),
        ("tap", number(all, "tap_ms")),
    ];
    let mut above: Vec<String> = limits
        .into_iter()
        .filter(|(name, _)| alone || !TIMES.contains(name))
        .filter(|(name, limit)| found[name].as_f64().unwrap() > f64::from(u32::try_from(*limit).unwrap()))
        .map(|(name, limit)| format!("{form} {}: {name} {} is above {limit}", found["lang"], found[name]))
        .collect();
    let shift = if khmer { "khmer_layout_shift" } else { "layout_shift" };
    // Where other tests run, a late frame is counted as a little movement.
    let slack = if alone { 0.0 } else { 0.01 };
    if found["cls"].as_f64().unwrap() > all[shift].as_float().unwrap() + slack {
        above.push(format!("{form} {}: the page moves by {}", found["lang"], found["cls"]));
    }
    if found["hosts"].as_array().unwrap().len() != 1 {
        above.push(format!("{form} {}: asks {}", found["lang"], found["hosts"]));
    }
    above
}

/// What is counted in milliseconds.
const TIMES: [&str; 3] = ["lcp", "blocking", "tap"];

fn row(found: &Value) -> String {
    let cell = |name: &str| found[name].as_f64().unwrap().to_string();
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    format!(
        "{:<15} {:<4} {:>8} {:>7} {:>7} {:>7} {:>6} {:>4} {:>9} {:>4}",
        text("form"),
        text("lang"),
        cell("requests"),
        cell("bytes"),
        cell("script"),
        cell("font"),
        cell("lcp"),
        cell("cls"),
        cell("blocking"),
        cell("tap"),
    )
}

/// The same five questions in a popular survey library, measured once the same way; for comparison only.
const LIBRARY: &str = "survey library  -           7  321815       -       -  16100 0.19         -    -";

#[test]
fn every_form_stays_within_its_budgets() {
    if on_postgres() {
        return;
    }
    let budgets: toml::Value = toml::from_str(include_str!("../budgets.toml")).unwrap();
    let stages = Stages::new();
    let line = serde_json::to_value(&budgets["line"]).unwrap();
    let all = &budgets["everywhere"];
    let limits = json!({
        "lcp": number(all, "largest_paint_ms"), "blocking": number(all, "blocking_ms"), "tap": number(all, "tap_ms"),
    });
    let plan = json!({"forms": stages.forms(), "languages": LANGUAGES, "line": line, "limits": limits});
    let said = run("budgets.mjs", &plan);
    let found: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 9, "three forms in three languages");
    say("form            lang requests   bytes  script    font lcp ms  cls  blocking  tap");
    for found in &found {
        say(&row(found));
    }
    say(LIBRARY);
    let alone = std::env::var_os("TEST_ALONE").is_some();
    let above: Vec<String> = found.iter().flat_map(|found| excesses(&budgets, found, alone)).collect();
    assert!(above.is_empty(), "{}", above.join("\n"));
}

#[test]
fn a_budget_that_is_exceeded_is_noticed() {
    let budgets: toml::Value = toml::from_str(include_str!("../budgets.toml")).unwrap();
    let good = json!({
        "form": "one-stop-short", "lang": "vi", "requests": 2, "bytes": 14_000, "script": 5000, "font": 0,
        "lcp": 1500, "cls": 0.0, "blocking": 50, "tap": 100, "hosts": ["a"],
    });
    assert_eq!(excesses(&budgets, &good, true), Vec::<String>::new());
    for (name, value) in [
        ("requests", json!(3)),
        ("bytes", json!(14_001)),
        ("script", json!(5001)),
        ("font", json!(1)),
        ("lcp", json!(1501)),
        ("cls", json!(0.02)),
        ("blocking", json!(51)),
        ("tap", json!(101)),
        ("hosts", json!(["a", "b"])),
    ] {
        let mut worse = good.clone();
        worse[name] = value;
        assert_eq!(excesses(&budgets, &worse, true).len(), 1, "{name}");
        assert_eq!(excesses(&budgets, &worse, false).len(), usize::from(!TIMES.contains(&name)), "{name}");
    }
}
