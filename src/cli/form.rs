//! `sipas form check`, `list` and `schema`: what they say, without the terminal and without the database.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use crate::domain::{
    form::{Form, Question, QuestionKind, TextState},
    form_change::{self, FormDifference},
    form_file::{self, FileFault, FileNote},
    ids::{FormId, Language},
};

/// A published version as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredText {
    /// The form.
    pub id: FormId,
    /// Its version.
    pub version: u16,
    /// The whole text of its file.
    pub text: String,
}

/// A file that does not say what was published under its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// The file.
    pub file: String,
    /// The line of its version, from 1.
    pub line: usize,
    /// The form.
    pub id: FormId,
    /// The version that both claim.
    pub version: u16,
    /// What differs.
    pub difference: FormDifference,
}

/// What was found in the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Forms without a fault, as `file: id version n, 22 criteria, 35 questions`.
    pub good: Vec<String>,
    /// Faults, file by file.
    pub faults: Vec<FileFault>,
    /// Files that differ from what was published.
    pub changed: Vec<ChangedFile>,
    /// What authors should know.
    pub notes: Vec<FileNote>,
}

impl CheckReport {
    /// Whether the check failed: then the command's exit code is 1.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty() || !self.changed.is_empty()
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for fault in &self.faults {
            writeln!(f, "fault: {fault}")?;
        }
        for changed in &self.changed {
            let ChangedFile { file, line, id, version, difference } = changed;
            writeln!(f, "fault: {file}:{line}: version: differs from the published {id} version {version}:")?;
            for change in &difference.changes {
                writeln!(f, "  {change}")?;
            }
            writeln!(f, "  {}", difference.remedy)?;
        }
        for good in &self.good {
            writeln!(f, "good: {good}")?;
        }
        let faults = self.faults.len() + self.changed.len();
        write!(
            f,
            "{} good, {}, {}",
            self.good.len(),
            counted(faults, "fault"),
            counted(self.notes.len(), "note")
        )
    }
}

fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// Checks form files; a folder means all `*.toml` in it.
///
/// A file is compared with what was published under its number, and a version that continues a series with the one
/// that began it, be that published or among the files.
#[must_use]
pub fn check(files: &[PathBuf], stored: &[StoredText]) -> CheckReport {
    let mut report = CheckReport::default();
    let mut known: Vec<StoredText> = stored.to_vec();
    let mut read: Vec<(String, StoredText, Form)> = Vec::new();
    for path in files {
        match files_of(path) {
            Ok(found) => read.extend(found.iter().filter_map(|file| read_file(&mut report, file))),
            Err(fault) => report.faults.push(fault),
        }
    }
    known.extend(read.iter().map(|(_, text, _)| text.clone()));
    for (place, (name, text, form)) in read.iter().enumerate() {
        let twin = read.iter().take(place).find(|(_, other, _)| same_number(other, text));
        report.faults.extend(twin.map(|(first, ..)| twin_fault(name, first, text)));
        report.faults.extend(series_fault(name, text, form, &known));
        let published = stored.iter().find(|s| same_number(s, text));
        match published.and_then(|s| form_change::difference(&s.text, &text.text)) {
            Some(difference) => {
                let (file, id, version) = (name.clone(), text.id.clone(), text.version);
                let line = line_of_key(&text.text, "version");
                report.changed.push(ChangedFile { file, line, id, version, difference });
            }
            None => report.good.push(format!("{name}: {}", described(form))),
        }
    }
    report
}

fn same_number(a: &StoredText, b: &StoredText) -> bool {
    a.id == b.id && a.version == b.version
}

fn twin_fault(name: &str, first: &str, text: &StoredText) -> FileFault {
    FileFault {
        file: name.to_owned(),
        line: line_of_key(&text.text, "version"),
        key: "version".to_owned(),
        what: format!("{} version {} stands in {first} too", text.id, text.version),
        remedy: "keep one of the files, or give this one the next version".to_owned(),
    }
}

pub(super) fn line_of_key(text: &str, key: &str) -> usize {
    text.lines().position(|l| l.trim_start().starts_with(key)).map_or(1, |l| l + 1)
}

/// The file itself, or the form files of a folder by name.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, FileFault> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|e| unreadable(path, &e))?;
    let mut files: Vec<PathBuf> = entries
        .into_iter()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(FileFault {
            file: path.display().to_string(),
            line: 1,
            key: "folder".to_owned(),
            what: "holds no form file".to_owned(),
            remedy: "name a folder with files that end in .toml".to_owned(),
        });
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &io::Error) -> FileFault {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => "look at the name: there is no such file",
        io::ErrorKind::PermissionDenied => "allow this user to read it",
        io::ErrorKind::InvalidData => "save it as UTF-8",
        _ => "look whether the disk can be read",
    };
    FileFault {
        file: path.display().to_string(),
        line: 1,
        key: "file".to_owned(),
        what: format!("cannot be read ({error})"),
        remedy: remedy.to_owned(),
    }
}

/// A file's text and form; its faults and notes go to the report.
fn read_file(report: &mut CheckReport, path: &Path) -> Option<(String, StoredText, Form)> {
    let name = path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            report.faults.push(unreadable(path, &error));
            return None;
        }
    };
    match form_file::read(&name, &text) {
        Ok(read) => {
            report.notes.extend(read.notes);
            let text = StoredText { id: read.form.id.clone(), version: read.form.version, text };
            Some((name, text, read.form))
        }
        Err(faults) => {
            report.faults.extend(faults);
            None
        }
    }
}

/// A version that continues a series must mean the same as the version that began it.
pub(super) fn series_fault(
    name: &str,
    text: &StoredText,
    form: &Form,
    known: &[StoredText],
) -> Option<FileFault> {
    let begun =
        known.iter().find(|k| k.id == form.id && k.version == form.series && form.series < form.version)?;
    let old = form_file::read_stored("stored version", &begun.text).ok()?;
    let changes = form_change::may_continue(&old, form).err()?;
    let list: Vec<String> = changes.iter().map(ToString::to_string).collect();
    Some(FileFault {
        file: name.to_owned(),
        line: line_of_key(&text.text, "series"),
        key: "series".to_owned(),
        what: format!("continues version {}, but means something else: {}", form.series, list.join("; ")),
        remedy: "leave series out: this version begins its own".to_owned(),
    })
}

/// One line for each form, as `form list` prints it: id, version, series, method, languages, counts, title.
pub fn list_lines<'f>(forms: impl IntoIterator<Item = &'f Form>) -> Vec<String> {
    let line = |form: &Form| format!("{}\t{}", described(form), form.title.vi());
    forms.into_iter().map(line).collect()
}

fn described(form: &Form) -> String {
    let rated = |q: &&Question| matches!(q.kind, QuestionKind::Satisfaction { factor: Some(_) });
    let criteria = form.questions.iter().filter(rated).count();
    let languages: Vec<String> = form.languages.iter().map(|l| language_word(form, l.code)).collect();
    format!(
        "{} version {} (series {}), {}, {}, {}, {}",
        form.id,
        form.version,
        form.series,
        counted(criteria, "criterion").replace("criterions", "criteria"),
        counted(form.questions.len(), "question"),
        form.method.id(),
        languages.join(" ")
    )
}

/// `km(draft)` where a text in the language is one.
fn language_word(form: &Form, language: Language) -> String {
    let draft = form
        .every_text()
        .iter()
        .filter_map(|(_, text)| text.0.get(&language))
        .any(|wording| wording.state == TextState::Draft);
    if draft { format!("{language}(draft)") } else { language.to_string() }
}

/// The JSON Schema of the file format, as `form schema` prints it and `survey-forms/form.schema.json` keeps it.
#[must_use]
pub fn schema_text() -> String {
    format!("{:#}\n", form_file::schema())
}
