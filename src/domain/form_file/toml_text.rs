//! Reading values out of a TOML document while keeping lines and collecting faults.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use toml::de::{DeTable, DeValue};

use super::FileFault;
use crate::domain::{form::FormFault, ids::Slug};

/// The line, from 1, that a byte of a text is on.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

/// A table of the file, with the words that name it in messages.
#[derive(Debug, Clone)]
pub(super) struct Section<'a, 'd> {
    table: &'a DeTable<'d>,
    /// `question access.seating`; empty for the top of the file.
    pub name: String,
    /// Its first byte.
    pub at: usize,
}

impl<'a, 'd> Section<'a, 'd> {
    /// The top of the file.
    pub(super) fn top(table: &'a DeTable<'d>) -> Self {
        Self { table, name: String::new(), at: 0 }
    }

    /// A table inside this one, named by a key.
    pub(super) fn inner(&self, key: &str, table: &'a DeTable<'d>, at: usize) -> Self {
        Self { table, name: self.key(key), at }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a DeValue<'d>> {
        self.table.get(key).map(toml::Spanned::get_ref)
    }

    /// Byte of a key, else of the table.
    pub(super) fn byte(&self, key: &str) -> usize {
        self.table.get_key_value(key).map_or(self.at, |(k, _)| k.span().start)
    }

    /// Keys with their values, in the order of the file.
    pub(super) fn entries(&self) -> Vec<(&'a str, usize, &'a DeValue<'d>)> {
        let mut entries: Vec<_> =
            self.table.iter().map(|(k, v)| (k.get_ref().as_ref(), k.span().start, v.get_ref())).collect();
        entries.sort_by_key(|(_, at, _)| *at);
        entries
    }

    /// The words that name a key of this table.
    pub(super) fn key(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}, {key}", self.name) }
    }
}

/// A file being read: its faults so far, and on which line each named thing stands.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<FileFault>,
    lines: BTreeMap<String, usize>,
    incomplete: bool,
    muted: Vec<String>,
}

impl<'t> Reading<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, faults: Vec::new(), lines: BTreeMap::new(), incomplete: false, muted: Vec::new() }
    }

    pub(super) fn file(&self) -> &'t str {
        self.file
    }

    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// All faults, by line.
    pub(super) fn into_faults(mut self) -> Vec<FileFault> {
        self.faults.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        self.faults
    }

    /// A question or factor could not be read at all, so what is counted over them cannot be judged.
    pub(super) fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Faults that the rules find at this key follow from one that was already told.
    pub(super) fn mute(&mut self, key: &str) {
        self.muted.push(key.to_owned());
    }

    /// Remembers where a named thing stands; of two with one name, the later, where the doubling shows.
    pub(super) fn note_place(&mut self, key: String, byte: usize) {
        let line = line_of(self.text, byte);
        self.lines.insert(key, line);
    }

    /// The line of a key, else of what it belongs to, else 1.
    pub(super) fn line(&self, key: &str) -> usize {
        let mut key = key;
        loop {
            if let Some(line) = self.lines.get(key) {
                return *line;
            }
            let Some((outer, _)) = key.rsplit_once(", ") else { return 1 };
            key = outer;
        }
    }

    /// A fault of the form, brought to its line.
    pub(super) fn add(&mut self, fault: FormFault) {
        let counted = ["factor ", "part ", "form"].iter().any(|p| fault.key.starts_with(p));
        if (self.incomplete && counted) || self.muted.iter().any(|m| fault.key.starts_with(m)) {
            return;
        }
        let line = self.line(&fault.key);
        let FormFault { key, what, remedy } = fault;
        self.faults.push(FileFault { file: self.file.to_owned(), line, key, what, remedy });
    }

    pub(super) fn fault_at(
        &mut self,
        byte: usize,
        key: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.faults.push(FileFault {
            file: self.file.to_owned(),
            line: line_of(self.text, byte),
            key: key.into(),
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    /// A fault at a key of a table.
    pub(super) fn fault(
        &mut self,
        section: &Section<'_, '_>,
        key: &str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.fault_at(section.byte(key), section.key(key), what, remedy);
    }

    /// Every key that is not among the allowed ones is a fault.
    pub(super) fn known_keys(&mut self, section: &Section<'_, '_>, allowed: &[&str]) {
        for (key, byte, _) in section.entries() {
            self.note_place(section.key(key), byte);
            if !allowed.contains(&key) {
                let remedy = format!("allowed here: {}", allowed.join(", "));
                self.fault(section, key, "is not a key of form files", remedy);
            }
        }
    }

    fn wrong_type(&mut self, section: &Section<'_, '_>, key: &str, wanted: &str) {
        let found = section.get(key).map_or("nothing", type_name);
        self.fault(section, key, format!("is {found}"), format!("write {wanted}"));
    }

    pub(super) fn string(&mut self, section: &Section<'_, '_>, key: &str) -> Option<String> {
        let found = section.get(key)?.as_str().map(tidy);
        if found.is_none() {
            self.wrong_type(section, key, "a text in quotation marks");
        }
        found
    }

    pub(super) fn boolean(&mut self, section: &Section<'_, '_>, key: &str) -> Option<bool> {
        let found = section.get(key)?.as_bool();
        if found.is_none() {
            self.wrong_type(section, key, "true or false");
        }
        found
    }

    pub(super) fn integer(&mut self, section: &Section<'_, '_>, key: &str) -> Option<i64> {
        let found = whole_number(section.get(key)?);
        if found.is_none() {
            self.wrong_type(section, key, "a whole number");
        }
        found
    }

    /// A list of whole numbers; empty where it is none.
    pub(super) fn integers(&mut self, section: &Section<'_, '_>, key: &str) -> Vec<i64> {
        let list = section.get(key).and_then(DeValue::as_array);
        let numbers: Option<Vec<i64>> =
            list.map(|a| a.iter().map(|v| whole_number(v.get_ref())).collect()).unwrap_or_default();
        if numbers.is_none() {
            self.wrong_type(section, key, "a list of whole numbers, like [1, 2, 3, 4, 5]");
        }
        numbers.unwrap_or_default()
    }

    /// A list of texts; empty where it is none.
    pub(super) fn strings(&mut self, section: &Section<'_, '_>, key: &str) -> Vec<String> {
        let list = section.get(key).and_then(DeValue::as_array);
        let words: Option<Vec<String>> =
            list.and_then(|a| a.iter().map(|v| v.get_ref().as_str().map(str::to_owned)).collect());
        if words.is_none() {
            self.wrong_type(section, key, "a list of texts, like [\"yes\"]");
        }
        words.unwrap_or_default()
    }

    /// A value that must be there and be of a kind.
    pub(super) fn needed<T>(&mut self, section: &Section<'_, '_>, key: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        if !section.has(key) {
            self.fault(section, key, "is missing", format!("write {key} = \"...\""));
            return None;
        }
        let text = self.string(section, key)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(section, key, format!("{text:?} cannot be used"), error.to_string());
                None
            }
        }
    }

    /// A version number, 1 to 65535.
    pub(super) fn version(&mut self, section: &Section<'_, '_>, key: &str) -> Option<u16> {
        if !section.has(key) {
            self.fault(section, key, "is missing", format!("write {key} = 1"));
            return None;
        }
        let number = self.integer(section, key)?;
        let version = u16::try_from(number).ok().filter(|v| *v > 0);
        if version.is_none() {
            self.fault(
                section,
                key,
                format!("{number} is no version"),
                "write a whole number from 1 to 65535",
            );
        }
        version
    }

    /// The tables of a list like `[[question]]`.
    pub(super) fn tables<'a, 'd>(&mut self, section: &Section<'a, 'd>, key: &str) -> Vec<Section<'a, 'd>> {
        let Some(value) = section.get(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.wrong_type(
                section,
                key,
                &format!("a block that begins with [[{key}]], or a list of {{ ... }}"),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let at = item.span().start;
            let name = format!("{key} {}", index + 1);
            match item.get_ref().as_table() {
                Some(table) => tables.push(section.inner(&name, table, at)),
                None => {
                    self.fault_at(
                        at,
                        section.key(&name),
                        "is no table",
                        "write { ... } with its keys inside",
                    );
                }
            }
        }
        tables
    }

    /// The slug of a table, by which it is named from then on.
    pub(super) fn named_section<T>(&mut self, section: &mut Section<'_, '_>, what: &str) -> Option<T>
    where
        T: FromStr<Err: Display> + Display,
    {
        let slug: Option<T> = self.needed(section, "slug");
        if let Some(slug) = &slug {
            section.name = format!("{what} {slug}");
        }
        self.note_place(section.name.clone(), section.at);
        slug
    }

    /// The index of what a key names by slug.
    pub(super) fn reference<'s>(
        &mut self,
        section: &Section<'_, '_>,
        key: &str,
        known: impl Iterator<Item = &'s Slug>,
    ) -> Option<usize> {
        let wanted = self.string(section, key)?;
        let known: Vec<&str> = known.map(Slug::as_str).collect();
        let found = known.iter().position(|k| *k == wanted);
        if found.is_none() {
            let allowed = if known.is_empty() { "none is declared".to_owned() } else { known.join(", ") };
            self.fault(
                section,
                key,
                format!("there is no {key} {wanted:?}"),
                format!("write one of: {allowed}"),
            );
        }
        found
    }
}

/// Runs of blanks and line breaks mean one blank, so that a long text can be wrapped in the file.
/// No-break and zero-width blanks are the author's and stay.
pub(super) fn tidy(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn whole_number(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
