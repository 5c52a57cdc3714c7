//! The keys of indexes by themselves: their number, their attributes, and their capacity.

use crate::catalog::IndexScope;
use crate::check::TableCheck;
use crate::diagnostic::{Code, Diagnostic, Span, quoted};
use crate::manifest::{IndexDeclaration, KeyDeclaration, Spanned};
use std::collections::BTreeMap;

/// The default quota of global indexes.
const GLOBAL_QUOTA: u64 = 20;
const MOST_LOCAL: usize = 5;
/// How many attributes a global index's partition key may have, and also its sort key.
const MOST_KEY_ATTRIBUTES: usize = 4;

/// Reports attributes that appear twice in one key.
pub(super) fn check_distinct<'m>(
    cx: &mut TableCheck<'_, '_>,
    names: impl Iterator<Item = &'m Spanned<String>>,
) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for name in names {
        match first.get(name.value.as_str()) {
            Some(first) => cx.report(
                Diagnostic::new(
                    Code::RepeatedKeyAttribute,
                    format!("the key names {} twice", quoted(&name.value)),
                )
                .at(name.span, "named again")
                .and(*first, "named here first")
                .help("name another attribute, or leave the sort key out"),
            ),
            None => {
                first.insert(&name.value, name.span);
            }
        }
    }
}

pub(super) fn check_count(cx: &mut TableCheck<'_, '_>) {
    let table = cx.known.table;
    let quota = table.global_index_quota.as_ref();
    if let Some(quota) = quota.filter(|quota| quota.value <= GLOBAL_QUOTA) {
        cx.report(
            Diagnostic::new(Code::IndexQuota, format!("the quota is {GLOBAL_QUOTA} without a declaration"))
                .at(quota.span, "not above the default")
                .help("remove it, or give the quota to which AWS has raised it"),
        );
    }
    let most_global = quota.map_or(GLOBAL_QUOTA, |quota| quota.value.max(GLOBAL_QUOTA));
    let most_global = usize::try_from(most_global).unwrap_or(usize::MAX);
    for (scope, what, most, help) in [
        (
            IndexScope::Global,
            "global",
            most_global,
            "declare a quota that AWS has raised: `global_index_quota = 30`",
        ),
        (IndexScope::Local, "local", MOST_LOCAL, "make some of them global indexes"),
    ] {
        let mut over = table.indexes.iter().filter(|index| index.scope == scope).skip(most);
        if let Some(first) = over.next() {
            let count = most + 1 + over.count();
            cx.report(
                Diagnostic::new(Code::TooManyIndexes, format!("{count} {what} indexes: the limit is {most}"))
                    .at(first.name.span, format!("number {}", most + 1))
                    .help(help),
            );
        }
    }
}

/// The names of a key's attributes; empty if there is no such key.
pub(super) fn attributes(key: Option<&KeyDeclaration>) -> &[Spanned<String>] {
    key.map_or(&[], |key| key.attributes.as_slice())
}

pub(super) fn global_key<'m>(
    cx: &mut TableCheck<'_, '_>,
    declaration: &'m IndexDeclaration,
) -> (&'m [Spanned<String>], &'m [Spanned<String>]) {
    for key in [&declaration.partition_key, &declaration.sort_key].into_iter().flatten() {
        let count = key.attributes.len();
        if !(1..=MOST_KEY_ATTRIBUTES).contains(&count) {
            cx.report(
                Diagnostic::new(
                    Code::KeyAttributeCount,
                    "a key of a global index has one to four attributes",
                )
                .at(key.span, format!("{count} attributes"))
                .help("name one to four attributes"),
            );
        }
    }
    (attributes(declaration.partition_key.as_ref()), attributes(declaration.sort_key.as_ref()))
}

pub(super) fn local_key<'m>(
    cx: &mut TableCheck<'_, 'm>,
    declaration: &'m IndexDeclaration,
) -> (&'m [Spanned<String>], &'m [Spanned<String>]) {
    let (name, table) = (declaration.name.span, cx.known.table);
    let mut report = |span: Span, message: &str, label: &str, help: &str| {
        cx.report(Diagnostic::new(Code::LocalIndexKey, message).at(span, label).help(help));
    };
    let partition = attributes(table.partition_key.as_ref());
    if table.sort_key.is_none() {
        let help = "give the table a sort key, or make this a global index";
        report(name, "a local index needs a table with a sort key", "this table has none", help);
    }
    if let (Some(own), [expected, ..]) = (&declaration.partition_key, partition) {
        let differs =
            own.attributes.iter().any(|name| name.value != expected.value) || own.attributes.len() != 1;
        if differs {
            let label = format!("the table's is {}", quoted(&expected.value));
            let help = "leave it out, or make this a global index";
            report(own.span, "a local index has its table's partition key", &label, help);
        }
    }
    if let Some(sort) = declaration.sort_key.as_ref().filter(|sort| sort.attributes.len() != 1) {
        let label = format!("{} attributes", sort.attributes.len());
        let help = "name one attribute, or make this a global index, which may have up to four";
        report(sort.span, "a local index's sort key is one attribute", &label, help);
    }
    (partition, attributes(declaration.sort_key.as_ref()))
}
