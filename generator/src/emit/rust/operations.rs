//! The operations of a model that depend on its declaration. The runtime's `Operations` has those that all models share.

use askama::Template;

use super::facts::ContextView;
use super::generated_values::ManagedView;
use super::layout::list;
use super::query::Function;
use super::text::doc_lines;

/// The version of an item.
#[derive(Template)]
#[template(path = "rust/versioned.rs.jinja", escape = "none")]
pub(super) struct VersionedModel {
    pub identifier: String,
    pub kind: String,
}

impl ContextView {
    /// The context as a parameter.
    pub fn parameter(&self) -> String {
        format!("{}: impl dynamorm::Argument<{}>", self.identifier, self.rust_type)
    }
}

/// The function that begins a builder, of a model or of a nested structure.
pub(super) fn builder(name: &str) -> Function {
    function(
        "Begins a new value.",
        format!("pub fn builder() -> {name}Builder {{"),
        format!("{name}Builder({name}Draft::default())"),
    )
}

/// Puts of an item, and operations on an item whose version is known.
pub(super) fn writes(managed: &ManagedView) -> Vec<Function> {
    let put = "pub fn put(&self) -> dynamorm::Put<Self> {".to_owned();
    let into_put = "pub fn into_put(self) -> dynamorm::Put<Self> {".to_owned();
    let put_back = "pub fn put(&mut self) -> dynamorm::Put<Self, &mut Self> {".to_owned();
    let update_this = "pub fn update_this(&mut self) -> dynamorm::Update<Self, &mut Self> {".to_owned();
    let delete_this = "pub fn delete_this(self) -> dynamorm::Delete<Self> {".to_owned();
    let body = |call: &str| call.to_owned();
    if managed.version.is_some() {
        let docs = "Writes this item, in place of one with the same key and version; one of version 0 must not be there yet.\n\
                    What the runtime manages of it, such as the version, is written back into the value.";
        vec![
            function(docs, put_back, body("dynamorm::Put::written_back(self)")),
            function(
                "Changes attributes of this item, if it still has this version. The value becomes what is stored.",
                update_this,
                body("dynamorm::Update::of(self)"),
            ),
            function(
                "Deletes this item, if it still has this version.",
                delete_this,
                body("dynamorm::Delete::of(&self)"),
            ),
        ]
    } else if !managed.written.is_empty() {
        let docs = "Writes this item, in place of one with the same key.\n\
                    What the runtime manages of it is written back into the value.";
        vec![function(docs, put_back, body("dynamorm::Put::written_back(self)"))]
    } else {
        vec![
            function(
                "Writes this item, in place of one with the same key.",
                put,
                body("dynamorm::Put::new(self)"),
            ),
            function("As [`put`](Self::put), without copying.", into_put, body("dynamorm::Put::owned(self)")),
        ]
    }
}

/// The upsert of an item.
pub(super) fn upsert() -> Function {
    function(
        "Changes attributes of the item with this one's key, or creates it as this one.",
        "pub fn upsert(&self) -> dynamorm::Upsert<Self> {".to_owned(),
        "dynamorm::Upsert::new(self)".to_owned(),
    )
}

/// The upsert of a model that has none. It exists so the compiler can give the reason, which is the runtime's trait `bound`.
pub(super) fn no_upsert(bound: &str) -> Function {
    Function {
        docs: vec!["#[doc(hidden)]".to_owned()],
        signature: format!(
            "pub fn upsert(&self) -> dynamorm::Upsert<Self>\n    where\n        for<'a> &'a (): dynamorm::generated::{bound}<Self>,\n    {{"
        ),
        body: vec!["dynamorm::Upsert::new(self)".to_owned()],
    }
}

/// The scope of one value of a context.
pub(super) fn scope(context: &ContextView) -> Function {
    let ContextView { name, identifier, rust_type, kind, attribute, scope } = context;
    let docs = format!("All items of one {identifier}: for [`Client::within`](dynamorm::Client::within).");
    Function {
        docs: doc_lines(&docs),
        signature: list(4, "pub fn scope(", &[context.parameter()], ") -> dynamorm::Scope {"),
        body: vec![
            format!("let {identifier}: {rust_type} = {identifier}.into_argument();"),
            format!("dynamorm::Scope::new::<{kind}>({name}, {scope}, {attribute}, &{identifier})"),
        ],
    }
}

/// The version fields of an item, if there are any.
pub(super) fn versioned(managed: &ManagedView) -> Option<VersionedModel> {
    let version = managed.version.as_ref()?;
    Some(VersionedModel { identifier: version.identifier.clone(), kind: version.kind.clone() })
}

fn function(docs: &str, signature: String, body: String) -> Function {
    Function { docs: doc_lines(docs), signature, body: vec![body] }
}
