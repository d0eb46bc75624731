//! The answers of a block in the order of their content: the same for the same answers, whatever order they lie in.

use super::Segment;
use crate::domain::{ids::Language, response::ServiceField};

/// Bytes of a row before the answers.
pub const ABOUT: usize = 7;
/// Bytes of a row that are compared as one number; few rows are the same so far.
const FRONT: usize = 16;

/// Answers as rows of bytes: day of the month (0: carried), service field, channel, language, who helped, pace, marks,
/// then the answers as [`crate::domain::form::Form::columns`] lays them out.
#[derive(Debug)]
pub struct Rows {
    /// What the second byte of a row means, in order.
    pub fields: Vec<ServiceField>,
    /// What the fourth byte of a row means, in order.
    pub languages: Vec<Language>,
    width: usize,
    bytes: Vec<u8>,
    order: Vec<(u128, usize)>,
}

impl Rows {
    /// Lays the answers of a block out in rows, and sorts them as [`super::Record`]s would be. All segments have the
    /// same width.
    #[must_use]
    pub fn of(segments: &[Segment]) -> Self {
        let width = ABOUT + segments.first().map_or(0, Segment::width);
        let answers: usize = segments.iter().map(Segment::len).sum();
        let fields = in_order(segments.iter().flat_map(|segment| &segment.fields));
        let languages = in_order(segments.iter().flat_map(|segment| &segment.languages));
        let mut bytes = vec![0; width * answers];
        let mut rest = bytes.as_mut_slice();
        for segment in segments {
            let (mine, after) = rest.split_at_mut_checked(width * segment.len()).unwrap_or_default();
            rest = after;
            let [days, field, channels, language, others @ ..] = &segment.about;
            let field = renamed(field, &segment.fields, &fields);
            let language = renamed(language, &segment.languages, &languages);
            let columns =
                [days, &field, channels, &language].into_iter().chain(others).chain(&segment.answers);
            for (place, column) in columns.enumerate().take(width) {
                let cells = mine.iter_mut().skip(place).step_by(width);
                cells.zip(column).for_each(|(to, from)| *to = *from);
            }
        }
        let mut rows = Self { fields, languages, width, bytes, order: Vec::new() };
        let mut order: Vec<(u128, usize)> =
            rows.bytes.chunks_exact(width).enumerate().map(|(number, row)| (front(row), number)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| rows.row(a.1).cmp(rows.row(b.1))));
        rows.order = order;
        rows
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.order.iter().map(|(_, number)| self.row(*number))
    }

    fn row(&self, number: usize) -> &[u8] {
        self.bytes.get(number * self.width..(number + 1) * self.width).unwrap_or_default()
    }
}

fn front(row: &[u8]) -> u128 {
    let mut bytes = [0; FRONT];
    bytes.iter_mut().zip(row).for_each(|(to, from)| *to = *from);
    u128::from_be_bytes(bytes)
}

fn in_order<'a, T: Clone + Ord + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut sorted: Vec<T> = all.cloned().collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// Indexes of one dictionary as indexes of another. A block has far fewer than 256 fields and languages.
fn renamed<T: Ord>(indexes: &[u8], from: &[T], to: &[T]) -> Vec<u8> {
    let place = |name: &T| to.binary_search(name).ok().and_then(|place| u8::try_from(place).ok());
    let names: Vec<u8> = from.iter().map(|name| place(name).unwrap_or(u8::MAX)).collect();
    indexes.iter().map(|index| names.get(usize::from(*index)).copied().unwrap_or(u8::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Record;
    use super::*;
    use crate::domain::response::{Assisted, Channel, Pace};
    use proptest::prelude::*;

    prop_compose! {
        fn a_record()(
            day in 0..4_u8,
            field in prop::sample::select(vec!["", "withheld", "land", "civil", "a"]),
            (channel, assisted, pace) in (0..3_u8, 0..3_u8, 0..3_u8),
            language in prop::sample::select(vec![Language::VI, Language::KM, Language::EN]),
            flags in 0..3_u8,
            row in prop::collection::vec(0..3_u8, 12),
        ) -> Record {
            Record {
                day,
                service_field: ServiceField::read(field),
                channel: Channel::of_byte(channel).unwrap(),
                language,
                assisted: Assisted::of_byte(assisted).unwrap(),
                pace: Pace::of_byte(pace).unwrap(),
                flags,
                row,
            }
        }
    }

    proptest! {
        #[test]
        fn rows_stand_in_the_order_of_records(records in prop::collection::vec(a_record(), 0..60), cut in 1..30_usize) {
            let segments: Vec<Segment> = records
                .chunks(cut)
                .map(|some| {
                    let mut segment = Segment::new(12);
                    for record in some { segment.push(record); }
                    segment
                })
                .collect();
            let mut sorted = records;
            sorted.sort();
            let rows = Rows::of(&segments);
            let read: Vec<Record> = rows
                .iter()
                .map(|row| Record {
                    day: row[0],
                    service_field: rows.fields[usize::from(row[1])].clone(),
                    channel: Channel::of_byte(row[2]).unwrap(),
                    language: rows.languages[usize::from(row[3])],
                    assisted: Assisted::of_byte(row[4]).unwrap(),
                    pace: Pace::of_byte(row[5]).unwrap(),
                    flags: row[6],
                    row: row[7..].to_vec(),
                })
                .collect();
            prop_assert_eq!(read, sorted);
        }
    }
}
