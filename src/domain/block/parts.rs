//! A segment in parts: what is said beside the answers, then the columns of answers, so that whoever needs a few of
//! them reads no others.

use super::{
    LAYOUT, Segment, SegmentError, put_length, put_names, read_field, take_bytes, take_length, take_names,
};
use crate::domain::{
    ids::Language,
    response::ServiceField,
    tally::{put_varint, take_varint},
};

impl Segment {
    /// The part before the columns of answers: layout, number of answers, width of a row, names of the service fields and
    /// of the languages, and the seven columns beside the answers.
    #[must_use]
    pub fn head_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.len * self.about.len());
        put_varint(&mut bytes, LAYOUT);
        put_length(&mut bytes, self.len);
        put_length(&mut bytes, self.answers.len());
        put_names(&mut bytes, self.fields.iter().map(ServiceField::as_str));
        put_names(&mut bytes, self.languages.iter().map(Language::as_str));
        for column in &self.about {
            bytes.extend_from_slice(column);
        }
        bytes
    }

    /// The columns of answers, one for each byte of a row.
    #[must_use]
    pub fn columns(&self) -> &[Vec<u8>] {
        &self.answers
    }

    /// Reads what [`Segment::head_bytes`] wrote: a segment whose columns of answers are still empty, and the bytes that
    /// follow.
    ///
    /// # Errors
    /// Where the bytes end early or hold a value that no answer can have.
    pub fn read_head(bytes: &[u8]) -> Result<(Self, &[u8]), SegmentError> {
        let mut rest = bytes;
        if take_varint(&mut rest) != Some(LAYOUT) {
            return Err(SegmentError("unknown layout"));
        }
        let len = take_length(&mut rest)?;
        let width = take_length(&mut rest)?;
        let fields = take_names(&mut rest)?.into_iter().map(read_field).collect::<Result<_, _>>()?;
        let languages = take_names(&mut rest)?
            .into_iter()
            .map(|l| l.parse().map_err(|_parse| SegmentError("unknown language")))
            .collect::<Result<_, _>>()?;
        let mut column = || take_bytes(&mut rest, len).map(<[u8]>::to_vec);
        let about = [column()?, column()?, column()?, column()?, column()?, column()?, column()?];
        let segment = Self { len, fields, languages, about, answers: vec![Vec::new(); width] };
        if segment.is_possible() { Ok((segment, rest)) } else { Err(SegmentError("impossible value")) }
    }

    /// Puts columns of answers where they belong, from the column with this number on.
    ///
    /// # Errors
    /// Where the bytes are no whole columns, or more than there is room for.
    pub fn fill(&mut self, first: usize, bytes: &[u8]) -> Result<(), SegmentError> {
        if self.len == 0 {
            return if bytes.is_empty() { Ok(()) } else { Err(SegmentError("too many bytes")) };
        }
        let columns = bytes.chunks_exact(self.len);
        if !columns.remainder().is_empty() {
            return Err(SegmentError("ends early"));
        }
        let last = first + columns.len();
        let places = self.answers.get_mut(first..last).ok_or(SegmentError("too many bytes"))?;
        for (place, column) in places.iter_mut().zip(columns) {
            *place = column.to_vec();
        }
        Ok(())
    }

    /// Whether every column of answers is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.answers.iter().all(|column| column.len() == self.len)
    }
}
