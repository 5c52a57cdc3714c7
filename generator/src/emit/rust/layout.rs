//! Line breaks in generated Rust, like rustfmt's, so checked-in modules read like code written by hand.

/// The longest line, if it can be broken.
const WIDTH: usize = 100;

/// A list in brackets, such as parameters: on one line, or one item per line. `indent` is that of the first line, and is not in
/// the text.
pub(super) fn list(indent: usize, head: &str, items: &[String], tail: &str) -> String {
    let line = format!("{head}{}{tail}", items.join(", "));
    if items.is_empty() || fits(indent, &line) { line } else { broken(indent, head, items, tail) }
}

/// A struct with its fields: on one line, or one field per line.
pub(super) fn braces(indent: usize, head: &str, fields: &[String], tail: &str) -> String {
    if fields.is_empty() {
        return format!("{head} {{}}{tail}");
    }
    let line = format!("{head} {{ {} }}{tail}", fields.join(", "));
    if fits(indent, &line) {
        line
    } else {
        broken(indent, &format!("{head} {{"), fields, &format!("}}{tail}"))
    }
}

fn broken(indent: usize, head: &str, items: &[String], tail: &str) -> String {
    let items: String = items.iter().map(|item| format!("\n{:indent$}    {item},", "")).collect();
    format!("{head}{items}\n{:indent$}{tail}", "")
}

/// A chain of calls: on one line, or one call per line.
pub(super) fn chain(indent: usize, head: &str, calls: &[String], tail: &str) -> String {
    let line = format!("{head}{}{tail}", calls.concat());
    if calls.is_empty() || fits(indent, &line) {
        return line;
    }
    let calls: String = calls.iter().map(|call| format!("\n{:indent$}    {call}", "")).collect();
    format!("{head}{calls}{tail}")
}

/// Two parts of a line. The second may be on a line of its own.
pub(super) fn pair(indent: usize, first: &str, second: &str) -> String {
    let line = format!("{first} {second}");
    if fits(indent, &line) { line } else { format!("{first}\n{:indent$}    {second}", "") }
}

/// `left = value;`. The value may be on a line of its own, or a chain over several lines.
pub(super) fn assignment(indent: usize, left: &str, head: &str, calls: &[String]) -> String {
    let line = format!("{left} = {head}{};", calls.concat());
    if fits(indent, &line) {
        return line;
    }
    let within = indent + 4;
    format!("{left} =\n{:within$}{}", "", chain(within, head, calls, ";"))
}

/// Statements that are written without indentation, each indented by the braces around it.
pub(super) fn statements(indent: usize, lines: &[String]) -> Vec<String> {
    let mut depth = indent;
    let indented = lines.iter().map(|line| {
        if line.starts_with('}') {
            depth = depth.saturating_sub(4);
        }
        let indented = format!("{:depth$}{line}", "");
        if line.ends_with('{') {
            depth += 4;
        }
        indented
    });
    indented.collect()
}

fn fits(indent: usize, line: &str) -> bool {
    indent + line.chars().count() <= WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(list(4, "f(", &strings(&["a", "b"]), ")"), "f(a, b)");
        assert_eq!(chain(4, "f", &strings(&[".a()", ".b()"]), ";"), "f.a().b();");
        assert_eq!(assignment(4, "const A: u8", "1", &[]), "const A: u8 = 1;");
    }

    #[test]
    fn what_does_not_fit_is_broken_at_every_item() {
        let (long, longer) = ("a".repeat(60), "b".repeat(60));
        let items = [long.clone(), longer.clone()];
        assert_eq!(list(4, "f(", &items, ")"), format!("f(\n        {long},\n        {longer},\n    )"));
        assert_eq!(chain(4, "f", &items, ";"), format!("f\n        {long}\n        {longer};"));
        assert_eq!(assignment(4, &long, &longer, &[]), format!("{long} =\n        {longer};"));
    }

    #[test]
    fn a_struct_that_fits_without_its_spaces_alone_is_broken() {
        let field = "a".repeat(94);
        assert_eq!(braces(0, "A", std::slice::from_ref(&field), ""), format!("A {{ {field} }}"));
        let field = "a".repeat(95);
        assert_eq!(braces(0, "A", std::slice::from_ref(&field), ""), format!("A {{\n    {field},\n}}"));
    }

    #[test]
    fn the_second_of_two_parts_stands_on_a_line_of_its_own_where_they_do_not_fit() {
        let long = "a".repeat(95);
        assert_eq!(pair(0, &long, "b"), format!("{long} b"));
        assert_eq!(pair(8, &long, "b"), format!("{long}\n            b"));
    }

    #[test]
    fn statements_are_indented_by_the_braces_around_them() {
        let lines = strings(&["if a {", "b(|c| {", "d();", "});", "}"]);
        assert_eq!(
            statements(4, &lines),
            ["    if a {", "        b(|c| {", "            d();", "        });", "    }"]
        );
    }
}
