//! One catalogue of texts, by language; `locales/` holds them.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{Loader as _, fluent_bundle::FluentValue, static_loader};
use num_rational::BigRational;
use unic_langid::{LanguageIdentifier, langid};

use crate::domain::{
    audit::time_of,
    ids::Language,
    period::{Day, Month, Period},
    score::Hundredths,
};

static_loader! {
    static LOCALES = {
        locales: "./src/http/locales",
        fallback_language: "vi",
        // Marks around filled-in values would stand in titles and attributes.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static VI: LanguageIdentifier = langid!("vi");
static KM: LanguageIdentifier = langid!("km");
static EN: LanguageIdentifier = langid!("en");

/// Languages of the service's own texts, with their own names.
pub const LANGUAGES: [(Language, &str); 3] =
    [(Language::VI, "Tiếng Việt"), (Language::KM, "ភាសាខ្មែរ"), (Language::EN, "English")];

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(Language);

impl Words {
    /// The texts of a language; Vietnamese where the service has none of its own.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let own = LANGUAGES.iter().any(|(code, _)| *code == language);
        Self(if own { language } else { Language::VI })
    }

    /// The language that the texts are really in.
    #[must_use]
    pub fn language(self) -> Language {
        self.0
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self.0 {
            Language::KM => &KM,
            Language::EN => &EN,
            _ => &VI,
        }
    }

    /// A text.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        LOCALES.lookup(self.id(), key)
    }

    /// A text that there may be.
    #[must_use]
    pub fn known(self, key: &str) -> Option<String> {
        LOCALES.try_lookup(self.id(), key)
    }

    /// A moment, in seconds since 1970, as its readers write it: `24/11/2026 09:05:59`.
    #[must_use]
    pub fn moment(self, at: i64) -> String {
        format!("{} {}", self.day(Day::of_unix_seconds(at)), time_of(at))
    }

    /// A text with values filled in.
    #[must_use]
    pub fn with(self, key: &str, values: &[(&'static str, &str)]) -> String {
        let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::try_number(value)))
            .collect();
        LOCALES.lookup_with_args(self.id(), key, &arguments)
    }

    /// A day as its readers write it.
    #[must_use]
    pub fn day(self, day: Day) -> String {
        let date = day.date();
        let (year, month, of_month) = (date.year(), u8::from(date.month()), date.day());
        match self.0 {
            Language::EN => format!("{of_month} {} {year}", date.month()),
            _ => format!("{of_month:02}/{month:02}/{year}"),
        }
    }

    /// A period as its readers write it: `10/2026`, `01/2026–10/2026`, a whole year as `2026`.
    #[must_use]
    pub fn period(self, period: Period) -> String {
        let month = |month: Month| match self.0 {
            Language::EN => format!("{} {}", month.first_day().date().month(), month.year()),
            _ => format!("{:02}/{}", month.of_year(), month.year()),
        };
        let (first, last) = (period.first(), period.last());
        if first == last {
            return month(first);
        }
        if period == Period::year(first.year()) {
            return first.year().to_string();
        }
        format!("{}–{}", month(first), month(last))
    }

    /// A percentage: whole below 100 answers, one decimal from there on; decimal comma except in
    /// English; a no-break space before the sign.
    #[must_use]
    pub fn percent(self, value: &BigRational, n: u64) -> String {
        // A tenth of the value, rounded to hundredths, shows as many digits as the value rounded to tenths: the
        // exact value is rounded once.
        let scale = BigRational::from_integer(if n < 100 { 100 } else { 10 }.into());
        self.digits(Hundredths::rounded(&(value / scale)).number(), n)
    }

    /// The same for a computed end of an interval.
    #[must_use]
    pub fn percent_of_float(self, value: f64, n: u64) -> String {
        let scale = if n < 100 { 100.0 } else { 10.0 };
        self.digits(Hundredths::of_float(value / scale).number(), n)
    }

    /// `number` counts whole percents below 100 answers, tenths from there on.
    fn digits(self, number: i64, n: u64) -> String {
        if n < 100 {
            return format!("{number}\u{a0}%");
        }
        let point = if self.0 == Language::EN { "." } else { "," };
        format!("{}{point}{}\u{a0}%", number.div_euclid(10), number.rem_euclid(10))
    }

    /// A whole number with its thousands marked.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        let mark = if self.0 == Language::EN { ',' } else { '.' };
        let digits = number.to_string();
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<String> {
        let starts = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
        text.lines()
            .filter(starts)
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    /// The texts of a language: all its files, or one.
    fn texts(language: &str, file: Option<&str>) -> String {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/locales").join(language);
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let wanted = |path: &std::path::PathBuf| file.is_none_or(|file| path.ends_with(file));
        let texts: Vec<String> =
            paths.filter(wanted).map(|path| std::fs::read_to_string(path).unwrap()).collect();
        texts.join("\n")
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        let text = texts("vi", None);
        let vi = keys(&text);
        let arguments: BTreeSet<String> =
            text.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).map(str::to_owned).collect();
        assert!(vi.len() > 130 && !arguments.is_empty());
        assert_eq!(keys(&texts("en", None)), vi);
        // Citizens' pages are in Khmer too.
        let citizens = keys(&texts("vi", Some("pages.ftl")));
        assert_eq!(keys(&texts("km", Some("pages.ftl"))), citizens);
        let printed = keys(&texts("vi", Some("print.ftl")));
        assert!(!printed.is_empty());
        assert_eq!(keys(&texts("km", Some("print.ftl"))), printed);
        // The names of arguments live as long as the program in what is shown; here a leak of a few does no harm.
        let arguments: Vec<(&'static str, &str)> =
            arguments.into_iter().map(|name| (&*name.leak(), "1")).collect();
        for (language, _) in LANGUAGES {
            for key in &vi {
                assert!(
                    !Words::of(language).with(key, &arguments).contains("Unknown localization"),
                    "{language} {key}"
                );
            }
        }
    }

    #[test]
    fn every_action_and_every_text_of_the_records_is_there_in_both_languages() {
        let vi = keys(include_str!("../locales/vi/records.ftl"));
        assert_eq!(keys(include_str!("../locales/en/records.ftl")), vi);
        for action in crate::domain::audit::Action::ALL {
            let key = format!("audit-{}", action.as_str().replace('.', "-"));
            assert!(vi.contains(&key), "{key}");
        }
    }

    #[test]
    fn figures_are_written_as_their_readers_write_them() {
        let (vi, en) = (Words::of(Language::VI), Words::of(Language::EN));
        let exact = |n: i64, d: i64| BigRational::new(n.into(), d.into());
        assert_eq!(vi.percent(&exact(8765, 100), 120), "87,7\u{a0}%");
        assert_eq!(en.percent(&exact(8765, 100), 99), "88\u{a0}%");
        assert_eq!(en.percent(&exact(84_495, 1000), 99), "84\u{a0}%", "rounded once");
        assert_eq!(vi.percent_of_float(84.25, 100), "84,3\u{a0}%");
        assert_eq!(vi.number(1_234_567), "1.234.567");
        assert_eq!(en.number(999), "999");
        assert_eq!(vi.moment(1_795_366_800 - 7 * 3600 - 60), "22/11/2026 16:59:00");
        let day: Day = "2026-11-04".parse().unwrap();
        let periods = ["2026", "2026-Q3", "2026-01..2026-10", "2026-11"].map(|p| p.parse().unwrap());
        assert_eq!(periods.map(|p| vi.period(p)), ["2026", "07/2026–09/2026", "01/2026–10/2026", "11/2026"]);
        assert_eq!(en.period(periods[3]), "November 2026");
        assert_eq!((vi.day(day).as_str(), en.day(day).as_str()), ("04/11/2026", "4 November 2026"));
        assert_eq!(vi.with("errors-title", &[("count", "1")]), "Phiếu chưa gửi được: có 1 chỗ cần xem lại");
    }
}
