//! One completed questionnaire, as far as the service ever knows it.
//!
//! A response cannot hold a key, a code, a name, an address or a time of day: there is no field for them.

use super::{
    answers::AnswerSet,
    ids::{FieldCode, FormId, Language, UnitCode},
    period::Day,
};

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// By the code on a paper receipt.
    Receipt,
    /// On the desk's tablet.
    Kiosk,
    /// By a poster's QR, without a receipt; counted apart.
    Poster,
    /// On paper, keyed in later.
    Paper,
    /// Read out and keyed in by an interviewer.
    Interviewer,
    /// From another system.
    Api,
}

/// Who helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assisted {
    /// Nobody.
    No,
    /// A relative or neighbour.
    Family,
    /// A member of staff.
    Staff,
    /// A volunteer of the youth union.
    YouthUnion,
}

/// How fast the form was filled, in classes; never a clock time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pace {
    /// Not measured.
    Unknown,
    /// Faster than anyone reads.
    TooFast,
    /// Fast.
    Fast,
    /// As most people.
    Usual,
    /// Slow.
    Slow,
    /// Very slow, or with a pause.
    VerySlow,
}

macro_rules! named_variants {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every variant; the index is the byte that blocks hold.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As the API, the CSV and files write it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The variant with this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == name)
            }

            /// The byte that stands for it in a block.
            #[must_use]
            pub fn byte(self) -> u8 {
                Self::ALL.iter().position(|v| *v == self).and_then(|i| u8::try_from(i).ok()).unwrap_or(0)
            }

            /// The variant that a block's byte stands for.
            #[must_use]
            pub fn of_byte(byte: u8) -> Option<Self> {
                Self::ALL.get(usize::from(byte)).copied()
            }
        }
    };
}

named_variants!(Channel {
    Receipt = "receipt",
    Kiosk = "kiosk",
    Poster = "poster",
    Paper = "paper",
    Interviewer = "interviewer",
    Api = "api",
});
named_variants!(Assisted { No = "no", Family = "family", Staff = "staff", YouthUnion = "youth_union" });
named_variants!(Pace {
    Unknown = "unknown",
    TooFast = "too_fast",
    Fast = "fast",
    Usual = "usual",
    Slow = "slow",
    VerySlow = "very_slow",
});

/// The two kinds of tallies that are never pooled without being asked: posters, and all other channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Receipt, kiosk, paper, interviewer, api.
    Main,
    /// Posters: anybody may answer, and more than once.
    Poster,
}

impl Channel {
    /// Which tallies an answer by this channel counts in.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::Poster => Class::Poster,
            Self::Receipt | Self::Kiosk | Self::Paper | Self::Interviewer | Self::Api => Class::Main,
        }
    }
}

/// Marks on an answer; never a reason to drop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// Above the hourly limit of a poster.
    pub const OVER_LIMIT: Self = Self(1);
    /// Right after another answer of the same device.
    pub const RAPID: Self = Self(2);
    /// Left before the end.
    pub const PARTIAL: Self = Self(4);
    /// Faster than anyone reads.
    pub const TOO_FAST: Self = Self(8);
    /// The same level for every criterion of five or more.
    pub const STRAIGHT_LINE: Self = Self(16);

    const NAMES: [(Self, &'static str); 5] = [
        (Self::OVER_LIMIT, "over_limit"),
        (Self::RAPID, "rapid"),
        (Self::PARTIAL, "partial"),
        (Self::TOO_FAST, "too_fast"),
        (Self::STRAIGHT_LINE, "straight_line"),
    ];

    /// Both sets of marks.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all marks of `other` are set.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names, in a fixed order, joined by `+`; empty where none is set.
    #[must_use]
    pub fn names(self) -> String {
        let set: Vec<&str> = Self::NAMES.iter().filter(|(f, _)| self.has(*f)).map(|(_, n)| *n).collect();
        set.join("+")
    }
}

/// The service field of an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceField {
    /// Nobody said.
    None,
    /// Known, but too few receipts share it to be kept (QX-10).
    Withheld,
    /// This field.
    Code(FieldCode),
}

impl ServiceField {
    /// As the CSV and groupings write it: the code, `withheld`, or nothing.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "",
            Self::Withheld => "withheld",
            Self::Code(code) => code.as_str(),
        }
    }

    /// Reads what [`ServiceField::as_str`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text {
            "" => Self::None,
            "withheld" => Self::Withheld,
            code => code.parse().map_or(Self::Withheld, Self::Code),
        }
    }
}

impl Class {
    /// Both classes.
    pub const ALL: [Self; 2] = [Self::Main, Self::Poster];

    /// The number that tables hold: 0 all channels but posters, 1 posters.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Main => 0,
            Self::Poster => 1,
        }
    }

    /// The class with this number.
    #[must_use]
    pub fn of_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.number() == number)
    }
}

/// One completed questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The unit that served the person.
    pub unit: UnitCode,
    /// The instrument.
    pub form: FormId,
    /// Its version.
    pub version: u16,
    /// The day it was given.
    pub day: Day,
    /// How it came.
    pub channel: Channel,
    /// Language of the page.
    pub language: Language,
    /// Who helped.
    pub assisted: Assisted,
    /// Service field.
    pub service_field: ServiceField,
    /// How fast.
    pub pace: Pace,
    /// Marks.
    pub flags: Flags,
    /// The answers, and the free texts that the fold puts apart.
    pub answers: AnswerSet,
}
