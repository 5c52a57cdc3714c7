//! Conditions of index entries: `status = 'open' and closed_at is absent`.

use super::reader::Reader;
use super::value::{Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A condition as it is written.
#[derive(Clone, Debug)]
pub(crate) struct ConditionExpression {
    pub span: Span,
    /// None where it could not be read, which was reported.
    pub root: Option<ConditionNode>,
}

#[derive(Clone, Debug)]
pub(crate) enum ConditionNode {
    Test(Spanned<String>, TestExpression),
    Not(Box<ConditionNode>),
    All(Vec<ConditionNode>),
    Any(Vec<ConditionNode>),
}

/// What is said of a field.
#[derive(Clone, Debug)]
pub(crate) enum TestExpression {
    /// `paid`
    IsTrue,
    /// `status = 'open'` or `status in ('open', 'held')`
    In(Vec<Spanned<Value>>),
    /// `status != 'open'` or `status not in ('open', 'held')`
    NotIn(Vec<Spanned<Value>>),
    /// `closed_at is present`
    Present(Span),
    /// `closed_at is absent`
    Absent(Span),
}

const EXAMPLE: &str =
    "compare fields with values, or say whether they are there: `status = 'open' and closed_at is absent`";

/// Conditions within conditions, at the most.
const DEEPEST: usize = 16;

/// Reads a condition; a finding points at the offending part of the text.
pub(super) fn parse(reader: &mut Reader<'_>, text: &Spanned<String>) -> ConditionExpression {
    let place = |start: usize, end: usize| reader.source.part_of_string(text.span, &text.value, start..end);
    let scanner = Scanner { text: &text.value, at: 0, depth: 0, place: &place };
    let root = match scanner.whole() {
        Ok(root) => Some(root),
        Err(finding) => {
            reader.findings.push(*finding);
            None
        }
    };
    ConditionExpression { span: text.span, root }
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// How many conditions are open around this one.
    depth: usize,
    place: &'t dyn Fn(usize, usize) -> Span,
}

impl<'t> Scanner<'t> {
    fn whole(mut self) -> Parsed<ConditionNode> {
        let root = self.any()?;
        self.skip();
        match self.rest().chars().next() {
            None => Ok(root),
            Some(')') => Err(unexpected(self.here(), "nothing is open here to be closed")),
            Some('.') => Err(unexpected(
                self.here(),
                "a condition compares the item's own fields, not what is within them",
            )),
            Some(_) => Err(unexpected(self.here(), "expected `and`, `or` or the end")),
        }
    }

    /// Conditions joined by `or`.
    fn any(&mut self) -> Parsed<ConditionNode> {
        let mut nodes = vec![self.all()?];
        while self.takes("or") {
            nodes.push(self.all()?);
        }
        Ok(joined(nodes, ConditionNode::Any))
    }

    /// Conditions joined by `and`.
    fn all(&mut self) -> Parsed<ConditionNode> {
        let mut nodes = vec![self.one()?];
        while self.takes("and") {
            nodes.push(self.one()?);
        }
        Ok(joined(nodes, ConditionNode::All))
    }

    fn one(&mut self) -> Parsed<ConditionNode> {
        let start = self.next_start();
        let is_negated = self.takes("not");
        let is_open = !is_negated && self.takes_sign("(");
        if !is_negated && !is_open {
            self.at = start;
            return self.test();
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("conditions are nested {DEEPEST} deep at the most");
            return Err(unexpected((self.place)(start, self.at), &message));
        }
        let node = match is_negated {
            true => ConditionNode::Not(Box::new(self.one()?)),
            false => self.any()?,
        };
        self.depth -= 1;
        if is_open && !self.takes_sign(")") {
            return Err(unexpected((self.place)(start, start + 1), "not closed by `)`"));
        }
        Ok(node)
    }

    fn test(&mut self) -> Parsed<ConditionNode> {
        let Some((name, span)) = self.word() else {
            return Err(unexpected(self.here(), "a field is expected here"));
        };
        let field = Spanned { value: name.to_owned(), span };
        let test = if self.takes_sign("!=") {
            TestExpression::NotIn(vec![self.value()?])
        } else if self.rest().starts_with("==") {
            return Err(unexpected(self.here(), "`=` is written once"));
        } else if self.takes_sign("=") {
            TestExpression::In(vec![self.value()?])
        } else if self.takes("in") {
            TestExpression::In(self.values()?)
        } else if self.takes("not") {
            match self.takes("in") {
                true => TestExpression::NotIn(self.values()?),
                false => return Err(unexpected(self.here(), "`in` is expected here")),
            }
        } else if self.takes("is") {
            match self.word() {
                Some(("present", span)) => TestExpression::Present(span),
                Some(("absent", span)) => TestExpression::Absent(span),
                Some((_, span)) => return Err(unexpected(span, "`present` or `absent` is expected here")),
                None => return Err(unexpected(self.here(), "`present` or `absent` is expected here")),
            }
        } else if self.rest().starts_with("<>") {
            return Err(unexpected(self.here(), "`!=` is expected here"));
        } else if self.ends_test() {
            TestExpression::IsTrue
        } else {
            return Err(unexpected(self.here(), "`=`, `!=`, `in`, `not in` or `is` is expected here"));
        };
        Ok(ConditionNode::Test(field, test))
    }

    /// Whether what is next joins a condition to another one, or ends it. A field within another is told as such.
    fn ends_test(&mut self) -> bool {
        let before = self.at;
        self.skip();
        let is_end = matches!(self.rest().chars().next(), None | Some(')' | '.'));
        let is_word = matches!(self.word(), Some(("and" | "or", _)));
        self.at = before;
        is_end || is_word
    }

    /// `('open', 'held')`
    fn values(&mut self) -> Parsed<Vec<Spanned<Value>>> {
        let start = self.next_start();
        if !self.takes_sign("(") {
            return Err(unexpected(
                self.here(),
                "values in parentheses are expected here: `('open', 'held')`",
            ));
        }
        let mut values = vec![self.value()?];
        while self.takes_sign(",") {
            values.push(self.value()?);
        }
        match self.takes_sign(")") {
            true => Ok(values),
            false => Err(unexpected((self.place)(start, start + 1), "not closed by `)`")),
        }
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
        let Some((word, span)) = self.word() else {
            return Err(unexpected(self.here(), "expected a text in `'`, a whole number, `true` or `false`"));
        };
        let magnitude = word.strip_prefix('-').unwrap_or(word);
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            digits if !magnitude.is_empty() && magnitude.bytes().all(|byte| byte.is_ascii_digit()) => {
                Value::Integer { digits: digits.to_owned(), radix: 10 }
            }
            other => {
                let label = format!("expected a whole number, `true`, `false`, or a text: `'{other}'`");
                return Err(unexpected(span, &label));
            }
        };
        Ok(Spanned { value, span })
    }

    /// Takes a word, if it is next.
    fn takes(&mut self, word: &str) -> bool {
        let before = self.at;
        let is_next = self.word().is_some_and(|(next, _)| next == word);
        if !is_next {
            self.at = before;
        }
        is_next
    }

    /// Takes a sign, if it is next.
    fn takes_sign(&mut self, sign: &str) -> bool {
        self.skip();
        let is_next = self.rest().starts_with(sign);
        if is_next {
            self.at += sign.len();
        }
        is_next
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

    fn next_start(&mut self) -> usize {
        self.skip();
        self.at
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The next character, or the end.
    fn here(&mut self) -> Span {
        self.skip();
        let end = self.rest().chars().next().map_or(self.at, |next| self.at + next.len_utf8());
        (self.place)(self.at, end)
    }
}

fn joined(mut nodes: Vec<ConditionNode>, join: fn(Vec<ConditionNode>) -> ConditionNode) -> ConditionNode {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => join(nodes),
    }
}

fn unexpected(span: Span, label: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::ConditionSyntax, "the condition of an index entry cannot be read")
            .at(span, label)
            .help(EXAMPLE),
    )
}
