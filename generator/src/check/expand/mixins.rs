//! Mixins: fields that several models and types share. They follow each owner's own fields.

use super::cycles;
use crate::check::ExpandCheck;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, MixinDeclaration, Spanned};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Mixins<'m> {
    declared: BTreeMap<&'m str, &'m MixinDeclaration>,
    /// The names of `[type.*]`, because people sometimes name a type instead of a mixin.
    types: BTreeSet<&'m str>,
}

/// An owner's mixins, and its fields together with theirs.
type Members<'m> = (Vec<&'m Spanned<String>>, Option<Vec<Cow<'m, FieldDeclaration>>>);

impl<'m> Mixins<'m> {
    /// The declared mixins. Reports problems of each by itself.
    pub(super) fn new(cx: &mut ExpandCheck<'_, 'm>) -> Self {
        let manifest = cx.known;
        let mixins = Mixins {
            declared: manifest.mixins.iter().map(|mixin| (mixin.name.value.as_str(), mixin)).collect(),
            types: manifest.types.iter().map(|one| one.name.value.as_str()).collect(),
        };
        for mixin in &manifest.mixins {
            mixins.check_names(cx, &mixin.name, &mixin.mixins);
        }
        check_cycles(cx, &manifest.mixins);
        mixins
    }

    /// An owner's mixins, and its fields followed by theirs. A mixin that names others brings them too. All keep the order in
    /// which they are named. Findings about a field point at the mixin that declares it.
    pub(super) fn expand(
        &self,
        cx: &mut ExpandCheck<'_, '_>,
        owner: &'m Spanned<String>,
        names: &'m [Spanned<String>],
        own: Option<&'m [FieldDeclaration]>,
    ) -> Members<'m> {
        self.check_names(cx, owner, names);
        let reached = self.reached(names);
        let brought = fields(cx, owner, &reached, own.unwrap_or_default());
        let fields = own.map(|own| own.iter().chain(brought).map(Cow::Borrowed).collect());
        (reached.into_iter().map(|(name, _)| name).collect(), fields)
    }

    /// Reports undeclared mixins, and those that are named twice in one place.
    fn check_names(&self, cx: &mut ExpandCheck<'_, '_>, owner: &Spanned<String>, names: &[Spanned<String>]) {
        for (number, name) in names.iter().enumerate() {
            if !self.declared.contains_key(name.value.as_str()) {
                cx.report(self.unknown(name));
            } else if let Some(first) = names[..number].iter().find(|first| first.value == name.value) {
                cx.report(
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

    /// The mixins behind these names, each once. Those that a mixin names follow it.
    fn reached(&self, names: &'m [Spanned<String>]) -> Vec<(&'m Spanned<String>, &'m MixinDeclaration)> {
        let mut known = BTreeSet::new();
        let mut reached = Vec::new();
        let mut open: Vec<_> = names.iter().rev().collect();
        while let Some(name) = open.pop() {
            if let Some(mixin) = self.declared.get(name.value.as_str())
                && known.insert(name.value.as_str())
            {
                reached.push((name, *mixin));
                open.extend(mixin.mixins.iter().rev());
            }
        }
        reached
    }

    fn unknown(&self, name: &Spanned<String>) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(Code::UnknownMixin, format!("the mixin {} is not declared", quoted(&name.value)))
                .at(name.span, "not declared");
        if self.types.contains(name.value.as_str()) {
            return diagnostic
                .help("it is a type: hold it in a field, or declare its fields as a mixin: `[mixin.Name]`");
        }
        match did_you_mean(&name.value, self.declared.keys().copied()) {
            Some(help) => diagnostic.help(help),
            None => diagnostic.help(format!("declare it: `[mixin.{}]`", name.value)),
        }
    }
}

/// The fields that an owner gets from its mixins. A field that it already has is reported and left out.
fn fields<'m>(
    cx: &mut ExpandCheck<'_, '_>,
    owner: &Spanned<String>,
    mixins: &[(&'m Spanned<String>, &'m MixinDeclaration)],
    own: &'m [FieldDeclaration],
) -> Vec<&'m FieldDeclaration> {
    let mut known: BTreeMap<&str, (&FieldDeclaration, Option<&str>)> =
        own.iter().map(|field| (field.name.value.as_str(), (field, None))).collect();
    let mut fields = Vec::new();
    for (name, mixin) in mixins {
        for field in mixin.fields.iter().flatten() {
            if let Some((first, from)) = known.get(field.name.value.as_str()) {
                cx.report(conflict(owner, name, field, first, *from));
                continue;
            }
            known.insert(&field.name.value, (field, Some(&name.value)));
            fields.push(field);
        }
    }
    fields
}

/// Reports mixins that lead back to themselves.
fn check_cycles(cx: &mut ExpandCheck<'_, '_>, mixins: &[MixinDeclaration]) {
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
        cx.report(diagnostic.help("remove one of the names"));
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
