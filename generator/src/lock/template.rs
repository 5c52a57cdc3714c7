//! Key templates as the lock writes them: with stored names, and with the form of every part.

use crate::catalog::{Field, KeyForm, Kind, StoredInstant, Template, TemplatePart};

/// `ORDER#{placed_at}#{line:4 digits}`. A brace of the text itself is written twice.
pub(super) fn text(template: &Template, fields: &[Field]) -> String {
    let mut text = escaped(&template.begin);
    for part in &template.parts {
        let name = fields.get(part.field).map(|field| field.attribute.as_str()).unwrap_or_default();
        let form = match part.form {
            KeyForm::Stored => String::new(),
            KeyForm::LastText => ":rest".to_owned(),
            KeyForm::Escaped => ":escaped".to_owned(),
            KeyForm::Digits(digits) => format!(":{digits} digits"),
            KeyForm::Signed(digits) => format!(":sign and {digits} digits"),
            KeyForm::Decimal => ":decimal".to_owned(),
            KeyForm::Instant(StoredInstant::MICROSECONDS) => String::new(),
            KeyForm::Instant(StoredInstant::SECONDS) => ":seconds".to_owned(),
            KeyForm::Instant(StoredInstant::MILLISECONDS) => ":milliseconds".to_owned(),
            KeyForm::Instant(stored) => format!(":{}", stored.word()),
            KeyForm::Plain => ":plain".to_owned(),
            KeyForm::DescendingDigits(digits) => format!(":{digits} digits from nine"),
            KeyForm::DescendingInstant(stored) => format!(":{} from nine", stored.word()),
            KeyForm::Day
            | KeyForm::Month
            | KeyForm::Hour
            | KeyForm::Prefix(_)
            | KeyForm::Lower
            | KeyForm::Upper => {
                part.form.computed().map(|computed| format!(":{computed}")).unwrap_or_default()
            }
        };
        text += &format!("{{{}{form}}}{}", escaped(name), escaped(&part.literal));
    }
    text
}

/// Reads what [`text`] writes. The fields are known by their stored names.
pub(super) fn read(attribute: &str, text: &str, fields: &[Field]) -> Option<Template> {
    let (begin, mut rest) = literal(text);
    let mut parts = Vec::new();
    while let Some(inside) = rest.strip_prefix('{') {
        // A brace within a name is written twice, so the first single one ends the part.
        let (part, after) = literal(inside);
        let after = after.strip_prefix('}')?;
        let (field, form) = self::part(&part, fields)?;
        let (literal, next) = literal(after);
        parts.push(TemplatePart { field, form, literal });
        rest = next;
    }
    rest.is_empty().then(|| Template { attribute: attribute.to_owned(), begin, parts })
}

/// The field of a part, and its form in the key. A name may have a colon itself.
fn part(text: &str, fields: &[Field]) -> Option<(usize, KeyForm)> {
    let read = |(number, field): (usize, &Field)| match text.strip_prefix(field.attribute.as_str())? {
        "" if matches!(field.kind.of_values(), Kind::Timestamp(_)) => {
            Some((number, KeyForm::Instant(StoredInstant::MICROSECONDS)))
        }
        "" => Some((number, KeyForm::Stored)),
        rest => Some((number, form(rest.strip_prefix(':')?)?)),
    };
    let read = fields.iter().enumerate().filter_map(read);
    read.max_by_key(|(number, _)| fields.get(*number).map(|field| field.attribute.len()))
}

fn form(text: &str) -> Option<KeyForm> {
    let prefix = || text.strip_prefix("prefix(")?.strip_suffix(')')?.parse().ok();
    if let Some(length) = prefix() {
        return Some(KeyForm::Prefix(length));
    }
    if let Some(ascending) = text.strip_suffix(" from nine") {
        return Some(match ascending.strip_suffix(" digits") {
            Some(digits) => KeyForm::DescendingDigits(digits.parse().ok()?),
            None => KeyForm::DescendingInstant(StoredInstant::of(ascending)?),
        });
    }
    Some(match text {
        "rest" => KeyForm::LastText,
        "escaped" => KeyForm::Escaped,
        "decimal" => KeyForm::Decimal,
        "plain" => KeyForm::Plain,
        "date" => KeyForm::Day,
        "month" => KeyForm::Month,
        "hour" => KeyForm::Hour,
        "lower" => KeyForm::Lower,
        "upper" => KeyForm::Upper,
        "seconds" => KeyForm::Instant(StoredInstant::SECONDS),
        "milliseconds" => KeyForm::Instant(StoredInstant::MILLISECONDS),
        other => match other.strip_suffix(" digits") {
            Some(digits) => match digits.strip_prefix("sign and ") {
                Some(digits) => KeyForm::Signed(digits.parse().ok()?),
                None => KeyForm::Digits(digits.parse().ok()?),
            },
            None => KeyForm::Instant(StoredInstant::of(other)?),
        },
    })
}

/// A text up to the first brace that is not written twice, and the rest from that on.
fn literal(text: &str) -> (String, &str) {
    let mut literal = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if matches!(character, '{' | '}') && characters.next_if(|(_, next)| *next == character).is_none() {
            return (literal, &text[at..]);
        }
        literal.push(character);
    }
    (literal, "")
}

fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
