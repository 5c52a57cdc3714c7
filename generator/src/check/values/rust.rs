//! Rust that the user wrote: whether it has the expected syntax. Only rustc can resolve its names.

use crate::catalog::UserRust;
use crate::diagnostic::{Code, Diagnostic, is_invisible, quoted};
use crate::manifest::Spanned;
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, Parser as _};
use syn::punctuated::Punctuated;

/// The Rust, or a finding about it.
type Parsed = Result<UserRust, Box<Diagnostic>>;

/// The longest text, in bytes.
const LONGEST_TEXT: usize = 1_000;
/// The most tokens for the parser. In the worst case, such as `!!!x`, it recurses at each, and the stack of a build script may be
/// small.
const MOST_TOKENS: usize = 64;
/// The deepest nesting of brackets, at which the parser recurses most.
const DEEPEST_BRACKETS: usize = 16;

pub(in crate::check) fn type_path(text: &Spanned<String>, place: &str) -> Parsed {
    parsed::<syn::TypePath>(text, place, "a type's path", "write a path such as `rust:crate::Isbn`")
}

pub(in crate::check) fn path(text: &Spanned<String>, place: &str) -> Parsed {
    parsed::<syn::ExprPath>(text, place, "a function's path", "write a path such as `crate::check_isbn`")
}

pub(in crate::check) fn crate_path(text: &Spanned<String>, place: &str) -> Parsed {
    struct PlainPath;
    impl Parse for PlainPath {
        fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
            syn::Path::parse_mod_style(input).map(|_| PlainPath)
        }
    }
    let help = "write the name that Cargo.toml gives the crate, such as `ddb`, or a path such as `crate::storage::ddb`";
    parsed::<PlainPath>(text, place, "a crate's path", help)
}

pub(in crate::check) fn expression(text: &Spanned<String>, place: &str) -> Parsed {
    let help = "write an expression such as `crate::this_year()`; a literal is given as `default`";
    parsed::<syn::Expr>(text, place, "an expression", help)
}

pub(in crate::check) fn derive(text: &Spanned<String>, place: &str) -> Parsed {
    parsed::<syn::Path>(
        text,
        place,
        "a derive macro's path",
        "write a path such as `Eq` or `crate::MyDerive`",
    )
}

pub(in crate::check) fn attribute(text: &Spanned<String>, place: &str) -> Parsed {
    struct OuterAttribute;
    impl Parse for OuterAttribute {
        fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
            match syn::Attribute::parse_outer(input)?.as_slice() {
                // The printer would write it as a comment of several lines, and nothing may follow on the first.
                [one] if is_documentation_of_several_lines(one) => Err(syn::Error::new_spanned(
                    one,
                    "documentation of several lines: write one attribute for each",
                )),
                [_] => Ok(OuterAttribute),
                _ => Err(input.error("expected one attribute")),
            }
        }
    }
    let help = "write one attribute such as `#[non_exhaustive]`";
    parsed::<OuterAttribute>(text, place, "an attribute", help)
}

fn is_documentation_of_several_lines(attribute: &syn::Attribute) -> bool {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return false };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value else { return false };
    meta.path.is_ident("doc") && text.value().contains(['\n', '\r'])
}

/// The content of a validation library's derive attribute: rules separated by commas.
pub(in crate::check) fn library_rules(text: &Spanned<String>, place: &str) -> Parsed {
    struct Rules;
    impl Parse for Rules {
        fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
            Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated(input).map(|_| Rules)
        }
    }
    parsed::<Rules>(
        text,
        place,
        "a rule as the library's derive has it",
        "write what stands in its attribute, such as `length(min = 1)`",
    )
}

fn parsed<T: Parse>(text: &Spanned<String>, place: &str, what: &str, help: &str) -> Parsed {
    let code = well_formed::<T>(&text.value).map_err(|reason| {
        Diagnostic::new(Code::RustSyntax, format!("{} is not {what}", quoted(&text.value)))
            .at(text.span, reason)
            .help(help)
    })?;
    Ok(UserRust { code, place: place.to_owned() })
}

/// The text as one line of code; an error if it does not parse.
fn well_formed<T: Parse>(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() > LONGEST_TEXT {
        return Err(format!("longer than {LONGEST_TEXT} bytes: call a function of yours instead"));
    }
    if text.chars().any(is_invisible) {
        return Err(String::from("it holds an invisible character"));
    }
    let tokens: TokenStream = text.parse().map_err(|_| "brackets or quotes do not match")?;
    let (count, depth) = size(&tokens);
    if count > MOST_TOKENS || depth > DEEPEST_BRACKETS {
        return Err(format!(
            "more than {MOST_TOKENS} tokens or {DEEPEST_BRACKETS} levels of brackets: call a function instead"
        ));
    }
    let rendered = tokens.to_string();
    // Only literals can span lines here. In the generated line, the trailing comment with the place would end up within the
    // literal.
    if rendered.contains(['\n', '\r']) {
        return Err(String::from("a literal in it spans lines: write `\\n` within it for a line break"));
    }
    T::parse.parse2(tokens).map_err(|error| error.to_string())?;
    // The user's own spacing reads better than that of tokens, but comments and line breaks must not get into the generated line.
    let dense = |text: &str| text.split_whitespace().collect::<String>();
    let plain = !text.contains(['\n', '\r']) && dense(text) == dense(&rendered);
    Ok(if plain { text.to_owned() } else { rendered })
}

/// How many tokens there are, including those in brackets, and how deep brackets are nested.
fn size(tokens: &TokenStream) -> (usize, usize) {
    tokens.clone().into_iter().fold((0, 0), |(count, depth), token| match token {
        TokenTree::Group(group) => {
            let (within, deeper) = size(&group.stream());
            (count + 1 + within, depth.max(deeper + 1))
        }
        _ => (count + 1, depth),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_is_kept() {
        assert_eq!(well_formed::<syn::Expr>("crate::this_year()"), Ok(String::from("crate::this_year()")));
    }

    #[test]
    fn a_comment_does_not_reach_the_generated_line() {
        let code = well_formed::<syn::Expr>("1 // + 2").expect("an expression");
        assert_eq!(code, "1");
    }

    #[test]
    fn an_address_in_a_string_is_no_comment() {
        let code = well_formed::<syn::Expr>("f(\"https://example.org\")").expect("an expression");
        assert_eq!(code, "f(\"https://example.org\")");
    }

    #[test]
    fn code_over_several_lines_becomes_one_and_a_literal_over_several_is_refused() {
        assert_eq!(well_formed::<syn::Expr>("f(\n\"a\",\n)"), Ok(String::from("f (\"a\" ,)")));
        assert_eq!(well_formed::<syn::Expr>("f(\"a\\nb\")"), Ok(String::from("f(\"a\\nb\")")));
        for literal in
            ["\"a\nb\"", "\"a\\\nb\"", "r#\"a\nb\"#", "b\"a\nb\"", "br\"a\nb\"", "c\"a\nb\"", "\"\n\n\""]
        {
            let error = well_formed::<syn::Expr>(&format!("f({literal})")).expect_err("an error");
            assert!(error.starts_with("a literal in it spans lines"), "{literal}: {error}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_parsed() {
        for text in ["!".repeat(900), "a=".repeat(450), format!("{}1{}", "(".repeat(450), ")".repeat(450))] {
            let error = well_formed::<syn::Expr>(&text).expect_err("an error");
            assert!(error.starts_with("more than"), "{error}");
        }
    }

    #[test]
    fn two_items_are_not_one_path() {
        assert!(well_formed::<syn::TypePath>("A, B").is_err());
        assert!(well_formed::<syn::TypePath>("A> = B").is_err());
    }
}
