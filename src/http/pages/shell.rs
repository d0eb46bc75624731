//! What every page has around its content: language, title, letterhead, footer.

use askama::filters::Safe;

use super::{
    assets,
    words::{LANGUAGES, Words},
};
use crate::domain::ids::Language;

/// One language link.
pub(super) struct LanguageLink {
    /// Its code.
    pub(super) code: &'static str,
    /// Its own name.
    pub(super) name: &'static str,
    /// Where it leads; `None` for the language of this page.
    pub(super) href: Option<String>,
}

/// The frame of a page.
pub(super) struct Shell {
    /// The texts.
    pub(super) words: Words,
    /// In `<title>`.
    pub(super) title: String,
    /// Who speaks.
    pub(super) org: String,
    /// The line under it, with its language.
    pub(super) org_small: String,
    /// Whether the figures are made up.
    pub(super) demo: bool,
    /// Whether the service's own texts await a reader who speaks the language.
    pub(super) draft: bool,
    /// Address of the style, where it is not the citizens' own, which stands in the page.
    pub(super) style: Option<&'static str>,
    /// Address of the page's script, where it has one.
    pub(super) script: Option<&'static str>,
    /// Whether another language is asked for with the form, so that what was chosen is kept.
    pub(super) keeps_answers: bool,
    /// Where the skip link leads.
    pub(super) skip: String,
    /// What the skip link says.
    pub(super) skip_text: String,
    /// Links to this page in other languages.
    pub(super) languages: Vec<LanguageLink>,
}

impl Shell {
    /// A frame for a page at `path` (with its query, without `lang`).
    #[must_use]
    pub(super) fn new(
        language: Language,
        path: &str,
        title: impl Into<String>,
        origin: super::Origin,
    ) -> Self {
        let words = Words::of(language);
        let joint = if path.contains('?') { '&' } else { '?' };
        let link = |(code, name): (Language, &'static str)| LanguageLink {
            code: match code {
                Language::KM => "km",
                Language::EN => "en",
                _ => "vi",
            },
            name,
            href: (code != words.language()).then(|| format!("{path}{joint}lang={code}")),
        };
        Self {
            words,
            title: title.into(),
            org: words.t("service"),
            org_small: words.t("service-small"),
            demo: origin == super::Origin::Demo,
            draft: words.language() == Language::KM,
            style: None,
            script: None,
            keeps_answers: false,
            skip: "#main".to_owned(),
            skip_text: words.t("skip-main"),
            languages: LANGUAGES.into_iter().map(link).collect(),
        }
    }

    /// The code of the page's language.
    #[must_use]
    pub(super) fn lang(&self) -> &'static str {
        match self.words.language() {
            Language::KM => "km",
            Language::EN => "en",
            _ => "vi",
        }
    }

    /// The style of citizens' pages. It is ours, holds no sign that would end it, and the content policy allows it by its
    /// hash alone.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates ask the shell for what every page has")]
    pub(super) fn own_style(&self) -> Safe<&'static str> {
        Safe(assets::citizen_style())
    }

    /// A text.
    #[must_use]
    pub(super) fn t(&self, key: &str) -> String {
        self.words.t(key)
    }
}
