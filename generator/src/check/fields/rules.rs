//! Validation rules: whether each fits its field's type and can be satisfied.

use crate::catalog::{Kind, Literal, Rule, ValidationLibrary};
use crate::check::FieldsCheck;
use crate::check::names::DeclaredNames;
use crate::check::values::{literals, rust, satisfaction};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::manifest::{RuleDeclaration, RuleForm, Spanned, Value};
use std::cmp::Ordering;

/// The largest compiled pattern, in bytes, which is the regex crate's own limit.
const LARGEST_PATTERN: usize = 10 * 1024 * 1024;

/// The rules that fit; the others are reported.
pub(in crate::check) fn check(
    cx: &mut FieldsCheck<'_, '_>,
    declarations: &[RuleDeclaration],
    kind: &Kind,
) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut allowed: Vec<&Spanned<Value>> = Vec::new();
    for declaration in declarations {
        match applies_to(&declaration.form, kind, cx.known) {
            Ok(()) => {
                let rule = rule(cx, declaration, kind);
                if let (RuleForm::OneOf(values), Some(_)) = (&declaration.form, &rule) {
                    allowed.extend(values);
                }
                rules.extend(rule);
            }
            Err(expected) => cx.report(misplaced(cx.known, declaration, kind, expected)),
        }
    }
    check_allowed(cx, &rules, &allowed, kind);
    rules
}

/// Reports values that `one_of` allows and another rule refuses. `allowed` are the places of its values.
fn check_allowed(cx: &mut FieldsCheck<'_, '_>, rules: &[Rule], allowed: &[&Spanned<Value>], kind: &Kind) {
    let values = rules.iter().find_map(|rule| match rule {
        Rule::OneOf(values) => Some(values),
        _ => None,
    });
    for (value, place) in values.into_iter().flatten().zip(allowed) {
        if let Some(reason) = rules.iter().find_map(|rule| satisfaction::refusal(rule, kind, value)) {
            cx.report(
                Diagnostic::new(Code::RuleValue, "a value of `one_of` is refused by another rule")
                    .at(place.span, reason)
                    .help("remove it, or change the other rule"),
            );
        }
    }
}

fn misplaced(
    names: &DeclaredNames<'_>,
    declaration: &RuleDeclaration,
    kind: &Kind,
    expected: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::RuleMisplaced,
        format!("`{}` does not apply to {}", declaration.name, quoted(&kind.describe())),
    )
    .at(declaration.span, format!("applies to {expected}"));
    if kind.element().is_some_and(|element| applies_to(&declaration.form, &element, names).is_ok()) {
        return diagnostic.help(format!(
            "a rule of its elements stands within `each`: `each = {{ {} = … }}`",
            declaration.name
        ));
    }
    diagnostic.help("`custom` applies to every type: a function of yours, `fn(&T) -> Result<(), E>`")
}

fn applies_to(form: &RuleForm, kind: &Kind, names: &DeclaredNames<'_>) -> Result<(), &'static str> {
    let facts = kind.facts(names);
    let (applies, expected) = match form {
        RuleForm::Length { unit: Some(_), .. } => (facts.is_text, "text, where it has a `unit`"),
        RuleForm::Length { .. } => (facts.length.is_some(), "text, bytes, lists, sets and maps"),
        RuleForm::Range { .. } => (facts.is_ordered, "numbers, timestamps and dates"),
        RuleForm::OneOf(_) => (facts.is_enumerable, "text, integers and decimals"),
        RuleForm::Each(_) => (kind.element().is_some(), "lists, sets and maps"),
        RuleForm::Custom(_) | RuleForm::Raw(..) => (true, "every type"),
        RuleForm::Pattern(_)
        | RuleForm::Email
        | RuleForm::Url
        | RuleForm::Ip(_)
        | RuleForm::Ascii
        | RuleForm::Alphanumeric
        | RuleForm::Prefix(_)
        | RuleForm::Suffix(_)
        | RuleForm::Contains(_) => (facts.is_text, "text"),
    };
    if applies { Ok(()) } else { Err(expected) }
}

fn rule(cx: &mut FieldsCheck<'_, '_>, declaration: &RuleDeclaration, kind: &Kind) -> Option<Rule> {
    Some(match &declaration.form {
        RuleForm::Length { unit, min, max } => {
            if min.is_none() && max.is_none() {
                return says_nothing(cx, declaration, "give `min`, `max` or both");
            }
            if let (Some(min), Some(max)) = (min, max)
                && min.value > max.value
            {
                cx.report(inverted(min, max));
            }
            let unit = unit.as_ref().map(|unit| unit.value).or(kind.facts(cx.known).length)?;
            Rule::Length {
                unit,
                min: min.as_ref().map(|min| min.value),
                max: max.as_ref().map(|max| max.value),
            }
        }
        RuleForm::Range { min, max } => {
            if min.is_none() && max.is_none() {
                return says_nothing(cx, declaration, "give `min`, `max` or both");
            }
            range(cx, kind, min.as_ref(), max.as_ref())?
        }
        RuleForm::Pattern(pattern) => Rule::Pattern(self::pattern(cx, pattern)?),
        RuleForm::Email => Rule::Email,
        RuleForm::Url => Rule::Url,
        RuleForm::Ip(version) => Rule::Ip(*version),
        RuleForm::Ascii => Rule::Ascii,
        RuleForm::Alphanumeric => Rule::Alphanumeric,
        RuleForm::Prefix(text) => Rule::Prefix(part(cx, declaration, text)?),
        RuleForm::Suffix(text) => Rule::Suffix(part(cx, declaration, text)?),
        RuleForm::Contains(text) => Rule::Contains(part(cx, declaration, text)?),
        RuleForm::OneOf(values) if values.is_empty() => {
            return says_nothing(cx, declaration, "list the values that are allowed");
        }
        RuleForm::OneOf(values) => match literals::distinct(cx.known, kind, values, Code::RuleValue) {
            Ok(values) => Rule::OneOf(values),
            Err(misfits) => {
                cx.report_all(misfits);
                return None;
            }
        },
        RuleForm::Custom(path) => Rule::Custom(cx.sound(rust::path(path, &declaration.place))?),
        RuleForm::Raw(library, text) => {
            let chosen = cx.known.library(declaration.span);
            if *library != chosen {
                cx.report(of_other_library(declaration, *library, chosen));
                return None;
            }
            if text.value.trim().is_empty() {
                return says_nothing(cx, declaration, "give the rule, or remove it");
            }
            Rule::Raw(cx.sound(rust::library_rules(text, &declaration.place))?)
        }
        RuleForm::Each(rules) if rules.is_empty() => {
            return says_nothing(cx, declaration, "give the rules for the elements");
        }
        RuleForm::Each(rules) => Rule::Each(check(cx, rules, &kind.element()?)),
    })
}

fn of_other_library(
    declaration: &RuleDeclaration,
    library: ValidationLibrary,
    chosen: ValidationLibrary,
) -> Diagnostic {
    let (library, chosen) = (library.name(), chosen.name());
    Diagnostic::new(
        Code::OtherLibrary,
        format!("a rule of `{library}`, and `{chosen}` carries out the rules of this file"),
    )
    .at(declaration.span, format!("`{chosen}` does not know it"))
    .help(format!("write it as `{chosen}` has it, under `{chosen}`"))
    .help(format!("or choose the library of this file: `[generate]` with `validation = \"{library}\"`"))
}

fn range(
    cx: &mut FieldsCheck<'_, '_>,
    kind: &Kind,
    min: Option<&Spanned<Value>>,
    max: Option<&Spanned<Value>>,
) -> Option<Rule> {
    let mut bound = |value: Option<&Spanned<Value>>| -> Result<Option<Literal>, ()> {
        let literal =
            value.map(|value| literals::literal(cx.known, kind, value, Code::RuleValue)).transpose();
        literal.map_err(|misfits| cx.report_all(misfits))
    };
    let (lower, upper) = (bound(min), bound(max));
    let (lower, upper) = (lower.ok()?, upper.ok()?);
    if let (Some(lower), Some(upper), Some(min), Some(max)) = (&lower, &upper, min, max)
        && satisfaction::order(lower, upper) == Some(Ordering::Greater)
    {
        cx.report(inverted(min, max));
    }
    Some(Rule::Range { min: lower, max: upper })
}

fn inverted<T>(min: &Spanned<T>, max: &Spanned<T>) -> Diagnostic {
    Diagnostic::new(Code::InvertedBounds, "nothing lies between these bounds")
        .at(min.span, "the lower bound")
        .and(max.span, "lies above the upper bound")
        .help("exchange them")
}

fn pattern(cx: &mut FieldsCheck<'_, '_>, pattern: &Spanned<String>) -> Option<String> {
    let compiled = regex::RegexBuilder::new(&pattern.value).size_limit(LARGEST_PATTERN).build();
    let reason = match compiled {
        Ok(_) => return Some(pattern.value.clone()),
        Err(regex::Error::CompiledTooBig(limit)) => format!("larger than {limit} bytes when compiled"),
        // The text of a syntax error is a drawing of the place, and then the problem.
        Err(error) => {
            let text = error.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    };
    cx.report(
        Diagnostic::new(Code::InvalidPattern, format!("{} is not a pattern", quoted(&pattern.value)))
            .at(pattern.span, reason)
            .help("patterns have the syntax of the `regex` crate, without look-around and back references"),
    );
    None
}

fn part(
    cx: &mut FieldsCheck<'_, '_>,
    declaration: &RuleDeclaration,
    text: &Spanned<String>,
) -> Option<String> {
    if text.value.is_empty() {
        return says_nothing(cx, declaration, "give the text, or remove the rule");
    }
    Some(text.value.clone())
}

fn says_nothing<T>(cx: &mut FieldsCheck<'_, '_>, declaration: &RuleDeclaration, help: &str) -> Option<T> {
    cx.report(
        Diagnostic::new(Code::EmptyRule, format!("`{}` says nothing", declaration.name))
            .at(declaration.span, "accepts every value")
            .help(help),
    );
    None
}
