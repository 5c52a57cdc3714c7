//! Fields that models and types share: each gets those of the mixins that it names, behind its own.

use super::cycles::cycles;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, Manifest, MixinDeclaration, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// Gives models and types the fields of their mixins and of those that these name, in the order in which they are named, and
/// notes all of them as theirs. The rules of fields are checked where they ended up, and their places stay those of the mixin.
pub(super) fn include(manifest: &mut Manifest, findings: &mut Findings) {
    let mixins = Mixins::new(&manifest.mixins);
    let types: Vec<&str> = manifest.types.iter().map(|one| one.name.value.as_str()).collect();
    let mut included = Vec::new();
    let models = manifest.models.iter().map(|one| (&one.name, &one.mixins, &one.fields));
    let all = models.chain(manifest.types.iter().map(|one| (&one.name, &one.mixins, &one.fields)));
    for (owner, names, own) in all {
        mixins.check_names(owner, names, &types, findings);
        let reached = mixins.reached(names);
        let fields = fields(owner, &reached, own.as_deref().unwrap_or_default(), findings);
        included.push((reached.into_iter().map(|(name, _)| name.clone()).collect(), fields));
    }
    for mixin in &manifest.mixins {
        mixins.check_names(&mixin.name, &mixin.mixins, &types, findings);
    }
    check_cycles(&manifest.mixins, findings);
    let models = manifest.models.iter_mut().map(|one| (&mut one.mixins, &mut one.fields));
    let all = models.chain(manifest.types.iter_mut().map(|one| (&mut one.mixins, &mut one.fields)));
    for ((names, own), (reached, fields)) in all.zip(included) {
        *names = reached;
        // Fields that could not be read have been reported.
        if let Some(own) = own {
            own.extend(fields);
        }
    }
}

struct Mixins<'m>(BTreeMap<&'m str, &'m MixinDeclaration>);

impl<'m> Mixins<'m> {
    fn new(mixins: &'m [MixinDeclaration]) -> Self {
        Mixins(mixins.iter().map(|mixin| (mixin.name.value.as_str(), mixin)).collect())
    }

    /// Reports names of mixins that are not declared, or stand in one place twice.
    fn check_names(
        &self,
        owner: &Spanned<String>,
        names: &[Spanned<String>],
        types: &[&str],
        findings: &mut Findings,
    ) {
        for (number, name) in names.iter().enumerate() {
            if !self.0.contains_key(name.value.as_str()) {
                findings.push(self.unknown(name, types));
            } else if let Some(first) = names[..number].iter().find(|first| first.value == name.value) {
                findings.push(
                    Diagnostic::new(
                        Code::MixinTwice,
                        format!("{} names the mixin {} twice", quoted(&owner.value), quoted(&name.value)),
                    )
                    .at(name.span, "named again")
                    .and(first.span, "named here first")
                    .help("remove one of the two"),
                );
            }
        }
    }

    /// The mixins that names lead to, each once, and those that a mixin names behind it.
    fn reached(&self, names: &'m [Spanned<String>]) -> Vec<(&'m Spanned<String>, &'m MixinDeclaration)> {
        let mut known = BTreeSet::new();
        let mut reached = Vec::new();
        let mut open: Vec<_> = names.iter().rev().collect();
        while let Some(name) = open.pop() {
            if let Some(mixin) = self.0.get(name.value.as_str())
                && known.insert(name.value.as_str())
            {
                reached.push((name, *mixin));
                open.extend(mixin.mixins.iter().rev());
            }
        }
        reached
    }

    fn unknown(&self, name: &Spanned<String>, types: &[&str]) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(Code::UnknownMixin, format!("the mixin {} is not declared", quoted(&name.value)))
                .at(name.span, "not declared");
        if types.contains(&name.value.as_str()) {
            return diagnostic
                .help("it is a type: hold it in a field, or declare its fields as a mixin: `[mixin.Name]`");
        }
        match did_you_mean(&name.value, self.0.keys().copied()) {
            Some(help) => diagnostic.help(help),
            None => diagnostic.help(format!("declare it: `[mixin.{}]`", name.value)),
        }
    }
}

/// The fields that an owner has from its mixins. A field that conflicts with another is reported and left out.
fn fields(
    owner: &Spanned<String>,
    mixins: &[(&Spanned<String>, &MixinDeclaration)],
    own: &[FieldDeclaration],
    findings: &mut Findings,
) -> Vec<FieldDeclaration> {
    let mut known: BTreeMap<&str, (&FieldDeclaration, Option<&str>)> =
        own.iter().map(|field| (field.name.value.as_str(), (field, None))).collect();
    let mut fields = Vec::new();
    for (name, mixin) in mixins {
        for field in mixin.fields.iter().flatten() {
            if let Some((first, from)) = known.get(field.name.value.as_str()) {
                findings.push(conflict(owner, name, field, first, *from));
                continue;
            }
            known.insert(&field.name.value, (field, Some(&name.value)));
            fields.push(field.clone());
        }
    }
    fields
}

/// Reports mixins that lead back to themselves.
fn check_cycles(mixins: &[MixinDeclaration], findings: &mut Findings) {
    let numbers: BTreeMap<&str, usize> =
        mixins.iter().enumerate().map(|(number, mixin)| (mixin.name.value.as_str(), number)).collect();
    let edges: Vec<Vec<(usize, &Spanned<String>)>> = mixins
        .iter()
        .map(|mixin| {
            let known = |name: &'_ Spanned<String>| numbers.get(name.value.as_str()).copied();
            mixin.mixins.iter().filter_map(|name| Some((known(name)?, name))).collect()
        })
        .collect();
    let targets = |edges: &Vec<(usize, _)>| edges.iter().map(|(target, _)| *target).collect();
    for cycle in cycles(&edges.iter().map(targets).collect::<Vec<_>>()) {
        let first = cycle.first().map(|(node, _)| quoted(&mixins[*node].name.value)).unwrap_or_default();
        let mut diagnostic =
            Diagnostic::new(Code::MixinCycle, format!("the mixin {first} leads back to itself"));
        for (at, (node, edge)) in cycle.iter().enumerate() {
            let (_, named) = edges[*node][*edge];
            let text = format!("{} names {}", quoted(&mixins[*node].name.value), quoted(&named.value));
            diagnostic =
                if at == 0 { diagnostic.at(named.span, text) } else { diagnostic.and(named.span, text) };
        }
        findings.push(diagnostic.help("remove one of the names"));
    }
}

fn conflict(
    owner: &Spanned<String>,
    mixin: &Spanned<String>,
    field: &FieldDeclaration,
    first: &FieldDeclaration,
    from: Option<&str>,
) -> Diagnostic {
    let whose = match from {
        Some(other) => format!("from the mixin {} already", quoted(other)),
        None => String::from("of its own"),
    };
    Diagnostic::new(
        Code::MixinFieldsConflict,
        format!(
            "{} has a field {} {whose}, and would get another from the mixin {}",
            quoted(&owner.value),
            quoted(&field.name.value),
            quoted(&mixin.value)
        ),
    )
    .at(mixin.span, "brings the field again")
    .and(first.name.span, "declared here")
    .and(field.name.span, "and here")
    .help("rename one of them (`attribute` keeps its stored name), or leave the mixin out")
}
