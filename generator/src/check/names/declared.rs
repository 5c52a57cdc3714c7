//! The Rust names of models, types and enums, and what references to them need.

use super::Scope;
use crate::catalog::{EnumerationForm, Enumerations, Kind, StoredVariants, ValidationLibrary};
use crate::check::NamesCheck;
use crate::check::expand::Expanded;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{self, EnumDeclaration, GenerateSettings, Spanned, TableDeclaration};
use crate::names;
use std::collections::BTreeMap;

/// Everything that has a name of its own, by its declared name.
pub(in crate::check) struct DeclaredNames<'m> {
    models: BTreeMap<&'m str, TypeNames>,
    mixins: BTreeMap<&'m str, TypeNames>,
    structures: BTreeMap<&'m str, TypeNames>,
    enumerations: BTreeMap<&'m str, KnownEnum>,
    /// The declared names of enums by their Rust names.
    enumerations_by_rust_name: BTreeMap<String, &'m str>,
    expanded: &'m Expanded<'m>,
    collections: BTreeMap<&'m str, TypeNames>,
    /// The enums over the models of tables that have several, by the tables' declared names.
    items: BTreeMap<&'m str, TypeNames>,
    /// The enums over the changes of tables with a stream, by the tables' declared names.
    changes: BTreeMap<&'m str, TypeNames>,
}

/// The names of a generated type.
#[derive(Clone, Debug)]
pub(in crate::check) struct TypeNames {
    pub rust: String,
    pub module: String,
    /// Whether there are no findings about them.
    pub are_clear: bool,
}

/// What a reference to an enum needs.
pub(in crate::check) struct KnownEnum {
    pub names: TypeNames,
    /// How its variants are stored.
    pub form: EnumerationForm,
    /// In the declared order.
    pub variants: Vec<KnownVariant>,
}

pub(in crate::check) struct KnownVariant {
    pub stored: String,
    pub rust: String,
    pub has_fields: bool,
}

impl<'m> DeclaredNames<'m> {
    /// Names all declarations. Reports names that are impossible in Rust, and names that two declarations would share.
    pub(in crate::check) fn new(cx: &mut NamesCheck<'_, 'm>) -> Self {
        let expanded = cx.known;
        let models = expanded.models.iter().map(|model| (model.name.value.as_str(), names(cx, model.name)));
        let models = models.collect();
        let types = expanded.types.iter().map(|one| (one.name.value.as_str(), type_names(cx, one.name)));
        let structures = types.collect();
        let mut enumerations = BTreeMap::new();
        for declaration in expanded.enums {
            let names = type_names(cx, &declaration.name);
            enumerations.insert(declaration.name.value.as_str(), known_enum(cx, declaration, names));
        }
        let mixins = expanded.mixins.iter().map(|one| (one.name.value.as_str(), names(cx, &one.name)));
        let mixins = mixins.collect();
        let enumerations_by_rust_name = enumerations
            .iter()
            .map(|(name, known): (&&'m str, &KnownEnum)| (known.names.rust.clone(), *name))
            .collect();
        let collections = expanded.collections.iter();
        let collections = collections.map(|one| (one.name.value.as_str(), names(cx, &one.name))).collect();
        let mut items = BTreeMap::new();
        for table in expanded.tables {
            let declared = table.declared.value.as_str();
            if expanded.models_of(table).count() < 2 {
                continue;
            }
            // A name that gives no constant is reported with the table.
            if let Some(stem) = names::type_name(declared) {
                let of_table = Spanned { value: format!("{stem}Item"), span: table.declared.span };
                let name = table.item.as_ref().unwrap_or(&of_table);
                items.insert(declared, names(cx, name));
            }
        }
        let mut changes = BTreeMap::new();
        let is_used = |table: &&TableDeclaration| expanded.models_of(table).next().is_some();
        for table in expanded.tables.iter().filter(|table| table.stream.on().is_some()).filter(is_used) {
            if let Some(stem) = names::type_name(&table.declared.value) {
                let name = Spanned { value: format!("{stem}Change"), span: table.declared.span };
                changes.insert(table.declared.value.as_str(), names(cx, &name));
            }
        }
        DeclaredNames {
            models,
            mixins,
            structures,
            enumerations,
            enumerations_by_rust_name,
            collections,
            items,
            changes,
            expanded,
        }
    }

    /// `[generate]`
    pub(in crate::check) fn generate(&self) -> &'m GenerateSettings {
        self.expanded.generate
    }

    /// The library that carries out the rules of a declaration.
    pub(in crate::check) fn library(&self, place: Span) -> ValidationLibrary {
        self.expanded.library(place)
    }

    pub(in crate::check) fn model(&self, declared: &str) -> &TypeNames {
        &self.models[declared]
    }

    pub(in crate::check) fn has_mixin(&self, declared: &str) -> bool {
        self.mixins.contains_key(declared)
    }

    pub(in crate::check) fn mixin(&self, declared: &str) -> &TypeNames {
        &self.mixins[declared]
    }

    pub(in crate::check) fn structure(&self, declared: &str) -> &TypeNames {
        &self.structures[declared]
    }

    pub(in crate::check) fn enumeration(&self, declared: &str) -> &KnownEnum {
        &self.enumerations[declared]
    }

    pub(in crate::check) fn collection(&self, declared: &str) -> &TypeNames {
        &self.collections[declared]
    }

    /// The enum over a table's models.
    pub(in crate::check) fn item(&self, table: &str) -> Option<&TypeNames> {
        self.items.get(table)
    }

    /// The enum over a table's changes.
    pub(in crate::check) fn change(&self, table: &str) -> Option<&TypeNames> {
        self.changes.get(table)
    }

    pub(in crate::check) fn find_structure(&self, declared: &str) -> Option<&TypeNames> {
        self.structures.get(declared)
    }

    pub(in crate::check) fn find_enumeration(&self, declared: &str) -> Option<&KnownEnum> {
        self.enumerations.get(declared)
    }

    pub(in crate::check) fn is_model(&self, declared: &str) -> bool {
        self.models.contains_key(declared)
    }

    /// The enum with this Rust name, as kinds refer to it.
    pub(in crate::check) fn enumeration_by_rust_name(&self, rust: &str) -> Option<&KnownEnum> {
        self.enumerations.get(self.enumerations_by_rust_name.get(rust)?)
    }

    /// The stored values of an enum without fields; `None` for any other kind.
    pub(in crate::check) fn stored_variants(&self, kind: &Kind) -> Option<Vec<String>> {
        let Kind::Enumeration(name) = kind.of_values() else { return None };
        let known =
            self.enumeration_by_rust_name(name).filter(|known| known.form == EnumerationForm::Text)?;
        Some(known.variants.iter().map(|variant| variant.stored.clone()).collect())
    }

    /// The declared names of types and enums.
    pub(in crate::check) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.structures.keys().chain(self.enumerations.keys()).copied()
    }
}

impl Enumerations for DeclaredNames<'_> {
    fn stored(&self, rust_name: &str) -> StoredVariants {
        self.enumeration_by_rust_name(rust_name).map_or(StoredVariants::Map, |known| {
            let has_empty = known.variants.iter().any(|variant| variant.stored.is_empty());
            StoredVariants::of(&known.form, has_empty)
        })
    }
}

/// The longest name of a module. Its file has an ending, and a temporary name while it is written, and file systems limit names.
const LONGEST_MODULE: usize = 100;

/// The names of a declared type. A broken name is reported, and then used as it is.
fn names(cx: &mut NamesCheck<'_, '_>, declared: &Spanned<String>) -> TypeNames {
    let Some(rust) = names::type_name(&declared.value) else {
        cx.report(
            Diagnostic::new(
                Code::InvalidName,
                format!("{} cannot name a Rust type", quoted(&declared.value)),
            )
            .at(declared.span, names::why_unnameable(&declared.value))
            .help("choose a name such as `Book`"),
        );
        return TypeNames { rust: declared.value.clone(), module: declared.value.clone(), are_clear: false };
    };
    let module = names::module_name(&rust);
    if module.len() > LONGEST_MODULE {
        cx.report(
            Diagnostic::new(Code::InvalidName, format!("a name gives a file of {} characters", module.len()))
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
        cx.report(
            Diagnostic::new(Code::ReservedModule, format!("no file can be called `{module}.rs`"))
                .at(declared.span, reason)
                .help("choose another name"),
        );
    }
    if let Some(first) = cx.claim(Scope::Module, &module, declared.span) {
        cx.report(
            Diagnostic::new(
                Code::ModulesConflict,
                format!("two declarations would share the module `{module}`"),
            )
            .at(declared.span, format!("becomes `{rust}` in the module `{module}`"))
            .and(first.place, "so does this")
            .help("rename one of them"),
        );
        return TypeNames { rust, module, are_clear: false };
    }
    TypeNames { rust, module, are_clear: true }
}

/// The names of a type or an enum that fields refer to by its declared name.
fn type_names(cx: &mut NamesCheck<'_, '_>, declared: &Spanned<String>) -> TypeNames {
    if names::type_name(&declared.value).is_some() && !is_type_word(declared) {
        let name = quoted(&declared.value);
        let reason = match Kind::built_in(&declared.value) {
            Some(_) => "built in: no field would have the declared type",
            None => "no field could name it",
        };
        let suggested = names::type_name(&declared.value).filter(|rust| *rust != declared.value);
        let suggested = suggested.unwrap_or_else(|| format!("{}Type", declared.value));
        cx.report(
            Diagnostic::new(Code::TypeWord, format!("{name} means something else where a type is written"))
                .at(declared.span, reason)
                .help(format!("choose another name, such as {}", quoted(&suggested))),
        );
    }
    names(cx, declared)
}

/// Whether a declared name, written as the type of a field, refers to the declaration.
pub(in crate::check) fn is_type_word(declared: &Spanned<String>) -> bool {
    manifest::is_type_word(&declared.value, declared.span) && Kind::built_in(&declared.value).is_none()
}

fn known_enum(cx: &mut NamesCheck<'_, '_>, declaration: &EnumDeclaration, names: TypeNames) -> KnownEnum {
    let variants = declaration.variants.as_deref().unwrap_or_default();
    let of_enum = &declaration.place;
    let form = super::variants::form(cx, declaration);
    let mut known = Vec::new();
    for variant in variants {
        let stored = &variant.name;
        if stored.value.is_empty() && (variant.rust_name.is_none() || form != EnumerationForm::Text) {
            cx.report(
                Diagnostic::new(Code::StoredNameLength, "a variant's stored name is empty")
                    .at(stored.span, "empty")
                    .help("text may be stored empty, by a variant with a Rust name: `{ name = \"\", rust_name = \"None\" }`"),
            );
        } else if let Some(first) =
            cx.claim(Scope::StoredVariant(of_enum.clone()), &stored.value, stored.span)
        {
            cx.report(
                Diagnostic::new(
                    Code::VariantsConflict,
                    format!("two variants are stored as {}", quoted(&stored.value)),
                )
                .at(stored.span, "stored under the same name")
                .and(first.place, "as this one")
                .help("give each a stored name of its own"),
            );
            // Two equal stored names also have equal Rust names, which would be reported twice.
            continue;
        }
        let rust = rust_variant(cx, variant.rust_name.as_ref(), stored);
        let place = variant.rust_name.as_ref().unwrap_or(stored).span;
        if let Some(rust) = &rust
            && let Some(first) = cx.claim(Scope::Variant(of_enum.clone()), rust, place)
        {
            cx.report(
                Diagnostic::new(Code::VariantsConflict, format!("two variants would be called `{rust}`"))
                    .at(place, format!("becomes `{rust}`"))
                    .and(first.place, "so does this")
                    .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
        if rust.as_deref() == Some("ALL") && variants.iter().all(|variant| variant.fields.is_empty()) {
            cx.report(
                Diagnostic::new(
                    Code::ReservedField,
                    "a variant of an enum without fields cannot be called `ALL`",
                )
                .at(place, "the constant of all variants has this name")
                .help("set `rust_name = \"All\"`; the stored name stays"),
            );
        }
        known.push(KnownVariant {
            stored: match &variant.number {
                Some(number) if form == EnumerationForm::Number => number.value.to_string(),
                _ => stored.value.clone(),
            },
            rust: rust.unwrap_or_default(),
            has_fields: !variant.fields.is_empty(),
        });
    }
    KnownEnum { names, form, variants: known }
}

/// A suggested Rust name for a variant whose stored name gives none.
fn suggested_variant(stored: &str) -> String {
    let letters: String = stored.chars().filter(char::is_ascii).collect();
    let variants = [letters.clone(), format!("{letters}_variant"), format!("n_{letters}")];
    let suggested = variants.iter().find_map(|name| names::variant_name(name));
    suggested.filter(|_| stored.is_ascii()).unwrap_or_else(|| "Other".to_owned())
}

fn rust_variant(
    cx: &mut NamesCheck<'_, '_>,
    given: Option<&Spanned<String>>,
    stored: &Spanned<String>,
) -> Option<String> {
    if let Some(given) = given {
        if names::is_type_name(&given.value) {
            return Some(given.value.clone());
        }
        cx.report(
            Diagnostic::new(
                Code::InvalidRustName,
                format!("{} is not a variant's name", quoted(&given.value)),
            )
            .at(given.span, "expected upper camel case")
            .helps(names::type_name(&given.value).map(|name| format!("write `{name}`"))),
        );
        return None;
    }
    let name = names::variant_name(&stored.value);
    if name.is_none() && !stored.value.is_empty() {
        cx.report(
            Diagnostic::new(
                Code::InvalidName,
                format!("{} cannot name a Rust variant", quoted(&stored.value)),
            )
            .at(stored.span, names::why_unnameable(&stored.value))
            .help(format!(
                "keep the stored name and give a Rust name beside it: `rust_name = \"{}\"`",
                suggested_variant(&stored.value)
            )),
        );
    }
    name
}
