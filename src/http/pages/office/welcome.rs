//! The pages behind links that open once.

use super::{
    OfficeFrame,
    field::{Faults, Field, new_password},
    plain_form::{self, Parts},
};

/// Where the first account is made; `typed` are its two names.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn set_up(frame: OfficeFrame<'_>, typed: [&str; 2], faults: &Faults) -> askama::Result<String> {
    let [name, display_name] = typed;
    plain_form::render(frame, faults, |words| {
        let mut fields = vec![
            Field::new(words, "text", "display_name", "field-display-name")
                .hint(words.t("field-display-name-hint"))
                .value(display_name)
                .complete("name")
                .faults(words, faults),
            Field::new(words, "text", "name", "field-name")
                .hint(words.t("field-name-hint"))
                .value(name)
                .complete("username")
                .faults(words, faults),
        ];
        fields.extend(new_password(words, faults));
        Parts {
            title: words.t("welcome-set-up-title"),
            lead: words.t("welcome-set-up-lead"),
            button: words.t("welcome-set-up-go"),
            fields,
            ..Parts::default()
        }
    })
}

/// Where somebody sets their password, by an invitation or a reset.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn password(
    frame: OfficeFrame<'_>,
    name: &str,
    display_name: &str,
    reset: bool,
    faults: &Faults,
) -> askama::Result<String> {
    plain_form::render(frame, faults, |words| {
        let key = if reset { "welcome-reset" } else { "welcome-invitation" };
        Parts {
            title: words.with(&format!("{key}-title"), &[("name", display_name)]),
            lead: words.with("welcome-account", &[("name", name)]),
            lines: vec![words.t(&format!("{key}-lead"))],
            button: words.t("welcome-go"),
            // Lets a browser keep name and password together.
            hidden: vec![("username", name.to_owned())],
            fields: new_password(words, faults),
            ..Parts::default()
        }
    })
}

/// A link that does not open any more.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn gone(frame: OfficeFrame<'_>) -> askama::Result<String> {
    plain_form::render(frame, &Faults::default(), |words| Parts {
        title: words.t("welcome-gone-title"),
        lines: vec![words.t("welcome-gone-why"), words.t("welcome-gone-what")],
        ..Parts::default()
    })
}
