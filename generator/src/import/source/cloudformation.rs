//! CloudFormation's templates, with the extensions of SAM and the Serverless Framework.

use super::properties::{self, NoTable, Properties};
use super::resolve::Resolver;
use super::{Found, Tables};
use crate::catalog::Scalar;
use crate::import::description::{DescribedKey, TableDescription};
use crate::import::error::Error;
use crate::import::tree::{self, Node};

/// The tables of a template in YAML or JSON.
pub(in crate::import) fn read(file: &str, text: &str) -> Result<Found, Error> {
    let (document, remarks) = tree::read(file, text)?;
    let mut tables = Tables::default();
    tables.remark(remarks);
    for (resources, resolver) in resources(&document) {
        for (label, resource) in resources.entries() {
            if label.starts_with("Fn::") {
                tables.left_out(label, "what it generates is known to CloudFormation alone");
                continue;
            }
            let Some(kind) = resource.get("Type").and_then(Node::text) else { continue };
            if let Some(read) = reader(kind) {
                tables.add(label, one(&resolver, label, resource, read));
            }
        }
    }
    tables.finish(file, "no table: expected a resource of the type `AWS::DynamoDB::Table`, `AWS::DynamoDB::GlobalTable` or `AWS::Serverless::SimpleTable` under `Resources`")
}

type Read = fn(&mut Properties<'_, '_>, &str) -> Result<TableDescription, NoTable>;

fn reader(kind: &str) -> Option<Read> {
    match kind {
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => Some(properties::table),
        "AWS::Serverless::SimpleTable" => Some(simple_table),
        _ => None,
    }
}

/// The resources: at the top of a template, or under `resources` of a serverless.yml, where they may be a list of parts.
fn resources(document: &Node) -> Vec<(&Node, Resolver<'_>)> {
    let mut found = Vec::new();
    if let Some(resources) = document.get("Resources") {
        found.push((resources, Resolver::of_template(document)));
    }
    if let Some(of_framework) = document.get("resources") {
        let parts = match of_framework {
            Node::List(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        for part in parts {
            if let Some(resources) = part.get("Resources") {
                found.push((resources, Resolver::of_template(part).with_variables(document)));
            }
        }
    }
    found
}

fn one(
    resolver: &Resolver<'_>,
    label: &str,
    resource: &Node,
    read: Read,
) -> Result<TableDescription, NoTable> {
    let empty = Node::Map(Vec::new());
    let node = resource.get("Properties").unwrap_or(&empty);
    let mut properties = Properties { resolver, node, notes: Vec::new() };
    let mut table = read(&mut properties, label)?;
    if let Some(condition) = resource.get("Condition").and_then(Node::text) {
        table.notes.push(format!("The template creates it only where the condition `{condition}` holds."));
    }
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        if let Some(word) = resource.get(policy).and_then(Node::text) {
            table.notes.push(format!("`{policy}: {word}` stays with the template."));
        }
    }
    Ok(table)
}

/// SAM's table with one key, which is called `id` by default.
fn simple_table(properties: &mut Properties<'_, '_>, label: &str) -> Result<TableDescription, NoTable> {
    let key = match properties.get("PrimaryKey") {
        Some(node) => properties.within(&node, |key| {
            Some(DescribedKey { name: key.text("Name")?, scalar: properties::scalar(&key.text("Type")?)? })
        }),
        None => Some(DescribedKey { name: String::from("id"), scalar: Scalar::Text }),
    };
    let key = key.ok_or_else(|| NoTable(String::from("its `PrimaryKey` is not known")))?;
    properties::simple_table(properties, label, key)
}
