//! How instants are stored.

/// The declared form of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampForm {
    pub stored: StoredInstant,
    /// Whether what is finer than the form is cut off; it is refused otherwise.
    pub truncates: bool,
}

impl TimestampForm {
    /// The form of a timestamp of which nothing else is declared.
    pub const DEFAULT: Self =
        TimestampForm { stored: StoredInstant::Text(InstantText::MICROSECONDS), truncates: false };
}

/// What stands for an instant, in an attribute or in a part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredInstant {
    Text(InstantText),
    /// Numbers since 1970: digits in a key.
    EpochSeconds,
    EpochMilliseconds,
    EpochMicroseconds,
}

/// RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstantText {
    /// How many digits of the second it has: 0, 3, 6 or 9.
    pub digits: usize,
    pub offset: UtcOffset,
}

/// How the offset of UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UtcOffset {
    /// `Z`
    Zulu,
    /// `+0000`
    PlusZero,
    /// `+00:00`
    PlusColonZero,
    /// Nothing.
    NoOffset,
}

impl StoredInstant {
    pub const SECONDS: Self = StoredInstant::Text(InstantText { digits: 0, offset: UtcOffset::Zulu });
    pub const MILLISECONDS: Self = StoredInstant::Text(InstantText { digits: 3, offset: UtcOffset::Zulu });
    pub const MICROSECONDS: Self = StoredInstant::Text(InstantText::MICROSECONDS);

    /// The form that a declaration names: a word, or a pattern such as `YYYY-MM-DDTHH:MM:SS.fffZ`.
    pub fn of(declared: &str) -> Option<Self> {
        Some(match declared {
            "text" => StoredInstant::MICROSECONDS,
            "epoch-seconds" => StoredInstant::EpochSeconds,
            "epoch-milliseconds" => StoredInstant::EpochMilliseconds,
            "epoch-microseconds" => StoredInstant::EpochMicroseconds,
            pattern => StoredInstant::Text(InstantText::of(pattern)?),
        })
    }

    /// The nanoseconds of the finest instant that it keeps apart from the one before.
    pub fn unit(self) -> u32 {
        let digits = match self {
            StoredInstant::Text(text) => text.digits,
            StoredInstant::EpochSeconds => 0,
            StoredInstant::EpochMilliseconds => 3,
            StoredInstant::EpochMicroseconds => 6,
        };
        (digits..9).fold(1, |unit, _| unit * 10)
    }

    /// How many characters it has in a key. Those of numbers have so many digits from 2001 to 2286.
    pub fn width(self) -> usize {
        match self {
            StoredInstant::Text(text) => text.pattern().len(),
            StoredInstant::EpochSeconds => 10,
            StoredInstant::EpochMilliseconds => 13,
            StoredInstant::EpochMicroseconds => 16,
        }
    }
}

impl InstantText {
    const MICROSECONDS: Self = InstantText { digits: 6, offset: UtcOffset::Zulu };

    fn of(pattern: &str) -> Option<Self> {
        let rest = pattern.strip_prefix(SECONDS)?;
        let (fraction, offset) =
            OFFSETS.iter().find_map(|offset| Some((rest.strip_suffix(offset.text())?, *offset)))?;
        let digits = match fraction {
            "" => 0,
            ".fff" => 3,
            ".ffffff" => 6,
            ".fffffffff" => 9,
            _ => return None,
        };
        Some(InstantText { digits, offset })
    }

    /// As it is declared: `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
    pub fn pattern(self) -> String {
        let fraction = if self.digits == 0 { String::new() } else { format!(".{}", "f".repeat(self.digits)) };
        format!("{SECONDS}{fraction}{}", self.offset.text())
    }
}

const SECONDS: &str = "YYYY-MM-DDTHH:MM:SS";

/// Those that are written, before the one that is not.
const OFFSETS: [UtcOffset; 4] =
    [UtcOffset::Zulu, UtcOffset::PlusZero, UtcOffset::PlusColonZero, UtcOffset::NoOffset];

impl UtcOffset {
    pub fn text(self) -> &'static str {
        match self {
            UtcOffset::Zulu => "Z",
            UtcOffset::PlusZero => "+0000",
            UtcOffset::PlusColonZero => "+00:00",
            UtcOffset::NoOffset => "",
        }
    }
}
