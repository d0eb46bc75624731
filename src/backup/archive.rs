//! The layers of a file, from the outside: encryption where it was asked for, a checksum of everything at its
//! end, compression, frames. A byte that was changed anywhere is noticed by one of them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
};

use zstd::stream::{read::Decoder, write::Encoder};

use super::{
    format::{
        Contents, END, HEADER, Header, KEY, MAGIC, ROW, Summing, TABLE, TableHead, TableSum, decode,
        read_frame, write_frame,
    },
    protection::{Inner, Outer, Protection},
};
use crate::storage::portable::Row;

/// Segments are compressed already; more than this costs time and saves little.
const LEVEL: i32 = 3;
/// Bytes of the checksum at the end.
const CHECKSUM: usize = 32;
/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// Writes frames to a file.
pub(super) struct ArchiveWriter {
    frames: Encoder<'static, Hashing>,
}

struct Hashing {
    outer: Outer,
    hasher: blake3::Hasher,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.outer.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.outer.flush()
    }
}

impl ArchiveWriter {
    pub(super) fn new(file: File, protection: &Protection) -> io::Result<Self> {
        let mut hashing = Hashing { outer: protection.writer(file)?, hasher: blake3::Hasher::new() };
        hashing.write_all(MAGIC)?;
        Ok(Self { frames: Encoder::new(hashing, LEVEL)? })
    }

    pub(super) fn frame(&mut self, letter: u8, bytes: &[u8]) -> io::Result<()> {
        write_frame(&mut self.frames, letter, bytes)
    }

    pub(super) fn json(&mut self, letter: u8, value: &impl serde::Serialize) -> io::Result<()> {
        self.frame(letter, &serde_json::to_vec(value)?)
    }

    /// Writes the end; the file, on disk.
    pub(super) fn finish(self, tables: &BTreeMap<String, TableSum>) -> io::Result<()> {
        let mut writer = self;
        writer.json(END, tables)?;
        let mut hashing = writer.frames.finish()?;
        hashing.outer.write_all(hashing.hasher.finalize().as_bytes())?;
        hashing.outer.finish()?.sync_all()
    }
}

/// Hands out everything but the checksum at the end, and compares that.
struct Checked {
    inner: Inner,
    hasher: blake3::Hasher,
    /// What was read and not handed out; its last bytes may be the checksum.
    held: Vec<u8>,
    at: usize,
}

impl Checked {
    fn new(inner: Inner) -> Self {
        Self { inner, hasher: blake3::Hasher::new(), held: Vec::with_capacity(CHUNK + CHECKSUM), at: 0 }
    }

    /// Bytes that are surely not of the checksum.
    fn ready(&self) -> usize {
        self.held.len().saturating_sub(CHECKSUM + self.at)
    }

    fn fill(&mut self) -> io::Result<()> {
        self.held.drain(..self.at);
        self.at = 0;
        let more = u64::try_from(CHUNK + CHECKSUM - self.held.len()).unwrap_or(0);
        (&mut self.inner).take(more).read_to_end(&mut self.held)?;
        Ok(())
    }

    /// Nothing may be left, and the checksum must be that of what was handed out.
    fn finish(mut self) -> io::Result<()> {
        if self.ready() == 0 {
            self.fill()?;
        }
        let rest = self.held.get(self.at..).unwrap_or_default();
        if rest == self.hasher.finalize().as_bytes() {
            return Ok(());
        }
        Err(altered("its checksum is another"))
    }
}

impl Read for Checked {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.ready() == 0 {
            self.fill()?;
        }
        let end = self.at + self.ready().min(bytes.len());
        let ready = self.held.get(self.at..end).unwrap_or_default();
        if let Some(place) = bytes.get_mut(..ready.len()) {
            place.copy_from_slice(ready);
        }
        self.hasher.update(ready);
        self.at = end;
        Ok(ready.len())
    }
}

/// What a walk through a backup meets.
pub(super) enum Met {
    /// A table begins.
    Table(TableHead),
    /// A row of it.
    Row(Row),
}

/// What is wrong with a file whose bytes are not those that were written.
pub(super) fn altered(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// Walks through a backup to its end, checks everything that can be checked, and hands over what it meets.
pub(super) fn walk(inner: Inner, meet: &mut dyn FnMut(Met) -> io::Result<()>) -> io::Result<Contents> {
    let mut checked = Checked::new(inner);
    let mut magic = [0; MAGIC.len()];
    checked.read_exact(&mut magic)?;
    if magic != MAGIC {
        return Err(altered("its first line is another"));
    }
    let mut decoder = Decoder::new(checked)?.single_frame();
    let mut walk = Walk { bytes: Vec::new(), key: None, tables: BTreeMap::new(), open: None };
    let header = walk.header(&mut decoder)?;
    while walk.step(&mut decoder, meet)? {}
    if decoder.read(&mut [0])? != 0 {
        return Err(altered("something follows its end"));
    }
    let mut rest = decoder.finish();
    if rest.read(&mut [0])? != 0 {
        return Err(altered("something follows its end"));
    }
    rest.into_inner().finish()?;
    Ok(Contents { header, key: walk.key, tables: walk.tables })
}

struct Walk {
    bytes: Vec<u8>,
    key: Option<String>,
    tables: BTreeMap<String, TableSum>,
    open: Option<(TableHead, Summing)>,
}

impl Walk {
    fn header(&mut self, from: &mut impl Read) -> io::Result<Header> {
        match read_frame(from, &mut self.bytes)? {
            HEADER => Ok(serde_json::from_slice(&self.bytes)?),
            _other => Err(altered("it does not begin with its header")),
        }
    }

    /// One frame; `false` at the end.
    fn step(
        &mut self,
        from: &mut impl Read,
        meet: &mut dyn FnMut(Met) -> io::Result<()>,
    ) -> io::Result<bool> {
        match read_frame(from, &mut self.bytes)? {
            KEY => self.key = Some(String::from_utf8(self.bytes.clone()).map_err(io::Error::other)?),
            TABLE => {
                self.close();
                let head: TableHead = serde_json::from_slice(&self.bytes)?;
                meet(Met::Table(head.clone()))?;
                self.open = Some((head, Summing::default()));
            }
            ROW => {
                let (head, sum) = self.open.as_mut().ok_or_else(|| altered("a row without a table"))?;
                sum.add(&self.bytes);
                let row = decode(&self.bytes, head.width()).ok_or_else(|| altered("a row that is none"))?;
                meet(Met::Row(row))?;
            }
            END => {
                self.close();
                let told: BTreeMap<String, TableSum> = serde_json::from_slice(&self.bytes)?;
                if told != self.tables {
                    return Err(altered("its tables are not those that it names"));
                }
                return Ok(false);
            }
            _other => return Err(altered("an unknown part")),
        }
        Ok(true)
    }

    fn close(&mut self) {
        if let Some((head, sum)) = self.open.take() {
            self.tables.insert(head.name, sum.sum());
        }
    }
}
