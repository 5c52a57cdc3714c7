//! Every statement of the page of guarantees names a test that holds it, and that test exists.

use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../docs/guarantees.md");

/// A statement, without its comment, and what the comment says.
struct Statement {
    text: String,
    held_by: Option<String>,
}

/// The rows of tables, the items of lists, and the paragraphs.
fn statements() -> Vec<Statement> {
    let mut blocks: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in PAGE.lines() {
        let is_row = line.starts_with('|');
        let begins = is_row || line.starts_with("- ") || !is_open;
        is_open = !line.is_empty() && !line.starts_with('#');
        match blocks.last_mut() {
            _ if !is_open => {}
            Some(block) if !begins => {
                block.push(' ');
                block.push_str(line.trim());
            }
            _ => blocks.push(line.to_owned()),
        }
    }
    let is_head = |block: &String| {
        block.starts_with("|--") || block.starts_with("| answer") || block.starts_with("| write")
    };
    // What leads to a list or a table states nothing.
    let leads = |block: &String| block.ends_with(':');
    blocks.into_iter().filter(|block| !is_head(block) && !leads(block)).map(statement).collect()
}

fn statement(block: String) -> Statement {
    let comment = block.split_once("<!--").and_then(|(_, rest)| rest.split_once("-->"));
    let held_by = comment.map(|(comment, _)| comment.trim().to_owned());
    Statement { text: block, held_by }
}

#[test]
fn every_statement_names_what_holds_it() {
    let statements = statements();
    assert!(statements.len() > 40, "{} statements", statements.len());
    // The first two paragraphs say what the page is, and what a life is.
    let bare: Vec<_> = statements.iter().filter(|statement| statement.held_by.is_none()).collect();
    let texts: Vec<_> = bare.iter().map(|statement| statement.text.as_str()).collect();
    assert_eq!(texts.len(), 3, "{texts:#?}");
}

#[test]
fn what_holds_a_statement_exists() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let checks = fs::read_to_string(tests.join("simulation/README.md")).expect("the simulation is described");
    for Statement { text, held_by } in statements() {
        let Some(held_by) = held_by.filter(|held_by| held_by != "DynamoDB") else { continue };
        if let Some(rule) = held_by.strip_prefix("simulation: ") {
            assert!(checks.contains(&format!("| {rule} |")), "there is no rule `{rule}`: {text}");
            continue;
        }
        let (file, test) = held_by.split_once(' ').expect("a comment names a file and a test");
        let source = fs::read_to_string(tests.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let is_there =
            source.contains(&format!("async fn {test}()")) || source.contains(&format!("fn {test}()"));
        assert!(is_there, "{file} has no test `{test}`: {text}");
    }
}
