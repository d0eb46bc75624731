//! Single answers as CSV, a block at a time: every text that a byte stands for is quoted once, a row is copied together.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    io,
};

use super::csv::{CsvError, CsvWriter, cell};
use crate::domain::{
    block::{ABOUT, Rows, Segment},
    form::{Column, ColumnKind, Form},
    grouping::named_values,
    ids::UnitCode,
    period::Month,
    response::{Assisted, Channel, Flags, Pace, ServiceField},
};

/// Columns before the answers.
const HEADING: [&str; 14] = [
    "origin",
    "unit",
    "unit_name",
    "form",
    "form_version",
    "month",
    "day",
    "carried",
    "channel",
    "service_field",
    "language",
    "assisted",
    "pace",
    "flags",
];

/// Bytes that are written together.
const BUFFER: usize = 256 * 1024;
/// A text up to this length is copied as so many bytes at once, which is faster than its own length.
const SHORT: usize = 24;
/// Texts of columns of several options that are kept at most.
const KEPT: usize = 1 << 12;

/// Where the answers of a block come from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// `demo`, `import` or nothing.
    pub origin: &'a str,
    /// The unit.
    pub unit: &'a UnitCode,
    /// Its name.
    pub unit_name: &'a str,
    /// The form.
    pub form: &'a Form,
    /// The month they count in.
    pub month: Month,
}

/// Writes answers, block by block.
pub struct AnswersCsv<W> {
    to: W,
    line: Line,
    slugs: Vec<String>,
    about: Vec<Part>,
    forms: BTreeMap<(String, u16), Vec<Part>>,
}

impl<W: io::Write> AnswersCsv<W> {
    /// Writes the header, with a column for each of these questions.
    ///
    /// # Errors
    /// Where the destination does not take it.
    pub fn begin(to: W, slugs: Vec<String>) -> Result<Self, CsvError> {
        let header: Vec<&str> = HEADING.into_iter().chain(slugs.iter().map(String::as_str)).collect();
        let to = CsvWriter::new(to, &header)?.finish()?;
        let names = |of: &dyn Fn(u8) -> Option<Cow<'static, str>>| -> Result<Vec<Text>, CsvError> {
            (0..=u8::MAX).map_while(of).map(|name| Text::next(&name)).collect()
        };
        let borrowed = |name: &'static str| Cow::Borrowed(name);
        let about = vec![
            Part::Byte(4, names(&|byte| Assisted::of_byte(byte).map(|a| borrowed(a.as_str())))?),
            Part::Byte(5, names(&|byte| Pace::of_byte(byte).map(|p| borrowed(p.as_str())))?),
            Part::Byte(6, names(&|byte| Some(Cow::Owned(Flags(byte).names())))?),
        ];
        Ok(Self { to, line: Line::default(), slugs, about, forms: BTreeMap::new() })
    }

    /// Writes the answers of a block, in the order of their content. How many there were.
    ///
    /// # Errors
    /// Where the destination does not take it.
    pub fn block(&mut self, source: Source<'_>, segments: &[Segment]) -> Result<usize, CsvError> {
        let rows = Rows::of(segments);
        let mut before = before(source, &rows)?;
        let key = (source.form.id.to_string(), source.form.version);
        if !self.forms.contains_key(&key) {
            let parts = self.slugs.iter().map(|slug| Part::of(source.form, slug));
            self.forms.insert(key.clone(), parts.collect::<Result<_, _>>()?);
        }
        let mut none = Vec::new();
        let answers = self.forms.get_mut(&key).unwrap_or(&mut none);
        let parts = || before.iter().chain(&self.about).chain(&*answers);
        let longest = parts().map(Part::longest).sum::<usize>() + SHORT + "\r\n".len();
        let mut written = 0;
        for row in rows.iter() {
            self.line.make_room(longest, &mut self.to)?;
            for part in before.iter_mut().chain(&mut self.about).chain(answers.iter_mut()) {
                part.write(source.form, row, &mut self.line)?;
            }
            self.line.push(&Text::LINE_END);
            written += 1;
        }
        Ok(written)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Where the destination does not take it.
    pub fn finish(mut self) -> Result<(), CsvError> {
        self.line.flush(&mut self.to)?;
        self.to.flush()?;
        Ok(())
    }
}

/// What is the same for a block, and what its own bytes mean.
fn before(source: Source<'_>, rows: &Rows) -> Result<Vec<Part>, CsvError> {
    let Source { origin, unit, unit_name, form, month } = source;
    let version = form.version.to_string();
    let month_name = month.to_string();
    let fixed = [unit.as_str(), unit_name, form.id.as_str(), &version, &month_name];
    let mut begin = cell(origin)?;
    for text in fixed {
        begin.push(b',');
        begin.extend(cell(text)?);
    }
    let day = |day: u8| {
        let date = month.first_day().plus(i32::from(day) - 1);
        if day == 0 { ",,yes".to_owned() } else { format!(",{date},no") }
    };
    let channels =
        Channel::ALL.iter().map(|channel| Text::next(channel.as_str())).collect::<Result<_, _>>()?;
    let fields = rows.fields.iter().map(ServiceField::as_str).map(Text::next).collect::<Result<_, _>>()?;
    let languages = rows.languages.iter().map(|l| Text::next(l.as_str())).collect::<Result<_, _>>()?;
    Ok(vec![
        Part::Fixed(Text::of(begin)),
        Part::Byte(0, (0..=31).map(|n| Text::of(day(n).into_bytes())).collect()),
        Part::Byte(2, channels),
        Part::Byte(1, fields),
        Part::Byte(3, languages),
    ])
}

/// One or more cells of a row, each with the comma before it.
enum Part {
    /// The same in every row.
    Fixed(Text),
    /// By the byte at this place of the row: nearly everything.
    Byte(usize, Vec<Text>),
    /// A column of several options, of which those combinations that came are kept.
    Options(Column, HashMap<[u8; 8], Text>, usize),
}

impl Part {
    /// What the answers to one question are called: by code; several picked options with `+` between them; a missing
    /// answer by its reason; empty where this form does not have the question.
    fn of(form: &Form, slug: &str) -> Result<Self, CsvError> {
        let Some(column) = form.columns().iter().find(|column| column.slug.as_str() == slug) else {
            return Ok(Self::Fixed(Text::next("")?));
        };
        if let ColumnKind::Bits(options) = column.kind {
            let all: usize = (0..options).map(|n| 1_u64 << n).try_fold(0, |sum, bit| {
                let names = named_values(form, column, crate::domain::answers::Cell::Picked(bit));
                Ok::<_, CsvError>(sum + Text::next(&names.join("+"))?.len())
            })?;
            return Ok(Self::Options(column.clone(), HashMap::new(), all.max(SHORT)));
        }
        let text = |byte| Text::next(&named_values(form, column, column.read_cell(&[byte])).join("+"));
        Ok(Self::Byte(ABOUT + column.offset, (0..=u8::MAX).map(text).collect::<Result<_, _>>()?))
    }

    /// Most bytes that it writes in a row.
    fn longest(&self) -> usize {
        match self {
            Self::Fixed(text) => text.len(),
            Self::Byte(_, texts) => texts.iter().map(Text::len).max().unwrap_or(0),
            Self::Options(_, _, longest) => *longest,
        }
    }

    fn write(&mut self, form: &Form, row: &[u8], line: &mut Line) -> Result<(), CsvError> {
        match self {
            Self::Fixed(text) => line.push(text),
            Self::Byte(place, texts) => {
                let text = row.get(*place).and_then(|byte| texts.get(usize::from(*byte)));
                line.push(text.unwrap_or(&Text::EMPTY));
            }
            Self::Options(column, kept, _) => {
                let mut bytes = [0; 8];
                let cell = row.iter().skip(ABOUT + column.offset).take(column.width);
                bytes.iter_mut().zip(cell).for_each(|(to, from)| *to = *from);
                if let Some(text) = kept.get(&bytes) {
                    line.push(text);
                    return Ok(());
                }
                let cell = column.read_cell(bytes.get(..column.width).unwrap_or(&bytes));
                let text = Text::next(&named_values(form, column, cell).join("+"))?;
                line.push(&text);
                if kept.len() < KEPT {
                    kept.insert(bytes, text);
                }
            }
        }
        Ok(())
    }
}

/// Bytes that are copied.
struct Text {
    short: [u8; SHORT],
    len: usize,
    /// The whole, where it is longer.
    long: Vec<u8>,
}

impl Text {
    const LINE_END: Self = Self::brief(b'\r', b'\n', 2);
    /// An empty cell.
    const EMPTY: Self = Self::brief(b',', 0, 1);

    const fn brief(first: u8, second: u8, len: usize) -> Self {
        let mut short = [0; SHORT];
        [short[0], short[1]] = [first, second];
        Self { short, len, long: Vec::new() }
    }

    fn of(bytes: Vec<u8>) -> Self {
        let mut short = [0; SHORT];
        short.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
        let len = bytes.len();
        Self { short, len, long: if len > SHORT { bytes } else { Vec::new() } }
    }

    /// A cell with the comma before it.
    fn next(text: &str) -> Result<Self, CsvError> {
        let mut bytes = vec![b','];
        bytes.extend(cell(text)?);
        Ok(Self::of(bytes))
    }

    fn len(&self) -> usize {
        self.len
    }
}

/// Rows that are not written yet.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    at: usize,
}

impl Line {
    /// Makes sure that so many bytes can be pushed.
    fn make_room<W: io::Write>(&mut self, longest: usize, to: &mut W) -> io::Result<()> {
        if self.at > BUFFER {
            self.flush(to)?;
        }
        if self.bytes.len() < self.at + longest {
            self.bytes.resize(BUFFER + self.at + longest, 0);
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, text: &Text) {
        if text.len > SHORT {
            if let Some(slot) = self.bytes.get_mut(self.at..self.at + text.len) {
                slot.copy_from_slice(&text.long);
            }
        } else if let Some(slot) = self.bytes.get_mut(self.at..self.at + SHORT) {
            slot.copy_from_slice(&text.short);
        }
        self.at += text.len;
    }

    fn flush<W: io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(self.bytes.get(..self.at).unwrap_or_default())?;
        self.at = 0;
        Ok(())
    }
}
