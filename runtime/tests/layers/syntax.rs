//! What code names: the paths in its tokens, and the imports that lead further.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree};

/// One name that a `use` brings into scope; `*` stands for all of a module's.
#[derive(Clone)]
pub(crate) struct Use {
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
    pub(crate) hands_on: bool,
}

pub(crate) fn is_of_tests(item: &Item) -> bool {
    attributes_of(item).iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]"
    })
}

pub(crate) fn is_exported(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

pub(crate) fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

pub(crate) fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

pub(crate) fn uses_in(tree: &UseTree, path: &mut Vec<String>, hands_on: bool, uses: &mut Vec<Use>) {
    let mut add = |name: String, last: Option<String>| {
        let path = path.iter().cloned().chain(last.filter(|last| last != "self")).collect();
        uses.push(Use { name, path, hands_on });
    };
    match tree {
        UseTree::Name(name) if name.ident == "self" => {
            let own = path.last().cloned().unwrap_or_default();
            add(own, None);
        }
        UseTree::Name(name) => add(name.ident.to_string(), Some(name.ident.to_string())),
        UseTree::Rename(name) => add(name.rename.to_string(), Some(name.ident.to_string())),
        UseTree::Glob(_) => add("*".to_owned(), None),
        UseTree::Path(within) => {
            path.push(within.ident.to_string());
            uses_in(&within.tree, path, hands_on, uses);
            path.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| uses_in(tree, path, hands_on, uses)),
    }
}

/// The imports of functions, which count for their whole module here.
pub(crate) fn uses_within(code: &TokenStream, uses: &mut Vec<Use>) {
    let mut tokens = code.clone().into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "use" => {
                let is_end =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
                let import: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
                // `use<'a>` is no import.
                if let Ok(tree) = syn::parse2(import) {
                    uses_in(&tree, &mut Vec::new(), false, uses);
                }
            }
            TokenTree::Group(group) => uses_within(&group.stream(), uses),
            _ => {}
        }
    }
}

/// Every path in code, macros' tokens included. Names behind a dot are fields and methods.
pub(crate) fn paths_in(code: &TokenStream, prefix: &[String], paths: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = prefix.to_vec();
    // How many of the two colons have come that join a name to those before it.
    let (mut colons, mut is_member) = (0, false);
    let mut finish = |path: &mut Vec<String>| {
        if path.len() > prefix.len() {
            paths.push(std::mem::replace(path, prefix.to_vec()));
        }
    };
    let mut groups = Vec::new();
    for token in code.clone() {
        match token {
            TokenTree::Ident(name) => {
                if colons != 2 {
                    finish(&mut path);
                }
                if !is_member {
                    path.push(name.to_string());
                }
                (colons, is_member) = (0, false);
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) if colons == 2 && group.delimiter() == Delimiter::Brace => {
                groups.push((group.stream(), std::mem::replace(&mut path, prefix.to_vec())));
                (colons, is_member) = (0, false);
            }
            other => {
                finish(&mut path);
                is_member = matches!(&other, TokenTree::Punct(punct) if punct.as_char() == '.');
                colons = 0;
                if let TokenTree::Group(group) = other {
                    groups.push((group.stream(), Vec::new()));
                }
            }
        }
    }
    finish(&mut path);
    for (code, prefix) in groups {
        paths_in(&code, &prefix, paths);
    }
}

pub(crate) fn idents(code: &TokenStream) -> BTreeSet<String> {
    let mut paths = Vec::new();
    paths_in(code, &[], &mut paths);
    paths.into_iter().flatten().collect()
}

pub(crate) fn tokens_of(text: &str) -> TokenStream {
    syn::parse_file(text)
        .unwrap()
        .items
        .iter()
        .filter(|item| !is_of_tests(item))
        .map(ToTokens::to_token_stream)
        .collect()
}
