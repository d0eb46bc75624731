//! Who reads: the language that a page or a problem is written in.

use std::convert::Infallible;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};

use crate::{domain::ids::Language, http::state::AppState};

/// The only cookie of the public pages; under TLS no other host can set it.
pub const LANGUAGE_COOKIE: &str = "lang";
const SECURE_COOKIE: &str = "__Host-lang";

/// Languages of the service's own texts.
const OWN: [Language; 3] = [Language::VI, Language::KM, Language::EN];

/// The reader's language, and whether they chose it just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// The language to write in.
    pub language: Language,
    /// Set where this request's address chose it.
    pub chosen: Option<Language>,
    /// Whether browsers reach the service through TLS.
    pub secure: bool,
}

impl Reader {
    /// The address's `lang`, else the cookie, else the browser's wish, else Vietnamese.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let chosen = from_query(request.query_string());
        let remembered = || {
            let cookies = request.headers().get(header::COOKIE)?.to_str().ok()?;
            from_cookies(cookies)
        };
        let wished = || {
            let accept = request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            from_accept(accept)
        };
        let language = chosen.or_else(remembered).or_else(wished).unwrap_or(Language::VI);
        let state = request.app_data::<Data<AppState>>();
        Self { language, chosen, secure: state.is_some_and(|state| state.settings.is_secure()) }
    }

    /// The `Set-Cookie` value that remembers a choice; none where nothing was chosen.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        let language = self.chosen?;
        let (name, flag) = if self.secure { (SECURE_COOKIE, "; Secure") } else { (LANGUAGE_COOKIE, "") };
        Some(format!("{name}={language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{flag}"))
    }
}

fn from_cookies(cookies: &str) -> Option<Language> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| [LANGUAGE_COOKIE, SECURE_COOKIE].contains(name))?.1.parse().ok()
}

fn from_query(query: &str) -> Option<Language> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang="))?.parse().ok()
}

/// The first language of ours in an `Accept-Language` header, by weight and then by order.
fn from_accept(accept: &str) -> Option<Language> {
    let mut wishes: Vec<(u16, Language)> = accept.split(',').filter_map(wish).collect();
    wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wishes.first().map(|(_, language)| *language)
}

fn wish(part: &str) -> Option<(u16, Language)> {
    let mut pieces = part.split(';').map(str::trim);
    let tag = pieces.next()?.split('-').next()?.to_ascii_lowercase();
    let language = OWN.into_iter().find(|l| l.as_str() == tag)?;
    let weight = pieces.find_map(|p| p.strip_prefix("q=")).map_or(1000, thousandths);
    (weight > 0).then_some((weight, language))
}

/// `0.8` as 800; anything else as 0.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(n)) => n,
        _ => 0,
    }
}

impl FromRequest for Reader {
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_heaviest_wish_that_we_speak_wins() {
        assert_eq!(from_accept("fr, en;q=0.5, km;q=0.9"), Some(Language::KM));
        assert_eq!(from_accept("en-GB,vi;q=0.9"), Some(Language::EN));
        assert_eq!(from_accept("vi;q=0, fr"), None);
    }

    #[test]
    fn a_link_beats_the_cookie_and_the_cookie_beats_the_browser() {
        let request = TestRequest::get()
            .uri("/r?lang=km")
            .insert_header(("cookie", "lang=en"))
            .insert_header(("accept-language", "vi"));
        let reader = Reader::of(&request.to_http_request());
        assert_eq!(reader, Reader { language: Language::KM, chosen: Some(Language::KM), secure: false });
        let request = TestRequest::get().uri("/r").insert_header(("cookie", "other=1; lang=en"));
        assert_eq!(Reader::of(&request.to_http_request()).language, Language::EN);
        assert_eq!(Reader::of(&TestRequest::get().to_http_request()).language, Language::VI);
    }
}
