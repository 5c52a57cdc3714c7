//! Resolving CloudFormation's intrinsic functions and the Serverless Framework's variables, as far as the file itself tells.

use crate::import::tree::Node;
use std::cell::Cell;
use std::collections::BTreeSet;

/// How deep functions may be nested.
const DEEPEST: usize = 50;
/// How many functions are replaced in one file. This stops values that double each other.
const MOST_STEPS: usize = 200_000;
/// The longest resulting text, in bytes.
const LONGEST: usize = 64 * 1024;
/// How many variables of the Serverless Framework are replaced in one text.
const MOST_VARIABLES: usize = 50;

/// The parts of a template that functions refer to.
#[derive(Default)]
pub(super) struct Resolver<'t> {
    parameters: Option<&'t Node>,
    conditions: Option<&'t Node>,
    mappings: Option<&'t Node>,
    /// The whole file, which variables such as `${self:custom.stage}` refer to.
    serverless: Option<&'t Node>,
    steps: Cell<usize>,
}

/// A value, and the defaults that it depends on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolved {
    pub node: Node,
    /// In words: `the default of the parameter Stage`.
    pub by: BTreeSet<String>,
}

/// A function that cannot be resolved from the file, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unresolved(pub String);

type Result<T> = std::result::Result<T, Unresolved>;

impl<'t> Resolver<'t> {
    pub(super) fn of_template(template: &'t Node) -> Self {
        Resolver {
            parameters: template.get("Parameters"),
            conditions: template.get("Conditions"),
            mappings: template.get("Mappings"),
            serverless: None,
            steps: Cell::new(0),
        }
    }

    pub(super) fn with_variables(mut self, file: &'t Node) -> Self {
        self.serverless = Some(file);
        self
    }

    /// The value of a node. `AWS::NoValue` is [`Node::Null`]. Elements of lists and maps stay unresolved.
    pub(super) fn value(&self, node: &Node) -> Result<Resolved> {
        let mut by = BTreeSet::new();
        let node = self.at(node, 0, &mut by)?;
        Ok(Resolved { node, by })
    }

    fn at(&self, node: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        self.steps.set(self.steps.get() + 1);
        if depth > DEEPEST || self.steps.get() > MOST_STEPS {
            return Err(Unresolved(String::from("functions within each other without end")));
        }
        let depth = depth + 1;
        if let (Some(_), Node::Text(text)) = (self.serverless, node) {
            return self.variables(text, depth, by);
        }
        let [(function, argument)] = node.entries() else { return Ok(node.clone()) };
        match function.as_str() {
            "Ref" => self.reference(argument, depth, by),
            "Fn::Sub" => self.sub(argument, depth, by),
            "Fn::Join" => self.join(argument, depth, by),
            "Fn::If" => self.choose(argument, depth, by),
            "Fn::FindInMap" => self.find_in_map(argument, depth, by),
            "Fn::Select" => self.select(argument, depth, by),
            "Fn::Split" => self.split(argument, depth, by),
            other if other.starts_with("Fn::") => Err(unresolved(other, argument)),
            _ => Ok(node.clone()),
        }
    }

    fn text(&self, node: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<String> {
        match self.at(node, depth, by)? {
            Node::Text(text) if text.len() > LONGEST => {
                Err(Unresolved(String::from("a text that is too long")))
            }
            Node::Text(text) => Ok(text),
            other => Err(Unresolved(format!("{} where text is expected", other.what()))),
        }
    }

    fn list(&self, node: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Vec<Node>> {
        match self.at(node, depth, by)? {
            Node::List(elements) => Ok(elements),
            other => Err(Unresolved(format!("{} where a list is expected", other.what()))),
        }
    }

    fn reference(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let name = argument.text().unwrap_or_default();
        match name {
            "AWS::NoValue" => Ok(Node::Null),
            _ => self.parameter(name, depth, by).ok_or_else(|| unresolved("Ref", argument))?,
        }
    }

    /// A parameter's default. For a parameter in another service's store, the default is a path and no value.
    fn parameter(&self, name: &str, depth: usize, by: &mut BTreeSet<String>) -> Option<Result<Node>> {
        let parameter = self.parameters?.get(name)?;
        if parameter.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::SSM::")) {
            return None;
        }
        let default = parameter.get("Default")?;
        by.insert(format!("the default of the parameter `{name}`"));
        let is_list = parameter
            .get("Type")
            .and_then(Node::text)
            .is_some_and(|kind| kind == "CommaDelimitedList" || kind.starts_with("List<"));
        Some(match (is_list, default) {
            (true, Node::Text(text)) => {
                Ok(Node::List(text.split(',').map(|part| Node::Text(part.trim().to_owned())).collect()))
            }
            _ => self.at(default, depth, by),
        })
    }

    /// `Fn::Sub`: text that contains `${Name}`, alone or in a list with a map of further names.
    fn sub(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let (template, names) = match argument.elements() {
            [] => (argument, None),
            [template, rest @ ..] => (template, rest.first()),
        };
        let template = match template {
            Node::Text(text) => text.clone(),
            _ => return Err(unresolved("Fn::Sub", argument)),
        };
        // The framework replaces its own variables before CloudFormation sees the text.
        let template = match self.serverless {
            Some(_) => self.own_variables(&template, depth, by)?,
            None => template,
        };
        let mut text = String::new();
        let mut rest = template.as_str();
        while let Some(start) = rest.find("${") {
            text.push_str(&rest[..start]);
            let Some(end) = rest[start..].find('}') else { return Err(unresolved("Fn::Sub", argument)) };
            let name = &rest[start + 2..start + end];
            match name.strip_prefix('!') {
                Some(literal) => text.push_str(&format!("${{{literal}}}")),
                None => {
                    let given = names.and_then(|names| names.get(name));
                    let value = match given {
                        Some(given) => self.text(given, depth, by)?,
                        None => match self.parameter(name, depth, by) {
                            Some(Ok(Node::Text(value))) => value,
                            _ => return Err(Unresolved(format!("`${{{name}}}` of a `Sub`"))),
                        },
                    };
                    text.push_str(&value);
                }
            }
            rest = &rest[start + end + 1..];
        }
        text.push_str(rest);
        Ok(Node::Text(text))
    }

    fn join(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let [delimiter, parts] = argument.elements() else { return Err(unresolved("Fn::Join", argument)) };
        let delimiter = self.text(delimiter, depth, by)?;
        let parts = self.list(parts, depth, by)?;
        let parts: Result<Vec<_>> = parts.iter().map(|part| self.text(part, depth, by)).collect();
        Ok(Node::Text(parts?.join(&delimiter)))
    }

    fn select(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let [index, elements] = argument.elements() else { return Err(unresolved("Fn::Select", argument)) };
        let index: Option<usize> = self.text(index, depth, by)?.parse().ok();
        let elements = self.list(elements, depth, by)?;
        match index.and_then(|index| elements.get(index)) {
            Some(element) => self.at(element, depth, by),
            None => Err(unresolved("Fn::Select", argument)),
        }
    }

    fn split(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let [delimiter, text] = argument.elements() else { return Err(unresolved("Fn::Split", argument)) };
        let (delimiter, text) = (self.text(delimiter, depth, by)?, self.text(text, depth, by)?);
        Ok(Node::List(text.split(delimiter.as_str()).map(|part| Node::Text(part.to_owned())).collect()))
    }

    fn find_in_map(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let keys = argument.elements().iter().take(3);
        let keys: Vec<_> = keys.map(|key| self.text(key, depth, by)).collect::<Result<_>>()?;
        let found = keys.iter().try_fold(self.mappings, |node, key| Some(node?.get(key)));
        match found.flatten().filter(|_| keys.len() == 3) {
            Some(value) => Ok(value.clone()),
            None => Err(unresolved("Fn::FindInMap", argument)),
        }
    }

    /// `Fn::If`: the branch that the condition chooses, or either if both are alike.
    fn choose(&self, argument: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let [condition, then, otherwise] = argument.elements() else {
            return Err(unresolved("Fn::If", argument));
        };
        let name = condition.text().unwrap_or_default();
        match self.condition(name, depth, by) {
            Ok(true) => self.at(then, depth, by),
            Ok(false) => self.at(otherwise, depth, by),
            Err(_) => {
                let (mut by_then, mut by_otherwise) = (BTreeSet::new(), BTreeSet::new());
                let then = self.at(then, depth, &mut by_then);
                let otherwise = self.at(otherwise, depth, &mut by_otherwise);
                match then {
                    Ok(then) if otherwise.as_ref() == Ok(&then) => {
                        by.extend(by_then.into_iter().chain(by_otherwise));
                        Ok(then)
                    }
                    _ => Err(Unresolved(format!("an `If` of the condition `{name}`"))),
                }
            }
        }
    }

    fn condition(&self, name: &str, depth: usize, by: &mut BTreeSet<String>) -> Result<bool> {
        let condition = self.conditions.and_then(|conditions| conditions.get(name));
        let condition = condition.ok_or_else(|| Unresolved(format!("the condition `{name}`")))?;
        self.holds(condition, depth, by)
    }

    fn holds(&self, condition: &Node, depth: usize, by: &mut BTreeSet<String>) -> Result<bool> {
        if depth > DEEPEST {
            return Err(Unresolved(String::from("conditions within each other without end")));
        }
        let depth = depth + 1;
        let [(function, argument)] = condition.entries() else {
            return Err(Unresolved(String::from("a condition that is no function")));
        };
        let all = |by: &mut BTreeSet<String>| -> Result<Vec<bool>> {
            argument.elements().iter().map(|one| self.holds(one, depth, by)).collect()
        };
        match (function.as_str(), argument.elements()) {
            ("Condition", _) => self.condition(argument.text().unwrap_or_default(), depth, by),
            ("Fn::Equals", [first, second]) => {
                Ok(self.text(first, depth, by)? == self.text(second, depth, by)?)
            }
            ("Fn::Not", [one]) => Ok(!self.holds(one, depth, by)?),
            ("Fn::And", _) => Ok(all(by)?.into_iter().all(|one| one)),
            ("Fn::Or", _) => Ok(all(by)?.into_iter().any(|one| one)),
            _ => Err(unresolved(function, argument)),
        }
    }

    /// Replaces the variables of the Serverless Framework. Only the framework would know the remaining ones.
    fn variables(&self, text: &str, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let whole = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        if let Some(whole) = whole.filter(|whole| !whole.contains(['{', '}'])) {
            return self.variable(whole, depth, by);
        }
        let text = self.own_variables(text, depth, by)?;
        match text.contains("${") {
            true => Err(Unresolved(format!("`{text}`"))),
            false => Ok(Node::Text(text)),
        }
    }

    /// Replaces variables with a source, `${self:custom.stage}`, and leaves the rest to CloudFormation. Inner variables come
    /// first.
    fn own_variables(&self, text: &str, depth: usize, by: &mut BTreeSet<String>) -> Result<String> {
        let mut text = text.to_owned();
        for _ in 0..MOST_VARIABLES {
            let mut end_of = text.match_indices('}').map(|(end, _)| end).filter_map(|end| {
                let start = text[..end].rfind("${")?;
                let inside = &text[start + 2..end];
                let has_source = inside.contains(':') && !inside.starts_with("AWS::");
                has_source.then_some((start, end))
            });
            let Some((start, end)) = end_of.next() else { return Ok(text) };
            let value = match self.variable(&text[start + 2..end], depth, by)? {
                Node::Text(value) => value,
                other => return Err(Unresolved(format!("{} within text", other.what()))),
            };
            text.replace_range(start..=end, &value);
            if text.len() > LONGEST {
                return Err(Unresolved(String::from("a text that is too long")));
            }
        }
        Err(Unresolved(String::from("variables within each other without end")))
    }

    /// `self:custom.stage, 'dev'`: the first alternative that is known.
    fn variable(&self, inside: &str, depth: usize, by: &mut BTreeSet<String>) -> Result<Node> {
        let mut alternatives = inside.split(',').map(str::trim);
        let first = alternatives.next().unwrap_or_default();
        if let Some(found) = self.own_path(first) {
            return self.at(found, depth, by);
        }
        for alternative in alternatives {
            let quoted = ['\'', '"'].iter().find_map(|quote| {
                alternative.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote))
            });
            let value = match (quoted, self.own_path(alternative)) {
                (Some(literal), _) => Node::Text(literal.to_owned()),
                (None, Some(found)) => self.at(found, depth, by)?,
                (None, None) => continue,
            };
            by.insert(format!("the default of the variable `{first}`"));
            return Ok(value);
        }
        if first == "sls:stage" {
            by.insert(String::from("the stage that the framework deploys unless it is told another"));
            return match self.own_path("self:provider.stage") {
                Some(stage) => self.at(stage, depth, by),
                None => Ok(Node::Text(String::from("dev"))),
            };
        }
        Err(Unresolved(format!("the variable `{first}`")))
    }

    /// The value of `self:custom.stage` in the file.
    fn own_path(&self, variable: &str) -> Option<&'t Node> {
        let path = variable.strip_prefix("self:")?;
        path.split('.').try_fold(self.serverless?, |node, key| node.get(key))
    }
}

fn unresolved(function: &str, argument: &Node) -> Unresolved {
    let short = function.strip_prefix("Fn::").unwrap_or(function);
    let shown = match argument {
        Node::Text(text) => format!("`{short} {text}`"),
        _ => match argument.elements().iter().filter_map(Node::text).collect::<Vec<_>>() {
            names if names.is_empty() || names.len() > 3 => format!("a `{short}`"),
            names => format!("`{short} {}`", names.join(".")),
        },
    };
    Unresolved(shown)
}
