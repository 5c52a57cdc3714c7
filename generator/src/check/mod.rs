//! The rules: everything that a manifest may get wrong, found at once. What passes them all is a [`Catalog`].
//!
//! Each stage has a type of its own, and nothing flows back:
//!
//! 1. [`expand`] gives models and types the fields of their mixins and contexts.
//! 2. [`names`] says what everything is called in Rust.
//! 3. [`fields`] and [`tables`] resolve types, values and keys, and report what does not resolve or may not be so. Together they
//!    are [`Resolved`].
//! 4. [`whole`] checks declarations against each other, and resolves what leads from one model to another.
//! 5. [`lower`] writes down what is left, which is sound.

mod context;
mod expand;
mod fields;
mod keys;
mod lower;
mod names;
mod resolved;
mod tables;
mod values;
mod whole;

use crate::catalog::Catalog;
use crate::diagnostic::Findings;
use crate::lock::Former;
use crate::manifest::Manifest;
use crate::source::SourceFile;
use context::{Check, ExpandCheck, FieldsCheck, NamesCheck, TableCheck, WholeCheck};
use expand::Expanded;
use names::{Claims, DeclaredNames};
use resolved::Resolved;

/// Checks a manifest. Returns nothing if there is an error among the findings.
pub(crate) fn check(
    manifest: &Manifest,
    source: &SourceFile,
    former: Former<'_>,
    findings: &mut Findings,
) -> Option<Catalog> {
    check_claiming(manifest, source, former, &mut Claims::default(), findings)
}

/// As [`check`], with the names that were claimed.
fn check_claiming(
    manifest: &Manifest,
    source: &SourceFile,
    former: Former<'_>,
    claims: &mut Claims,
    findings: &mut Findings,
) -> Option<Catalog> {
    let mut cx = Check::new(manifest, claims, findings);
    let expanded = Expanded::new(&mut cx);
    let names = DeclaredNames::new(&mut cx.knowing(&expanded));
    let resolved = Resolved::new(&expanded, &mut cx.knowing(&names));
    let links = whole::check(&mut cx.knowing(&resolved), source, former);
    (!cx.has_errors()).then(|| lower::lower(&resolved, links))
}
