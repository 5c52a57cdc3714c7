//! YAML, with a parser that reports every tag and alias.

use super::{DEEPEST, MOST_NODES, Node};
use crate::import::error::Error;
use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The document, and remarks about it: a sentence each.
pub(super) fn read(file: &str, text: &str) -> Result<(Node, Vec<String>), Error> {
    let mut builder = Builder { file, ..Builder::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            Error::new(file, format!("not YAML: {}", error.info())).at(mark.line(), mark.col() + 1)
        })?;
        builder.take(event, span)?;
    }
    let root = builder.root.ok_or_else(|| Error::new(file, "the file is empty"))?;
    Ok((root, builder.remarks))
}

/// An incomplete list or map.
struct Open {
    anchor: usize,
    tag: Option<String>,
    node: Node,
    /// In a map, the key that waits for its value.
    key: Option<String>,
    /// The keys so far.
    names: BTreeSet<String>,
}

#[derive(Default)]
struct Builder<'f> {
    file: &'f str,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    documents: usize,
    root: Option<Node>,
    remarks: Vec<String>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Error> {
        let fail =
            |message: &str| Err(Error::new(self.file, message).at(span.start.line(), span.start.col() + 1));
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return fail("a second document: the file of a template holds one");
                }
                Ok(())
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    self.nodes += node.size();
                    self.add(node, span)
                }
                None => fail("this alias stands within what it names"),
            },
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(text, style, tag.as_deref());
                self.complete(node, anchor, tag.as_deref().and_then(function), span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(Node::List(Vec::new()), anchor, tag.as_deref(), span)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.begin(Node::Map(Vec::new()), anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { node, anchor, tag, .. }) => self.complete(node, anchor, tag, span),
                None => fail("nothing is open here to be closed"),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, node: Node, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), Error> {
        if self.open.len() >= DEEPEST {
            let message = format!("nested deeper than {DEEPEST} levels");
            return Err(Error::new(self.file, message).at(span.start.line(), span.start.col() + 1));
        }
        self.open.push(Open { anchor, tag: tag.and_then(function), node, key: None, names: BTreeSet::new() });
        Ok(())
    }

    fn complete(
        &mut self,
        node: Node,
        anchor: usize,
        function: Option<String>,
        span: Span,
    ) -> Result<(), Error> {
        let node = match function {
            Some(function) => Node::Map(vec![(function, node)]),
            None => node,
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.nodes += 1;
        self.add(node, span)
    }

    /// Puts a complete node where it belongs.
    fn add(&mut self, node: Node, span: Span) -> Result<(), Error> {
        let fail =
            |message: String| Err(Error::new(self.file, message).at(span.start.line(), span.start.col() + 1));
        if self.nodes > MOST_NODES {
            return fail(format!("more than {MOST_NODES} values, aliases included"));
        }
        let Some(Open { node: parent, key, names, .. }) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (parent, key.take()) {
            (Node::List(elements), _) => elements.push(node),
            (Node::Map(entries), Some(name)) if name == "<<" => merge(entries, &node),
            (Node::Map(entries), Some(name)) if names.insert(name.clone()) => entries.push((name, node)),
            (Node::Map(entries), Some(name)) => {
                // AWS's own tools use the last.
                let line = span.start.line();
                self.remarks.push(format!("Line {line} writes the key {name:?} again, and counts."));
                entries.retain(|(known, _)| *known != name);
                entries.push((name, node));
            }
            (Node::Map(_), None) => match node {
                Node::Text(name) => *key = Some(name),
                Node::Null => *key = Some(String::from("null")),
                Node::List(_) | Node::Map(_) => {
                    return fail(String::from("a key is text here, not a list or a map"));
                }
            },
            (Node::Null | Node::Text(_), _) => {}
        }
        Ok(())
    }
}

/// Merges `<<`: the entries of one map or several, after the existing ones.
fn merge(entries: &mut Vec<(String, Node)>, merged: &Node) {
    let maps = match merged {
        Node::List(maps) => maps.as_slice(),
        map => std::slice::from_ref(map),
    };
    for (name, value) in maps.iter().flat_map(Node::entries) {
        if entries.iter().all(|(known, _)| known != name) {
            entries.push((name.clone(), value.clone()));
        }
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Node {
    let is_null =
        style == ScalarStyle::Plain && tag.is_none() && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
    if is_null { Node::Null } else { Node::Text(text.into_owned()) }
}

/// The function of a short tag: `Fn::Sub` for `!Sub`.
fn function(tag: &Tag) -> Option<String> {
    if tag.handle() != "!" || tag.suffix().is_empty() {
        return None;
    }
    Some(match tag.suffix() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    })
}
