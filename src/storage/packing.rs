//! A segment as it is stored: compressed, small ones in one frame, large ones with their columns apart.
//!
//! One frame is the shortest for a few answers. Of many, four columns together are as short, because they are alike and
//! nothing else is between them, and whoever needs three columns of sixty unpacks a tenth.
//!
//! Apart: a byte [`APART`], the number of frames, the length of each (varints), then the frames: first the head, then each
//! [`TOGETHER`] columns of answers. In one frame: that frame, which begins with zstd's own first byte.

use std::{collections::BTreeSet, ops::Range};

use crate::domain::{
    block::{Segment, SegmentError},
    tally::{put_varint, take_varint},
};

/// Dense enough that a full segment is about as many bytes as its answers have questions, and still fast.
const LEVEL: i32 = 3;
/// No segment unpacks to more than this: 4096 answers of 1,000 questions.
const MOST_BYTES: usize = 8 << 20;
/// Begins a segment whose columns are apart; zstd's frames begin with 0x28.
const APART: u8 = 2;
/// Answers from which columns are apart.
const MANY: usize = 1024;
/// Columns of answers in a frame.
const TOGETHER: usize = 4;

/// Why a stored segment cannot be read, or made.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A frame is damaged.
    #[error("its compression")]
    Compression(#[from] std::io::Error),
    /// The frames are not those of a segment.
    #[error("its parts")]
    Frames,
    /// What was unpacked is no segment.
    #[error(transparent)]
    Segment(#[from] SegmentError),
}

/// Compressed, with a checksum in each frame: a byte that changes by itself is found when it is read.
pub(super) fn pack(segment: &Segment) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    if segment.len() < MANY {
        return compressor.compress(&segment.to_bytes());
    }
    let mut frames = vec![compressor.compress(&segment.head_bytes())?];
    for columns in segment.columns().chunks(TOGETHER) {
        frames.push(compressor.compress(&columns.concat())?);
    }
    let mut packed = vec![APART];
    put_varint(&mut packed, number(frames.len()));
    for frame in &frames {
        put_varint(&mut packed, number(frame.len()));
    }
    packed.extend(frames.into_iter().flatten());
    Ok(packed)
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// What unpacking needs, kept from one segment to the next.
#[derive(Default)]
pub struct Unpacker {
    zstd: Option<zstd::bulk::Decompressor<'static>>,
    raw: Vec<u8>,
}

impl Unpacker {
    /// The whole segment.
    ///
    /// # Errors
    /// Where the bytes are damaged.
    pub fn unpack(&mut self, bytes: &[u8]) -> Result<Segment, PackError> {
        let segment = self.read(bytes, &|_columns| true)?;
        if segment.is_whole() { Ok(segment) } else { Err(PackError::Frames) }
    }

    /// A segment that has at least these bytes of each answer's row.
    pub(super) fn unpack_columns(
        &mut self,
        bytes: &[u8],
        wanted: &BTreeSet<usize>,
    ) -> Result<Segment, PackError> {
        self.read(bytes, &|columns| wanted.range(columns).next().is_some())
    }

    fn read(&mut self, bytes: &[u8], wants: &dyn Fn(Range<usize>) -> bool) -> Result<Segment, PackError> {
        let Some((&APART, parts)) = bytes.split_first() else {
            self.decompress(bytes)?;
            return Ok(Segment::from_bytes(&self.raw)?);
        };
        let frames = frames(parts).ok_or(PackError::Frames)?;
        let (head, columns) = frames.split_first().ok_or(PackError::Frames)?;
        self.decompress(head)?;
        let (mut segment, rest) = Segment::read_head(&self.raw)?;
        if !rest.is_empty() || columns.len() != segment.width().div_ceil(TOGETHER) {
            return Err(PackError::Frames);
        }
        for (frame, first) in columns.iter().zip((0..).step_by(TOGETHER)) {
            if wants(first..first + TOGETHER) {
                self.decompress(frame)?;
                segment.fill(first, &self.raw)?;
            }
        }
        Ok(segment)
    }

    fn decompress(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let zstd = match self.zstd.take() {
            Some(zstd) => zstd,
            None => zstd::bulk::Decompressor::new()?,
        };
        self.raw.clear();
        // Memory that is never written is never taken.
        self.raw.reserve(MOST_BYTES);
        self.zstd.insert(zstd).decompress_to_buffer(bytes, &mut self.raw)?;
        Ok(())
    }
}

/// The frames of a segment whose columns are apart; `None` where they are not all of the bytes.
fn frames(mut rest: &[u8]) -> Option<Vec<&[u8]>> {
    let count = usize::try_from(take_varint(&mut rest)?).ok()?;
    let lengths = (0..count).map(|_| usize::try_from(take_varint(&mut rest)?).ok());
    let lengths: Vec<usize> = lengths.collect::<Option<_>>()?;
    let frames = lengths.into_iter().map(|length| {
        let (frame, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(frame)
    });
    let frames: Vec<&[u8]> = frames.collect::<Option<_>>()?;
    rest.is_empty().then_some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        block::Record,
        ids::Language,
        response::{Assisted, Channel, Pace, ServiceField},
    };

    const WIDTH: usize = 10;

    fn segment(answers: usize) -> Segment {
        let mut segment = Segment::new(WIDTH);
        for number in 0..answers {
            let byte = |place: usize| u8::try_from((number * 7 + place * place) % 6).unwrap();
            segment.push(&Record {
                day: byte(1) + 1,
                service_field: ServiceField::read("land"),
                channel: Channel::Receipt,
                language: Language::KM,
                assisted: Assisted::Family,
                pace: Pace::Usual,
                flags: byte(2),
                row: (0..WIDTH).map(byte).collect(),
            });
        }
        segment
    }

    #[test]
    fn few_and_many_answers_read_back_as_they_were() {
        for answers in [0, 1, 5, MANY - 1, MANY, MANY + 1, 2048] {
            let segment = segment(answers);
            let packed = pack(&segment).unwrap();
            assert_eq!(packed.first() == Some(&APART), answers >= MANY);
            assert_eq!(Unpacker::default().unpack(&packed).unwrap(), segment, "{answers}");
        }
    }

    #[test]
    fn wanted_columns_are_there_and_of_others_at_most_their_neighbours() {
        let segment = segment(2048);
        let packed = pack(&segment).unwrap();
        let mut unpacker = Unpacker::default();
        for wanted in [BTreeSet::new(), BTreeSet::from([0]), BTreeSet::from([3, 4]), BTreeSet::from([9])] {
            let read = unpacker.unpack_columns(&packed, &wanted).unwrap();
            assert_eq!(read.head_bytes(), segment.head_bytes());
            for (place, (column, whole)) in read.columns().iter().zip(segment.columns()).enumerate() {
                let beside = place / TOGETHER * TOGETHER..(place / TOGETHER + 1) * TOGETHER;
                let is_there = wanted.range(beside).next().is_some();
                let expected: &[u8] = if is_there { whole } else { &[] };
                assert_eq!(column, expected, "{place} {wanted:?}");
            }
        }
        let small = pack(&self::segment(5)).unwrap();
        assert!(unpacker.unpack_columns(&small, &BTreeSet::new()).unwrap().is_whole());
    }

    #[test]
    fn cut_longer_and_altered_bytes_are_an_error() {
        let packed = pack(&segment(MANY)).unwrap();
        let mut unpacker = Unpacker::default();
        for end in 0..packed.len() {
            assert!(unpacker.unpack(&packed[..end]).is_err(), "{end}");
        }
        assert!(unpacker.unpack(&[packed.clone(), vec![0]].concat()).is_err());
        for place in (0..packed.len()).step_by(11) {
            let mut altered = packed.clone();
            altered[place] ^= 0x08;
            assert!(unpacker.unpack(&altered).is_err(), "{place}");
        }
    }
}
