//! What was written: every declaration with its place, as TOML says it, before any rule has been checked.
//!
//! Words that stand for one thing each (`keys-only`) are already read; names and Rust are still text. Where
//! something could not be read, its finding is reported and the rest of its declaration is kept, so that later
//! findings are reported together with it.

mod composition;
mod condition;
mod duplicate;
mod field;
mod generated;
mod model;
mod place;
mod reader;
mod relation;
mod rule;
mod settings;
mod table;
mod table_settings;
mod template;
mod types;
mod value;

pub(crate) use composition::{CollectionDeclaration, ComposedKey, ModelIndexDeclaration, PartDeclaration};
pub(crate) use condition::{ConditionExpression, ConditionNode, TestExpression};
pub(crate) use field::{ComputedDeclaration, FieldDeclaration};
pub(crate) use generated::GenerateForm;
pub(crate) use model::{
    EnumDeclaration, MixinDeclaration, ModelDeclaration, TypeDeclaration, VariantDeclaration,
};
pub(crate) use relation::{MappingDeclaration, RelationDeclaration};
pub(crate) use rule::{RuleDeclaration, RuleForm};
pub(crate) use settings::{GenerateSettings, TypeSettings};
pub(crate) use table::{IndexDeclaration, KeyDeclaration, ProjectionDeclaration, TableDeclaration};
pub(crate) use table_settings::{BillingDeclaration, EncryptionDeclaration};
pub(crate) use template::{TemplateExpression, TemplatePiece};
pub(crate) use types::{TypeExpression, TypeForm, is_type_word};
pub(crate) use value::{Entry, Spanned, Value};

use crate::catalog::ValidationLibrary;
use crate::diagnostic::{Code, Diagnostic, FileId, Findings, Span, quoted};
use crate::source::SourceFile;
use reader::{Keys, Reader};
use std::collections::BTreeMap;
use toml::de::DeTable;

/// The most models, mixins, types, enums or tables.
const MOST_DECLARATIONS: usize = 10_000;
/// The most fields of one model or type, or variants of one enum.
const MOST_MEMBERS: usize = 1_000;

/// How many syntax errors are reported: what follows so many is their consequence.
const MOST_SYNTAX_ERRORS: usize = 1_000;

/// All declarations of a file, each kind in the order in which it was written.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    /// Paths of further files, as they are written.
    pub include: Vec<Spanned<String>>,
    pub generate: GenerateSettings,
    pub tables: Vec<TableDeclaration>,
    pub models: Vec<ModelDeclaration>,
    pub mixins: Vec<MixinDeclaration>,
    pub types: Vec<TypeDeclaration>,
    pub enums: Vec<EnumDeclaration>,
    /// What carries out the rules of each file.
    pub libraries: BTreeMap<FileId, ValidationLibrary>,
    pub collections: Vec<CollectionDeclaration>,
    /// Fields that are part of every key of the models that name them.
    pub contexts: Vec<FieldDeclaration>,
}

/// Reads a file. Returns nothing where it is not TOML, since what a broken text means is a guess.
pub(crate) fn parse(source: &SourceFile, findings: &mut Findings) -> Option<Manifest> {
    let document = parse_syntax(source, findings)?;
    let entries = value::entries(source, document.get_ref());
    let mut reader = Reader { source, findings };
    let mut keys = Keys::new(source.span(0..0), &entries);
    let manifest = Manifest {
        include: keys.texts("include", &mut reader),
        generate: keys
            .get("generate")
            .map(|entry| settings::read_generate(&mut reader, entry))
            .unwrap_or_default(),
        tables: read_all(&mut reader, keys.get("table"), "tables", table::read),
        models: read_all(&mut reader, keys.get("model"), "models", model::read_model),
        mixins: read_all(&mut reader, keys.get("mixin"), "mixins", model::read_mixin),
        types: read_all(&mut reader, keys.get("type"), "types", model::read_type),
        enums: read_all(&mut reader, keys.get("enum"), "enums", model::read_enum),
        libraries: BTreeMap::new(),
        contexts: read_all(&mut reader, keys.get("context"), "contexts", model::read_context),
        collections: read_all(
            &mut reader,
            keys.get("collection"),
            "collections",
            composition::read_collection,
        ),
    };
    keys.finish("the file", &mut reader);
    Some(manifest)
}

/// What a file holds as TOML; nothing, and findings, where it is not.
pub(crate) fn document(source: &SourceFile, findings: &mut Findings) -> Option<Vec<Entry>> {
    let document = parse_syntax(source, findings)?;
    Some(value::entries(source, document.get_ref()))
}

/// Reports what keeps a file from being TOML.
#[cfg(feature = "cli")]
pub(crate) fn check_syntax(source: &SourceFile, findings: &mut Findings) {
    parse_syntax(source, findings);
}

fn parse_syntax<'s>(source: &'s SourceFile, findings: &mut Findings) -> Option<toml::Spanned<DeTable<'s>>> {
    let (document, errors) = DeTable::parse_recoverable(source.text());
    for error in errors.iter().take(MOST_SYNTAX_ERRORS) {
        findings.push(syntax_error(source, error));
    }
    errors.is_empty().then_some(document)
}

impl Manifest {
    /// Whether nothing is generated from it that the lock does not say.
    pub(crate) fn is_locked(&self) -> bool {
        self.generate.locked.as_ref().is_some_and(|locked| locked.value)
    }

    /// Notes what carries out the rules of a file, whose declarations are those of `parsed`: what it says itself, or else
    /// what the file that includes it says.
    pub(crate) fn note_library(
        &mut self,
        file: FileId,
        parent: Option<FileId>,
        parsed: Option<ValidationLibrary>,
    ) {
        let inherited = parent.and_then(|parent| self.libraries.get(&parent).copied());
        self.libraries.insert(file, parsed.or(inherited).unwrap_or_default());
    }

    /// Adds the declarations of an included file. What was declared before, and settings of the run, are findings.
    pub(crate) fn include(&mut self, included: Manifest, findings: &mut Findings) {
        if let Some(span) = included.generate.span {
            findings.push(
                Diagnostic::new(Code::SettingsIncluded, "an included file has no `[generate]`")
                    .at(span, "would hold for the whole run")
                    .help("move it to the file that is given to the generator; `validation` alone may stay"),
            );
        }
        extend(&mut self.tables, included.tables, "table", |table| &table.declared, findings);
        extend(&mut self.models, included.models, "model", |model| &model.name, findings);
        extend(&mut self.mixins, included.mixins, "mixin", |one| &one.name, findings);
        extend(&mut self.types, included.types, "type", |one| &one.name, findings);
        extend(&mut self.enums, included.enums, "enum", |one| &one.name, findings);
        extend(&mut self.contexts, included.contexts, "context", |one| &one.name, findings);
        extend(&mut self.collections, included.collections, "collection", |one| &one.name, findings);
    }
}

/// Adds declarations whose names are new.
fn extend<T>(
    known: &mut Vec<T>,
    included: Vec<T>,
    what: &str,
    name: fn(&T) -> &Spanned<String>,
    findings: &mut Findings,
) {
    let places: BTreeMap<String, Span> =
        known.iter().map(|one| (name(one).value.clone(), name(one).span)).collect();
    for declaration in included {
        let Spanned { value, span } = name(&declaration);
        match places.get(value) {
            Some(first) => findings.push(
                Diagnostic::new(
                    Code::DuplicateKey,
                    format!("the {what} {} is declared twice", quoted(value)),
                )
                .at(*span, "declared again")
                .and(*first, "declared here first")
                .help("keep one of them, or rename one"),
            ),
            None => known.push(declaration),
        }
    }
}

fn read_all<T>(
    reader: &mut Reader<'_>,
    group: Option<&Entry>,
    what: &str,
    read: fn(&mut Reader<'_>, &Entry) -> T,
) -> Vec<T> {
    let Some(entries) = group.and_then(|group| reader.table(&group.value)) else {
        return Vec::new();
    };
    limit(reader, entries, MOST_DECLARATIONS, what).iter().map(|entry| read(reader, entry)).collect()
}

/// The entries up to a limit, with a finding if there are more.
fn limit<'a, T: Placed>(reader: &mut Reader<'_>, entries: &'a [T], most: usize, what: &str) -> &'a [T] {
    let Some(first_over) = entries.get(most) else {
        return entries;
    };
    reader.findings.push(
        Diagnostic::new(Code::TooMany, format!("{} {what}: the limit is {most}", entries.len()))
            .at(first_over.place(), format!("number {}", most + 1))
            .help("divide them"),
    );
    &entries[..most]
}

/// What has a place in the file.
trait Placed {
    fn place(&self) -> Span;
}

impl Placed for Entry {
    fn place(&self) -> Span {
        self.key.span
    }
}

impl<T> Placed for Spanned<T> {
    fn place(&self) -> Span {
        self.span
    }
}

fn syntax_error(source: &SourceFile, error: &toml::de::Error) -> Diagnostic {
    let end = source.text().len();
    let span = source.span(error.span().unwrap_or(end..end));
    if error.message() == "duplicate key" {
        let diagnostic =
            Diagnostic::new(Code::DuplicateKey, "this key is written twice").at(span, "written again");
        return match duplicate::first_place(source, span) {
            Some(first) => diagnostic.and(first, "written here first"),
            None => diagnostic,
        }
        .help("keep one of them, or rename one");
    }
    Diagnostic::new(Code::TomlSyntax, format!("invalid TOML: {}", error.message())).at(span, "")
}
