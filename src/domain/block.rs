//! Many answers as columns of bytes: what remains of a response once it is folded.
//!
//! A segment holds some thousand answers to one form version, of one unit, month and class. It knows the day of
//! the month and nothing finer; answers lie in a random order. Free texts are not here.

mod parts;
mod rows;

pub use self::rows::{ABOUT, Rows};
use super::{
    ids::{FieldCode, Language},
    response::{Assisted, Channel, Flags, Pace, ServiceField},
    tally::{put_varint, take_varint},
};

/// Most answers in one segment; only the last segment of a block is rewritten by a fold.
pub const SEGMENT_ANSWERS: usize = 2048;

/// The layout that [`Segment::to_bytes`] writes.
const LAYOUT: u64 = 1;

/// One folded answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// Day of the month, 1 to 31; 0 where the answer was carried from an earlier month.
    pub day: u8,
    /// Service field.
    pub service_field: ServiceField,
    /// How it came.
    pub channel: Channel,
    /// Language of the page.
    pub language: Language,
    /// Who helped.
    pub assisted: Assisted,
    /// How fast.
    pub pace: Pace,
    /// Marks.
    pub flags: u8,
    /// The answers, as [`super::form::Form::columns`] lays them out.
    pub row: Vec<u8>,
}

impl Record {
    /// Whether the answer counts in a later month than that of its day.
    #[must_use]
    pub fn carried(&self) -> bool {
        self.day == 0
    }

    /// The marks.
    #[must_use]
    pub fn flags(&self) -> Flags {
        Flags(self.flags)
    }
}

/// Why bytes are not a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored segment cannot be read: {0}")]
pub struct SegmentError(&'static str);

/// Columns of some answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Segment {
    len: usize,
    fields: Vec<ServiceField>,
    languages: Vec<Language>,
    /// Day, field, channel, language, assisted, pace, flags.
    about: [Vec<u8>; 7],
    /// One vector for each byte of an answer's row.
    answers: Vec<Vec<u8>>,
}

impl Segment {
    /// No answers yet, in rows of `width` bytes.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { answers: vec![Vec::new(); width], ..Self::default() }
    }

    /// Number of answers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether another answer belongs into the next segment.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len >= SEGMENT_ANSWERS || self.fields.len() >= 250 || self.languages.len() >= 250
    }

    /// Appends one answer.
    pub fn push(&mut self, record: &Record) {
        let field = index_in(&mut self.fields, &record.service_field);
        let language = index_in(&mut self.languages, &record.language);
        let about = [
            record.day,
            field,
            record.channel.byte(),
            language,
            record.assisted.byte(),
            record.pace.byte(),
            record.flags,
        ];
        for (column, byte) in self.about.iter_mut().zip(about) {
            column.push(byte);
        }
        for (index, column) in self.answers.iter_mut().enumerate() {
            column.push(record.row.get(index).copied().unwrap_or_default());
        }
        self.len += 1;
    }

    /// Days of the month, by answer; 0 where it was carried.
    pub(super) fn days(&self) -> &[u8] {
        let [days, ..] = &self.about;
        days
    }

    /// Index of the service field of each answer, and what the indexes mean.
    pub(super) fn fields(&self) -> (&[u8], &[ServiceField]) {
        let [_, fields, ..] = &self.about;
        (fields, &self.fields)
    }

    /// Index of the language of each answer, and what the indexes mean.
    pub(super) fn languages(&self) -> (&[u8], &[Language]) {
        let [_, _, _, languages, ..] = &self.about;
        (languages, &self.languages)
    }

    /// Channel of each answer, as [`Channel::byte`].
    pub(super) fn channels(&self) -> &[u8] {
        let [_, _, channels, ..] = &self.about;
        channels
    }

    /// Who helped, of each answer, as [`Assisted::byte`].
    pub(super) fn assisted(&self) -> &[u8] {
        let [_, _, _, _, assisted, ..] = &self.about;
        assisted
    }

    /// Marks of each answer.
    pub(super) fn marks(&self) -> &[u8] {
        let [.., marks] = &self.about;
        marks
    }

    /// One byte of every answer's row.
    pub(super) fn answer_bytes(&self, offset: usize) -> &[u8] {
        self.answers.get(offset).map_or(&[], Vec::as_slice)
    }

    /// How many answers came by receipt.
    #[must_use]
    pub fn by_receipt(&self) -> usize {
        self.channels()
            .iter()
            .filter_map(|byte| Channel::of_byte(*byte))
            .filter(|c| *c == Channel::Receipt)
            .count()
    }

    /// Bytes of one answer.
    #[must_use]
    pub fn width(&self) -> usize {
        self.answers.len()
    }

    /// The highest day of the month.
    #[must_use]
    pub fn last_day(&self) -> u8 {
        self.days().iter().copied().max().unwrap_or(0)
    }

    /// The channels that occur.
    #[must_use]
    pub fn channels_in_it(&self) -> Vec<Channel> {
        Channel::ALL.iter().copied().filter(|channel| self.channels().contains(&channel.byte())).collect()
    }

    /// Whether every byte beside the answers means something.
    fn is_possible(&self) -> bool {
        let [_, fields, channels, languages, assisted, pace, _] = &self.about;
        let highest = |bytes: &[u8]| bytes.iter().copied().max();
        let within = |bytes: &[u8], names: usize| highest(bytes).is_none_or(|most| usize::from(most) < names);
        within(fields, self.fields.len())
            && within(languages, self.languages.len())
            && highest(channels).is_none_or(|most| Channel::of_byte(most).is_some())
            && highest(assisted).is_none_or(|most| Assisted::of_byte(most).is_some())
            && highest(pace).is_none_or(|most| Pace::of_byte(most).is_some())
    }

    /// The answers, in their (random) order.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        (0..self.len).filter_map(|index| self.record(index))
    }

    fn record(&self, index: usize) -> Option<Record> {
        let [day, field, channel, language, assisted, pace, flags] =
            self.about.each_ref().map(|column| column.get(index).copied());
        Some(Record {
            day: day?,
            service_field: self.fields.get(usize::from(field?))?.clone(),
            channel: Channel::of_byte(channel?)?,
            language: *self.languages.get(usize::from(language?))?,
            assisted: Assisted::of_byte(assisted?)?,
            pace: Pace::of_byte(pace?)?,
            flags: flags?,
            row: self.answers.iter().map(|column| column.get(index).copied().unwrap_or_default()).collect(),
        })
    }

    /// The segment in one piece (before compression).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head_bytes();
        for column in &self.answers {
            bytes.extend_from_slice(column);
        }
        bytes
    }

    /// Reads what [`Segment::to_bytes`] wrote.
    ///
    /// # Errors
    /// Where the bytes end early, are too many or hold a value that no answer can have.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SegmentError> {
        let (mut segment, columns) = Self::read_head(bytes)?;
        segment.fill(0, columns)?;
        if segment.is_whole() { Ok(segment) } else { Err(SegmentError("ends early")) }
    }
}

/// Index of a value in a dictionary, put there where it is new.
fn index_in<T: Clone + PartialEq>(dictionary: &mut Vec<T>, value: &T) -> u8 {
    let found = dictionary.iter().position(|v| v == value).unwrap_or_else(|| {
        dictionary.push(value.clone());
        dictionary.len() - 1
    });
    u8::try_from(found).unwrap_or(u8::MAX)
}

fn read_field(text: &str) -> Result<ServiceField, SegmentError> {
    match text {
        "" => Ok(ServiceField::None),
        "withheld" => Ok(ServiceField::Withheld),
        code => {
            let code: FieldCode = code.parse().map_err(|_parse| SegmentError("unknown service field"))?;
            Ok(ServiceField::Code(code))
        }
    }
}

fn put_length(bytes: &mut Vec<u8>, length: usize) {
    put_varint(bytes, u64::try_from(length).unwrap_or(u64::MAX));
}

fn take_length(rest: &mut &[u8]) -> Result<usize, SegmentError> {
    let number = take_varint(rest).ok_or(SegmentError("ends early"))?;
    usize::try_from(number).ok().filter(|n| *n <= 1 << 20).ok_or(SegmentError("impossible length"))
}

fn put_names<'a>(bytes: &mut Vec<u8>, names: impl ExactSizeIterator<Item = &'a str>) {
    put_length(bytes, names.len());
    for name in names {
        put_length(bytes, name.len());
        bytes.extend_from_slice(name.as_bytes());
    }
}

fn take_names<'a>(rest: &mut &'a [u8]) -> Result<Vec<&'a str>, SegmentError> {
    let count = take_length(rest)?;
    let mut names = Vec::new();
    for _ in 0..count {
        let length = take_length(rest)?;
        let bytes = take_bytes(rest, length)?;
        names.push(std::str::from_utf8(bytes).map_err(|_utf8| SegmentError("not a text"))?);
    }
    Ok(names)
}

fn take_bytes<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], SegmentError> {
    let (taken, left) = rest.split_at_checked(length).ok_or(SegmentError("ends early"))?;
    *rest = left;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(day: u8, field: &str, row: [u8; 3]) -> Record {
        Record {
            day,
            service_field: ServiceField::read(field),
            channel: Channel::Receipt,
            language: Language::KM,
            assisted: Assisted::Family,
            pace: Pace::Usual,
            flags: 4,
            row: row.to_vec(),
        }
    }

    #[test]
    fn a_segment_reads_back_what_was_written() {
        let mut segment = Segment::new(3);
        let records =
            [record(1, "land", [1, 2, 3]), record(0, "", [5, 5, 0xFF]), record(31, "withheld", [0, 1, 0])];
        for r in &records {
            segment.push(r);
        }
        let read = Segment::from_bytes(&segment.to_bytes()).unwrap();
        assert_eq!(read.records().collect::<Vec<_>>(), records);
    }

    #[test]
    fn cut_or_spoilt_bytes_are_an_error_and_never_a_panic() {
        let mut segment = Segment::new(3);
        segment.push(&record(1, "land", [1, 2, 3]));
        let bytes = segment.to_bytes();
        for end in 0..bytes.len() {
            assert!(Segment::from_bytes(&bytes[..end]).is_err(), "{end}");
        }
        let longer = [bytes.clone(), vec![0]].concat();
        assert!(Segment::from_bytes(&longer).is_err());
        assert!(Segment::from_bytes(&[9, 9, 9, 9]).is_err());
    }
}
