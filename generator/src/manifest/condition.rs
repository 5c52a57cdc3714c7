//! Conditions of index entries: `status = 'open' and closed_at is absent`.

use super::reader::Reader;
use super::value::{Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A condition as it is written.
#[derive(Clone, Debug)]
pub(crate) struct ConditionExpression {
    pub span: Span,
    /// All of them must hold. None where it could not be read, which was reported.
    pub comparisons: Vec<ComparisonExpression>,
}

#[derive(Clone, Debug)]
pub(crate) struct ComparisonExpression {
    pub field: Spanned<String>,
    pub test: TestExpression,
}

#[derive(Clone, Debug)]
pub(crate) enum TestExpression {
    Equals(Spanned<Value>),
    Differs(Spanned<Value>),
    Present(Span),
    Absent(Span),
}

const EXAMPLE: &str =
    "compare fields with values, or say whether they are there: `status = 'open' and closed_at is absent`";

/// Reads a condition; a finding points at the offending part of the text.
pub(super) fn parse(reader: &mut Reader<'_>, text: &Spanned<String>) -> ConditionExpression {
    let place = |start: usize, end: usize| reader.source.part_of_string(text.span, &text.value, start..end);
    let comparisons = Scanner { text: &text.value, at: 0, place: &place }.comparisons();
    let comparisons = comparisons.unwrap_or_else(|finding| {
        reader.findings.push(*finding);
        Vec::new()
    });
    ConditionExpression { span: text.span, comparisons }
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    place: &'t dyn Fn(usize, usize) -> Span,
}

impl<'t> Scanner<'t> {
    fn comparisons(mut self) -> Parsed<Vec<ComparisonExpression>> {
        let mut comparisons = vec![self.comparison()?];
        while let Some((word, span)) = self.word() {
            if word != "and" {
                return Err(unexpected(span, "conditions are joined by `and`"));
            }
            comparisons.push(self.comparison()?);
        }
        match self.rest().chars().next() {
            Some(character) => {
                let end = self.at + character.len_utf8();
                Err(unexpected((self.place)(self.at, end), "conditions are joined by `and`"))
            }
            None => Ok(comparisons),
        }
    }

    fn comparison(&mut self) -> Parsed<ComparisonExpression> {
        let Some((name, span)) = self.word() else {
            return Err(unexpected(self.here(), "a field is expected here"));
        };
        let field = Spanned { value: name.to_owned(), span };
        self.skip();
        for (operator, is_equal) in [("!=", false), ("=", true)] {
            if self.rest().starts_with(operator) {
                self.at += operator.len();
                let value = self.value()?;
                let test = if is_equal { TestExpression::Equals } else { TestExpression::Differs };
                return Ok(ComparisonExpression { field, test: test(value) });
            }
        }
        let before = self.at;
        let test = match self.word() {
            Some(("is", _)) => match self.word() {
                Some(("present", span)) => TestExpression::Present(span),
                Some(("absent", span)) => TestExpression::Absent(span),
                Some((_, span)) => return Err(unexpected(span, "`present` or `absent` is expected here")),
                None => return Err(unexpected(self.here(), "`present` or `absent` is expected here")),
            },
            _ => {
                self.at = before;
                return Err(unexpected(self.here(), "`=`, `!=` or `is` is expected here"));
            }
        };
        Ok(ComparisonExpression { field, test })
    }

    /// `'open'`, in which `''` stands for `'`; `true`, `false` or a whole number.
    fn value(&mut self) -> Parsed<Spanned<Value>> {
        self.skip();
        let start = self.at;
        if self.rest().starts_with('\'') {
            let mut text = String::new();
            let mut rest = self.rest()[1..].char_indices().peekable();
            while let Some((at, character)) = rest.next() {
                if character != '\'' {
                    text.push(character);
                } else if rest.next_if(|(_, next)| *next == '\'').is_some() {
                    text.push('\'');
                } else {
                    self.at = start + 1 + at + 1;
                    return Ok(Spanned { value: Value::Text(text), span: (self.place)(start, self.at) });
                }
            }
            return Err(unexpected((self.place)(start, self.text.len()), "the text is not closed by `'`"));
        }
        let is_end = |character: char| character.is_whitespace();
        let end = self.rest().find(is_end).map_or(self.text.len(), |length| start + length);
        let (text, span) =
            (&self.text[start..end], (self.place)(start, end.max(start + 1).min(self.text.len())));
        self.at = end;
        let magnitude = text.strip_prefix('-').unwrap_or(text);
        let value = match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            digits if !magnitude.is_empty() && magnitude.bytes().all(|byte| byte.is_ascii_digit()) => {
                Value::Integer { digits: digits.to_owned(), radix: 10 }
            }
            _ => return Err(unexpected(span, "expected a text in `'`, a whole number, `true` or `false`")),
        };
        Ok(Spanned { value, span })
    }

    /// The next word, if one is next.
    fn word(&mut self) -> Option<(&'t str, Span)> {
        self.skip();
        let start = self.at;
        let is_end = |character: char| !character.is_alphanumeric() && character != '_' && character != '-';
        let rest = &self.text[start..];
        let length = rest.find(is_end).unwrap_or(rest.len());
        self.at = start + length;
        (length > 0).then(|| (&rest[..length], (self.place)(start, self.at)))
    }

    fn skip(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The next character, or the end.
    fn here(&self) -> Span {
        let end = self.rest().chars().next().map_or(self.at, |next| self.at + next.len_utf8());
        (self.place)(self.at, end)
    }
}

fn unexpected(span: Span, label: &str) -> Box<Diagnostic> {
    let message = format!("the condition of an index entry cannot be read: {label}");
    Box::new(Diagnostic::new(Code::IndexCondition, message).at(span, label).help(EXAMPLE))
}
