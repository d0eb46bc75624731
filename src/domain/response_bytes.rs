//! One response as bytes, for the time that it waits (sealed) to be folded.

use super::{
    answers::AnswerSet,
    ids::{FormId, Slug, UnitCode},
    period::Day,
    response::{Assisted, Channel, Flags, Pace, Response, ServiceField},
    tally::{put_varint, take_varint},
};

/// Sealed answers have lengths in steps of this many bytes, so that a length tells little of a comment. With steps of
/// 128, whoever saw which answers were folded together led two of three longer comments back to their codes.
const STEP: usize = 512;
/// The layout that [`Response::to_bytes`] writes.
const LAYOUT: u64 = 1;

/// Why bytes are not a waiting response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the waiting answer cannot be read")]
pub struct ResponseBytesError;

impl Response {
    /// The response without its unit, form and version, which stand beside it; padded.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(STEP);
        put_varint(&mut bytes, LAYOUT);
        put_varint(&mut bytes, u64::try_from(self.day.number()).unwrap_or(0));
        bytes.extend([self.channel.byte(), self.assisted.byte(), self.pace.byte(), self.flags.0]);
        put_text(&mut bytes, self.language.as_str().as_bytes());
        put_text(&mut bytes, self.service_field.as_str().as_bytes());
        put_text(&mut bytes, &self.answers.row);
        put_varint(&mut bytes, u64::try_from(self.answers.texts.len()).unwrap_or(0));
        for (slug, text) in &self.answers.texts {
            put_text(&mut bytes, slug.as_str().as_bytes());
            put_text(&mut bytes, text.as_bytes());
        }
        bytes.resize(bytes.len().next_multiple_of(STEP), 0);
        bytes
    }

    /// Reads what [`Response::to_bytes`] wrote.
    ///
    /// # Errors
    /// Where the bytes are anything else.
    pub fn from_bytes(
        unit: UnitCode,
        form: FormId,
        version: u16,
        bytes: &[u8],
    ) -> Result<Self, ResponseBytesError> {
        read(unit, form, version, bytes).ok_or(ResponseBytesError)
    }
}

fn read(unit: UnitCode, form: FormId, version: u16, bytes: &[u8]) -> Option<Response> {
    let mut rest = bytes;
    if take_varint(&mut rest)? != LAYOUT {
        return None;
    }
    let day = Day::from_number(i32::try_from(take_varint(&mut rest)?).ok()?);
    let (&[channel, assisted, pace, flags], after) = rest.split_first_chunk()?;
    rest = after;
    let language = take_str(&mut rest)?.parse().ok()?;
    let service_field = ServiceField::read(take_str(&mut rest)?);
    let row = take_part(&mut rest)?.to_vec();
    let mut texts = Vec::new();
    for _ in 0..take_varint(&mut rest)? {
        let slug: Slug = take_str(&mut rest)?.parse().ok()?;
        texts.push((slug, take_str(&mut rest)?.to_owned()));
    }
    Some(Response {
        unit,
        form,
        version,
        day,
        channel: Channel::of_byte(channel)?,
        language,
        assisted: Assisted::of_byte(assisted)?,
        service_field,
        pace: Pace::of_byte(pace)?,
        flags: Flags(flags),
        answers: AnswerSet { row, texts },
    })
}

fn put_text(bytes: &mut Vec<u8>, text: &[u8]) {
    put_varint(bytes, u64::try_from(text.len()).unwrap_or(0));
    bytes.extend_from_slice(text);
}

fn take_part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_varint(rest)?).ok()?;
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn take_str<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(take_part(rest)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Language;

    #[test]
    fn a_waiting_response_reads_back_and_hides_its_length() {
        let mut response = Response {
            unit: "tra-cu".parse().unwrap(),
            form: "short".parse().unwrap(),
            version: 1,
            day: "2026-11-24".parse().unwrap(),
            channel: Channel::Poster,
            language: Language::KM,
            assisted: Assisted::YouthUnion,
            service_field: ServiceField::Withheld,
            pace: Pace::Slow,
            flags: Flags::PARTIAL,
            answers: AnswerSet { row: vec![1, 2, 0xFF], texts: vec![] },
        };
        let short = response.to_bytes();
        response.answers.texts.push(("comment".parse().unwrap(), "Chờ lâu quá, xin sửa. ".repeat(16)));
        let long = response.to_bytes();
        assert_eq!(short.len(), long.len());
        let read = Response::from_bytes(response.unit.clone(), response.form.clone(), 1, &long).unwrap();
        assert_eq!(read, response);
        assert!(Response::from_bytes(response.unit, response.form, 1, &long[..20]).is_err());
    }
}
