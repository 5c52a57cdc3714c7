//! The runtime's sources, for tests of what the generator knows about it, because neither depends on the other.

use std::path::{Path, PathBuf};
use syn::{Expr, ImplItem, Item, Lit, Type};

/// Every item of every file.
pub(crate) fn items() -> Vec<Item> {
    let mut items = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("runtime/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the runtime's sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                items.extend(parse(&path).items);
            }
        }
    }
    items
}

fn parse(path: &Path) -> syn::File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The last segment of a type's path.
pub(crate) fn name_of(of: &Type) -> Option<String> {
    let Type::Path(path) = of else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

/// The value of the only integer constant with this name.
pub(crate) fn constant(name: &str) -> i64 {
    let items = items();
    let found = items.iter().filter_map(|item| match item {
        Item::Const(one) if one.ident == name => integer(&one.expr),
        _ => None,
    });
    let found: Vec<_> = found.collect();
    assert_eq!(found.len(), 1, "constants called `{name}`: {found:?}");
    found[0]
}

/// The value of a type's constant in the implementation of a trait.
pub(crate) fn constant_of(of: &str, of_trait: &str, name: &str) -> i64 {
    let items = items();
    let implementations = items.iter().filter_map(|item| match item {
        Item::Impl(block) => Some(block),
        _ => None,
    });
    let is_meant = |block: &&syn::ItemImpl| {
        let found = block.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        found.is_some_and(|found| found.ident == of_trait) && name_of(&block.self_ty).as_deref() == Some(of)
    };
    let values =
        implementations.filter(is_meant).flat_map(|block| &block.items).filter_map(|item| match item {
            ImplItem::Const(one) if one.ident == name => integer(&one.expr),
            _ => None,
        });
    let values: Vec<_> = values.collect();
    assert_eq!(values.len(), 1, "`{name}` of `{of_trait}` for `{of}`: {values:?}");
    values[0]
}

fn integer(expression: &Expr) -> Option<i64> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(digits) => digits.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => Some(-integer(&unary.expr)?),
        _ => None,
    }
}
