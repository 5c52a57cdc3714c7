//! A YAML or JSON document as a tree.
//!
//! Every scalar is text, because the services that read these files treat `"5"` as `5` and `"true"` as `true`. Short tags of
//! CloudFormation become the maps that they abbreviate: `!Ref Stage` is `{ "Ref": "Stage" }`.

mod json;
mod yaml;

use super::error::Error;

/// How deep lists and maps may be nested.
const DEEPEST: usize = 100;
/// How many nodes a document may have once its aliases are replaced.
const MOST_NODES: usize = 500_000;

/// A value of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Text(String),
    List(Vec<Node>),
    /// In the order of the file, each key once.
    Map(Vec<(String, Node)>),
}

/// Reads a document, with remarks about it: as JSON if it begins with a brace or a bracket, and otherwise as YAML.
pub(super) fn read(file: &str, text: &str) -> Result<(Node, Vec<String>), Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().starts_with(['{', '[']) {
        true => Ok((json::read(file, text)?, Vec::new())),
        false => yaml::read(file, text),
    }
}

/// Reads consecutive JSON documents, such as the joined output of several commands.
pub(super) fn read_all_json(file: &str, text: &str) -> Result<Vec<Node>, Error> {
    json::read_all(file, text.strip_prefix('\u{feff}').unwrap_or(text))
}

impl Node {
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value).filter(|value| **value != Node::Null)
    }

    /// The entries of a map; empty for anything else.
    pub(super) fn entries(&self) -> &[(String, Node)] {
        match self {
            Node::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; empty for anything else.
    pub(super) fn elements(&self) -> &[Node] {
        match self {
            Node::List(elements) => elements,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What the node is, in words for a message.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Node::Null => "nothing",
            Node::Text(_) => "text",
            Node::List(_) => "a list",
            Node::Map(_) => "a map",
        }
    }

    fn size(&self) -> usize {
        match self {
            Node::Null | Node::Text(_) => 1,
            Node::List(elements) => 1 + elements.iter().map(Node::size).sum::<usize>(),
            Node::Map(entries) => 1 + entries.iter().map(|(_, value)| value.size()).sum::<usize>(),
        }
    }
}
