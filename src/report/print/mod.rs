//! What is printed: receipts on thermal paper, on sheets of labels and as whole pages, and posters. Values in, bytes out.
//!
//! Everything is drawn once, on pages that are measured in millimetres ([`page`]), and written as PDF ([`pdf`]) or as
//! dots of a thermal printer ([`raster`], [`escpos`]). Text is shaped here ([`text`]), so that Khmer looks the same in
//! both and no printer needs to know it.

mod column;
pub mod escpos;
mod fonts;
mod labels;
pub mod page;
pub mod pdf;
mod poster;
pub mod raster;
mod slip;
pub mod text;

use std::{fmt, str::FromStr};

use self::page::Page;
pub use self::poster::{Poster, Size, poster};
use super::qr::{self, QrError};
use crate::domain::receipt::ReceiptCode;

/// Why something cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The address does not fit into a symbol that a worn print can be read from.
    #[error(transparent)]
    Address(#[from] QrError),
    /// The PDF could not be written: a fault of the program.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// How receipts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// A slip each on a roll of 80 mm, as PDF for the printer's own driver.
    Roll80,
    /// A slip each for a printer of 80 mm that takes ESC/POS: 576 dots.
    Escpos80,
    /// The same for 58 mm: 384 dots.
    Escpos58,
    /// The whole receipt on A5, the office's words above and the invitation below.
    ReceiptA5,
    /// The whole receipt for a printer of 80 mm that takes ESC/POS.
    Receipt80,
    /// A4 sheets of 24 labels, 63.5 x 33.9 mm.
    Labels24,
    /// A4 sheets of 65 labels, 38.1 x 21.2 mm.
    Labels65,
}

/// What a printer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// Commands of a thermal printer.
    Escpos,
}

impl Layout {
    /// Every layout, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Roll80,
        Self::Escpos80,
        Self::Escpos58,
        Self::ReceiptA5,
        Self::Receipt80,
        Self::Labels24,
        Self::Labels65,
    ];

    /// As forms and the command line write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Roll80 => "roll-80",
            Self::Escpos80 => "escpos-80",
            Self::Escpos58 => "escpos-58",
            Self::ReceiptA5 => "receipt-a5",
            Self::Receipt80 => "receipt-80",
            Self::Labels24 => "labels-24",
            Self::Labels65 => "labels-65",
        }
    }

    /// What a printer is sent.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Roll80 | Self::ReceiptA5 | Self::Labels24 | Self::Labels65 => Kind::Pdf,
            Self::Escpos80 | Self::Escpos58 | Self::Receipt80 => Kind::Escpos,
        }
    }
}

impl Kind {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Escpos => "application/octet-stream",
        }
    }

    /// What the name of a file ends with.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Escpos => "escpos",
        }
    }
}

/// No such layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a layout is roll-80, escpos-80, escpos-58, receipt-a5, receipt-80, labels-24 or labels-65")]
pub struct LayoutError;

impl FromStr for Layout {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Self, LayoutError> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == text).ok_or(LayoutError)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A sentence in both languages of the citizens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Both {
    /// Vietnamese.
    pub vi: String,
    /// Khmer.
    pub km: String,
}

/// What every receipt of one print says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Who runs the service; may be empty.
    pub organisation: String,
    /// The unit that serves.
    pub unit: String,
    /// What the whole receipt is called: the office's own words.
    pub title: String,
    /// What else the office says on it; may be empty.
    pub words: String,
    /// The invitation.
    pub question: Both,
    /// To scan the symbol, or to type the code at the address that follows.
    pub scan: Both,
    /// The same in a word, on labels.
    pub label: Both,
    /// What is promised.
    pub promise: Both,
    /// That the figures are made up; empty where they are not.
    pub demo: String,
}

/// One receipt, to be printed now.
#[derive(Clone, PartialEq, Eq)]
pub struct Slip {
    /// Its code.
    pub code: ReceiptCode,
    /// Until when it may be used, as a sentence.
    pub until: Both,
    /// Lines of the whole receipt: what, and its value; without one there is room to write.
    pub rows: Vec<(String, String)>,
}

/// Prints receipts.
///
/// # Errors
/// Where the public address is too long for the symbol of a receipt.
pub fn receipts(
    layout: Layout,
    public_url: &str,
    texts: &Texts,
    slips: &[Slip],
) -> Result<Vec<u8>, PrintError> {
    let place = Place { public_url, texts };
    let each = |draw: &dyn Fn(&Place<'_>, &Slip) -> Result<Page, PrintError>| {
        slips.iter().map(|slip| draw(&place, slip)).collect::<Result<Vec<_>, _>>()
    };
    match layout {
        Layout::Roll80 => pdf::write(&each(&|place, one| slip::short(place, one, slip::PAPER_80))?),
        Layout::ReceiptA5 => pdf::write(&each(&slip::whole_a5)?),
        Layout::Labels24 => pdf::write(&labels::sheets(&place, slips, &labels::UP_24)?),
        Layout::Labels65 => pdf::write(&labels::sheets(&place, slips, &labels::UP_65)?),
        Layout::Escpos80 => Ok(escpos::write(&each(&|place, one| slip::short(place, one, slip::PAPER_80))?)),
        Layout::Escpos58 => Ok(escpos::write(&each(&|place, one| slip::short(place, one, slip::PAPER_58))?)),
        Layout::Receipt80 => Ok(escpos::write(&each(&slip::whole_80)?)),
    }
}

/// Where receipts lead to, and what they say.
struct Place<'a> {
    public_url: &'a str,
    texts: &'a Texts,
}

impl Place<'_> {
    fn symbol(&self, slip: &Slip) -> Result<qr::Symbol, PrintError> {
        Ok(qr::receipt(self.public_url, &slip.code)?)
    }

    /// The address as people type it: without the scheme.
    fn host(&self) -> &str {
        self.public_url.split_once("://").map_or(self.public_url, |(_, host)| host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_keep_their_names() {
        for layout in Layout::ALL {
            assert_eq!(layout.as_str().parse(), Ok(layout));
            assert!(LayoutError.to_string().contains(layout.as_str()));
        }
        assert!("labels-21".parse::<Layout>().is_err());
    }

    #[test]
    fn an_address_that_is_too_long_is_refused_with_the_longest_host() {
        let slip = Slip { code: ReceiptCode::from_random(7), until: Both::default(), rows: Vec::new() };
        let url = format!("https://{}", "a".repeat(40));
        for layout in Layout::ALL {
            let refused = receipts(layout, &url, &Texts::default(), std::slice::from_ref(&slip));
            assert_eq!(refused, Err(PrintError::Address(QrError::TooLong { longest_host: 39 })));
        }
    }
}
