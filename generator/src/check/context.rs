//! What a rule asks, and what it reports to.

use super::expand::Expanded;
use super::names::{Claim, Claims, DeclaredNames, Scope};
use super::resolved::Resolved;
use super::tables::Members;
use crate::diagnostic::{Diagnostic, Findings, Span};
use crate::manifest::Manifest;

/// What is known at a stage, the names that were claimed so far, and where findings go.
///
/// Each stage knows what the stages before it resolved: fields are resolved by the names of what is declared, tables by the
/// fields of their models, and the rules of declarations together ask all of it.
pub(in crate::check) struct Check<'f, K> {
    pub known: K,
    claims: &'f mut Claims,
    findings: &'f mut Findings,
}

impl<'f, K> Check<'f, K> {
    pub(in crate::check) fn new(known: K, claims: &'f mut Claims, findings: &'f mut Findings) -> Self {
        Check { known, claims, findings }
    }

    /// The same claims and findings, where something else is known.
    pub(in crate::check) fn knowing<L>(&mut self, known: L) -> Check<'_, L> {
        Check { known, claims: self.claims, findings: self.findings }
    }

    /// Claims a name for what is declared at a place. Returns the first claim where there is one already.
    pub(in crate::check) fn claim(&mut self, scope: Scope, name: &str, place: Span) -> Option<Claim> {
        self.claims.claim(scope, name, place)
    }

    pub(in crate::check) fn has_errors(&self) -> bool {
        self.findings.has_errors()
    }

    pub(in crate::check) fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub(in crate::check) fn report_all(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        self.findings.extend(findings);
    }

    /// What was found, or nothing where a finding says why there is nothing.
    pub(in crate::check) fn sound<T>(&mut self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|finding| self.report(*finding)).ok()
    }
}

/// What is known is what was written.
pub(in crate::check) type ExpandCheck<'f, 'm> = Check<'f, &'m Manifest>;
/// … and what it means with mixins and contexts.
pub(in crate::check) type NamesCheck<'f, 'm> = Check<'f, &'m Expanded<'m>>;
/// … and what everything is called.
pub(in crate::check) type FieldsCheck<'f, 'm> = Check<'f, &'m DeclaredNames<'m>>;
/// … and the fields of the models of one table.
pub(in crate::check) type TableCheck<'f, 'm> = Check<'f, &'m Members<'m>>;
/// … and everything else.
pub(in crate::check) type WholeCheck<'f, 'm> = Check<'f, &'m Resolved<'m>>;
