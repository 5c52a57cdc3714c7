//! The names that are reserved and claimed, against those that the runtime and generated code have.

use super::reserved::{MODEL_FUNCTIONS, QUERY_METHODS};
use super::{Claims, Scope};
use crate::check::check_claiming;
use crate::diagnostic::Findings;
use crate::lock::Former;
use crate::runtime_sources::{self, name_of};
use crate::sources::{self, Root};
use crate::{generate_str, names};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syn::{ImplItem, Item, TraitItem};

const DOMAINS: [&str; 3] = ["models.toml", "library.toml", "shop.toml"];

/// What none of the domains has: a context.
const INVOICES: &str = r##"
[context.tenant]
type = "string"

[table.invoices]
partition_key = "pk"

[model.Invoice]
table   = "invoices"
context = "tenant"
key     = { partition_key = "INVOICE#{number}" }

[model.Invoice.schema]
number = "u64"
"##;

/// Methods of the runtime's traits that it calls by the trait alone, so that nothing can shadow them.
const MECHANICS: [&str; 1] = ["written"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn is_for_generated_code(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::NameValue(meta) = &attribute.meta else { return false };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value else { return false };
        text.value().contains("for generated code")
    })
}

/// What applications call on queries: the public methods of these types.
fn query_methods() -> BTreeSet<String> {
    let mut methods = BTreeSet::new();
    for item in runtime_sources::items() {
        let Item::Impl(block) = item else { continue };
        let of = name_of(&block.self_ty);
        if block.trait_.is_some()
            || !of.is_some_and(|of| ["Query", "SortedQuery", "Scan"].contains(&of.as_str()))
        {
            continue;
        }
        for item in block.items {
            let ImplItem::Fn(function) = item else { continue };
            let is_public = matches!(function.vis, syn::Visibility::Public(_));
            if is_public && function.sig.receiver().is_some() && !is_for_generated_code(&function.attrs) {
                methods.insert(function.sig.ident.to_string());
            }
        }
    }
    methods
}

/// Methods that models have of the runtime's traits without writing them: those of `Model` and of traits that build on it.
fn provided_methods() -> BTreeSet<String> {
    let builds_on = |of: &syn::ItemTrait| {
        let bounds = of.supertraits.iter().filter_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => bound.path.segments.last(),
            _ => None,
        });
        of.ident == "Model" || bounds.into_iter().any(|segment| segment.ident == "Model")
    };
    let mut methods = BTreeSet::new();
    for item in runtime_sources::items() {
        let Item::Trait(of) = item else { continue };
        let is_hidden = of
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("doc") && attribute.meta.require_list().is_ok());
        if is_hidden || !builds_on(&of) {
            continue;
        }
        for item in of.items {
            let TraitItem::Fn(function) = item else { continue };
            let name = function.sig.ident.to_string();
            if function.default.is_some() && !MECHANICS.contains(&name.as_str()) {
                methods.insert(name);
            }
        }
    }
    methods
}

/// The functions that the runtime's macros write, which hold tokens and not items.
fn functions_of_macros() -> BTreeSet<String> {
    fn collect(tokens: TokenStream, names: &mut BTreeSet<String>) {
        let mut follows_fn = false;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if follows_fn => {
                    names.insert(ident.to_string());
                    follows_fn = false;
                }
                TokenTree::Ident(ident) => follows_fn = ident == "fn",
                TokenTree::Group(group) => collect(group.stream(), names),
                _ => follows_fn = false,
            }
        }
    }
    let mut names = BTreeSet::new();
    for item in runtime_sources::items() {
        if let Item::Macro(definition) = item {
            collect(definition.mac.tokens, &mut names);
        }
    }
    names
}

/// A model of an example domain: the names that were claimed for its functions, and the functions that were generated.
struct GeneratedModel {
    model: String,
    claimed: BTreeSet<String>,
    inherent: BTreeSet<String>,
}

/// The models of all domains, and the types of all domains that nothing has claimed.
fn generated() -> (Vec<GeneratedModel>, Vec<String>) {
    let (mut models, mut unclaimed) = (Vec::new(), Vec::new());
    let read = |domain| std::fs::read_to_string(root().join("example-models").join(domain)).expect("a file");
    let domains = DOMAINS.map(|domain| (domain, read(domain))).into_iter();
    for (domain, text) in domains.chain([("invoices.toml", INVOICES.to_owned())]) {
        let mut findings = Findings::default();
        let of_text = Root { path: Path::new(domain), text: Some(&text), may_include: false, former: None };
        let sources = sources::load(of_text, &mut findings);
        let manifest = sources.manifest.expect("declarations");
        let mut claims = Claims::default();
        check_claiming(&manifest, &sources.files[0], Former::Lock(None), &mut claims, &mut findings)
            .expect("a catalog");
        let files = generate_str(domain, &text).unwrap_or_else(|error| panic!("{error}"));
        let items: Vec<Item> = files
            .files()
            .iter()
            .flat_map(|(path, text)| {
                syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}")).items
            })
            .collect();
        let types = claims.of(&Scope::Type);
        for item in &items {
            let name = match item {
                Item::Struct(one) => one.ident.to_string(),
                Item::Enum(one) => one.ident.to_string(),
                Item::Trait(one) => one.ident.to_string(),
                _ => continue,
            };
            // What builders require stands in a module of its own.
            let is_claimed = types.contains(&name.as_str()) || files.files()["required.rs"].contains(&name);
            if !is_claimed {
                unclaimed.push(format!("{domain}: {name}"));
            }
        }
        for (number, model) in manifest.models.iter().enumerate() {
            let name = names::type_name(&model.name.value).expect("a name");
            let mut inherent = BTreeSet::new();
            for item in &items {
                let Item::Impl(block) = item else { continue };
                if block.trait_.is_none() && name_of(&block.self_ty).as_ref() == Some(&name) {
                    inherent.extend(block.items.iter().filter_map(|item| match item {
                        ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                        _ => None,
                    }));
                }
            }
            let claimed = claims.of(&Scope::Function(number)).into_iter().map(str::to_owned).collect();
            models.push(GeneratedModel { model: name, claimed, inherent });
        }
    }
    (models, unclaimed)
}

#[test]
fn what_queries_are_called_by_is_reserved_and_nothing_else() {
    let existing = query_methods();
    assert!(existing.contains("send") && existing.contains("parallel"), "{existing:?}");
    let reserved: BTreeSet<String> = QUERY_METHODS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(reserved, existing);
}

#[test]
fn every_function_of_a_generated_model_is_reserved_or_claimed() {
    let (models, _) = generated();
    let is_reserved = |name: &&String| MODEL_FUNCTIONS.contains(&name.as_str());
    for GeneratedModel { model, claimed, inherent } in &models {
        let unknown: Vec<_> =
            inherent.iter().filter(|name| !is_reserved(name) && !claimed.contains(*name)).collect();
        assert!(unknown.is_empty(), "{model}: {unknown:?}");
    }
    let provided = provided_methods();
    let unknown: Vec<_> = provided.iter().filter(|name| !is_reserved(name)).collect();
    assert!(
        unknown.is_empty(),
        "an inherent function of this name would shadow that of a trait: {unknown:?}"
    );
}

#[test]
fn every_reserved_function_is_one_of_models() {
    let (models, _) = generated();
    let mut existing = provided_methods();
    existing.extend(functions_of_macros());
    existing.extend(models.into_iter().flat_map(|model| model.inherent));
    let invented: Vec<_> = MODEL_FUNCTIONS.iter().filter(|name| !existing.contains(**name)).collect();
    assert!(invented.is_empty(), "{invented:?}");
}

#[test]
fn every_claimed_function_is_generated() {
    for GeneratedModel { model, claimed, inherent } in generated().0 {
        assert!(claimed.is_subset(&inherent), "{model}: {claimed:?} of {inherent:?}");
    }
}

#[test]
fn every_generated_type_is_claimed() {
    let (_, unclaimed) = generated();
    assert!(unclaimed.is_empty(), "{unclaimed:?}");
}
