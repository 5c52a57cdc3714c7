//! The Rust names of models, types and enums, and what references to them need to know.

use crate::catalog::ValidationLibrary;
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::{EnumDeclaration, Manifest, Spanned};
use crate::names;
use std::collections::BTreeMap;

/// Everything that has a name of its own, by its declared name.
pub(super) struct Declared<'m> {
    models: BTreeMap<&'m str, Names>,
    mixins: BTreeMap<&'m str, Names>,
    structures: BTreeMap<&'m str, Names>,
    enumerations: BTreeMap<&'m str, KnownEnum>,
    /// The declared names of enums by their Rust names.
    enumerations_by_rust_name: BTreeMap<String, &'m str>,
    manifest: &'m Manifest,
    collections: BTreeMap<&'m str, Names>,
    /// The enums over the models of tables that have several, by the tables' declared names.
    items: BTreeMap<&'m str, Names>,
}

/// The names of a generated type.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub rust: String,
    pub module: String,
    /// Whether nothing was found wrong with them.
    pub are_clear: bool,
}

/// What a reference to an enum needs to know.
pub(super) struct KnownEnum {
    pub names: Names,
    pub is_text: bool,
    /// In the declared order.
    pub variants: Vec<KnownVariant>,
}

pub(super) struct KnownVariant {
    pub stored: String,
    pub rust: String,
    pub has_fields: bool,
}

impl<'m> Declared<'m> {
    pub(super) fn new(manifest: &'m Manifest, findings: &mut Findings) -> Self {
        let mut modules = Modules::default();
        let models = manifest
            .models
            .iter()
            .map(|model| (model.name.value.as_str(), modules.names(&model.name, findings)));
        let models = models.collect();
        let structures =
            manifest.types.iter().map(|one| (one.name.value.as_str(), modules.names(&one.name, findings)));
        let structures = structures.collect();
        let mut enumerations = BTreeMap::new();
        for declaration in &manifest.enums {
            let names = modules.names(&declaration.name, findings);
            enumerations.insert(declaration.name.value.as_str(), known_enum(declaration, names, findings));
        }
        let mixins =
            manifest.mixins.iter().map(|one| (one.name.value.as_str(), modules.names(&one.name, findings)));
        let mixins = mixins.collect();
        let enumerations_by_rust_name = enumerations
            .iter()
            .map(|(name, known): (&&'m str, &KnownEnum)| (known.names.rust.clone(), *name))
            .collect();
        let collections = manifest
            .collections
            .iter()
            .map(|one| (one.name.value.as_str(), modules.names(&one.name, findings)))
            .collect();
        let mut items = BTreeMap::new();
        for table in &manifest.tables {
            let declared = table.declared.value.as_str();
            let models = manifest.models.iter().filter_map(|model| model.table.as_ref());
            if models.filter(|table| table.value == declared).count() < 2 {
                continue;
            }
            // A name that no constant can be made of is reported with the table.
            if let Some(stem) = names::type_name(declared) {
                let of_table = Spanned { value: format!("{stem}Item"), span: table.declared.span };
                let name = table.item.as_ref().unwrap_or(&of_table);
                items.insert(declared, modules.names(name, findings));
            }
        }
        Declared {
            models,
            mixins,
            structures,
            enumerations,
            enumerations_by_rust_name,
            collections,
            items,
            manifest,
        }
    }

    /// What carries out the rules that are declared at a place.
    pub(super) fn library(&self, place: Span) -> ValidationLibrary {
        self.manifest.library(place)
    }

    pub(super) fn model(&self, declared: &str) -> &Names {
        &self.models[declared]
    }

    pub(super) fn has_mixin(&self, declared: &str) -> bool {
        self.mixins.contains_key(declared)
    }

    pub(super) fn mixin(&self, declared: &str) -> &Names {
        &self.mixins[declared]
    }

    pub(super) fn structure(&self, declared: &str) -> &Names {
        &self.structures[declared]
    }

    pub(super) fn enumeration(&self, declared: &str) -> &KnownEnum {
        &self.enumerations[declared]
    }

    pub(super) fn collection(&self, declared: &str) -> &Names {
        &self.collections[declared]
    }

    /// The enum over a table's models.
    pub(super) fn item(&self, table: &str) -> Option<&Names> {
        self.items.get(table)
    }

    pub(super) fn find_structure(&self, declared: &str) -> Option<&Names> {
        self.structures.get(declared)
    }

    pub(super) fn find_enumeration(&self, declared: &str) -> Option<&KnownEnum> {
        self.enumerations.get(declared)
    }

    pub(super) fn is_model(&self, declared: &str) -> bool {
        self.models.contains_key(declared)
    }

    /// The enum of a Rust name, as it stands in a kind.
    pub(super) fn enumeration_by_rust_name(&self, rust: &str) -> Option<&KnownEnum> {
        self.enumerations.get(self.enumerations_by_rust_name.get(rust)?)
    }

    /// The declared names of types and enums.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.structures.keys().chain(self.enumerations.keys()).copied()
    }
}

/// The longest name of a module. Its file has an ending, and stands beside itself until it is whole: no system has room for
/// much more than twice that.
const LONGEST_MODULE: usize = 100;

/// The modules so far, each with the place that declares it.
#[derive(Default)]
struct Modules {
    taken: BTreeMap<String, Span>,
}

impl Modules {
    /// A broken name is reported, and stands for itself from there on.
    fn names(&mut self, declared: &Spanned<String>, findings: &mut Findings) -> Names {
        let Some(rust) = names::type_name(&declared.value) else {
            findings.push(
                Diagnostic::new(
                    Code::InvalidName,
                    format!("{} cannot name a Rust type", quoted(&declared.value)),
                )
                .at(declared.span, "not a name in ASCII letters and digits that starts with a letter")
                .help("choose a name such as `Book`"),
            );
            return Names { rust: declared.value.clone(), module: declared.value.clone(), are_clear: false };
        };
        let module = names::module_name(&rust);
        if module.len() > LONGEST_MODULE {
            findings.push(
                Diagnostic::new(
                    Code::InvalidName,
                    format!("a name gives a file of {} characters", module.len()),
                )
                .at(declared.span, format!("the limit is {LONGEST_MODULE}"))
                .help("choose a shorter name"),
            );
        }
        if matches!(module.as_str(), "tables" | "required" | "mod") || names::is_windows_device(&module) {
            let reason = match module.as_str() {
                "required" => "what builders require stands in a file of that name",
                "tables" => "the generated tables stand in a file of that name",
                "mod" => "the root of the generated modules has that name",
                _ => "Windows keeps that name for a device",
            };
            findings.push(
                Diagnostic::new(Code::ReservedModule, format!("no file can be called `{module}.rs`"))
                    .at(declared.span, reason)
                    .help("choose another name"),
            );
        }
        if let Some(first) = self.taken.get(&module) {
            findings.push(
                Diagnostic::new(
                    Code::ModulesConflict,
                    format!("two declarations would share the module `{module}`"),
                )
                .at(declared.span, format!("becomes `{rust}` in the module `{module}`"))
                .and(*first, "so does this")
                .help("rename one of them"),
            );
            return Names { rust, module, are_clear: false };
        }
        self.taken.insert(module.clone(), declared.span);
        Names { rust, module, are_clear: true }
    }
}

fn known_enum(declaration: &EnumDeclaration, names: Names, findings: &mut Findings) -> KnownEnum {
    let variants = declaration.variants.as_deref().unwrap_or_default();
    let mut by_rust: BTreeMap<String, Span> = BTreeMap::new();
    let mut by_stored: BTreeMap<&str, Span> = BTreeMap::new();
    let mut known = Vec::new();
    for variant in variants {
        let stored = &variant.name;
        if stored.value.is_empty() {
            findings.push(
                Diagnostic::new(Code::StoredNameLength, "a variant's stored name is empty")
                    .at(stored.span, "empty")
                    .help("give it a name"),
            );
        } else if let Some(first) = by_stored.insert(&stored.value, stored.span) {
            findings.push(
                Diagnostic::new(
                    Code::VariantsConflict,
                    format!("two variants are stored as {}", quoted(&stored.value)),
                )
                .at(stored.span, "stored under the same name")
                .and(first, "as this one")
                .help("give each a stored name of its own"),
            );
            // Two equal stored names conflict as Rust names too. That says nothing new.
            continue;
        }
        let rust = rust_variant(variant.rust_name.as_ref(), stored, findings);
        let place = variant.rust_name.as_ref().unwrap_or(stored).span;
        if let Some(rust) = &rust
            && let Some(first) = by_rust.insert(rust.clone(), place)
        {
            findings.push(
                Diagnostic::new(Code::VariantsConflict, format!("two variants would be called `{rust}`"))
                    .at(place, format!("becomes `{rust}`"))
                    .and(first, "so does this")
                    .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
        if rust.as_deref() == Some("ALL") && variants.iter().all(|variant| variant.fields.is_empty()) {
            findings.push(
                Diagnostic::new(
                    Code::ReservedField,
                    "a variant of an enum without fields cannot be called `ALL`",
                )
                .at(place, "the constant of all variants has this name")
                .help("set `rust_name = \"All\"`; the stored name stays"),
            );
        }
        known.push(KnownVariant {
            stored: stored.value.clone(),
            rust: rust.unwrap_or_default(),
            has_fields: !variant.fields.is_empty(),
        });
    }
    KnownEnum { names, is_text: variants.iter().all(|variant| variant.fields.is_empty()), variants: known }
}

fn rust_variant(
    given: Option<&Spanned<String>>,
    stored: &Spanned<String>,
    findings: &mut Findings,
) -> Option<String> {
    if let Some(given) = given {
        if names::is_type_name(&given.value) {
            return Some(given.value.clone());
        }
        findings.push(
            Diagnostic::new(
                Code::InvalidRustName,
                format!("{} is not a variant's name", quoted(&given.value)),
            )
            .at(given.span, "expected upper camel case")
            .helps(names::type_name(&given.value).map(|name| format!("write `{name}`"))),
        );
        return None;
    }
    let name = names::type_name(&stored.value);
    if name.is_none() && !stored.value.is_empty() {
        findings.push(
            Diagnostic::new(
                Code::InvalidName,
                format!("{} cannot name a Rust variant", quoted(&stored.value)),
            )
            .at(stored.span, "not a name in ASCII letters and digits that starts with a letter")
            .help("keep the stored name and give a Rust name: `{ name = \"…\", rust_name = \"Other\" }`"),
        );
    }
    name
}
