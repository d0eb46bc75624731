//! A receipt is printed, its symbol is scanned, people answer on the page, and the figures follow.

use std::process::Command;

use super::{Table, exported};
use crate::support::service::TestService;

/// What an independent reader sees in a picture.
fn scanned(png: &[u8]) -> String {
    let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    std::fs::write(file.path(), png).unwrap();
    let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(file.path()).output();
    let read = read.expect("zbarimg is installed (tests/run does it)");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap().trim().to_owned()
}

/// Hidden fields of a page's form, as a browser would send them back.
pub(crate) fn hidden(html: &str) -> Vec<(String, String)> {
    let page = scraper::Html::parse_document(html);
    let fields = scraper::Selector::parse("input[type=hidden]").unwrap();
    let value = |field: &scraper::ElementRef<'_>, name| field.value().attr(name).unwrap().to_owned();
    page.select(&fields).map(|field| (value(&field, "name"), value(&field, "value"))).collect()
}

/// Opens a page, picks levels, adds a comment, sends it; the status of the answer.
fn answer(service: &TestService, path: &str, level: &str) -> u16 {
    let page = service.browse(path);
    assert_eq!(page.status, 200, "{}", page.text());
    let mut fields = hidden(&page.text());
    for slug in ["access.ease", "procedure.ease", "official.attitude", "result.delivery", "feedback.handling"]
    {
        fields.push((slug.to_owned(), level.to_owned()));
    }
    fields.push(("comment".to_owned(), "Chờ lâu quá, xin sửa.".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    service.submit(path, &fields).status
}

#[test]
fn a_printed_code_is_scanned_answered_and_seen_in_the_scores() {
    let service = TestService::with_units();
    let issued = service.cli_ok(&["receipt", "issue", "--unit", "tra-cu", "--count", "6"]);
    let issued = Table::read(issued.as_bytes());
    for (person, receipt) in issued.rows(&[]).into_iter().enumerate() {
        let (code, url) = (&receipt["code"], &receipt["url"]);
        let png = service.get(&format!("/api/v1/receipts/{code}/qr.png"));
        assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
        let seen = scanned(&png.bytes);
        // Hosts ignore case; the path is taken as the symbol has it.
        let path = |url: &str| url.splitn(4, '/').last().unwrap().to_uppercase();
        assert_eq!(path(&seen), path(url), "the symbol leads to the address that is printed beside it");
        let path = seen.splitn(4, '/').last().unwrap();
        assert_eq!(answer(&service, &format!("/{path}"), if person < 4 { "5" } else { "2" }), 303);
    }
    let overall = [("unit", "tra-cu"), ("node", "overall")];
    service.eventually("the sixth answer waits, five are folded", |service| {
        exported(service, &[]).rows(&overall).len() == 1
    });
    let respondents: u32 = exported(&service, &[]).cell(&overall, "respondents").parse().unwrap();
    assert!((5..=6).contains(&respondents), "five at once, or all six: {respondents}");
    service.assert_sound();
}

#[test]
fn a_used_code_shows_that_it_was_received_and_takes_nothing_more() {
    let service = TestService::with_units();
    let code = service.receipts("tra-cu", 1).remove(0);
    let path = format!("/r/{}", code.replace('-', ""));
    assert_eq!(answer(&service, &path, "4"), 303);
    let again = service.browse(&path);
    assert_eq!(again.status, 200);
    assert!(hidden(&again.text()).is_empty(), "there is nothing left to fill in");
    assert!(service.metrics_say("outcome=\"stored\"", 1));
}
