//! How one cell lies in the bytes of an answer's row.

use super::{Cell, Missing};
use crate::domain::form::{Column, ColumnKind};

impl Column {
    /// Reads this column's cell out of one answer's row.
    #[must_use]
    pub fn read(&self, row: &[u8]) -> Cell {
        let bytes = row.get(self.offset..self.offset + self.width).unwrap_or_default();
        self.read_cell(bytes)
    }

    /// Reads a cell from exactly its own bytes.
    #[must_use]
    pub fn read_cell(&self, bytes: &[u8]) -> Cell {
        match self.kind {
            ColumnKind::Level | ColumnKind::Choice(_) | ColumnKind::Class(_) => {
                let byte = bytes.first().copied().unwrap_or(Missing::Skipped.byte());
                Missing::of_byte(byte).map_or(Cell::Value(byte), Cell::Missing)
            }
            ColumnKind::Bits(options) => {
                let mut all = [0_u8; 8];
                for (to, from) in all.iter_mut().zip(bytes) {
                    *to = *from;
                }
                let bits = u64::from_le_bytes(all);
                let reason = (bits >> options) & 0b111;
                match reason {
                    0 => Cell::Picked(bits & ((1 << options) - 1)),
                    n => Cell::Missing(reason_of(n)),
                }
            }
        }
    }

    /// Writes a cell into one answer's row.
    pub fn write(&self, cell: Cell, row: &mut [u8]) {
        let Some(bytes) = row.get_mut(self.offset..self.offset + self.width) else { return };
        match (self.kind, cell) {
            (ColumnKind::Bits(options), cell) => {
                let bits = match cell {
                    Cell::Picked(bits) => bits,
                    Cell::Value(index) => 1 << index,
                    Cell::Missing(reason) => reason_bits(reason) << options,
                };
                for (to, from) in bytes.iter_mut().zip(bits.to_le_bytes()) {
                    *to = from;
                }
            }
            (_, cell) => {
                if let Some(byte) = bytes.first_mut() {
                    *byte = match cell {
                        Cell::Value(value) => value,
                        Cell::Picked(_) => Missing::Skipped.byte(),
                        Cell::Missing(reason) => reason.byte(),
                    };
                }
            }
        }
    }
}

fn reason_bits(reason: Missing) -> u64 {
    match reason {
        Missing::NotAsked => 1,
        Missing::Skipped => 2,
        Missing::NotApplicable => 3,
        Missing::DontKnow => 4,
    }
}

fn reason_of(bits: u64) -> Missing {
    match bits {
        1 => Missing::NotAsked,
        3 => Missing::NotApplicable,
        4 => Missing::DontKnow,
        _ => Missing::Skipped,
    }
}
