//! Lines of TOML with their comments.

use crate::diagnostic::is_invisible;

pub(super) fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

pub(super) fn assign(text: &mut String, name: &str, value: &str, remark: &str) {
    with_remark(text, &format!("{name} = {value}"), remark);
}

pub(super) fn with_remark(text: &mut String, assignment: &str, remark: &str) {
    match remark.is_empty() {
        true => line(text, assignment),
        false => line(text, &format!("{assignment} # {}", visible(remark))),
    }
}

pub(super) fn comment(text: &mut String, note: &str) {
    line(text, &format!("# {}", visible(note)));
}

/// A text for a comment. Line ends and invisible characters become spaces.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|one| if one.is_control() || is_invisible(one) { ' ' } else { one }).collect()
}

pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

pub(super) fn key(name: &str) -> String {
    toml_edit::Key::new(name).to_string()
}
