//! How instants are stored.

/// The declared form of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampForm {
    pub stored: StoredInstant,
    /// Whether too fine instants are truncated; otherwise they are refused.
    pub truncates: bool,
}

impl TimestampForm {
    /// The form of a timestamp without a declared one.
    pub const DEFAULT: Self =
        TimestampForm { stored: StoredInstant::Text(InstantText::MICROSECONDS), truncates: false };
}

/// How an instant is written, in an attribute or in a part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredInstant {
    Text(InstantText),
    /// Numbers since 1970: digits in a key.
    EpochSeconds,
    EpochMilliseconds,
    EpochMicroseconds,
}

/// RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstantText {
    /// How many digits of the second it has: 0, 3, 6 or 9.
    pub digits: usize,
    pub offset: UtcOffset,
}

/// How the offset of UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// How a declaration names the form, so [`of`](Self::of) reads it.
    pub fn word(self) -> String {
        match self {
            StoredInstant::MICROSECONDS => "text".to_owned(),
            StoredInstant::EpochSeconds => "epoch-seconds".to_owned(),
            StoredInstant::EpochMilliseconds => "epoch-milliseconds".to_owned(),
            StoredInstant::EpochMicroseconds => "epoch-microseconds".to_owned(),
            StoredInstant::Text(InstantText { digits, offset }) => {
                let fraction = if digits == 0 { String::new() } else { format!(".{}", "f".repeat(digits)) };
                format!("YYYY-MM-DDTHH:MM:SS{fraction}{}", offset.text())
            }
        }
    }

    /// The unit of its last digit, in nanoseconds.
    pub fn unit(self) -> u32 {
        let digits = match self {
            StoredInstant::Text(text) => text.digits,
            StoredInstant::EpochSeconds => 0,
            StoredInstant::EpochMilliseconds => 3,
            StoredInstant::EpochMicroseconds => 6,
        };
        (digits..9).fold(1, |unit, _| unit * 10)
    }

    /// Whether it is text.
    pub fn is_text(self) -> bool {
        match self {
            StoredInstant::Text(_) => true,
            StoredInstant::EpochSeconds
            | StoredInstant::EpochMilliseconds
            | StoredInstant::EpochMicroseconds => false,
        }
    }

    /// The form in a key, unless the template says otherwise. For a number it is the text of the same precision, whose order is
    /// always that of time.
    pub fn as_text(self) -> Self {
        match self {
            StoredInstant::EpochSeconds => StoredInstant::SECONDS,
            StoredInstant::EpochMilliseconds => StoredInstant::MILLISECONDS,
            StoredInstant::EpochMicroseconds => StoredInstant::MICROSECONDS,
            StoredInstant::Text(_) => self,
        }
    }

    /// The stored form of half past twelve on the first of July 2024.
    #[cfg(feature = "cli")]
    pub fn example(self) -> String {
        match self {
            StoredInstant::Text(InstantText { digits, offset }) => {
                let fraction = if digits == 0 { String::new() } else { format!(".{:0digits$}", 0) };
                format!("2024-07-01T12:30:00{fraction}{}", offset.text())
            }
            StoredInstant::EpochSeconds => "1719837000".to_owned(),
            StoredInstant::EpochMilliseconds => "1719837000000".to_owned(),
            StoredInstant::EpochMicroseconds => "1719837000000000".to_owned(),
        }
    }

    /// Its texts in a key, with `d` for a digit. Numbers have this width from 2001 to 2286.
    pub fn form(self) -> &'static str {
        match self {
            StoredInstant::Text(text) => text.form(),
            StoredInstant::EpochSeconds => "dddddddddd",
            StoredInstant::EpochMilliseconds => "ddddddddddddd",
            StoredInstant::EpochMicroseconds => "dddddddddddddddd",
        }
    }
}

impl InstantText {
    const MICROSECONDS: Self = InstantText { digits: 6, offset: UtcOffset::Zulu };

    /// The form of a declared pattern.
    fn of(pattern: &str) -> Option<Self> {
        let rest = pattern.strip_prefix("YYYY-MM-DDTHH:MM:SS")?;
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

    /// Its texts, with `d` for a digit.
    fn form(self) -> &'static str {
        let [zulu, plus, colon, none] = match self.digits {
            0 => forms!(""),
            3 => forms!(".ddd"),
            6 => forms!(".dddddd"),
            _ => forms!(".ddddddddd"),
        };
        match self.offset {
            UtcOffset::Zulu => zulu,
            UtcOffset::PlusZero => plus,
            UtcOffset::PlusColonZero => colon,
            UtcOffset::NoOffset => none,
        }
    }
}

/// The texts with a fraction of the second, one for each offset.
macro_rules! forms {
    ($fraction:literal) => {
        [
            concat!("dddd-dd-ddTdd:dd:dd", $fraction, "Z"),
            concat!("dddd-dd-ddTdd:dd:dd", $fraction, "+0000"),
            concat!("dddd-dd-ddTdd:dd:dd", $fraction, "+00:00"),
            concat!("dddd-dd-ddTdd:dd:dd", $fraction),
        ]
    };
}
use forms;

/// The written offsets come before the missing one.
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
