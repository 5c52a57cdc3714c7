//! Fields that models and types share: each gets those of the mixins that it names, behind its own.

use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, Manifest, MixinDeclaration, Spanned};
use std::collections::BTreeMap;

/// Gives models and types the fields of their mixins, in the order in which they name them. The rules of fields are checked
/// where they ended up, and their places stay those of the mixin.
pub(super) fn include(manifest: &mut Manifest, findings: &mut Findings) {
    let mixins = Mixins::new(&manifest.mixins);
    let types: Vec<&str> = manifest.types.iter().map(|one| one.name.value.as_str()).collect();
    let mut included = Vec::new();
    let models = manifest.models.iter().map(|one| (&one.name, &one.mixins, &one.fields));
    let all = models.chain(manifest.types.iter().map(|one| (&one.name, &one.mixins, &one.fields)));
    for (owner, names, own) in all {
        included.push(mixins.fields(owner, names, own.as_deref().unwrap_or_default(), &types, findings));
    }
    let fields = manifest.models.iter_mut().map(|one| &mut one.fields);
    let all = fields.chain(manifest.types.iter_mut().map(|one| &mut one.fields));
    for (own, included) in all.zip(included) {
        // Fields that could not be read have been reported.
        if let Some(own) = own {
            own.extend(included);
        }
    }
}

struct Mixins<'m>(BTreeMap<&'m str, &'m MixinDeclaration>);

impl<'m> Mixins<'m> {
    fn new(mixins: &'m [MixinDeclaration]) -> Self {
        Mixins(mixins.iter().map(|mixin| (mixin.name.value.as_str(), mixin)).collect())
    }

    /// The fields that an owner has from its mixins. What meets a field that is there already is reported and left out.
    fn fields(
        &self,
        owner: &Spanned<String>,
        names: &[Spanned<String>],
        own: &[FieldDeclaration],
        types: &[&str],
        findings: &mut Findings,
    ) -> Vec<FieldDeclaration> {
        let mut known: BTreeMap<&str, (&FieldDeclaration, Option<&str>)> =
            own.iter().map(|field| (field.name.value.as_str(), (field, None))).collect();
        let mut fields = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let Some(mixin) = self.0.get(name.value.as_str()) else {
                findings.push(self.unknown(name, types));
                continue;
            };
            if let Some(first) = names[..number].iter().find(|first| first.value == name.value) {
                findings.push(
                    Diagnostic::new(
                        Code::MixinTwice,
                        format!("{} names the mixin {} twice", quoted(&owner.value), quoted(&name.value)),
                    )
                    .at(name.span, "named again")
                    .and(first.span, "named here first")
                    .help("remove one of the two"),
                );
                continue;
            }
            for field in mixin.fields.iter().flatten() {
                if let Some((first, from)) = known.get(field.name.value.as_str()) {
                    findings.push(meet(owner, name, field, first, *from));
                    continue;
                }
                known.insert(&field.name.value, (field, Some(&name.value)));
                fields.push(field.clone());
            }
        }
        fields
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

fn meet(
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
        Code::MixinFieldsMeet,
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
