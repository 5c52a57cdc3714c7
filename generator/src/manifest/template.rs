//! Key templates: `ORDER#{placed_at}#{order_id}`.

use super::reader::Reader;
use super::value::Spanned;
use crate::diagnostic::{Code, Diagnostic, Span};

/// A composed key, as its pieces in order.
#[derive(Clone, Debug)]
pub(crate) struct TemplateExpression {
    pub span: Span,
    /// Empty if it could not be read, which was reported.
    pub pieces: Vec<TemplatePiece>,
}

#[derive(Clone, Debug)]
pub(crate) enum TemplatePiece {
    /// Text between fields, never empty.
    Literal(String),
    /// `{name}` or `{name:format}`
    Field { name: Spanned<String>, format: Option<Spanned<String>> },
}

/// Reads a template; a finding points at the offending part of the text.
pub(super) fn parse(reader: &mut Reader<'_>, text: &Spanned<String>) -> TemplateExpression {
    let place = |start: usize, end: usize| reader.source.part_of_string(text.span, &text.value, start..end);
    let result = pieces(&text.value, &place);
    let pieces = result.unwrap_or_else(|finding| {
        reader.findings.push(*finding);
        Vec::new()
    });
    TemplateExpression { span: text.span, pieces }
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

fn pieces(text: &str, place: &dyn Fn(usize, usize) -> Span) -> Parsed<Vec<TemplatePiece>> {
    let problem = |start: usize, end: usize, message: &str, label: &str, help: &str| {
        Box::new(Diagnostic::new(Code::TemplateSyntax, message).at(place(start, end), label).help(help))
    };
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push(character);
            at += 2;
        } else if character == '}' {
            let help = "write `}}` for a brace of the key itself";
            return Err(problem(at, at + 1, "nothing is open here to be closed", "unexpected", help));
        } else if character == '{' {
            let Some(length) = rest.find('}') else {
                let help = "close it: `{field}`; write `{{` for a brace of the key itself";
                return Err(problem(
                    at,
                    text.len(),
                    "a field of the template is not closed",
                    "opened here",
                    help,
                ));
            };
            if !literal.is_empty() {
                pieces.push(TemplatePiece::Literal(std::mem::take(&mut literal)));
            }
            let inside = &rest[1..length];
            let (name, format) = match inside.split_once(':') {
                Some((name, format)) => (name, Some(format)),
                None => (inside, None),
            };
            let start = at + 1;
            if name.is_empty() {
                let help = "name a field of the model: `{customer_id}`";
                return Err(problem(at, at + length + 1, "a field's name is missing", "no name", help));
            }
            let format = format.map(|format| Spanned {
                value: format.to_owned(),
                span: place(start + name.len() + 1, start + inside.len()),
            });
            let name = Spanned { value: name.to_owned(), span: place(start, start + name.len()) };
            pieces.push(TemplatePiece::Field { name, format });
            at += length + 1;
        } else {
            literal.push(character);
            at += character.len_utf8();
        }
    }
    if !literal.is_empty() {
        pieces.push(TemplatePiece::Literal(literal));
    }
    if pieces.is_empty() {
        let help = "write text, fields or both: `CUSTOMER#{customer_id}`";
        return Err(problem(0, text.len(), "the template is empty", "empty", help));
    }
    Ok(pieces)
}
