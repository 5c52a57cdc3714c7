//! What rules ask, and where they report to.

use super::expand::Expanded;
use super::names::{Claim, Claims, DeclaredNames, Scope};
use super::resolved::Resolved;
use super::tables::Members;
use crate::diagnostic::{Diagnostic, Findings, Span};
use crate::manifest::Manifest;

/// The knowledge of a stage, the names that were claimed so far, and the findings.
///
/// Each stage knows what the earlier stages resolved. Resolving fields needs the names of declarations, resolving tables needs
/// the fields of their models, and rules about declarations together ask all of it.
pub(in crate::check) struct Check<'f, K> {
    pub known: K,
    claims: &'f mut Claims,
    findings: &'f mut Findings,
}

impl<'f, K> Check<'f, K> {
    pub(in crate::check) fn new(known: K, claims: &'f mut Claims, findings: &'f mut Findings) -> Self {
        Check { known, claims, findings }
    }

    /// The same claims and findings, with other knowledge.
    pub(in crate::check) fn knowing<L>(&mut self, known: L) -> Check<'_, L> {
        Check { known, claims: self.claims, findings: self.findings }
    }

    /// Claims a name for a declaration. Returns an earlier claim of the same name.
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

    /// The value; or `None` for an error, which becomes a finding.
    pub(in crate::check) fn sound<T>(&mut self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|finding| self.report(*finding)).ok()
    }
}

/// At this stage, the written declarations are known,
pub(in crate::check) type ExpandCheck<'f, 'm> = Check<'f, &'m Manifest>;
/// … and their meaning with mixins and contexts,
pub(in crate::check) type NamesCheck<'f, 'm> = Check<'f, &'m Expanded<'m>>;
/// … and all names,
pub(in crate::check) type FieldsCheck<'f, 'm> = Check<'f, &'m DeclaredNames<'m>>;
/// … and the fields of one table's models,
pub(in crate::check) type TableCheck<'f, 'm> = Check<'f, &'m Members<'m>>;
/// … and everything else.
pub(in crate::check) type WholeCheck<'f, 'm> = Check<'f, &'m Resolved<'m>>;
