//! The clerk's page: issue, print, reprint, void, a table; nobody else, and nothing of another unit.

use std::fs;

use crate::{
    journeys::Table,
    prints::{escpos, pixels},
    support::service::{Answer, TestService},
};

use super::{
    Somebody, between,
    browser::run,
    callers::{account, sign_in},
    town,
};

const DESK: &str = "/office/receipts";
const PUBLIC: &str = "https://sipas.travinh.gov.vn";

/// A service whose receipts can be printed.
fn office() -> TestService {
    let service = TestService::start_with(&["--set", "second-factor-for=none", "--public-url", PUBLIC]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
    );
    service
}

/// What the page carries, to be printed.
fn batch(page: &Answer) -> String {
    between(&page.text(), "name=\"batch\" value=\"", "\"").to_owned()
}

/// The text of a fact beside its name.
fn fact(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rest = between(&text, &format!("<dt>{name}</dt>"), "</dd>");
    rest.split_once("<b>").unwrap().1.split('<').next().unwrap().to_owned()
}

fn codes(csv: &Answer) -> Vec<String> {
    let table = Table::read(&csv.bytes);
    table.rows(&[]).into_iter().map(|row| row["code"].clone()).collect()
}

#[test]
fn a_clerk_issues_one_and_prints_it_in_every_layout() {
    let service = office();
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", Some("tra-cu"));
    let page = clerk.get(DESK);
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    assert!(page.text().contains("accesskey=\"i\" autofocus"), "the page opens on the button that issues");
    let issued = clerk.submit(DESK, &[("unit", "tra-cu"), ("count", "1"), ("layout", "escpos-80")]);
    assert_eq!((issued.status, issued.header("cache-control")), (200, "no-store"));
    let first = between(&issued.text(), "<button class=\"btn go\" name=\"layout\"", ">").to_owned();
    assert!(
        first.contains("escpos-80") && first.contains("autofocus"),
        "then on the one that prints: {first}"
    );
    let code = fact(&issued, "Mã trên giấy");
    let url = format!("{}/R/{}", PUBLIC.to_uppercase(), code.replace('-', ""));
    for (layout, kind) in [
        ("roll-80", "application/pdf"),
        ("receipt-a5", "application/pdf"),
        ("labels-24", "application/pdf"),
        ("labels-65", "application/pdf"),
        ("escpos-80", "application/octet-stream"),
        ("escpos-58", "application/octet-stream"),
        ("receipt-80", "application/octet-stream"),
    ] {
        let print = clerk.submit("/office/receipts/print", &[("batch", &batch(&issued)), ("layout", layout)]);
        let head = (print.status, print.header("content-type"), print.header("cache-control"));
        assert_eq!(head, (200, kind, "no-store"), "{layout}");
        assert!(!print.header("content-disposition").contains(&code), "no code in the name of a file");
        let file = service.database.folder.path().join("print");
        fs::write(&file, &print.bytes).unwrap();
        let pictures =
            if kind == "application/pdf" { pixels::pages(&file, 300) } else { escpos::papers(&print.bytes) };
        let read: Vec<String> = pictures.iter().flat_map(pixels::Grey::decoded).collect();
        assert_eq!(read, [url.as_str()], "{layout}");
    }
    assert_eq!(service.browse(&format!("/r/{}", code.replace('-', ""))).status, 200);
    let log = service.cli_ok(&["audit", "list"]);
    assert!(log.contains("account:lan.nguyen,receipt.issue,tra-cu"), "{log}");
    let (logged, bare) = (service.log(), code.replace('-', ""));
    for said in [&log, &logged] {
        assert!(!said.contains(&code) && !said.contains(&bare), "no code is in a log");
    }
}

#[test]
fn a_batch_shows_its_ends_and_its_file_has_all_codes() {
    let service = office();
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", None);
    let fields = [
        ("unit", "dai-an"),
        ("count", "130"),
        ("service_field", "dat-dai"),
        ("procedure", "x.1"),
        ("days", "7"),
    ];
    let issued = clerk.submit(DESK, &fields);
    assert_eq!(issued.status, 200);
    assert_eq!((fact(&issued, "Số lượng").as_str(), fact(&issued, "Đơn vị").as_str()), ("130", "Xã Đại An"));
    let csv = clerk.submit("/office/receipts/print", &[("batch", &batch(&issued)), ("layout", "csv")]);
    let all = codes(&csv);
    assert_eq!((all.len(), &all[0], &all[129]), (130, &fact(&issued, "Mã đầu"), &fact(&issued, "Mã cuối")));
    let table = Table::read(&csv.bytes);
    assert!(table.rows(&[("service_field", "dat-dai"), ("procedure", "x.1")]).len() == 130);
    let until = table.cell(&[("code", &all[0])], "expires");
    let day: sipas::domain::period::Day = until.parse().unwrap();
    let shown = fact(&issued, "Dùng đến hết ngày");
    assert_eq!(shown.split('/').rev().collect::<Vec<_>>().join("-"), day.to_string());
    let sheet =
        clerk.submit("/office/receipts/print", &[("batch", &batch(&issued)), ("layout", "labels-65")]);
    let file = service.database.folder.path().join("sheet.pdf");
    fs::write(&file, &sheet.bytes).unwrap();
    assert_eq!(pixels::pages(&file, 72).len(), 2, "130 labels are two sheets");
    assert_eq!(service.cli_ok(&["audit", "list"]).matches("receipt.issue").count(), 1, "recorded once");
}

#[test]
fn a_receipt_is_printed_anew_or_taken_back_by_its_code() {
    let service = office();
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", Some("tra-cu"));
    let old = service.receipts("tra-cu", 1).remove(0);
    let anew = clerk.submit("/office/receipts/code", &[("code", &old.to_lowercase()), ("do", "replace")]);
    assert_eq!(anew.status, 200, "{}", anew.text());
    let new = fact(&anew, "Mã trên giấy");
    assert_ne!(new, old);
    let opened = |code: &str| service.browse(&format!("/r/{}", code.replace('-', ""))).status;
    assert_eq!((opened(&old), opened(&new)), (410, 200));
    let again = clerk.submit("/office/receipts/code", &[("code", &old), ("do", "replace")]);
    assert!(again.status == 422 && again.text().contains("đã được thay"), "{}", again.text());
    assert!(again.text().contains(&format!("value=\"{old}\"")), "what was typed stays");
    let void =
        clerk.submit("/office/receipts/code", &[("code", &format!("{PUBLIC}/R/{new}")), ("do", "void")]);
    assert_eq!((void.status, opened(&new)), (200, 410));
    let slip = clerk.submit("/office/receipts/code", &[("code", "7K3M-9Q2X-4HA"), ("do", "void")]);
    assert!(slip.status == 422 && slip.text().contains("gõ nhầm"));
    // Of the unit beside: as unknown as a code that nobody has.
    let other = service.receipts("dai-an", 1).remove(0);
    let stranger = clerk.submit("/office/receipts/code", &[("code", &other), ("do", "void")]);
    assert!(
        stranger.status == 422 && stranger.text().contains("Không có giấy hẹn nào"),
        "{}",
        stranger.text()
    );
    assert_eq!(opened(&other), 200);
    let log = service.cli_ok(&["audit", "list"]);
    for action in ["receipt.replace", "receipt.void"] {
        assert!(log.contains(&format!("account:lan.nguyen,{action},tra-cu")), "{action}: {log}");
    }
}

#[test]
fn what_a_page_carries_is_of_use_to_nobody_else() {
    let service = office();
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", Some("tra-cu"));
    let other = Somebody::new(&service, "tam.tran", "clerk", Some("tra-cu"));
    let issued = clerk.submit(DESK, &[("unit", "tra-cu"), ("count", "2")]);
    let (carried, page) = (batch(&issued), issued.text());
    for compact in codes(&clerk.submit("/office/receipts/print", &[("batch", &carried), ("layout", "csv")])) {
        assert!(!carried.contains(&compact.replace('-', "")), "codes are sealed");
    }
    assert!(!page.contains("/office/receipts/print?"), "and in no address");
    let turned = format!("{}{}", if carried.starts_with('0') { "1" } else { "0" }, &carried[1..]);
    for (somebody, carried) in [(&other, carried.as_str()), (&clerk, &turned), (&clerk, ""), (&clerk, "zz")] {
        let print = somebody.submit("/office/receipts/print", &[("batch", carried), ("layout", "labels-24")]);
        assert!(print.status == 422 && print.text().contains("quá 12 giờ"), "{}", print.status);
    }
    let wrong = clerk.submit("/office/receipts/print", &[("batch", &carried), ("layout", "labels-21")]);
    assert_eq!(wrong.status, 422);
}

#[test]
fn faults_are_told_and_nothing_typed_is_lost() {
    let service = office();
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", Some("tra-cu"));
    let fields = [("unit", "tra-cu"), ("count", "1001"), ("service_field", "Đất đai"), ("days", "0")];
    let faulty = clerk.submit(DESK, &fields);
    assert_eq!(faulty.status, 422);
    let text = faulty.text();
    for link in ["href=\"#count\"", "href=\"#service_field\"", "href=\"#days\""] {
        assert!(text.contains(link), "{link}");
    }
    assert!(text.contains("value=\"1001\"") && text.contains("value=\"Đất đai\""));
    let table = "service_field,procedure,days\nland,x,7\nĐất đai,x,400\n";
    let faulty = clerk.submit("/office/receipts/table", &[("unit", "tra-cu"), ("table", table)]);
    let text = faulty.text();
    assert_eq!(faulty.status, 422);
    assert!(text.contains("Dòng 3, <code>service_field</code></a>: <q>Đất đai</q>"), "{text}");
    assert!(
        text.contains("Dòng 3, <code>days</code></a>: <q>400</q> – xin ghi số ngày từ 1 đến 365"),
        "{text}"
    );
    assert!(text.contains(table.trim_end()), "the table stays: {text}");
    assert!(!service.cli_ok(&["audit", "list"]).contains("receipt.issue"), "nothing was issued");
    let good = "procedure;days\r\nx;7\r\n;\r\n";
    let issued = clerk.submit("/office/receipts/table", &[("unit", "tra-cu"), ("table", good)]);
    assert_eq!((issued.status, fact(&issued, "Số lượng").as_str()), (200, "2"));
    let csv = clerk.submit("/office/receipts/print", &[("batch", &batch(&issued)), ("layout", "csv")]);
    let table = Table::read(&csv.bytes);
    let (x, usual) =
        (table.cell(&[("procedure", "x")], "expires"), table.cell(&[("procedure", "")], "expires"));
    let day = |text: &str| text.parse::<sipas::domain::period::Day>().unwrap().number();
    assert_eq!(day(&usual) - day(&x), 30 - 7, "each row has its own days");
}

#[test]
fn nobody_else_and_no_other_unit() {
    let service = office();
    for role in ["administrator", "analyst", "unit_head", "leader", "auditor", "operator"] {
        let somebody = Somebody::new(&service, &format!("{role}.x"), role, None);
        assert_eq!(somebody.get(DESK).status, 403, "{role}");
        assert_eq!(somebody.submit(DESK, &[("unit", "tra-cu"), ("count", "1")]).status, 403, "{role}");
        assert!(!somebody.get("/office").text().contains(DESK), "{role} is shown no way there");
    }
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", Some("tra-cu"));
    assert_eq!(clerk.submit(DESK, &[("unit", "dai-an"), ("count", "1")]).status, 403);
    assert_eq!(clerk.get("/office/receipts/poster?unit=dai-an").status, 403);
    assert!(!clerk.get(DESK).text().contains("Đại An"));
    let poster = clerk.get("/office/receipts/poster?unit=tra-cu&size=a3");
    assert_eq!((poster.status, poster.header("content-type")), (200, "application/pdf"));
    assert!(!service.cli_ok(&["audit", "list"]).contains("receipt.issue"));
    // A page of another site sends nothing in a clerk's name.
    let mut request = service.form_request(DESK, &[("unit", "tra-cu"), ("count", "1")]);
    request.headers_mut().insert("cookie", clerk.cookie.parse().unwrap());
    request.headers_mut().insert("origin", "https://evil.test".parse().unwrap());
    assert_eq!(service.send(request).status, 403);
}

#[test]
fn an_address_that_is_too_long_is_told_on_the_page_and_printing_is_refused() {
    let host = format!("https://{}.vn", "a".repeat(37));
    let service = TestService::start_with(&["--set", "second-factor-for=none", "--public-url", &host]);
    service.import("create,tra-cu,,commune,Xã Trà Cú,2020-01-01,,");
    let clerk = Somebody::new(&service, "lan.nguyen", "clerk", None);
    let page = clerk.get(DESK);
    assert!(page.text().contains("nhiều nhất 39 ký tự"), "{}", page.text());
    let issued = clerk.submit(DESK, &[("unit", "tra-cu"), ("count", "1")]);
    let print = clerk.submit("/office/receipts/print", &[("batch", &batch(&issued)), ("layout", "roll-80")]);
    assert!(print.status == 409 && print.text().contains("39"), "{}", print.text());
    let csv = clerk.submit("/office/receipts/print", &[("batch", &batch(&issued)), ("layout", "csv")]);
    assert_eq!((csv.status, codes(&csv).len()), (200, 1), "codes can still be typed");
}

#[test]
fn two_key_presses_are_one_receipt_and_everybody_can_use_the_page() {
    let service = town();
    account(&service, "lan.nguyen", "clerk", Some("tra-cu"));
    let base = format!("http://{}", service.address());
    let session = sign_in(&service, "lan.nguyen");
    let said = run("clerk.mjs", &[&base, &session]);
    assert!(said.contains("two key presses") && said.contains("void by keyboard"), "{said}");
    eprint!("{}", run("axe.mjs", &[&base, &session, DESK, "/office/receipts/table"]));
}
