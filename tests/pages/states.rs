//! Every state has a page of its own, in the person's language, that says what to do now.

use std::collections::BTreeMap;

use scraper::{Html, Selector};

use super::{
    hidden, send,
    stages::{FORMS, LANGUAGES, Stages},
};
use crate::api::town::{Answer, Town};

fn texts(page: &str, selector: &str) -> Vec<String> {
    let parsed = Html::parse_document(page);
    let wanted = Selector::parse(selector).unwrap();
    let text = |found: scraper::ElementRef<'_>| found.text().collect::<String>().trim().to_owned();
    parsed.select(&wanted).map(text).collect()
}

fn browse(town: &Town, path: &str, language: &str) -> Answer {
    let headers = [("accept", "text/html"), ("accept-language", language)];
    town.send("GET", path, &headers, &[])
}

#[test]
fn every_state_is_a_page_of_its_own_in_the_persons_language() {
    let stages = Stages::new();
    for language in LANGUAGES {
        let mut headings: BTreeMap<String, &str> = BTreeMap::new();
        for (name, address, status) in &stages.pages {
            let (town, path) = [&stages.town, &stages.busy]
                .into_iter()
                .find_map(|town| Some((town, address.strip_prefix(&format!("http://{}", town.address))?)))
                .unwrap();
            let page = browse(town, path, language);
            assert_eq!((page.status, page.header("content-language")), (*status, language), "{name}");
            assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{name} {language}");
            let heading = texts(&page.body, "h1").join("");
            assert!(!heading.is_empty(), "{name}");
            // Two pages say the same only where the person must do the same: a typed slip, by hand or in an address.
            let other = headings.insert(heading.clone(), name);
            assert!(other.is_none() || *name == "about a problem" || *name == "busy", "{name}: {heading}");
            let ways = texts(&page.body, "main a, main button").len() + texts(&page.body, ".facts li").len();
            assert!(ways > 0, "{name} {language}: says what to do now");
        }
    }
}

#[test]
fn a_busy_service_offers_to_try_again_and_says_where_else_to_go() {
    let stages = Stages::new();
    let (_, address, _) = stages.pages.iter().find(|(name, ..)| *name == "busy").unwrap();
    let path = address.split_once("/r/").unwrap().1;
    for (language, again) in [("vi", "Thử lại"), ("km", "ព្យាយាមម្ដងទៀត"), ("en", "Try again")]
    {
        let page = browse(&stages.busy, &format!("/r/{path}"), language);
        assert_eq!((page.status, page.header("retry-after")), (503, "2"));
        let links = texts(&page.body, "main a[href='']");
        assert_eq!(links, [again], "{}", page.body);
        assert!(texts(&page.body, ".facts li").len() == 2, "whom to ask, and paper");
        assert!(!page.body.contains("</code>") && !page.body.contains(path), "nothing for machines");
    }
}

#[test]
fn a_closed_units_poster_says_that_it_is_closed_and_an_unknown_one_that_it_is_unknown() {
    let stages = Stages::new();
    let code = |path: &str| {
        let answer = stages.town.get(path);
        (answer.status, answer.code())
    };
    assert_eq!(code("/u/closed"), (410, "closed-unit".to_owned()));
    assert_eq!(code("/U/CLOSED"), (410, "closed-unit".to_owned()));
    assert_eq!(code("/u/nowhere"), (404, "unknown-unit".to_owned()));
}

#[test]
fn the_start_of_a_form_says_how_long_it_is_and_that_nobody_sees_single_answers() {
    let stages = Stages::new();
    for (form, path) in FORMS {
        let page = browse(&stages.town, path, "vi").body;
        let facts = texts(&page, "form, .facts");
        let facts = facts.first().unwrap().clone();
        let syllables = facts.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
        assert!(syllables <= 60, "{form}: {syllables} syllables: {facts}");
        let numbers = texts(&page, ".no");
        let last = numbers.iter().rfind(|number| number.starts_with("Câu")).unwrap();
        let count = last.rsplit(' ').next().unwrap();
        assert_eq!(last, &format!("Câu {count} trong {count}"));
        assert!(facts.starts_with(&format!("{count} câu, khoảng ")), "{form}: {facts}");
        assert!(facts.contains("cán bộ không xem được từng phiếu"), "{form}");
        assert_eq!(numbers.first().unwrap(), &format!("Câu 1 trong {count}"));
    }
}

#[test]
fn another_language_is_shown_with_everything_that_was_chosen_and_stores_nothing() {
    let stages = Stages::new();
    let path = format!("/r/{}", stages.code);
    let mut fields = hidden(&stages.town.get(&path));
    fields.insert("access.ease".to_owned(), "2".to_owned());
    fields.insert("comment".to_owned(), "xa".to_owned());
    fields.insert("TO".to_owned(), "km".to_owned());
    let turned = send(&stages.town, &path, &fields);
    assert_eq!((turned.status, turned.header("content-language")), (200, "km"));
    assert!(turned.header("set-cookie").starts_with("lang=km"), "the choice is remembered");
    let again = hidden(&turned);
    assert_eq!(
        (again["LANG"].as_str(), &again["KEY"], &again["START"]),
        ("km", &fields["KEY"], &fields["START"])
    );
    assert!(
        turned.body.contains("value=\"2\" id=\"access.ease-2\" checked")
            && turned.body.contains("\nxa</textarea>")
    );
    fields.insert("TO".to_owned(), "fr".to_owned());
    assert_eq!(send(&stages.town, &path, &fields).status, 303, "a language that the form lacks is no wish");
}

#[test]
fn who_helped_is_kept_by_kind_and_never_by_name() {
    let stages = Stages::new();
    let page = browse(&stages.town, "/u/tra-cu", "vi");
    let kinds = Html::parse_document(&page.body);
    let options = Selector::parse("input[name=ASSISTED]").unwrap();
    let values: Vec<&str> =
        kinds.select(&options).map(|input| input.value().attr("value").unwrap()).collect();
    assert_eq!(values, ["no", "family", "staff", "youth_union"]);
    for helper in ["family", "Lan, cán bộ"] {
        let mut fields = hidden(&browse(&stages.town, "/u/tra-cu", "vi"));
        fields.insert("general".to_owned(), "4".to_owned());
        fields.insert("ASSISTED".to_owned(), helper.replace(", ", "+"));
        assert_eq!(send(&stages.town, "/u/tra-cu", &fields).status, 303);
    }
}

#[test]
fn old_browsers_understand_style_and_script() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/assets/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
    let style = read("citizen.css");
    for newer in [":has(", "@layer", "@container", "&:", "color-mix(", "transition", "animation"] {
        assert!(!style.contains(newer), "citizen.css has {newer}");
    }
    let script = read("form.js");
    for newer in [
        "=>",
        "?.",
        "??",
        "`",
        "import ",
        "const ",
        "let ",
        "async ",
        "localStorage",
        "sessionStorage",
        "indexedDB",
    ] {
        assert!(!script.contains(newer), "form.js has {newer}");
    }
    for address in ["http:", "https:", "//cdn", "eval("] {
        assert!(!script.contains(address), "form.js has {address}");
    }
}
