//! Key templates as the lock writes them: with stored names, and with the form of every part.

use crate::catalog::{Field, KeyForm, StoredInstant, Template};

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

fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
