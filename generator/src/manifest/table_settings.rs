//! The settings of a table: its capacity, expiry, stream, backups, encryption and tags.

use super::reader::{Keys, Reader};
use super::value::{Spanned, Value};
use crate::catalog::{Managed, Setting, StreamView, TableClass};

#[derive(Debug)]
pub(crate) enum BillingDeclaration {
    /// With the maximum request units per second, if declared.
    OnDemand {
        read: Setting<Spanned<u64>>,
        write: Setting<Spanned<u64>>,
    },
    Provisioned {
        read: Spanned<u64>,
        write: Spanned<u64>,
    },
}

#[derive(Debug)]
pub(crate) enum EncryptionDeclaration {
    AwsOwned,
    AwsManaged,
    Key(Spanned<String>),
}

const STREAMS: [(&str, StreamView); 4] = [
    ("keys-only", StreamView::KeysOnly),
    ("new-image", StreamView::NewImage),
    ("old-image", StreamView::OldImage),
    ("new-and-old-images", StreamView::NewAndOldImages),
];

pub(super) const CLASSES: [(&str, TableClass); 2] = [
    ("standard", TableClass::Standard),
    ("standard-infrequent-access", TableClass::StandardInfrequentAccess),
];

pub(super) const MANAGED: [(&str, Managed); 2] = [("here", Managed::Here), ("elsewhere", Managed::Elsewhere)];

/// `"on-demand"`, `{ on_demand = { max_read = 1000 } }` or `{ read = 25, write = 5 }`.
pub(super) fn read_billing(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
) -> Option<Spanned<BillingDeclaration>> {
    const EXPECTED: &str = "\"on-demand\" or a table such as { read = 25, write = 5 }";
    let undeclared = BillingDeclaration::OnDemand { read: Setting::Undeclared, write: Setting::Undeclared };
    let billing = match &value.value {
        Value::Text(_) => reader.word(value, &[("on-demand", ())]).map(|_| undeclared)?,
        Value::Table(entries) if entries.iter().any(|entry| entry.key.value == "on_demand") => {
            let mut keys = Keys::new(value.span, entries);
            let maximum = keys.value("on_demand");
            keys.finish("an on-demand billing", reader);
            read_maximum(reader, maximum?)?
        }
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let (read, write) = (keys.count("read", reader), keys.count("write", reader));
            for key in ["read", "write"] {
                keys.missing(
                    key,
                    "the provisioned capacity",
                    "give both: `{ read = 25, write = 5 }`",
                    reader,
                );
            }
            keys.finish("a provisioned capacity", reader);
            BillingDeclaration::Provisioned { read: read?, write: write? }
        }
        _ => {
            reader.wrong_type(value, EXPECTED);
            return None;
        }
    };
    Some(Spanned { value: billing, span: value.span })
}

fn read_maximum(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Option<BillingDeclaration> {
    let mut keys = Keys::new(value.span, reader.table(value)?);
    let mut units = |key: &'static str, reader: &mut Reader<'_>| match keys.value(key) {
        None => Setting::Undeclared,
        Some(value) => match &value.value {
            Value::Bool(false) => Setting::Off,
            Value::Integer { .. } => reader.count(value).map_or(Setting::Undeclared, Setting::On),
            _ => {
                reader.wrong_type(value, "a number of request units, or false");
                Setting::Undeclared
            }
        },
    };
    let (read, write) = (units("max_read", reader), units("max_write", reader));
    if keys.is_empty() {
        let help = "give one or both: `{ max_read = 1000, max_write = 500 }`";
        keys.missing("max_read", "the on-demand maximum", help, reader);
    }
    keys.finish("an on-demand maximum", reader);
    Some(BillingDeclaration::OnDemand { read, write })
}

/// An attribute's name, or `false`.
pub(super) fn read_ttl(reader: &mut Reader<'_>, value: Option<&Spanned<Value>>) -> Setting<Spanned<String>> {
    let Some(value) = value else { return Setting::Undeclared };
    match &value.value {
        Value::Bool(false) => Setting::Off,
        Value::Text(_) => reader.text(value).map_or(Setting::Undeclared, Setting::On),
        _ => {
            reader.wrong_type(value, "an attribute's name, or false");
            Setting::Undeclared
        }
    }
}

/// The view of the stream, or `false`.
pub(super) fn read_stream(reader: &mut Reader<'_>, value: Option<&Spanned<Value>>) -> Setting<StreamView> {
    let Some(value) = value else { return Setting::Undeclared };
    match &value.value {
        Value::Bool(false) => Setting::Off,
        Value::Text(_) => {
            reader.word(value, &STREAMS).map_or(Setting::Undeclared, |view| Setting::On(view.value))
        }
        _ => {
            reader.wrong_type(value, "what the stream shows, such as \"new-image\", or false");
            Setting::Undeclared
        }
    }
}

/// `true`, `{ days = 7 }` or `false`.
pub(super) fn read_recovery(
    reader: &mut Reader<'_>,
    value: Option<&Spanned<Value>>,
) -> Setting<Option<Spanned<u64>>> {
    let Some(value) = value else { return Setting::Undeclared };
    match &value.value {
        Value::Bool(false) => Setting::Off,
        Value::Bool(true) => Setting::On(None),
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let days = keys.count("days", reader);
            keys.missing(
                "days",
                "the point-in-time recovery",
                "give them, `{ days = 7 }`, or write `true`",
                reader,
            );
            keys.finish("a point-in-time recovery", reader);
            Setting::On(days)
        }
        _ => {
            reader.wrong_type(value, "true, false or a table such as { days = 7 }");
            Setting::Undeclared
        }
    }
}

/// `"aws-owned"`, `"aws-managed"` or `{ key = "alias/orders" }`.
pub(super) fn read_encryption(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
) -> Option<EncryptionDeclaration> {
    #[derive(Clone, Copy)]
    enum Word {
        AwsOwned,
        AwsManaged,
    }
    const WORDS: [(&str, Word); 2] = [("aws-owned", Word::AwsOwned), ("aws-managed", Word::AwsManaged)];
    match &value.value {
        Value::Text(_) => reader.word(value, &WORDS).map(|word| match word.value {
            Word::AwsOwned => EncryptionDeclaration::AwsOwned,
            Word::AwsManaged => EncryptionDeclaration::AwsManaged,
        }),
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let key = keys.text("key", reader);
            keys.missing("key", "the encryption", "name the key: `{ key = \"alias/orders\" }`", reader);
            keys.finish("an encryption", reader);
            key.map(EncryptionDeclaration::Key)
        }
        _ => {
            let expected = "\"aws-owned\", \"aws-managed\" or a table such as { key = \"alias/orders\" }";
            reader.wrong_type(value, expected);
            None
        }
    }
}

pub(super) fn read_tags(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
) -> Vec<(Spanned<String>, Spanned<String>)> {
    let entries = reader.table(value).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((entry.key.clone(), reader.text(&entry.value)?))).collect()
}
