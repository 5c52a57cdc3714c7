//! Whether a literal satisfies a rule, as far as that is known without running the user's code.

use super::decimals::Decimal;
use crate::catalog::{IpVersion, Kind, LengthUnit, Literal, Rule};
use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a rule refuses a literal of a kind. Rules that the validation library (`email`, `url`) or the user (`custom`) defines
/// refuse nothing here.
pub(in crate::check) fn refusal(rule: &Rule, kind: &Kind, literal: &Literal) -> Option<String> {
    match (rule, literal) {
        (Rule::Length { unit, min, max }, _) => {
            let length = length(*unit, literal)?;
            let too_short =
                min.filter(|min| length < *min).map(|min| format!("its length {length} is below {min}"));
            too_short.or_else(|| {
                max.filter(|max| length > *max).map(|max| format!("its length {length} is above {max}"))
            })
        }
        (Rule::Range { min, max }, _) => {
            let below = min.as_ref().is_some_and(|min| order(literal, min) == Some(Ordering::Less));
            let above = max.as_ref().is_some_and(|max| order(literal, max) == Some(Ordering::Greater));
            below.then(|| String::from("below the range")).or(above.then(|| String::from("above the range")))
        }
        (Rule::OneOf(values), _) => {
            let known = values.iter().any(|value| order(literal, value) == Some(Ordering::Equal));
            (!known).then(|| String::from("not among the values of `one_of`"))
        }
        (Rule::Pattern(pattern), Literal::Text(text)) => {
            let matches = regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
            (!matches).then(|| String::from("does not match the pattern"))
        }
        (Rule::Ascii, Literal::Text(text)) => (!text.is_ascii()).then(|| String::from("not ASCII")),
        (Rule::Alphanumeric, Literal::Text(text)) => {
            (!text.chars().all(char::is_alphanumeric)).then(|| String::from("not alphanumeric"))
        }
        (Rule::Prefix(prefix), Literal::Text(text)) => {
            (!text.starts_with(prefix)).then(|| String::from("does not start with the prefix"))
        }
        (Rule::Suffix(suffix), Literal::Text(text)) => {
            (!text.ends_with(suffix)).then(|| String::from("does not end with the suffix"))
        }
        (Rule::Contains(part), Literal::Text(text)) => {
            (!text.contains(part)).then(|| String::from("does not contain what it must"))
        }
        (Rule::Ip(version), Literal::Text(text)) => {
            let valid = match version {
                IpVersion::Any => text.parse::<IpAddr>().is_ok(),
                IpVersion::V4 => text.parse::<Ipv4Addr>().is_ok(),
                IpVersion::V6 => text.parse::<Ipv6Addr>().is_ok(),
            };
            (!valid).then(|| String::from("not such an IP address"))
        }
        (Rule::Each(rules), _) => {
            let kind = kind.element()?;
            let refused = |literal: &Literal| rules.iter().find_map(|rule| refusal(rule, &kind, literal));
            match literal {
                Literal::List(literals) => literals.iter().find_map(refused),
                Literal::Map(entries) => entries.iter().find_map(|(_, literal)| refused(literal)),
                _ => None,
            }
            .map(|reason| format!("an element is refused: {reason}"))
        }
        // These rules apply only to text, which was checked.
        (
            Rule::Pattern(_)
            | Rule::Ascii
            | Rule::Alphanumeric
            | Rule::Prefix(_)
            | Rule::Suffix(_)
            | Rule::Contains(_)
            | Rule::Ip(_),
            _,
        ) => None,
        (Rule::Email | Rule::Url | Rule::Custom(_) | Rule::Raw(_), _) => None,
    }
}

/// The order of two literals of one kind, if the kind has an order.
pub(in crate::check) fn order(a: &Literal, b: &Literal) -> Option<Ordering> {
    match (a, b) {
        // The stored texts of dates and times have the order of their values.
        (Literal::Text(a), Literal::Text(b)) => Some(a.cmp(b)),
        (Literal::Integer(a), Literal::Integer(b)) => {
            Some(a.parse::<i128>().ok()?.cmp(&b.parse::<i128>().ok()?))
        }
        (Literal::Float(a), Literal::Float(b)) => a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?),
        (Literal::Decimal(a), Literal::Decimal(b)) => {
            Some(Decimal::parse(a).ok()?.cmp(&Decimal::parse(b).ok()?))
        }
        (Literal::Text(_) | Literal::Integer(_) | Literal::Float(_) | Literal::Decimal(_), _) => None,
        (
            Literal::Bool(_)
            | Literal::Bytes(_)
            | Literal::Variant(_)
            | Literal::Json(_)
            | Literal::List(_)
            | Literal::Map(_),
            _,
        ) => None,
    }
}

fn length(unit: LengthUnit, literal: &Literal) -> Option<u64> {
    let length = match (unit, literal) {
        (LengthUnit::Characters, Literal::Text(text)) => text.chars().count(),
        (LengthUnit::Bytes, Literal::Text(text)) => text.len(),
        (_, Literal::Bytes(bytes)) => bytes.len(),
        (_, Literal::List(literals)) => literals.len(),
        (_, Literal::Map(entries)) => entries.len(),
        (LengthUnit::Elements, Literal::Text(_)) => return None,
        (
            _,
            Literal::Bool(_)
            | Literal::Integer(_)
            | Literal::Float(_)
            | Literal::Decimal(_)
            | Literal::Variant(_)
            | Literal::Json(_),
        ) => return None,
    };
    Some(length as u64)
}
