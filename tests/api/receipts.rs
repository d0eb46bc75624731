//! Receipts: issue, use, take back, reprint, QR.

use serde_json::{Value, json};
use sipas::domain::token::Scope;

use super::town::{Town, answer};

fn by(code: &str, key: u8) -> Value {
    answer(key, &json!({"channel": "receipt", "receipt": code}))
}

#[test]
fn a_code_answers_once_however_it_is_typed() {
    let town = Town::new();
    let code = town.receipts(1).remove(0);
    let sloppy = code.to_lowercase().replace('-', " ");
    assert_eq!(town.answer(None, &by(&sloppy, 1)).status, 201);
    assert_eq!(town.answer(None, &by(&code, 1)).status, 200);
    let second = town.answer(None, &by(&code, 2));
    assert_eq!((second.status, second.code().as_str()), (409, "spent-code"));
}

#[test]
fn unit_and_field_must_be_the_receipts() {
    let town = Town::new();
    let code = town.receipts(1).remove(0);
    let mut body = by(&code, 1);
    body["unit"] = json!("dai-an");
    body["service_field"] = json!("land");
    let errors = town.answer(None, &body).json()["errors"].clone();
    let places: Vec<&str> =
        errors.as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(places, ["/unit", "/service_field"]);
    assert_eq!(town.answer(None, &by(&code, 1)).status, 201);
}

#[test]
fn a_slip_is_told_without_a_look_up_and_a_guess_is_unknown() {
    let town = Town::new();
    let code = town.receipts(1).remove(0);
    let last = if code.ends_with('0') { "1" } else { "0" };
    let slip = format!("{}{last}", &code[..code.len() - 1]);
    let told = town.answer(None, &by(&slip, 1));
    assert_eq!((told.status, told.json()["errors"][0]["code"].as_str()), (422, Some("mistyped_code")));
    let guess = sipas::domain::receipt::ReceiptCode::from_random(42).to_string();
    assert_eq!(town.answer(None, &by(&guess, 1)).code(), "unknown-code");
}

#[test]
fn a_void_or_replaced_code_is_gone_and_the_new_one_answers() {
    let town = Town::new();
    let token = town.token(&[Scope::ReceiptsWrite], Some("tra-cu"));
    let codes = town.receipts(2);
    let void = format!("/api/v1/receipts/{}/void", codes[0]);
    for _ in 0..2 {
        assert_eq!(town.post(&void, Some(&token), &json!({})).status, 200);
    }
    let gone = town.answer(None, &by(&codes[0], 1));
    assert_eq!((gone.status, gone.code().as_str()), (410, "void-code"));
    let replace = format!("/api/v1/receipts/{}/replace", codes[1]);
    let reprint = town.post(&replace, Some(&token), &json!({}));
    assert_eq!(reprint.status, 201);
    assert_eq!(town.answer(None, &by(&codes[1], 1)).code(), "replaced-code");
    let new = reprint.json()["receipts"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(town.answer(None, &by(&new, 1)).status, 201);
    let used = town.post(&format!("/api/v1/receipts/{new}/void"), Some(&token), &json!({}));
    assert_eq!(used.code(), "spent-code");
}

#[test]
fn issuing_needs_the_scope_the_unit_and_a_sensible_number() {
    let town = Town::new();
    let token = town.token(&[Scope::ReceiptsWrite], Some("tra-cu"));
    let wish = json!({"unit": "tra-cu", "count": 1});
    assert_eq!(town.post("/api/v1/receipts", None, &wish).status, 401);
    let outside = town.post("/api/v1/receipts", Some(&token), &json!({"unit": "dai-an", "count": 1}));
    assert_eq!(outside.code(), "outside-subtree");
    for count in [0, 1001] {
        let refused = town.post("/api/v1/receipts", Some(&token), &json!({"unit": "tra-cu", "count": count}));
        let fault = refused.json()["errors"][0].clone();
        assert_eq!((&fault["pointer"], &fault["allowed"]), (&json!("/count"), &json!("1..1000")));
    }
    let issued = town.post("/api/v1/receipts", Some(&token), &json!({"unit": "tra-cu", "count": 1000}));
    let receipts = issued.json()["receipts"].as_array().unwrap().clone();
    let codes: std::collections::BTreeSet<&str> =
        receipts.iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 1000);
    assert_eq!(receipts[0]["expires"], "2026-12-24");
}

#[test]
fn the_symbols_are_images_and_are_not_kept() {
    let town = Town::new();
    let code = town.receipts(1).remove(0);
    let svg = town.get(&format!("/api/v1/receipts/{code}/qr.svg"));
    assert_eq!((svg.status, svg.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(svg.header("cache-control"), "no-store");
    let png = town.get(&format!("/api/v1/receipts/{code}/qr.png"));
    assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
    assert_eq!(town.get("/api/v1/receipts/0000-0000-001/qr.svg").code(), "mistyped-code");
}
