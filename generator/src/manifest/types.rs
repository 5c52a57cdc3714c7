//! Types as text: `map<list<OrderLine?>>?`.

use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use std::ops::Range;

/// How deep lists, maps and sets may be nested, which is the depth of DynamoDB's attributes.
const MAXIMUM_DEPTH: usize = 32;

/// A type with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct TypeExpression {
    pub span: Span,
    /// Whether it ends in `?`.
    pub optional: bool,
    pub form: TypeForm,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeForm {
    /// A built-in or a declared type.
    Named(String),
    List(Box<TypeExpression>),
    Map(Box<TypeExpression>),
    Set(Box<TypeExpression>),
    /// The path after `rust:`.
    Rust(String),
}

impl TypeExpression {
    /// The name of a built-in or declared type, other than a list, a map or a set.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.form {
            TypeForm::Named(name) => Some(name),
            _ => None,
        }
    }
}

/// Reads a type; a finding points at the offending part of the text.
pub(super) fn parse(reader: &mut Reader<'_>, text: &str, span: Span) -> Option<TypeExpression> {
    let mut parser = Parser { text, at: 0, place: |part| reader.source.part_of_string(span, text, part) };
    let parsed = parser.whole();
    parsed.map_err(|finding| reader.findings.push(*finding)).ok()
}

/// Whether a name, written as a type, is parsed as that name.
pub(crate) fn is_type_word(name: &str, span: Span) -> bool {
    let read = Parser { text: name, at: 0, place: |_| span }.whole();
    read.is_ok_and(|read| !read.optional && read.name() == Some(name))
}

struct Parser<'t, P> {
    text: &'t str,
    at: usize,
    place: P,
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

impl<P: Fn(Range<usize>) -> Span> Parser<'_, P> {
    fn whole(&mut self) -> Parsed<TypeExpression> {
        let parsed = self.expression(0)?;
        match self.peek() {
            None => Ok(parsed),
            Some('?') => Err(self.unexpected("a type is optional or not", "one `?` is enough")),
            Some('>') => Err(self.unexpected("nothing is open here to be closed", "remove this `>`")),
            Some(_) => Err(self.unexpected("the type ends before this", "write one type")),
        }
    }

    fn expression(&mut self, depth: usize) -> Parsed<TypeExpression> {
        self.skip_spaces();
        let start = self.at;
        if depth > MAXIMUM_DEPTH {
            return Err(Box::new(
                Diagnostic::new(
                    Code::TypeTooDeep,
                    format!("the type is nested deeper than {MAXIMUM_DEPTH} levels"),
                )
                .at((self.place)(start..self.text.len()), format!("level {depth}"))
                .help("DynamoDB nests attributes 32 levels deep at most"),
            ));
        }
        let form =
            if self.text[start..].starts_with("rust:") { self.rust_path()? } else { self.name(depth)? };
        let mut end = self.at;
        self.skip_spaces();
        let optional = self.take('?');
        if optional {
            end = self.at;
            self.skip_spaces();
        }
        Ok(TypeExpression { span: (self.place)(start..end), optional, form })
    }

    fn name(&mut self, depth: usize) -> Parsed<TypeForm> {
        let start = self.at;
        let length =
            self.text[start..].find(['<', '>', '?', ',', ' ', '\t', '\n']).unwrap_or(self.text.len() - start);
        self.at += length;
        let name = &self.text[start..self.at];
        if name.is_empty() {
            return Err(self.unexpected("a type is missing here", "write a type such as `string`"));
        }
        let wrap: fn(Box<TypeExpression>) -> TypeForm = match name {
            "list" => TypeForm::List,
            "map" => TypeForm::Map,
            "set" => TypeForm::Set,
            name => {
                self.skip_spaces();
                return match self.peek() {
                    Some('<') => Err(self.unexpected("this type takes no element type", called_here(name))),
                    _ => Ok(TypeForm::Named(name.to_owned())),
                };
            }
        };
        self.skip_spaces();
        if !self.take('<') {
            let place = (self.place)(start..start + name.len());
            return Err(Box::new(
                Diagnostic::new(Code::TypeSyntax, format!("{} needs the type of its elements", quoted(name)))
                    .at(place, "elements of which type?")
                    .help(format!("write {}", quoted(&format!("{name}<string>")))),
            ));
        }
        let element = self.expression(depth + 1)?;
        if self.peek() == Some(',') && name == "map" {
            return Err(self.unexpected(
                "a map has one type, that of its values",
                "the keys of a DynamoDB map are always text: write `map<T>`",
            ));
        }
        if !self.take('>') {
            return Err(self.unexpected(&format!("{} is not closed", quoted(name)), "close it with `>`"));
        }
        Ok(wrap(Box::new(element)))
    }

    /// The path after `rust:`, up to the bracket that closes the surrounding type.
    fn rust_path(&mut self) -> Parsed<TypeForm> {
        let start = self.at + "rust:".len();
        let mut open = 0usize;
        let mut end = self.text.len();
        let mut previous = ' ';
        for (offset, character) in self.text[start..].char_indices() {
            match character {
                '<' | '(' | '[' => open += 1,
                '>' if previous == '-' => {}
                '>' | ')' | ']' if open > 0 => open -= 1,
                '>' | '?' if open == 0 => {
                    end = start + offset;
                    break;
                }
                _ => {}
            }
            previous = character;
        }
        let path = self.text[start..end].trim();
        self.at = end;
        if path.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::TypeSyntax, "no path follows `rust:`")
                    .at((self.place)(start - "rust:".len()..end), "a path is missing")
                    .help("write the type's path: `rust:crate::Isbn`"),
            ));
        }
        Ok(TypeForm::Rust(path.to_owned()))
    }

    fn unexpected(&self, message: &str, help: &str) -> Box<Diagnostic> {
        let length = self.peek().map_or(0, char::len_utf8);
        Box::new(
            Diagnostic::new(Code::TypeSyntax, message)
                .at((self.place)(self.at..self.at + length), "unexpected here")
                .help(help),
        )
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, expected: char) -> bool {
        let taken = self.peek() == Some(expected);
        if taken {
            self.at += expected.len_utf8();
        }
        taken
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len();
    }
}

/// What to write instead of a parametrized type of another language.
fn called_here(name: &str) -> &'static str {
    match name.rsplit("::").next().unwrap_or(name).to_lowercase().as_str() {
        "option" | "optional" => "an optional type ends in `?`: `string?`",
        "vec" | "array" | "vecdeque" => "write `list<T>`",
        "hashmap" | "btreemap" | "dict" => "write `map<T>`; the keys of a DynamoDB map are always text",
        "hashset" | "btreeset" => "write `set<T>`",
        _ => "`list<T>`, `map<T>` and `set<T>` do; Rust of yours is written `rust:crate::Type<T>`",
    }
}
