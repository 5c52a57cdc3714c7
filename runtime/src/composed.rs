//! Text composed of fields: what relations lead by, and the values of computed fields: for generated code.

use crate::AttributeValue;
use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::error::{Context, Error, Result};
use crate::facts::Facts;
use crate::key::KeyText;
use crate::kind::Kind;
use crate::validation::Violation;

/// One field's part of a composed text: its stored text or digits.
///
/// # Errors
/// DynamoDB cannot hold the value, or it is neither text nor a number.
pub fn part<K: Kind>(value: &K::Value) -> Result<String, EncodeError> {
    match K::encode(value)? {
        AttributeValue::S(text) | AttributeValue::N(text) => Ok(text),
        _ => Err(EncodeError::new("is neither text nor a number")),
    }
}

/// The value of a computed field; nothing where no write accepts what it is computed from.
pub fn computed<K: Kind>(text: KeyText) -> Option<K::Value> {
    K::decode(Value::of_text(&text.finish().ok()?)).ok()
}

/// The text of `parts`, with one of `literals` before each and one behind the last.
///
/// # Errors
/// A part contains the text that ends it, so that it could not be told from the next.
pub fn compose(
    facts: &'static Facts,
    attribute: &'static str,
    literals: &[&str],
    parts: &[Result<String, EncodeError>],
) -> Result<String> {
    let refuse = |violation| Err(Error::validation(Context::model(facts), vec![violation]));
    let mut text = String::new();
    for (literal, part) in literals.iter().zip(parts) {
        text.push_str(literal);
        match part {
            Ok(part) => text.push_str(part),
            Err(error) => return refuse(error.clone().within(attribute).into_violation()),
        }
    }
    text.push_str(literals.get(parts.len()).copied().unwrap_or_default());
    let taken_apart = pieces(literals, &text);
    let is_same = taken_apart.is_some_and(|pieces| {
        pieces.len() == parts.len()
            && pieces.iter().zip(parts).all(|(piece, part)| part.as_deref() == Ok(*piece))
    });
    if is_same {
        return Ok(text);
    }
    let message = format!("{text:?} cannot be taken apart again: a part contains the text that ends it");
    refuse(Violation::new(attribute, message))
}

/// The part at `position` of a text that is composed so.
///
/// # Errors
/// The text is not composed so, or the part is no `K`.
pub fn split<K: Kind>(
    facts: &'static Facts,
    attribute: &'static str,
    literals: &[&str],
    position: usize,
    text: &str,
) -> Result<K::Value> {
    let piece = piece(facts, attribute, literals, position, text)?;
    // Which of the two it is stored as is the kind's own affair.
    let as_text = K::decode_key(Value::of_text(piece));
    as_text
        .or_else(|error| K::decode_key(Value::of_digits(piece)).map_err(|_| error))
        .and_then(|value| match part::<K>(&value) {
            Ok(written) if written == piece => Ok(value),
            // The partner composes its own text, and would not be led back from it to this item.
            Ok(written) => Err(DecodeError::differs(piece, &written)),
            Err(error) => Err(DecodeError::new(error.to_string())),
        })
        .map_err(|error| Error::decode(Context::model(facts), error.within(attribute)))
}

fn piece<'t>(
    facts: &'static Facts,
    attribute: &'static str,
    literals: &[&str],
    position: usize,
    text: &'t str,
) -> Result<&'t str> {
    pieces(literals, text).and_then(|pieces| pieces.get(position).copied()).ok_or_else(|| {
        let error =
            DecodeError::new(format!("{text:?} is not composed as the relation says")).within(attribute);
        Error::decode(Context::model(facts), error)
    })
}

/// What stands between the literals, each piece as short as it can be and the last one the rest.
fn pieces<'t>(literals: &[&str], text: &'t str) -> Option<Vec<&'t str>> {
    let (first, rest) = literals.split_first()?;
    let mut text = text.strip_prefix(first)?;
    let (last, between) = rest.split_last()?;
    let mut pieces = Vec::with_capacity(rest.len());
    for literal in between {
        let (piece, after) = text.split_once(literal)?;
        pieces.push(piece);
        text = after;
    }
    pieces.push(text.strip_suffix(last)?);
    Some(pieces)
}
