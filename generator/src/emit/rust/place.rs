//! The last step of a rendered module: places after the user's own Rust, and blank lines.
//!
//! A line `//@ place` names the place in the declarations of the Rust on the next line. It becomes a comment at the end of that
//! line, where rustc's errors show it.

const MARK: &str = "//@ ";

/// The final text of a module.
pub(super) fn finished(rendered: &str) -> String {
    let mut text = String::with_capacity(rendered.len());
    let mut place = None;
    let mut is_blank_due = false;
    for line in rendered.lines() {
        let content = line.trim();
        if content.is_empty() {
            is_blank_due = true;
            continue;
        }
        if let Some(named) = content.strip_prefix(MARK) {
            place = Some(named);
            continue;
        }
        // Blocks and modules neither begin nor end with a blank line, and no two blank lines are adjacent.
        let is_at_end = content.starts_with(['}', ')']) || text.is_empty() || text.ends_with("{\n");
        if std::mem::take(&mut is_blank_due) && !is_at_end {
            text.push('\n');
        }
        text.push_str(line.trim_end());
        if let Some(place) = place.take() {
            text.push_str(" // ");
            text.push_str(place);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_place_inside_a_line_is_left_alone() {
        let rendered = "fn a() {\n    \"//@ b\";\n}\n";
        assert_eq!(finished(rendered), rendered);
    }

    #[test]
    fn a_place_stands_behind_the_line_that_it_names() {
        let rendered = "fn a() {\n    //@ models.toml: model.A\n    let x = crate::b( );\n}\n";
        assert_eq!(finished(rendered), "fn a() {\n    let x = crate::b( ); // models.toml: model.A\n}\n");
    }

    #[test]
    fn a_place_within_an_item_stands_behind_the_line_that_it_names() {
        let rendered = "struct A {\n    //@ models.toml: model.A\n    #[b(c)]\n    d: u8,\n}\n";
        assert_eq!(finished(rendered), "struct A {\n    #[b(c)] // models.toml: model.A\n    d: u8,\n}\n");
    }

    #[test]
    fn blank_lines_stand_between_items_alone() {
        let rendered =
            "// Why.\nstruct A;\n\n\nimpl A {\n\n    fn a() {\n        // How.\n        b();\n    }\n\n}\n";
        assert_eq!(
            finished(rendered),
            "// Why.\nstruct A;\n\nimpl A {\n    fn a() {\n        // How.\n        b();\n    }\n}\n"
        );
    }
}
