//! The modules of this crate form layers: no module depends on one that depends on it.
//!
//! Suppose that `client.rs` names `Error`, and `error.rs` names `Client`. Neither can be read, moved or tested without the
//! other. This test parses every file, follows each path to the file that defines what it names (through `use`, `crate::`,
//! `super::`, `$crate::`, and re-exports), and looks for circles in what remains: which file needs which.
//!
//! A method is found through its receiver's type, which only the compiler knows. What one file calls by method alone is
//! therefore not seen here.

mod source;
mod syntax;

use source::{Source, line_of};
use syntax::{idents, tokens_of};

/// Whether a file lies below the typed builders. What does is compiled once, and not for every model.
fn is_below_builders(file: &str) -> bool {
    let is_operation = file.starts_with("operation/") && !file.starts_with("operation/builder/");
    // The module of operations hands the builders on.
    file.starts_with("expression/") || is_operation && file != "operation/mod.rs"
}

#[test]
fn no_module_depends_on_itself_through_others() {
    let source = Source::of_this_crate();
    let circles = source.circles();
    assert!(circles.is_empty(), "{}", source.describe(&circles));
}

#[test]
fn nothing_below_the_builders_names_a_model() {
    let source = Source::of_this_crate();
    let (mut looked_at, mut found) = (0, Vec::new());
    for (file, text) in source.texts.iter().filter(|(file, _)| is_below_builders(file)) {
        looked_at += 1;
        let names = idents(&tokens_of(text));
        if names.iter().any(|name| name == "Model") {
            found.push(format!("{file}:{}", line_of(text, "Model")));
        }
    }
    assert!(looked_at > 0, "no file lies below the builders");
    assert!(found.is_empty(), "these files name a model: {found:#?}");
}

#[test]
fn a_planted_circle_is_found_whichever_way_it_is_written() {
    let paths = [
        "use crate::low::Low;",
        "use super::low::Low;",
        "use crate::{low::{Low as Renamed}};",
        "fn f() -> crate::low::Low { todo() }",
        "fn f() { let _ = vec![crate::low::Low]; }",
        "fn f() { use crate::low; low::Low; }",
        "macro_rules! m { () => { $crate::low::Low }; }",
        "use crate::Low;",
        "use super::*; fn f(_: Low) {}",
    ];
    for path in paths {
        let source = Source::new([
            ("lib.rs", "mod high; mod low; pub use low::Low;"),
            ("high.rs", path),
            ("low.rs", "use crate::high::High; pub struct Low;"),
        ]);
        // `high.rs` defines what `low.rs` names.
        let source = source.with("high.rs", &format!("{path} pub struct High;"));
        assert_eq!(source.circles(), [["high.rs", "low.rs"].map(str::to_owned)], "{path}");
    }
}

#[test]
fn what_a_module_only_hands_on_is_no_dependency_of_its() {
    let source = Source::new([
        ("lib.rs", "mod group; mod user;"),
        ("group/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two;"),
        ("group/one.rs", "pub struct One;"),
        (
            "group/two.rs",
            "use super::One; pub struct Two(One); #[cfg(test)] mod tests { use crate::user::User; }",
        ),
        ("user.rs", "use crate::group::Two; pub struct User(Two);"),
    ]);
    assert_eq!(source.circles(), Vec::<Vec<String>>::new());
    let used = source
        .with("group/mod.rs", "mod one; mod two; pub use one::One; pub use two::Two; pub struct Group(Two);");
    assert_eq!(used.circles(), Vec::<Vec<String>>::new());
    let circle = used.with("group/two.rs", "use super::Group; pub struct Two;");
    assert_eq!(circle.circles(), [["group/mod.rs", "group/two.rs"].map(str::to_owned)]);
}
